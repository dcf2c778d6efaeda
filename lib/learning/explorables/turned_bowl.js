// A bowl that can be turned under the axes of the rules that search it: the path, what the rule
// remembers of each parameter, and the loss.

import { eigen, geometric } from "./mathematics.js";
import { explorable, make, plot, put, short, slider } from "./figure.js";
import { counted, decades, losses, powerOfTen, thinned, walk } from "./panes.js";
import { choice, logSlider, player } from "./controls.js";
import { RULES, follow } from "./rules.js";

const TRAITS = ["rule", "rate", "turn", "step"];
const NAMES = {
  descent: "Descent", momentum: "Momentum", adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam",
};
const CONTOURS = 12;
const SHARE = 1e-3; // of the highest contour's level, that of the lowest
const PARAMETERS = ["slope", "intercept"]; // the colours of the two, which they are unless turned

// The second derivatives and the start, turned counter-clockwise about the minimum.
export function turned([[p, q], [, r]], [u, v], degrees) {
  const [cos, sin] = [Math.cos, Math.sin].map((f) => f((degrees * Math.PI) / 180));
  const mixed = (cos * cos - sin * sin) * q + cos * sin * (p - r);
  const first = cos * cos * p - 2 * cos * sin * q + sin * sin * r;
  const second = sin * sin * p + 2 * cos * sin * q + cos * cos * r;
  return { hessian: [[first, mixed], [mixed, second]], start: [cos * u - sin * v, sin * u + cos * v] };
}

// A run on the turned bowl: its places, what is remembered beside each, and the loss above the least.
export function search({ hessian, start, turn, rule, rate, steps }) {
  const bowl = turned(hessian, start, turn);
  const [[p, q], [, r]] = bowl.hessian;
  const gradient = ([u, v]) => [p * u + q * v, q * u + r * v];
  const { path, memories } = follow(RULES[rule]({ rate }), gradient, bowl.start, steps);
  const excess = path.map(([u, v]) => (p * u * u + 2 * q * u * v + r * v * v) / 2);
  return { hessian: bowl.hessian, path, memories, excess };
}

// What a rule remembers of each parameter, if it does: the root of the squares that it divides by,
// and the size of the mean, or sum, of gradients that it steps along.
export function remembered(rule, memory, step) {
  const shareOfAdam = 1 - 0.999 ** step; // its mean of squares is that far from its start
  const squares = { adagrad: memory[0], rmsprop: memory[0], adam: memory[1]?.map((s) => s / (shareOfAdam || 1)) }[rule];
  const means = { momentum: memory[0], adam: memory[0] }[rule];
  return { roots: squares?.map(Math.sqrt) ?? [], means: means?.map(Math.abs) ?? [] };
}

// How many steps it takes until the loss is near enough, or −1.
export const arrival = (excess, near) => excess.findIndex((value) => value <= near);

// What the angles that were tried say about a rule at a rate; each has its count, -1 for none.
export function compared(name, rate, counts) {
  const found = [...counts.values()];
  const label = `${name} at a rate of ${short(rate)}`;
  if (found.length < 2) return `${label}: turn the bowl, and see whether the number of steps changes.`;
  const tried = `${label}, at ${found.length} angles`;
  const arrived = found.filter((count) => count >= 0);
  if (!arrived.length) return `${tried}: arrives at none of them.`;
  const [least, most] = [Math.min(...arrived), Math.max(...arrived)];
  const missing = arrived.length < found.length ? `, and at ${found.length - arrived.length} it does not arrive` : "";
  const range = least === most ? `${counted(least, "step")} at each` : `from ${least.toLocaleString("en")} to ${counted(most, "step")}`;
  return `${tried}: ${range}${missing}.`;
}

// The bowl in filled contours, around the minimum at the centre.
function ground(reach) {
  const range = [-reach, reach];
  const stage = plot({
    xRange: range, yRange: range, xLabel: "first parameter", yLabel: "second parameter",
    height: (width) => width, widest: 480, grid: false,
  });
  const floor = stage.groundLayer("contour");
  const lines = Array.from({ length: CONTOURS }, () => stage.groundLayer("contour")).reverse();
  [[floor, 1], ...lines.map((line, i) => [line, i / CONTOURS])]
    .forEach(([path, share]) => path.style.setProperty("--height", share.toFixed(3)));
  const star = stage.layer("minimum");

  function drawGround(hessian) {
    const { values, vectors: [[u1, u2], [v1, v2]] } = eigen(hessian);
    const highest = values[0] * reach * reach;
    floor.setAttribute("d", stage.frame());
    geometric(SHARE * highest, highest, CONTOURS).forEach((level, i) => {
      const [u, v] = values.map((value) => Math.sqrt((2 * level) / value)); // half the axes
      const points = Array.from({ length: 65 }, (_, k) => {
        const [p, q] = [u * Math.cos((Math.PI * k) / 32), v * Math.sin((Math.PI * k) / 32)];
        return [p * u1 + q * v1, p * u2 + q * v2];
      });
      lines[i].setAttribute("d", `${stage.path(points)}Z`);
    });
    star.setAttribute("d", stage.dots([[0, 0]]));
  }
  return { stage, drawGround };
}

