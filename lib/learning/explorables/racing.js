// A race of rules down the same bowl: who is near enough to the bottom first, and at which rate. The
// oracle is `learning.optimization.steps_by_rate`. Nothing here draws.

import { RULES, follow } from "./rules.js";

// Rates to try: ten of them a power of ten, between 10 to the two powers.
export const ratesBetween = (low, high) =>
  Array.from({ length: 10 * (high - low) + 1 }, (_, i) => 10 ** ((10 * low + i) / 10));

// After how many steps a run is near enough for the first time; Infinity, if it is not within them.
export function arrival(rule, ground, start, steps, goal) {
  let [theta, memory] = [start, rule.begin(start)];
  for (let step = 0; step <= steps; step++) {
    if (ground.above(theta) <= goal) return step;
    [theta, memory] = rule.update(theta, ground.slope(theta), memory, step);
  }
  return Infinity;
}

// The rate at which a rule needs the fewest steps: the smallest such, or null if none arrives.
export function bestRate(name, options, ground, start, { rates, steps, goal }) {
  let [best, fewest] = [null, steps + 1];
  for (const rate of rates) {
    const needed = arrival(RULES[name]({ ...options, rate }), ground, start, fewest - 1, goal);
    if (needed < fewest) [best, fewest] = [rate, needed];
  }
  return best;
}

// A run at a rate: its places, how far each is above the least loss, and when it is near enough.
export function lap(name, options, rate, ground, start, { steps, goal }) {
  const { path } = follow(RULES[name]({ ...options, rate }), ground.slope, start, steps);
  const excess = path.map(ground.above);
  const first = excess.findIndex((value) => value <= goal);
  return { rate, path, excess, arrived: first < 0 ? Infinity : first };
}

// The names in the order in which they arrive; those that do not arrive come last.
export const standings = (laps) =>
  Object.keys(laps).sort((p, q) => (laps[p].arrived === laps[q].arrived ? 0 : laps[p].arrived - laps[q].arrived));
