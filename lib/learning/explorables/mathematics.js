// The formulas behind the interactive figures. They are those of `learning.evaluation` and
// `learning.optimization`, and are checked against them. Nothing here draws.

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Prediction minus target, a point each.
export const residuals = (a, b, x, y) => x.map((xi, i) => a * xi + b - y[i]);

// The mean squared error of the line a x + b.
export const loss = (a, b, x, y) => mean(residuals(a, b, x, y).map((r) => r * r));

// Its derivatives by a and by b.
export function gradient(a, b, x, y) {
  const r = residuals(a, b, x, y);
  return [2 * mean(r.map((ri, i) => ri * x[i])), 2 * mean(r)];
}

// Its second derivatives. They depend on x alone.
export function hessian(x) {
  const mixed = 2 * mean(x);
  return [[2 * mean(x.map((xi) => xi * xi)), mixed], [mixed, 2]];
}

// The eigenvalues of a symmetric matrix, the larger first, and a unit vector for each.
export function eigen([[p, q], [, r]]) {
  const large = (p + r) / 2 + Math.hypot((p - r) / 2, q);
  const small = (p * r - q * q) / large; // a difference of near values would lose digits
  const angle = Math.atan2(2 * q, p - r) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { values: [large, small], vectors: [[cos, sin], [-sin, cos]] };
}

// The rate at which gradient descent begins to diverge: 2 / λ_max.
export const largestRate = (x) => 2 / eigen(hessian(x)).values[0];

// The line of least mean squared error.
export function leastSquares(x, y) {
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((xi, i) => (xi - mx) * (y[i] - my)));
  const a = covariance / mean(x.map((xi) => (xi - mx) ** 2));
  return [a, my - a * mx];
}

// All (a, b) of one loss are an ellipse: `count` points on it, none if the loss is never so small.
export function contour(level, x, y, count = 64) {
  const [a, b] = leastSquares(x, y);
  const { values, vectors: [[u1, u2], [v1, v2]] } = eigen(hessian(x));
  const excess = level - loss(a, b, x, y);
  if (!(excess > 0)) return [];
  const [u, v] = values.map((value) => Math.sqrt((2 * excess) / value)); // half the axes
  return Array.from({ length: count }, (_, i) => {
    const turn = (2 * Math.PI * i) / count;
    const [p, q] = [u * Math.cos(turn), v * Math.sin(turn)];
    return [a + p * u1 + q * v1, b + p * u2 + q * v2];
  });
}

// `count` numbers from low to high, each the same multiple of the one before.
export const geometric = (low, high, count) =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));

// Round numbers within a range, about `count` of them.
export function ticks([low, high], count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const total = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: total }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

export const clamp = ([low, high], value) => Math.min(high, Math.max(low, value));

// The nearest multiple of a step within a range, with no digits that the step does not have.
export const snap = (value, [low, high], step) =>
  Number(clamp([low, high], Math.round(value / step) * step).toFixed(6));

// A range that holds all values: the one that is given, or a larger one with some room.
export function surround([low, high], values, room = 0.06 * (high - low)) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return [least < low ? least - room : low, most > high ? most + room : high];
}

// The number of the place that is nearest to another, -1 if none is nearer than `within`.
export function nearest([x, y], places, within) {
  const away = places.map(([px, py]) => Math.hypot(px - x, py - y));
  const least = Math.min(...away);
  return least < within ? away.indexOf(least) : -1;
}

// The number of the value that comes `by` places after another's, as they are sorted, in a circle.
export function neighbour(values, number, by) {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  return order.at((order.indexOf(number) + by) % order.length);
}

// The line through one end that stays and one that moves: [a, b].
export function throughEnds([x0, y0], [x1, y1]) {
  const a = (y1 - y0) / (x1 - x0);
  return [a, y0 - a * x0];
}

// How low and how high one end of a line can be while the other end stays at [place, height].
export function span(at, [place, height], aRange, bRange) {
  const slopes = place ? bRange.map((b) => (height - b) / place).sort((p, q) => p - q) : aRange;
  const [low, high] = [Math.max(aRange[0], slopes[0]), Math.min(aRange[1], slopes[1])];
  return [low, high].map((a) => height + a * (at - place)).sort((p, q) => p - q);
}
