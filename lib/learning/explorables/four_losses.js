// Four lines among the same points, each the best by another loss; and how hard the chosen point
// pulls at each of them.

import { leastSquares, surround } from "./mathematics.js";
import { huberLine, logCoshLine, pulls, quantileLine } from "./robust.js";
import { button, explorable, fixed, make, plot, put, redraw, short, value } from "./figure.js";
import { movable } from "./fitting.js";
import { logSlider } from "./controls.js";

const HELD = ["x", "y", "shown", "width", "chosen"];
const NAMES = { squared: "squared", absolute: "absolute", huber: "Huber", logcosh: "log-cosh" };
const KINDS = Object.keys(NAMES);
const UP = 10;
const CURVE = 60; // places of a curve of pulls, at each side of 0
const JUMP = 1e-9; // from 0, on both sides of which an absolute loss pulls as hard
const LEAST = 1.5; // residuals that are in view at least

// The best line by each loss.
export const bestLines = (x, y, width) => ({
  squared: leastSquares(x, y),
  absolute: quantileLine(x, y),
  huber: huberLine(x, y, width),
  logcosh: logCoshLine(x, y, width),
});

// How many points are elsewhere than they were.
export const movedFrom = (start, x, y) =>
  x.filter((xi, i) => xi !== start.x[i] || y[i] !== start.y[i]).length;

// What the reader is told: whether one day has turned the absolute line round.
export function judged(slope, moved) {
  if (slope >= 0) return "Goal: move one day only, until the line of the absolute loss falls.";
  if (moved > 1) return `It falls, but you have moved ${moved} days. Can one alone do it?`;
  return `Goal reached: one day has given the line of the absolute loss the slope ${fixed(slope)}.`;
}

// What is held, and what follows from it.
function fourLines(model) {
  const get = (name) => model.get(name);
  const start = { x: get("x"), y: get("y"), chosen: get("chosen"), width: get("width") };
  const self = { get, start, redraw() {} };
  let [lines, key] = [null, ""];
  Object.defineProperty(self, "chosen", { get: () => get("chosen") });
  self.points = () => [get("x"), get("y")];
  self.choose = (chosen) => put(model, { chosen });
  self.place = (i, at) => {
    const [x, y] = self.points().map((values) => [...values]);
    [x[i], y[i]] = at;
    put(model, { x, y });
  };
  self.lines = () => {
    const now = JSON.stringify([...self.points(), get("width")]);
    if (now !== key) [lines, key] = [bestLines(...self.points(), get("width")), now];
    return lines;
  };
  self.shown = () => KINDS.filter((kind) => get("shown").includes(kind));
  self.at = () => self.points().map((values) => values[get("chosen")]);
  self.residual = ([a, b]) => a * self.at()[0] + b - self.at()[1];
  self.moved = () => movedFrom(start, ...self.points());
  return self;
}

function amongFour(fit) {
  const { get } = fit;
  const [across, up] = [get("x_range"), get("y_range")];
  const [xRange, yRange] = [[...across], [...up]]; // which follow the points
  const stage = plot({
    xRange, yRange, xLabel: get("x_label"), yLabel: get("y_label"),
    height: (width) => Math.min(0.75 * width, 340),
  });
  const dot = stage.layer("dot");
  const layers = Object.fromEntries(KINDS.map((kind) => [kind, stage.layer(`loss ${kind}`)]));
  const steps = () => [(xRange[1] - xRange[0]) / 50, get("grid")];
  const grip = movable(fit, stage, [get("x_reach"), get("y_reach")], steps);
  function draw() {
    const [x, y] = fit.points();
    stage.zoom(surround(up, y), surround(across, x));
    dot.setAttribute("d", stage.dots(x.map((xi, i) => [xi, y[i]])));
    for (const kind of KINDS) {
      const [a, b] = fit.lines()[kind];
      const ends = xRange.map((place) => [place, a * place + b]);
      layers[kind].setAttribute("d", fit.shown().includes(kind) ? stage.path(ends) : "");
    }
    grip();
  }
  return { stage, draw };
}

