// All rules race down one landscape from the reader's start: each at the rate that is best for it from
// there, or all at one common rate.

import { bowl } from "./descent.js";
import { explorable, make, plot, put, short, slider } from "./figure.js";
import { landscape } from "./landscape.js";
import { counted, decades, inSight, powerOfTen } from "./panes.js";
import { beginning, choice, logSlider, player } from "./controls.js";
import { bestRate, lap, ratesBetween, standings } from "./racing.js";

const TRAITS = ["start", "rate", "common", "step", "x", "y"];
const NAMES = {
  descent: "Descent", momentum: "Polyak's momentum", nesterov: "Nesterov's momentum",
  adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam",
};
const RACERS = Object.keys(NAMES);
const ADAPTIVE = ["adagrad", "rmsprop", "adam"];

// What the reader is told of a race: who is first, and whether that is what was asked for.
export function judged(laps) {
  const [first] = standings(laps);
  if (laps[first].arrived === Infinity) return "No rule arrives.";
  const rivals = RACERS.filter((name) => laps[name].arrived === laps[first].arrived);
  const won = `${rivals.map((name) => NAMES[name]).join(" and ")} ${rivals.length > 1 ? "are" : "is"} first`;
  return rivals.every((name) => ADAPTIVE.includes(name))
    ? `Goal reached: ${won}.`
    : `${won}. Goal: a start from which an adaptive rule is first, each at its best rate.`;
}

// All runs from the present start, computed again when something changes.
function racing(get, ground) {
  const rates = ratesBetween(...get("powers"));
  const how = { rates, steps: get("steps"), goal: get("goal") };
  const options = { momentum: { beta: get("polyak") }, nesterov: { beta: get("nesterov") } };
  let [laps, key, best, from] = [{}, "", {}, ""];
  return () => {
    const [start, common] = [get("start"), get("common")];
    if (from !== String(start)) {
      from = String(start);
      best = Object.fromEntries(RACERS.map((name) => [name, bestRate(name, options[name], ground, start, how)]));
    }
    const now = JSON.stringify([start, common, get("rate")]);
    if (now !== key) {
      key = now;
      const rate = (name) => (common ? get("rate") : best[name] ?? get("rate"));
      laps = Object.fromEntries(RACERS.map((name) => [name, lap(name, options[name], rate(name), ground, start, how)]));
    }
    return laps;
  };
}

// The losses of all, step by step, on a logarithmic scale.
function lossPane(steps, goal) {
  const powers = [-5, 2];
  const stage = plot({
    xRange: [0, steps], yRange: powers, xLabel: "step: gradients computed", yLabel: "excess loss",
    height: (width) => Math.max(150, 0.5 * width), yText: powerOfTen, grid: false,
  });
  const level = stage.groundLayer("goal");
  const curves = RACERS.map((name) => stage.groundLayer(`racer ${name}`));
  return {
    stage,
    show(laps, step) {
      stage.zoom(decades(laps.descent.excess.slice(0, 1), goal / 10));
      level.setAttribute("d", stage.path([0, steps].map((at) => [at, Math.log10(goal)])));
      const height = (value) => Math.max(Math.log10(value), powers[0] - 1);
      RACERS.forEach((name, i) => {
        const points = laps[name].excess.slice(0, step + 1).map((value, at) => [at, height(value)]);
        curves[i].setAttribute("d", stage.path(points.filter(([, at]) => at < 99)));
      });
    },
  };
}

// A table of who has arrived, and a key to the lines.
function board() {
  const key = (name) => make("svg", { class: "swatch", width: 34, height: 10, "aria-hidden": true },
    make("path", { class: `racer ${name}`, d: "M1 5H33" }));
  const rows = RACERS.map((name) => ({ rate: make("td"), steps: make("td"), name }));
  const heads = ["rule", "rate", "steps to the goal"].map((text) => make("th", { scope: "col" }, text));
  const root = make("table", { class: "counts" },
    make("caption", {}, "The race so far"), make("tr", {}, ...heads),
    ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, key(row.name), NAMES[row.name]), row.rate, row.steps)));
  return {
    root,
    show(laps, step, last) {
      for (const { name, rate, steps } of rows) {
        const { arrived } = laps[name];
        rate.textContent = short(laps[name].rate);
        steps.textContent = arrived <= step ? String(arrived) : step < last ? "…" : `not in ${last}`;
      }
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y] = [get("x"), get("y")];
  const ground = bowl(x, y);
  const [steps, goal] = [get("steps"), get("goal")];
  const run = racing(get, ground);
  const { stage, drawGround } = landscape(get("a_range"), get("b_range"));
  const paths = RACERS.map((name) => stage.layer(`racer ${name}`));
  const dots = RACERS.map((name) => stage.layer(`racer at ${name}`));
  const curve = lossPane(steps, goal);
  const table = board();

  const controls = player(model, () => steps);
  const set = (values) => { controls.stop(); put(model, values); };
  const begin = beginning(model, stage, controls.stop, steps);
  const rates = choice("rates", [["Each at its best rate", false], ["One common rate", true]], {
    chosen: () => get("common"), choose: (common) => set({ common, step: steps }),
  });
  const rate = logSlider({
    label: "common rate", range: get("powers").map((power) => 10 ** power),
    input: (value) => set({ rate: value, step: steps }),
  });
  const moment = slider({ label: "shown step", range: [0, steps], step: 1, input: (value) => set({ step: value }) });
  const verdict = make("p", { class: "verdict" });

  function draw() {
    const [laps, step] = [run(), controls.step()];
    drawGround(x, y);
    RACERS.forEach((name, i) => {
      const gone = inSight(stage, laps[name].path.slice(0, step + 1));
      paths[i].setAttribute("d", stage.path(gone));
      dots[i].setAttribute("d", stage.dots(gone.slice(-1)));
    });
    curve.show(laps, step);
    table.show(laps, step, steps);
    begin.show();
    rates.show();
    rate.root.hidden = !get("common");
    rate.show(get("rate"));
    moment.show(step, String(step));
    controls.show();
    const done = !get("common") && step >= steps ? judged(laps) : "";
    verdict.textContent = done;
    verdict.classList.toggle("reached", done.startsWith("Goal reached"));
  }

  function state() {
    const [laps, step] = [run(), controls.step()];
    const words = standings(laps).map((name) =>
      `${NAMES[name]} ${laps[name].arrived <= step ? laps[name].arrived : "not yet"}`);
    return `After ${counted(step, "step")} with ${get("common") ? `the rate ${short(get("rate"))} for all` : "each at its best rate"}, steps to the goal: ${words.join(", ")}.`;
  }
  const describe = () => `${state()} ${verdict.textContent}`;
  stage.description = () => `Contours of the mean squared error over slope and intercept, with a path for each of six rules. ${state()}`;
  curve.stage.description = () => `The loss of each rule above the least, step by step, on a logarithmic scale. ${state()}`;

  const parts = [
    make("div", { class: "buttons" }, ...controls.buttons),
    rates.root, rate.root,
    make("div", { class: "side-by-side pair" }, stage.root, make("div", {}, curve.stage.root, table.root)),
    verdict, moment.root,
  ];
  const close = explorable({ model, el }, TRAITS, parts, { plots: [stage, curve.stage], draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
