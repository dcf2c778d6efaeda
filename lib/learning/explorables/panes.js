// The pictures of a run: a line among the points, its path on the landscape, and its losses.

import { fixed, plot, short } from "./figure.js";

const MANY = 1000; // places of a path: of a longer one, some are left out

// The points, those that are lit, and a line.
export function pointsAndLine(x, y, xRange, yRange, height) {
  const stage = plot({ xRange, yRange, xLabel: "x", yLabel: "y", height });
  const [dots, lit, line] = ["dot", "lit", "line"].map(stage.layer);
  const at = (rows) => rows.map((row) => [x[row], y[row]]);
  const all = x.map((_, row) => row);
  return {
    stage,
    show([a, b], rows = []) {
      dots.setAttribute("d", stage.dots(at(all)));
      lit.setAttribute("d", stage.dots(at(rows)));
      const ends = xRange.map((place) => [place, a * place + b]);
      line.setAttribute("d", ends.flat().every(Number.isFinite) ? stage.path(ends) : "");
    },
  };
}

// What of a path is drawn. One that diverges leaves the picture for good: what lies far outside is not.
export function inSight(stage, path) {
  const near = ([a, b]) => Math.abs(stage.x(a)) + Math.abs(stage.y(b)) < 1e4; // false for NaN
  const outside = path.findIndex((at) => !near(at));
  return thinned(outside < 0 ? path : path.slice(0, outside));
}

// A path over the landscape, up to where it is now.
export function walk(stage) {
  const trace = stage.groundLayer("path"); // which ends at the frame
  const [places, now] = ["dots", "now"].map(stage.layer);
  return (path) => {
    const shown = inSight(stage, path);
    trace.setAttribute("d", stage.path(shown));
    places.setAttribute("d", stage.dots(shown));
    now.setAttribute("d", stage.dots(shown.slice(-1)));
  };
}

// Every so many, an odd number, since a path may jump from side to side; and the last.
export function thinned(values) {
  const every = 2 * Math.floor(values.length / MANY / 2) + 1;
  return values.filter((_, i) => i % every === 0 || i === values.length - 1);
}

export const powerOfTen = (k) => (k % 1 ? "" : Math.abs(k) < 3 ? String(10 ** k) : `1e${k}`);

// How far a run is above the least loss, step by step, on a logarithmic scale.
export function losses(height) {
  const [time, powers] = [[0, 1], [-2, 2]]; // refilled, since the axes follow the run
  const stage = plot({ xRange: time, yRange: powers, xLabel: "step", yLabel: "excess loss", height, yText: powerOfTen, grid: false });
  const [goal, fall] = ["goal", "path"].map(stage.groundLayer);
  const now = stage.layer("now");
  return {
    stage,
    fit(steps, [low, high]) {
      if ([0, steps, low, high].every((value, i) => value === [...time, ...powers][i])) return;
      time.splice(0, 2, 0, steps);
      powers.splice(0, 2, low, high);
      stage.fit(stage.root.clientWidth || Infinity);
    },
    show(excess, level, at = excess.length - 1) {
      const height = (value) => Math.max(Math.log10(value), powers[0] - 1); // 0 has no logarithm
      const points = excess.map((value, i) => [i, height(value)]).filter(([, high]) => high < 99);
      const level10 = Math.log10(level);
      goal.setAttribute("d", level ? stage.path(time.map((step) => [step, level10])) : "");
      fall.setAttribute("d", stage.path(thinned(points)));
      now.setAttribute("d", stage.dots(points.filter(([step]) => step <= at).slice(-1)));
    },
  };
}

// Whole powers of ten that hold the losses of a run, down to one that matters, with some room for a
// run that grows.
export function decades(excess, lowest) {
  const finite = excess.filter(Number.isFinite);
  const low = Math.floor(Math.log10(lowest));
  const high = Math.ceil(Math.log10(Math.min(Math.max(...finite), 100 * excess[0])) - 1e-9);
  return [low, Math.max(high, low + 1)];
}

// A factor, with digits enough to tell it from 1.
export function factor(value) {
  const digits = 1 - Math.floor(Math.log10(Math.abs(1 - Math.abs(value)) || 1));
  return fixed(value, Math.min(Math.max(digits, 2), 6));
}

// A count, and a line, in words.
export const counted = (n, noun) => `${n.toLocaleString("en")} ${n === 1 ? noun : `${noun}s`}`;

export function placed(at) {
  const [a, b] = at.map((value) => (Math.abs(value) < 1e4 ? fixed(value) : short(value)));
  return `a = ${a}, b = ${b}`;
}