// Each loss's pull over the residual, and on it where the chosen point is.
function pullsPane(fit) {
  const [xRange, yRange] = [[-LEAST, LEAST], [-LEAST, LEAST]];
  const stage = plot({
    xRange, yRange, xLabel: "residual", yLabel: "pull", height: (width) => Math.min(0.75 * width, 340),
  });
  const curves = Object.fromEntries(KINDS.map((kind) => [kind, stage.layer(`loss ${kind}`)]));
  const dots = Object.fromEntries(KINDS.map((kind) => [kind, stage.layer(`at ${kind}`)]));
  function draw() {
    const width = fit.get("width");
    const residuals = KINDS.map((kind) => fit.residual(fit.lines()[kind]));
    const far = Math.max(LEAST, ...residuals.map((r) => 1.15 * Math.abs(r)));
    stage.zoom([-far, far], [-far, far]);
    const side = Array.from({ length: CURVE + 1 }, (_, i) => far * (i / CURVE) + JUMP);
    const places = [...side.map((r) => -r).reverse(), ...side];
    KINDS.forEach((kind, i) => {
      const shown = fit.shown().includes(kind);
      const curve = () => stage.path(places.map((r) => [r, pulls(r, width)[kind]]));
      const at = () => stage.dots([[residuals[i], pulls(residuals[i], width)[kind]]]);
      curves[kind].setAttribute("d", shown ? curve() : "");
      dots[kind].setAttribute("d", shown ? at() : "");
    });
  }
  return { stage, draw };
}

// A button that shows or hides a line, with its slope.
function lineButton(fit, model, kind) {
  const slope = value("", "");
  const node = button("", () => {
    const others = KINDS.filter((each) => each !== kind && fit.shown().includes(each));
    put(model, { shown: fit.shown().includes(kind) ? others : [...others, kind] });
  });
  node.className = `loss ${kind}`;
  node.append(make("span", { class: "key", "aria-hidden": true }), `${NAMES[kind]} `, slope);
  const draw = () => {
    slope.textContent = fixed(fit.lines()[kind][0]);
    node.setAttribute("aria-pressed", fit.shown().includes(kind));
  };
  return { node, draw };
}

function render({ model, el }) {
  const fit = fourLines(model);
  const [among, pane] = [amongFour(fit), pullsPane(fit)];
  fit.redraw = () => redraw(among.stage.root);
  const switches = KINDS.map((kind) => lineButton(fit, model, kind));
  const lift = button("Ten higher", () => fit.place(fit.chosen, [fit.at()[0], fit.at()[1] + UP]));
  const restart = button("Start again", () => put(model, fit.start));
  const width = logSlider({
    label: "width", range: [0.05, 20], input: (number) => put(model, { width: number }),
  });
  const verdict = make("p", { class: "verdict" });
  const goal = () => judged(fit.lines().absolute[0], fit.moved());
  function draw() {
    for (const each of [among, pane, ...switches]) each.draw();
    width.show(fit.get("width"));
    verdict.textContent = goal();
    verdict.classList.toggle("reached", fit.lines().absolute[0] < 0 && fit.moved() === 1);
  }
  const slopes = () => KINDS.map((kind) => `${NAMES[kind]} ${fixed(fit.lines()[kind][0])}`).join(", ");
  const pulling = () => KINDS.map((kind) => {
    const pull = pulls(fit.residual(fit.lines()[kind]), fit.get("width"))[kind];
    return `${NAMES[kind]} ${short(pull)}`;
  }).join(", ");
  const describe = () => `Slopes: ${slopes()}. Width ${short(fit.get("width"))}. ${goal()}`;
  among.stage.description = () => `${fit.get("x").length} points and the best line by each loss. Slopes: ${slopes()}.`;
  pane.stage.description = () => `How hard a point pulls, over its residual. The chosen point pulls: ${pulling()}.`;
  const parts = [
    make("p", {}, "Slope of the best line, by loss:"),
    make("div", { class: "buttons" }, ...switches.map((each) => each.node)),
    make("div", { class: "side-by-side beside" }, pane.stage.root, among.stage.root),
    width.root,
    make("div", { class: "buttons" }, lift, restart),
    verdict,
  ];
  return explorable({ model, el }, HELD, parts, { plots: [among.stage, pane.stage], draw, describe });
}

export default { render };
