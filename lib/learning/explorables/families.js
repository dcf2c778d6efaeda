// Families of curves that are linear in their parameters, as `learning.representation` has them, and
// the best curve of each. Nothing here draws.

import { dot, legendreRow, orthonormal } from "./legendre.js";
import { mean } from "./mathematics.js";

const count = (n, value) => Array.from({ length: n }, (_, i) => value(i));
const less = (u, share, v) => u.map((ui, i) => ui - share * v[i]);

// Legendre's polynomials of 2x - 1, up to the degree n - 1, a column each.
export function legendre(x, n) {
  const rows = x.map((xi) => legendreRow(xi, n - 1));
  return count(n, (j) => rows.map((row) => row[j]));
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

// Columns of length 1 that are orthogonal and span a family.
export const basisOf = (family, x, n) => orthonormal(FAMILIES[family](x, n)).q;

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
  count(most, (i) => bestOf(basisOf(family, x, i + 1), y).error);
