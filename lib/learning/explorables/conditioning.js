// What is left of the loss along the two axes of a line's bowl, in the reader's unit of x and at the
// reader's rate: predicted by a formula, and run.

import { choice, logSlider, player, roundNumbers, stopSlider } from "./controls.js";
import { button, explorable, make, plot, put, short, slider } from "./figure.js";
import { eigen } from "./mathematics.js";
import { counted, decades, factor, losses, powerOfTen, thinned } from "./panes.js";

const TRAITS = ["unit", "rate", "steps", "step"];
const UNITS = ["share", "percent", "from the mean", "standardized"];
const AXES = ["steep", "flat"];
const TOO_LARGE = 1.02; // times the bound
const DOTS = 25; // of a run that are shown

// The bowl of a line's mean squared error where x is counted from an origin in parts of a size: its
// second derivatives, and where a line is that is off by `away` in x's own unit.
export function inUnit(unit, mean, spread, [a, b]) {
  const origin = unit === "from the mean" || unit === "standardized" ? mean : 0;
  const size = { percent: 0.01, standardized: spread }[unit] ?? 1;
  const [m, s] = [(mean - origin) / size, spread / size];
  return { hessian: [[2 * (m * m + s * s), 2 * m], [2 * m, 2]], away: [a * size, b + a * origin] };
}

// What is known of a run before its first step.
export function spectrum({ hessian, away }) {
  const { values, vectors } = eigen(hessian);
  const delta = vectors.map(([u, v]) => u * away[0] + v * away[1]);
  const [large, small] = values;
  return { values, delta, limit: 2 / large, best: 2 / (large + small), condition: large / small };
}

// The excess loss along each axis after some steps, without taking one.
export const sharesAt = ({ values, delta }, rate, step) =>
  values.map((value, i) => 0.5 * value * ((1 - rate * value) ** step * delta[i]) ** 2);

const sum = (values) => values.reduce((total, value) => total + value, 0);

// The excess losses of a run, step by step.
export function excesses({ hessian: [[p, q], [, r]], away }, rate, steps) {
  let [u, v] = away;
  const all = [];
  for (let step = 0; step <= steps; step++) {
    all.push((p * u * u + 2 * q * u * v + r * v * v) / 2);
    [u, v] = [u - rate * (p * u + q * v), v - rate * (q * u + r * v)];
  }
  return all;
}

// The bowl and what a step leaves, in words.
export function bowlText({ values, limit, condition }, rate) {
  const [steep, flat] = values.map((value) => factor(1 - rate * value));
  const shape = `λ = ${short(values[0])} and ${short(values[1])}, so κ = ${short(condition)}.`;
  const text = `${shape} A step multiplies the distance along the steep axis by ${steep} and along the flat one by ${flat}`;
  return `${text}${rate < limit ? "." : ": the run diverges."}`;
}

// How many steps it takes until the excess loss is within a goal, and whether these are few enough.
const needed = (predicted, goal) => predicted.findIndex((value) => value <= goal);
export const reached = (predicted, goal, within) => needed(predicted, goal) >= 0 && needed(predicted, goal) <= within;

export function goalText(predicted, goal, within) {
  const aim = `an excess loss of ${short(goal)} in ${counted(within, "step")}`;
  const took = needed(predicted, goal);
  if (reached(predicted, goal, within)) return `Goal reached: ${aim}. It takes ${counted(took, "step")}.`;
  return `Goal: ${aim}. ${took < 0 ? `In ${counted(predicted.length - 1, "step")} it does not arrive.` : `It takes ${counted(took, "step")}.`}`;
}

