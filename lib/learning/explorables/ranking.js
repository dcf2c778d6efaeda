// Scores of days with a yes and of days with a no, and what a threshold makes of them. The formulas
// are those of `learning.evaluation`, and are checked against it. Nothing here draws.

import { mean } from "./mathematics.js";

export const logit = (p) => Math.log(p / (1 - p));

// The share of scores that reach a threshold.
const reaching = (scores, threshold) => mean(scores.map((score) => (score >= threshold ? 1 : 0)));

// The false positive rate and the recall at a threshold.
export const rates = (threshold, yes, no) => [reaching(no, threshold), reaching(yes, threshold)];

// The same at each threshold that makes a difference, from the highest, at which no yes is said.
export const roc = (yes, no) =>
  [Infinity, ...new Set([...yes, ...no].sort((p, q) => q - p))].map((at) => rates(at, yes, no));

// The share of pairs of a yes and a no that are in order; one with equal scores counts one half.
export const area = (yes, no) =>
  mean(yes.map((p) => mean(no.map((q) => (p > q ? 1 : p === q ? 0.5 : 0)))));

// Where a yes has this share of all days: how many alarms are right; none, and there is no answer.
export const precision = ([alarms, found], share) =>
  (share * found) / (share * found + (1 - share) * alarms);

// The mean cost of a day, where a false alarm costs one.
export const cost = ([alarms, found], share, miss) =>
  (1 - share) * alarms + share * miss * (1 - found);

export const leastCost = (points, share, miss) =>
  Math.min(...points.map((point) => cost(point, share, miss)));

// Of a yes, at log-odds that were fitted where a yes had another share.
export const probability = (score, share, fitted) =>
  1 / (1 + Math.exp(-(score + logit(share) - logit(fitted))));

// All rates of one cost are a line: its two ends at the false positive rates 0 and 1.
export function equalCost([alarms, found], share, miss) {
  const slope = (1 - share) / (share * miss);
  return [0, 1].map((at) => [at, found + slope * (at - alarms)]);
}

// The share of scores in each bin; what lies beyond the ends counts in the last bin.
export function histogram(scores, [low, high], width) {
  const bins = Math.round((high - low) / width);
  const heights = new Array(bins).fill(0);
  for (const score of scores) {
    const place = Math.floor((score - low) / width);
    heights[Math.min(bins - 1, Math.max(0, place))] += 1 / scores.length;
  }
  return heights;
}
