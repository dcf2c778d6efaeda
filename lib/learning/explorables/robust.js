// Lines that are best by other losses than squares, as in `learning.optimization.robust`, and how
// hard a point pulls at them. Nothing here draws.

import { leastSquares, mean, residuals } from "./mathematics.js";

const ARRIVED = 1e-8; // a change of the line that is left to Newton's method
const ROUNDS = 20000; // rounds

// The line of least quantile loss; of least mean absolute error, if the share is one half. It
// passes through two of the points.
export function quantileLine(x, y, share = 0.5) {
  let [best, least] = [[NaN, NaN], Infinity];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      if (x[i] === x[j]) continue;
      const a = (y[j] - y[i]) / (x[j] - x[i]);
      const b = y[i] - a * x[i];
      let sum = 0;
      for (let k = 0; k < x.length && sum < least; k++) {
        const r = a * x[k] + b - y[k];
        sum += Math.max((1 - share) * r, -share * r);
      }
      if (sum < least) [best, least] = [[a, b], sum];
    }
  }
  return best;
}

// By residual in widths: how hard a point pulls, and the derivative of that.
const HUBER = [(u) => Math.min(1, Math.max(-1, u)), (u) => (Math.abs(u) < 1 ? 1 : 0)];
const LOG_COSH = [Math.tanh, (u) => 1 - Math.tanh(u) ** 2];

export const huberLine = (x, y, width) => reweighted(x, y, width, ...HUBER);
export const logCoshLine = (x, y, width) => reweighted(x, y, width, ...LOG_COSH);

// How hard a point with residual r pulls by each loss: its derivative by the prediction. The
// absolute one is scaled, so that it pulls as hard as the next two do far out.
export const pulls = (r, width) => ({
  squared: r,
  absolute: width * Math.sign(r),
  huber: width * HUBER[0](r / width),
  logcosh: width * LOG_COSH[0](r / width),
});

// Least squares in rounds, in each of which a point weighs pull(u) / u; then Newton's method.
function reweighted(x, y, width, pull, bend) {
  let line = leastSquares(x, y);
  for (let round = 0; round < ROUNDS; round++) {
    const u = inWidths(line, x, y, width);
    const weights = u.map((ui) => (ui ? pull(ui) / ui : 1));
    const step = solve(x, weights, u.map((ui) => width * pull(ui)));
    line = line.map((value, i) => value - step[i]);
    const size = Math.max(...line.map(Math.abs));
    if (Math.max(...step.map(Math.abs)) <= ARRIVED * size) break;
  }
  return newton(x, y, line, width, pull, bend);
}

function newton(x, y, line, width, pull, bend) {
  const u = inWidths(line, x, y, width);
  const step = solve(x, u.map(bend), u.map((ui) => width * pull(ui)));
  const after = line.map((value, i) => value - step[i]);
  const v = inWidths(after, x, y, width);
  if (!(imbalance(x, v.map(pull)) < imbalance(x, u.map(pull)))) return line;
  return newton(x, y, after, width, pull, bend);
}

const inWidths = ([a, b], x, y, width) => residuals(a, b, x, y).map((r) => r / width);

const imbalance = (x, pull) =>
  Math.abs(mean(pull)) + Math.abs(mean(pull.map((p, i) => p * x[i])));

// The step of (a, b) that takes away the pulls, if points weigh so much.
function solve(x, weights, pull) {
  const mixed = mean(weights.map((w, i) => w * x[i]));
  const [p, r] = [mean(weights.map((w, i) => w * x[i] * x[i])), mean(weights)];
  const [f, g] = [mean(pull.map((each, i) => each * x[i])), mean(pull)];
  const determinant = p * r - mixed * mixed;
  return [(r * f - mixed * g) / determinant, (p * g - mixed * f) / determinant];
}
