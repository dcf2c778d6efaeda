// Families of curves that are linear in their parameters, as `learning.representation` has them, and
// the best curve of each. Nothing here draws.

import { mean } from "./mathematics.js";

const count = (n, value) => Array.from({ length: n }, (_, i) => value(i));
const dot = (u, v) => u.reduce((sum, ui, i) => sum + ui * v[i], 0);
const less = (u, share, v) => u.map((ui, i) => ui - share * v[i]);

// Legendre's polynomials of 2x - 1, up to the degree n - 1, a column each.
export function legendre(x, n) {
  const t = x.map((xi) => 2 * xi - 1);
  const columns = [x.map(() => 1), t];
  for (let k = 1; k < n - 1; k++) {
    columns.push(t.map((ti, i) => ((2 * k + 1) * ti * columns[k][i] - k * columns[k - 1][i]) / (k + 1)));
  }
  return columns.slice(0, n);
}

// A constant, and hinges at n - 1 even places from 0 on.
export const evenHinges = (x, n) =>
  count(n, (j) => x.map((xi) => (j ? Math.max(0, xi - (j - 1) / (n - 1)) : 1)));

// 1, cos 2πx, sin 2πx, cos 4πx, sin 4πx, …: the first n of them.
export const waves = (x, n) =>
  count(n, (j) => {
    const turn = 2 * Math.PI * Math.ceil(j / 2);
    return x.map((xi) => (j === 0 || j % 2 ? Math.cos(turn * xi) : Math.sin(turn * xi)));
  });

export const FAMILIES = { polynomials: legendre, hinges: evenHinges, waves };

// Columns of length 1 that are orthogonal and span the same: Gram and Schmidt, done twice, since once
// leaves rounding errors along the earlier ones.
export function orthonormal(columns) {
  const basis = [];
  for (const column of columns) {
    let rest = column;
    for (const q of [...basis, ...basis]) rest = less(rest, dot(q, rest), q);
    const length = Math.sqrt(dot(rest, rest));
    basis.push(rest.map((value) => value / length));
  }
  return basis;
}

// The values of the curve of least squared error, and what is left: its root mean square, and the
// largest miss.
export function bestOf(basis, y) {
  const rest = basis.reduce((left, q) => less(left, dot(q, left), q), y);
  const values = y.map((yi, i) => yi - rest[i]);
  const error = Math.sqrt(mean(rest.map((r) => r * r)));
  return { values, error, largest: Math.max(...rest.map(Math.abs)) };
}

// The errors of a family's best curves with 1, 2, … parameters.
export const errorsOf = (family, x, y, most) =>
  count(most, (i) => bestOf(orthonormal(FAMILIES[family](x, i + 1)), y).error);
