// The formulas of logistic regression with two inputs, θ = [w1, w2, c], and of heights over a plane.
// They are checked against `learning`. Nothing here draws.

import { mean } from "./mathematics.js";

export const sigmoid = (z) => 1 / (1 + Math.exp(-z)); // what overflows here is divided by

export const logit = ([w1, w2, c], [x1, x2]) => w1 * x1 + w2 * x2 + c;

// How many points have the wrong side of one half.
export const wrong = (theta, x, y) => x.filter((at, i) => logit(theta, at) > 0 !== y[i] > 0.5).length;

export const squaredError = (theta, x, y) =>
  mean(x.map((at, i) => (sigmoid(logit(theta, at)) - y[i]) ** 2));

// mean(log(1 + exp(z)) - y z), without an exponential of a large number.
export const crossEntropy = (theta, x, y) => mean(x.map((at, i) => {
  const z = logit(theta, at);
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i] * z;
}));

// The derivatives by the two weights: each point pulls by its input times what `pull` says. A plain
// loop, since long descents call it a hundred thousand times.
function pulled(theta, x, y, pull) {
  const w1 = theta[0], w2 = theta[1], c = theta[2], n = x.length;
  let g1 = 0, g2 = 0;
  for (let i = 0; i < n; i++) {
    const at = x[i];
    const by = pull(sigmoid(w1 * at[0] + w2 * at[1] + c), y[i]);
    g1 += by * at[0];
    g2 += by * at[1];
  }
  return [g1 / n, g2 / n];
}

export const squaredGradient = (theta, x, y) => pulled(theta, x, y, (p, t) => 2 * (p - t) * p * (1 - p));

export const entropyGradient = (theta, x, y) => pulled(theta, x, y, (p, t) => p - t);

const DETAIL = 24; // places that are kept in each power of ten of steps

// Gradient descent on the weights; the bias stays. Returns some of the places that it comes through,
// ever fewer of them, and the last.
export function descend(gradient, [w1, w2, c], x, y, { rate, steps }) {
  const path = [[w1, w2]];
  for (let step = 1, next = 1; step <= steps; step++) {
    const slope = gradient([w1, w2, c], x, y);
    w1 -= rate * slope[0];
    w2 -= rate * slope[1];
    if (step < next && step < steps) continue;
    path.push([w1, w2]);
    next = step * 10 ** (1 / DETAIL);
  }
  return path;
}

// Where the heights of a grid, row by row, are at least `level`: polygons in units of its cells. Cells
// side by side that lie as high all over are one polygon.
export function above(rows, level) {
  const polygons = [];
  for (let i = 0; i + 1 < rows.length; i++) {
    let from = -1;
    for (let j = 0; j < rows[0].length; j++) {
      const piece = j + 1 < rows[0].length ? cell(rows, i, j, level) : [];
      const full = piece.whole;
      if (full && from < 0) from = j;
      if (!full && from >= 0) {
        polygons.push([[from, i], [j, i], [j, i + 1], [from, i + 1]]);
        from = -1;
      }
      if (!full && piece.length) polygons.push(piece);
    }
  }
  return polygons;
}

// What of a cell lies at least as high; heights change evenly along its edges.
function cell(rows, i, j, level) {
  const corners = [[j, i], [j + 1, i], [j + 1, i + 1], [j, i + 1]];
  const over = corners.map(([column, row]) => rows[row][column] - level);
  const piece = [];
  corners.forEach(([px, py], k) => {
    const [[qx, qy], p, q] = [corners[(k + 1) % 4], over[k], over[(k + 1) % 4]];
    if (p >= 0) piece.push([px, py]);
    if (p >= 0 !== q >= 0) piece.push([px + (p / (p - q)) * (qx - px), py + (p / (p - q)) * (qy - py)]);
  });
  piece.whole = over.every((height) => height >= 0);
  return piece;
}
