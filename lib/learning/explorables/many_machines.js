// The time of a step against the number of machines: arithmetic, latency and bytes.

import { doublings, roundNumbers, stopSlider } from "./controls.js";
import { explorable, make, plot, put, value } from "./figure.js";
import { breakEven, fastest, speedUp, stepTime, total } from "./machines.js";
import { powerOfTen } from "./panes.js";

const TERMS = ["arithmetic", "latency", "bytes"];
const TRAITS = ["machines", "parameters", "points", "speed", "latency", "bandwidth"];
const MICRO = 1e-6;
const GIGA = 1e9;

// Seconds in the unit that suits them, with three digits.
export function told(seconds) {
  const units = [["s", 1], ["ms", 1e-3], ["µs", MICRO], ["ns", 1e-9]];
  const [unit, size] = units.find(([, each]) => seconds >= 0.9995 * each) ?? units[3];
  return `${Number((seconds / size).toPrecision(3)).toLocaleString("en")} ${unit}`;
}

// A count, with as few characters as it needs.
export const brief = (n) => (n < 1e6 ? n.toLocaleString("en") : `${(n / 1e6).toLocaleString("en")} M`);

// What can be said of a step on k machines.
export function verdict({ k, times, best, even, parameters, goal }) {
  const ratio = (number) => Number(number.toPrecision(2)).toLocaleString("en");
  if (k === 1) return "One machine sends no messages.";
  if (times < 1) {
    const points = Number(even.toPrecision(2)).toLocaleString("en");
    return `One machine is ${ratio(1 / times)} times as fast. From ${points} points on, ${k} machines would win.`;
  }
  if (times < goal) return `${ratio(times)} times as fast as one machine; fastest on ${best}.`;
  const so = parameters === 2 ? ", and with two parameters" : "";
  return `Goal reached${so}: ${ratio(times)} times as fast as one machine.`;
}

function controls(model, numbers) {
  const set = (name, unit = 1) => (number) => put(model, { [name]: number * unit });
  const made = [
    ["machines", "machines", numbers, 1],
    ["parameters", "parameters", [2, ...[1, 2, 3, 4, 5, 6].map((power) => 10 ** power)], 1],
    ["points", "points a step", roundNumbers([100, GIGA]), 1],
    ["latency", "latency, µs", roundNumbers([1, 1000]), MICRO],
    ["speed", "billion op/s", roundNumbers([1, 1e6]), GIGA],
    ["bandwidth", "GB/s", [0.125, 1.25, 12.5, 50, 200], GIGA],
  ].map(([name, label, stops, unit]) => {
    const text = (number) => brief(Number(number.toPrecision(3)));
    const control = stopSlider({ label, stops, input: set(name, unit), text });
    return { root: control.root, show: () => control.show(model.get(name) / unit) };
  });
  return { roots: made.map((each) => each.root), show: () => made.forEach((each) => each.show()) };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const numbers = doublings(get("most"));
  const cluster = () => Object.fromEntries(["speed", "latency", "bandwidth"].map((name) => [name, get(name)]));
  const at = (k) => stepTime(cluster(), get("points"), get("parameters"), k);

  const stage = plot({
    xRange: [0, Math.log2(get("most"))], yRange: [-6, 0], xLabel: "machines", yLabel: "seconds a step",
    height: (width) => Math.min(0.7 * width, 300), widest: 640, grid: false,
    xText: (power) => (power % 1 ? "" : String(2 ** power)), yText: powerOfTen,
  });
  const level = stage.groundLayer("goal");
  const lines = TERMS.map((name) => stage.groundLayer(`term ${name}`));
  const [sum, now] = [stage.layer("sum"), stage.layer("now")];

  const sliders = controls(model, numbers);
  const result = make("p", { class: "result" });
  const judged = make("p", { class: "verdict" });
  const heights = (values) => values.map((each, i) => [Math.log2(numbers[i]), Math.log10(each)]);

  // Whole powers of ten around all that matters; the part of a term below it is not drawn.
  function fit(sums) {
    const least = Math.floor(Math.log10(Math.min(...sums)) - 1);
    stage.zoom([least, Math.ceil(Math.log10(Math.max(...sums)) + 0.1)]);
    return least - 1;
  }

  let state = "";
  function draw() {
    const times = numbers.map(at);
    const floor = fit(times.map(total));
    const visible = (points) => points.filter(([, height]) => height > floor);
    lines.forEach((line, i) => {
      line.setAttribute("d", stage.path(visible(heights(times.map((terms) => terms[i])))));
    });
    sum.setAttribute("d", stage.path(heights(times.map(total))));
    const alone = Math.log10(total(times[0]));
    level.setAttribute("d", stage.path([[0, alone], [Math.log2(get("most")), alone]]));
    const [k, terms] = [get("machines"), at(get("machines"))];
    now.setAttribute("d", stage.dots([[Math.log2(k), Math.log10(total(terms))]]));
    sliders.show();
    const on = `On ${k.toLocaleString("en")} ${k === 1 ? "machine" : "machines"} a step takes ${told(total(terms))}: `;
    const parts = TERMS.map((name, i) => `${name} ${told(terms[i])}`);
    state = `${on}${parts.join(", ")}. One machine takes ${told(total(times[0]))}.`;
    const shown = parts.flatMap((text, i) => [i ? " + " : "", value(TERMS[i], text)]);
    result.replaceChildren(on, ...shown, `. One machine takes ${told(total(times[0]))}.`);
    judge(k);
  }
  function judge(k) {
    const [parameters, goal] = [get("parameters"), get("goal")];
    const times = speedUp(cluster(), get("points"), parameters, k);
    const best = fastest(cluster(), get("points"), parameters, numbers);
    const words = verdict({ k, times, best, even: breakEven(cluster(), parameters, k), parameters, goal });
    judged.textContent = words;
    judged.classList.toggle("reached", words.startsWith("Goal reached"));
  }
  const describe = () => `${state} ${judged.textContent}`;
  stage.description = () =>
    `The seconds of a step on 1 to ${get("most")} machines, in three parts and in all, on logarithmic scales. ${state}`;
  const parts = [stage.root, result, judged, ...sliders.roots];
  return explorable({ model, el }, TRAITS, parts, { plots: [stage], draw, describe });
}

export default { render };
