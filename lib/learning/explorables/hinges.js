// Curves of hinges: start + Σ bend · max(0, x − place), a hidden unit each. The places rise. Nothing
// here draws.

import { mean } from "./mathematics.js";

// What a unit adds to the curve at x.
export const part = (place, bend, x) => bend * Math.max(0, x - place);

export const curveAt = ({ start, places, bends }, x) =>
  places.reduce((sum, place, i) => sum + part(place, bends[i], x), start);

// The mean squared error of the curve at points.
export const missOf = (curve, x, y) => mean(x.map((xi, i) => (curveAt(curve, xi) - y[i]) ** 2));

// The corners: where each unit begins, and the right end.
export const corners = (curve, right) => [...curve.places, right].map((x) => [x, curveAt(curve, x)]);

// Move a corner. Its place is that of its own unit. Its height is due to the weight of the unit before
// it, or, at the left end, to the start; all that lies to its right moves along.
export function moved(curve, i, [x, y]) {
  const [places, bends] = [[...curve.places], [...curve.bends]];
  if (i === 0) return { start: y, places, bends };
  if (i < places.length) places[i] = x;
  bends[i - 1] = 0;
  bends[i - 1] = (y - curveAt({ start: curve.start, places, bends }, x)) / (x - places[i - 1]);
  return { start: curve.start, places, bends };
}

// Between which places a corner can lie, so far from its neighbours.
export const room = (curve, i, right, gap) => [curve.places[i - 1] + gap, (curve.places[i + 1] ?? right) - gap];

// A unit more, of weight 0, in the middle of the widest piece; and without the last one.
export function added(curve, right) {
  const widths = curve.places.map((place, i) => (curve.places[i + 1] ?? right) - place);
  const i = widths.indexOf(Math.max(...widths)) + 1;
  const [places, bends] = [[...curve.places], [...curve.bends]];
  places.splice(i, 0, places[i - 1] + widths[i - 1] / 2);
  bends.splice(i, 0, 0);
  return { start: curve.start, places, bends };
}

export const removed = ({ start, places, bends }) =>
  ({ start, places: places.slice(0, -1), bends: bends.slice(0, -1) });

const dot = (u, v) => u.reduce((sum, ui, i) => sum + ui * v[i], 0);

// The start and the weights of least mean squared error for given places: least squares, by making the
// units' columns orthogonal one after the other.
export function bestWeights({ places }, x, y) {
  const columns = [x.map(() => 1), ...places.map((place) => x.map((xi) => Math.max(0, xi - place)))];
  const upper = columns.map(() => []);
  const target = [...y];
  const along = columns.map((column, j) => {
    const length = Math.hypot(...column);
    const unit = column.map((value) => value / length);
    for (let k = j; k < columns.length; k++) {
      upper[j][k] = dot(unit, columns[k]);
      columns[k] = columns[k].map((value, i) => value - upper[j][k] * unit[i]);
    }
    const share = dot(unit, target);
    target.forEach((value, i) => (target[i] = value - share * unit[i]));
    return share;
  });
  const weights = [];
  for (let j = columns.length - 1; j >= 0; j--) {
    const known = upper[j].slice(j + 1).reduce((sum, value, i) => sum + value * weights[j + 1 + i], 0);
    weights[j] = (along[j] - known) / upper[j][j];
  }
  return { start: weights[0], places, bends: weights.slice(1) };
}