// The bars: how much is left along each axis, on the scale of the losses.
function bars(height) {
  const stage = plot({
    xRange: [0, 2], yRange: [-7, 2], xLabel: "axis of the bowl", yLabel: "excess loss", height,
    xText: (x) => ({ 0.5: "steep", 1.5: "flat" })[x] ?? "", yText: powerOfTen, grid: false,
  });
  const layers = AXES.map((name) => stage.layer(name));
  return {
    stage,
    show(shares, [low, high]) {
      stage.zoom([low, high]);
      shares.forEach((share, i) => {
        const top = Math.min(Math.log10(share), high);
        const corners = [[i + 0.2, low - 9], [i + 0.2, top], [i + 0.8, top], [i + 0.8, low - 9]];
        layers[i].setAttribute("d", top > low ? `${stage.path(corners)}Z` : "");
      });
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [mean, spread, away, goal, within] = ["mean", "spread", "away", "goal", "within"].map(get);
  const low = (width) => Math.max(130, Math.min(0.7 * width, 220));
  const [left, curve] = [bars(low), losses(low)];
  const dots = curve.stage.layer("dot");

  let [ground, known, predicted, taken, range, key] = [null, null, [], [], [], ""];
  function compute() {
    const wanted = JSON.stringify([get("unit"), get("rate"), get("steps")]);
    if (wanted === key) return;
    key = wanted;
    ground = inUnit(get("unit"), mean, spread, away);
    known = spectrum(ground);
    const every = Array.from({ length: get("steps") + 1 }, (_, step) => step);
    predicted = every.map((step) => sum(sharesAt(known, get("rate"), step)));
    taken = excesses(ground, get("rate"), get("steps"));
    range = decades(thinned(predicted), 0.1 * goal);
    curve.fit(get("steps"), range);
  }

  const controls = player(model, () => get("steps"));
  const unit = choice("unit of x", UNITS.map((name) => [name, name]), {
    chosen: () => get("unit"), choose: (name) => { controls.stop(); put(model, { unit: name }); },
  });
  const rate = logSlider({
    label: "learning rate", range: get("rate_range"), input: (value) => put(model, { rate: value }),
  });
  const [markLimit, markBest] = ["limit", "best"].map(rate.mark);
  const steps = stopSlider({
    label: "steps", stops: roundNumbers(get("steps_range")),
    input: (value) => put(model, { steps: value, step: Math.min(get("step"), value) }),
  });
  const moment = slider({
    label: "shown step", range: [0, get("steps")], step: 1,
    input: (value) => { controls.stop(); put(model, { step: value }); },
  });
  const choices = [
    button("The best rate", () => put(model, { rate: known.best })),
    button("Too large", () => put(model, { rate: TOO_LARGE * known.limit })),
  ];
  const [shape, result, task] = ["why", "result", "verdict"].map((name) => make("p", { class: name }));

  function draw() {
    compute();
    const n = controls.step();
    left.show(sharesAt(known, get("rate"), n), range);
    curve.show(predicted, goal, n);
    const some = Array.from({ length: DOTS + 1 }, (_, i) => Math.round((n * i) / DOTS));
    const shown = some.map((step) => [step, Math.log10(taken[step])]);
    dots.setAttribute("d", curve.stage.dots(shown.filter(([, high]) => Math.abs(high) < 99)));
    unit.show();
    rate.show(get("rate"));
    markLimit(known.limit, "2/λ", make("sub", {}, "max"));
    markBest(known.best, "best");
    steps.show(get("steps"));
    moment.control.max = get("steps");
    moment.show(n, String(n));
    controls.show();
    shape.textContent = bowlText(known, get("rate"));
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    task.textContent = goalText(predicted, goal, within);
    task.classList.toggle("reached", reached(predicted, goal, within));
  }

  function state() {
    const n = controls.step();
    return `After ${counted(n, "step")} the excess loss is ${short(taken[n])}; the formula says ${short(predicted[n])}.`;
  }
  const describe = () => `${shape.textContent} ${state()} ${task.textContent}`;
  left.stage.description = () => `The excess loss along each axis after ${counted(controls.step(), "step")}: ${sharesAt(known, get("rate"), controls.step()).map((share, i) => `${AXES[i]} ${short(share)}`).join(", ")}.`;
  curve.stage.description = () => `The excess loss against the step, on a logarithmic scale: predicted as a line, run as dots. ${state()}`;

  const parts = [
    make("div", { class: "chosen-from" }, make("span", {}, "x as"), unit.root),
    make("div", { class: "side-by-side" }, left.stage.root, curve.stage.root),
    rate.root, make("div", { class: "buttons" }, ...controls.buttons, ...choices),
    shape, result, task, steps.root, moment.root,
  ];
  const close = explorable({ model, el }, TRAITS, parts, { plots: [left.stage, curve.stage], draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