// What a rule remembers, step by step, on a logarithmic scale.
function memory(steps, height) {
  const powers = [-4, 2];
  const stage = plot({
    xRange: [0, steps], yRange: powers, xLabel: "step", yLabel: "remembered", height, yText: powerOfTen, grid: false,
  });
  const layers = ["means", "roots"].flatMap((what) =>
    PARAMETERS.map((name, i) => [stage.groundLayer(`${what} ${name}`), what, i]));
  return {
    stage,
    show(known) {
      for (const [layer, what, i] of layers) {
        const points = known.map((each, step) => [step, each[what][i]]).filter(([, value]) => value > 0 && value < Infinity);
        const curve = points.map(([step, value]) => [step, Math.max(Math.log10(value), powers[0] - 1)]);
        layer.setAttribute("d", stage.path(thinned(curve)));
      }
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [steps, near, first] = [get("steps"), get("near"), { rule: get("rule"), rate: get("rate") }];
  const { stage, drawGround } = ground(get("reach"));
  const drawPath = walk(stage);
  const low = (width) => Math.max(88, Math.min(0.55 * width, 130));
  const memories = memory(steps, low);
  const curve = losses(low);

  const tried = new Map(); // by rule and rate: a count for each angle
  let [run, known, needed, counts, key] = [null, [], -1, null, ""];
  function compute() {
    const wanted = JSON.stringify(["rule", "rate", "turn"].map(get));
    if (wanted === key) return;
    key = wanted;
    const settings = Object.fromEntries(["hessian", "start", "turn", "rule", "rate"].map((name) => [name, get(name)]));
    run = search({ ...settings, steps });
    known = run.memories.map((each, step) => remembered(get("rule"), each, step));
    needed = arrival(run.excess, near);
    const kind = `${get("rule")} ${get("rate")}`;
    counts = tried.get(kind) ?? new Map();
    tried.set(kind, counts.set(get("turn"), needed));
    curve.fit(steps, decades(run.excess, near / 10));
  }

  const controls = player(model, () => steps);
  const rules = choice("rule", Object.entries(NAMES).map(([rule, name]) => [name, rule]), {
    chosen: () => get("rule"), choose: (rule) => put(model, { rule }),
  });
  const turn = slider({
    label: "turned by", range: [-90, 90], step: 1, input: (value) => put(model, { turn: value }),
  });
  const rate = logSlider({
    label: "learning rate", range: get("rate_range"), input: (value) => put(model, { rate: value }),
  });
  const moment = slider({
    label: "shown step", range: [0, steps], step: 1,
    input: (value) => { controls.stop(); put(model, { step: value }); },
  });
  const result = make("p", { class: "result" });
  const own = make("p", { class: "own" });
  const angles = make("p", { class: "angles" });
  const task = make("p", { class: "task" });

  function goalText() {
    const wanted = `within ${get("goal")} steps, with ${NAMES[first.rule]} at a rate of ${short(first.rate)}`;
    const eligible = get("rule") === first.rule && get("rate") === first.rate;
    const reached = eligible && needed >= 0 && needed <= get("goal");
    task.classList.toggle("reached", reached);
    return reached ? `Goal reached: ${counted(needed, "step")} at ${short(get("turn"))}°, by turning alone.`
      : `Goal: arrive ${wanted}, by turning alone.`;
  }
  function state() {
    const whole = needed < 0 ? `not there after ${counted(steps, "step")}` : `there after ${counted(needed, "step")}`;
    const now = controls.step();
    return `Turned by ${short(get("turn"))}°: ${whole}. At step ${now.toLocaleString("en")} the loss is ${short(run.excess[now])} above the least.`;
  }
  function ownRates() {
    const roots = known[controls.step()].roots;
    if (!roots.length) return "One rate for both parameters.";
    if (!roots.every((root) => root > 0)) return "A rate for each parameter: nothing is remembered yet.";
    return `A rate for each parameter: ${roots.map((root) => short(get("rate") / root)).join(" and ")}.`;
  }

  function draw() {
    compute();
    drawGround(run.hessian);
    const step = controls.step();
    drawPath(run.path.slice(0, step + 1));
    memories.show(known.slice(0, step + 1));
    curve.show(run.excess.slice(0, step + 1), near);
    rules.show();
    turn.show(get("turn"), `${short(get("turn"))}°`);
    rate.show(get("rate"));
    moment.show(step, step.toLocaleString("en"));
    controls.show();
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    own.textContent = ownRates();
    angles.textContent = compared(NAMES[get("rule")], get("rate"), counts);
    task.textContent = goalText();
  }
  const describe = () => `${NAMES[get("rule")]}, rate ${short(get("rate"))}. ${state()} ${own.textContent} ${angles.textContent} ${task.textContent}`;
  stage.description = () => `Contours of a long valley, and the path of ${NAMES[get("rule")]} over it. ${state()}`;
  memories.stage.description = () => `What is remembered of each parameter, step by step, on a logarithmic scale. ${own.textContent}`;
  curve.stage.description = () => `The loss above the least, step by step, on a logarithmic scale. ${state()}`;

  const legend = make("p", { class: "legend" }, "Remembered of the ",
    make("span", { class: "slope" }, "first"), " and the ", make("span", { class: "intercept" }, "second"),
    " parameter: thick, the root of the squares; thin, the size of the mean gradient.");
  const parts = [
    rules.root,
    make("div", { class: "buttons" }, ...controls.buttons),
    make("div", { class: "panes" }, stage.root, memories.stage.root, curve.stage.root),
    legend, turn.root, result, own, angles, task, rate.root, moment.root,
  ];
  const plots = [stage, memories.stage, curve.stage];
  const close = explorable({ model, el }, TRAITS, parts, { plots, draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
