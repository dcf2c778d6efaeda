// What a step costs on many machines, as `learning.parallel` has it. Nothing here draws.

// Seconds for arithmetic, for latency and for bytes, with a ring all-reduce.
export function stepTime({ speed, latency, bandwidth }, points, parameters, ranks, { operations = 6, width = 8 } = {}) {
  const moved = ((2 * (ranks - 1)) / ranks) * parameters * width;
  return [
    (operations * points * parameters) / (ranks * speed), 2 * (ranks - 1) * latency, moved / bandwidth,
  ];
}

// From how many points a step on many machines takes less time than on one.
export const breakEven = ({ speed, latency, bandwidth }, parameters, ranks, { operations = 6, width = 8 } = {}) =>
  (2 * speed * ((ranks * latency) / parameters + width / bandwidth)) / operations;

export const total = (terms) => terms.reduce((sum, term) => sum + term, 0);

// How many times as fast a step is as on one machine.
export const speedUp = (cluster, points, parameters, ranks) =>
  total(stepTime(cluster, points, parameters, 1)) / total(stepTime(cluster, points, parameters, ranks));

// Which of some numbers of machines takes the least time.
export const fastest = (cluster, points, parameters, numbers) =>
  numbers.reduce((best, k) =>
    speedUp(cluster, points, parameters, k) > speedUp(cluster, points, parameters, best) ? k : best);
