// Runs of descent on the mean squared error of a line: with momentum, and on batches. Nothing here
// draws. The oracles are `learning.optimization`, and for the batches their twin in stochastic.py.

import { eigen, gradient, hessian, leastSquares, loss } from "./mathematics.js";

// The mean squared error as the bowl that it is: its least value, how far above it a line is, and how
// steep it is there.
export function bowl(x, y) {
  const [a0, b0] = leastSquares(x, y);
  const [[p, q], [, r]] = hessian(x);
  const above = ([a, b]) => {
    const [u, v] = [a - a0, b - b0];
    return (p * u * u + 2 * q * u * v + r * v * v) / 2;
  };
  const slope = ([a, b]) => [p * (a - a0) + q * (b - b0), q * (a - a0) + r * (b - b0)];
  return { above, slope, least: loss(a0, b0, x, y) };
}

// The parameters that a run visits: the start, and one more pair a step. A step goes along the sum
// of all gradients so far, of which `beta` is kept from step to step. `rows` are the points that a
// step looks at, all of them if there is no such function; `rate` is one for all steps, or a
// function of the step.
export function run(x, y, start, { rate, steps, beta = 0, rows = null }) {
  const rateAt = typeof rate === "function" ? rate : () => rate;
  const path = [start];
  let velocity = [0, 0];
  for (let step = 0; step < steps; step++) {
    const at = path[step];
    const slope = rows ? gradient(...at, ...picked(rows(step), x, y)) : gradient(...at, x, y);
    velocity = velocity.map((v, i) => beta * v + slope[i]);
    path.push(at.map((value, i) => value - rateAt(step) * velocity[i]));
  }
  return path;
}

export const picked = (rows, ...arrays) => arrays.map((values) => rows.map((row) => values[row]));

// The rate from which on a run diverges, and the one that shrinks the larger of two distances most.
export function rates(x, beta = 0) {
  const [large, small] = eigen(hessian(x)).values;
  return { limit: (2 * (1 + beta)) / large, best: (2 * (1 + beta)) / (large + small) };
}

// What a step leaves in the long run of the distance to the minimum, across the valley and along
// it: the larger root of z² - (1 + beta - rate λ) z + beta, in size. Without momentum a step
// multiplies the distance by the root itself, whose sign is kept.
export function left(x, rate, beta = 0) {
  return eigen(hessian(x)).values.map((value) => {
    const middle = (1 + beta - rate * value) / 2;
    const under = middle * middle - beta;
    if (under <= 0) return Math.sqrt(beta);
    return middle + Math.sign(middle || 1) * Math.sqrt(under);
  });
}

// A rate that falls like one over time, as `learning.optimization.inverse_time` does.
export const inverseTime = (start, half) => (step) => start / (1 + step / half);

// Numbers from 0 to 1 that look drawn at random, the same for the same seed: a counter whose bits
// are stirred (Steele, Lea and Flood, 2014, with the constants of Wellons for 32 bits).
export function uniform(seed) {
  let count = seed >>> 0;
  return () => {
    count = (count + 0x9e3779b9) >>> 0;
    let bits = Math.imul(count ^ (count >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  };
}

// Batch number k of a seed: `size` of n rows, none of them twice.
export function batch(seed, k, n, size) {
  const next = uniform(seed * 65536 + k);
  const rows = Array.from({ length: n }, (_, row) => row);
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(next() * (n - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows.slice(0, size);
}

// The same with replacement: each of the rows by itself, so that one may come twice.
export function draws(seed, k, n, size) {
  const next = uniform(seed * 65536 + k);
  return Array.from({ length: size }, () => Math.floor(next() * n));
}

// The same in epochs: all rows are shuffled and dealt out, those left out that would fill no batch.
export function dealt(seed, k, n, size) {
  const { epoch, place } = inEpoch(k, n, size);
  return batch(seed, epoch, n, n).slice(place * size, (place + 1) * size);
}

// Batch number k as a place in an epoch, both counted from 0; `count` batches are an epoch.
export function inEpoch(k, n, size) {
  const count = Math.floor(n / size);
  return { epoch: Math.floor(k / count), place: k % count, count };
}

// Where the loss on some points has one value, near a place: a list of [a, b], none where the loss
// is never so small. Few points determine no line, or one that is far away, so the curve is drawn
// within `reach` of the place only.
export function levelCurve(level, x, y, place, reach, count = 40) {
  const { values: [steep, flat], vectors: [u, v] } = eigen(hessian(x));
  const slope = gradient(...place, x, y);
  const along = (vector) => slope[0] * vector[0] + slope[1] * vector[1];
  const known = flat > 1e-9 * steep; // else the valley has no end
  const [p, q] = [-along(u) / steep, known ? -along(v) / flat : 0]; // from the place to the bottom
  const point = (s, t) => place.map((value, i) => value + (p + s) * u[i] + (q + t) * v[i]);
  const excess = 2 * (level - loss(...point(0, 0), x, y));
  if (!(excess > 0)) return [];
  const half = known ? Math.sqrt(excess / flat) : Infinity;
  const [low, high] = [Math.max(-half, -q - reach), Math.min(half, -q + reach)];
  if (!(low < high)) return [];
  const sides = Array.from({ length: count + 1 }, (_, i) => {
    const t = (low + high) / 2 - ((high - low) / 2) * Math.cos((Math.PI * i) / count); // close at the ends
    return [t, Math.sqrt(Math.max(excess - (known ? flat * t * t : 0), 0) / steep)];
  });
  const [there, back] = [sides.map(([t, s]) => point(s, t)), sides.map(([t, s]) => point(-s, t))];
  return [...there, ...back.reverse()];
}

// The steps at which to look at a run, `count` times at most, so that its loss above the least
// changes by about the same factor from each to the next, up or down.
export function byLoss(excess, count) {
  const floor = 1e-9 * excess[0] || 1e-300;
  const heights = excess.map((value) => Math.log(Math.min(Math.max(value, floor), 1e300)));
  const way = [0];
  for (let i = 1; i < heights.length; i++) way.push(way[i - 1] + Math.abs(heights[i] - heights[i - 1]));
  const part = (way[way.length - 1] / count) * (1 - 1e-12);
  let step = 0;
  const steps = Array.from({ length: count + 1 }, (_, i) => {
    while (way[step] < i * part) step++;
    return step;
  });
  return [...new Set(steps)];
}

export const byTime = (steps, count) =>
  [...new Set(Array.from({ length: count + 1 }, (_, i) => Math.round((steps * i) / count)))];
