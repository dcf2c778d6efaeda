// Gradient descent on the mean squared error of a line: the line, its path and its losses, at the
// reader's rate, and when it diverges.

import { bowl, left, rates, run } from "./descent.js";
import { button, explorable, fixed, make, put, short, slider } from "./figure.js";
import { landscape } from "./landscape.js";
import { pointsAndLine, counted, decades, factor, losses, placed, walk } from "./panes.js";
import { beginning, logSlider, player, roundNumbers, stopSlider } from "./controls.js";

const TRAITS = ["start", "rate", "beta", "steps", "step", "x", "y"];
const TOO_LARGE = 1.02; // times the bound

// What the rate does, in words.
export function verdict(rate, x, beta = 0) {
  const [across, along] = left(x, rate, beta);
  const { limit } = rates(x, beta);
  const factors = beta === 0
    ? `A step multiplies the distance across the valley by ${factor(across)} and the distance along it by ${factor(along)}.`
    : `In the long run a step leaves ${factor(Math.abs(across))} of the distance across the valley and ${factor(Math.abs(along))} of that along it.`;
  if (rate >= limit) {
    const which = beta === 0 ? "The first is not between −1 and 1" : "The first is not below 1";
    return `${factors} ${which}: the run diverges.`;
  }
  if (beta === 1) return `${factors} Nothing is lost, so the run swings and never settles.`;
  return across < 0 && beta === 0 ? `${factors} The first is negative: the path jumps from side to side.` : factors;
}

// How many steps it takes until the loss is within a goal, or −1.
export const reaches = (excess, goal) => excess.findIndex((value) => value <= goal);

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y] = [get("x"), get("y")];
  const ground = bowl(x, y);
  const target = (get("goal") - 1) * ground.least; // above the least loss

  const { stage, drawGround } = landscape(get("a_range"), get("b_range"));
  const drawPath = walk(stage);
  const low = (width) => Math.max(88, Math.min(0.55 * width, 130));
  const among = pointsAndLine(x, y, get("x_range"), get("y_range"), low);
  const curve = losses(low);

  let [path, excess, key] = [[], [], ""];
  function compute() {
    const wanted = JSON.stringify([get("start"), get("rate"), get("beta"), get("steps")]);
    if (wanted === key) return;
    key = wanted;
    path = run(x, y, get("start"), { rate: get("rate"), beta: get("beta"), steps: get("steps") });
    excess = path.map(ground.above);
    curve.fit(get("steps"), decades(excess, target || 1e-6 * excess[0]));
  }

  const controls = player(model, () => get("steps"));
  const begin = beginning(model, stage, controls.stop);
  const rate = logSlider({
    label: "learning rate", range: get("rate_range"), input: (value) => put(model, { rate: value }),
  });
  const [markLimit, markBest] = ["limit", "best"].map(rate.mark);
  const beta = slider({
    label: "momentum", range: [0, 1], step: 0.01, input: (value) => put(model, { beta: value }),
  });
  const steps = stopSlider({
    label: "steps", stops: roundNumbers(get("steps_range")),
    input: (value) => put(model, { steps: value, step: Math.min(get("step"), value) }),
  });
  const moment = slider({
    label: "shown step", range: [0, get("steps")], step: 1,
    input: (value) => { controls.stop(); put(model, { step: value }); },
  });

  const attempt = (value) => { put(model, { rate: value }); controls.again(); };
  const named = Object.entries(get("presets")).map(([name, value]) => button(name, () => attempt(value)));
  const choices = [
    ...named,
    button("The best rate", () => attempt(rates(x, get("beta")).best)),
    button("Too large", () => attempt(TOO_LARGE * rates(x, get("beta")).limit)),
  ];
  const result = make("p", { class: "result" });
  const task = make("p", { class: "task" });
  const why = make("p", { class: "why" });

  // The fewest steps so far from each start, with momentum and without.
  const fewest = new Map();
  function goalText() {
    const needed = reaches(excess.slice(0, controls.step() + 1), target);
    task.classList.toggle("reached", needed >= 0);
    const goal = `${short(get("goal"))} times the least loss`;
    if (needed < 0) return `Goal: ${goal}, in as few steps as you can.`;
    const kind = JSON.stringify([get("start"), get("beta") > 0]);
    fewest.set(kind, Math.min(needed, fewest.get(kind) ?? Infinity));
    const best = `your fewest from this start${get("beta") > 0 ? " with momentum" : ""}: ${fewest.get(kind)}`;
    return `Goal reached: ${goal} after ${needed} steps; ${best}.`;
  }

  function draw() {
    compute();
    drawGround(x, y);
    const gone = path.slice(0, controls.step() + 1);
    drawPath(gone);
    among.show(gone[gone.length - 1]);
    curve.show(excess.slice(0, gone.length), target);
    drawControls();
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    task.textContent = goalText();
    const [now, { limit }] = [get("rate"), rates(x, get("beta"))];
    why.textContent = `The rate ${short(now)} is ${now < limit ? "below" : "not below"} the bound. ${verdict(now, x, get("beta"))}`;
    why.classList.toggle("diverges", now >= limit);
  }

  function drawControls() {
    begin.show();
    rate.show(get("rate"));
    const { limit, best } = rates(x, get("beta"));
    markLimit(limit, get("beta") > 0 ? "2(1 + β)/λ" : "2/λ", make("sub", {}, "max"));
    markBest(best, "best");
    beta.show(get("beta"), fixed(get("beta")));
    steps.show(get("steps"));
    moment.control.max = get("steps");
    moment.show(controls.step(), String(controls.step()));
    controls.show();
  }

  function state() {
    const n = controls.step();
    return `After ${counted(n, "step")}: ${placed(path[n])}, mean squared error ${short(excess[n] + ground.least)}.`;
  }
  const describe = () => `${state()} ${task.textContent} ${why.textContent}`;
  stage.description = () => `Contours of the mean squared error over slope and intercept, with the path of gradient descent. ${state()}`;
  among.stage.description = () => `The points, and the line after ${controls.step()} steps. ${state()}`;
  curve.stage.description = () => `The loss above the least at each step, on a logarithmic scale. ${state()}`;

  const parts = [
    make("div", { class: "buttons" }, ...controls.buttons, ...choices),
    make("div", { class: "panes" }, stage.root, among.stage.root, curve.stage.root),
    rate.root, result, task, why, beta.root, steps.root, moment.root,
  ];
  const plots = [stage, among.stage, curve.stage];
  const close = explorable({ model, el }, TRAITS, parts, { plots, draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
