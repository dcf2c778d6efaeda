// Sums of Legendre polynomials, fitted by least squares. Nothing here draws. The oracles are
// `learning.representation.legendre` and `learning.optimization.least_squares`.

export const dot = (u, v) => u.reduce((sum, ui, i) => sum + ui * v[i], 0);

// P_0, …, P_degree at 2x - 1.
export function legendreRow(x, degree) {
  const t = 2 * x - 1;
  const row = [1, t];
  for (let k = 1; k < degree; k++) row.push(((2 * k + 1) * t * row[k] - k * row[k - 1]) / (k + 1));
  return row.slice(0, degree + 1);
}

// Columns as orthonormal ones, q, and how to mix these to get the columns back, r. Each is cleared of
// those before it twice, because once would leave a part where they are nearly dependent.
export function orthonormal(columns) {
  const [q, r] = [[], []];
  for (const column of columns) {
    let [rest, mix] = [[...column], q.map(() => 0)];
    for (let pass = 0; pass < 2; pass++) {
      q.forEach((unit, i) => {
        const along = dot(unit, rest);
        rest = rest.map((value, k) => value - along * unit[k]);
        mix[i] += along;
      });
    }
    const length = Math.hypot(...rest);
    q.push(rest.map((value) => value / length));
    r.push([...mix, length]);
  }
  return { q, r };
}

// The weights of least squared error; of smallest norm where several are as good.
export function shortestWeights(rows, y) {
  const [n, p] = [rows.length, rows[0].length];
  if (p <= n) {
    const { q, r } = orthonormal(rows[0].map((_, k) => rows.map((row) => row[k])));
    const weights = q.map((unit) => dot(unit, y));
    for (let j = p - 1; j >= 0; j--) {
      for (let k = j + 1; k < p; k++) weights[j] -= r[k][j] * weights[k];
      weights[j] /= r[j][j];
    }
    return weights;
  }
  const { q, r } = orthonormal(rows);
  const parts = [];
  y.forEach((yi, j) => parts.push((yi - dot(parts, r[j])) / r[j][j]));
  return rows[0].map((_, k) => parts.reduce((sum, part, j) => sum + part * q[j][k], 0));
}

// The sum at rows of Legendre polynomials, which may have more of them than there are weights.
export const sumsAt = (rows, weights) => rows.map((row) => dot(weights, row));

const meanSquare = (found, wanted) =>
  found.reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0) / found.length;

// Fits of several degrees to the first points, and their errors on these, on the other points, and on
// endlessly many new ones about a truth that is known at places, with the variance of their noise.
export function fitsOf(x, y, { learn, degrees, placeRows, truth, variance }) {
  const rows = x.map((xi) => legendreRow(xi, Math.max(...degrees)));
  const [seen, held] = [y.slice(0, learn), y.slice(learn)];
  return degrees.map((degree) => {
    const weights = shortestWeights(rows.slice(0, learn).map((row) => row.slice(0, degree + 1)), seen);
    return {
      degree, weights,
      training: meanSquare(sumsAt(rows.slice(0, learn), weights), seen),
      held: meanSquare(sumsAt(rows.slice(learn), weights), held),
      test: meanSquare(sumsAt(placeRows, weights), truth) + variance,
    };
  });
}
