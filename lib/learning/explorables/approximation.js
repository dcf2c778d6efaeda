// The best curve of a family over a target, and the errors of all families against the number of
// parameters.

import { choice } from "./controls.js";
import { FAMILIES, basisOf, bestOf, errorsOf } from "./families.js";
import { explorable, make, plot, put, set, short, slider } from "./figure.js";
import { clamp } from "./mathematics.js";
import { counted, powerOfTen } from "./panes.js";

const TRAITS = ["target", "family", "parameters"];
const LOWEST = 1e-6; // that is drawn
const ROUNDING = 1e-10;

const names = Object.keys(FAMILIES);
const capital = (name) => name[0].toUpperCase() + name.slice(1);
const said = (error) => (error < ROUNDING ? "0" : short(error));

// The least number of parameters whose error is below the goal, 0 if none is.
export const enough = (errors, goal) => errors.findIndex((error) => error < goal) + 1;

// What can be said of a curve: whether the goal is reached, and which families need fewer parameters.
export function verdict({ errors, family, n, goal }) {
  const least = names.map((name) => [name, enough(errors[name], goal)]).filter(([, own]) => own);
  const fewer = least.filter(([, own]) => own < n).map(([name, own]) => `${own} (${name})`);
  if (errors[family][n - 1] < goal) {
    if (fewer.length) return `Goal reached, but not with the fewest: ${fewer.join(" or ")} would do.`;
    return `Goal reached with ${n} parameters: none of the three families needs fewer.`;
  }
  return least.length ? "" : `No family reaches the goal with ${errors[family].length} parameters or fewer.`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, targets, most, goal] = ["x", "targets", "most", "goal"].map(get);
  const n = () => clamp([1, most], get("parameters"));
  const known = {};
  const errors = () => {
    const name = get("target");
    known[name] ??= Object.fromEntries(names.map((f) => [f, errorsOf(f, x, targets[name], most)]));
    return known[name];
  };
  const best = () => bestOf(basisOf(get("family"), x, n()), targets[get("target")]);

  const height = (width) => Math.min(0.8 * width, 260);
  const over = plot({
    xRange: [0, 1], yRange: [...get("y_range")], xLabel: get("x_label"), yLabel: get("y_label"), height,
  });
  const [truth, curve] = ["truth", "line"].map(over.layer);
  const powers = [Math.log10(LOWEST), 0.5];
  const against = plot({
    xRange: [1, most], yRange: powers, xLabel: "parameters", yLabel: "error", height,
    yText: powerOfTen, grid: false,
  });
  const level = against.groundLayer("goal");
  const falls = names.map((name) => against.groundLayer(`path ${name}`));
  const now = against.layer("now");

  const target = choice("target", Object.keys(targets).map((name) => [capital(name), name]), {
    chosen: () => get("target"), choose: (value) => put(model, { target: value }),
  });
  const family = choice("family", names.map((name) => [capital(name), name]), {
    chosen: () => get("family"), choose: (value) => put(model, { family: value }),
  });
  family.root.classList.add("families");
  const number = slider({
    label: "parameters", range: [1, most], step: 1, input: (value) => put(model, { parameters: value }),
  });
  const [result, judged] = [make("p", { class: "result" }), make("p", { class: "verdict" })];

  const at = (error) => Math.max(Math.log10(error), powers[0] - 1); // 0 has no logarithm
  let state = "";
  function draw() {
    const { values, error, largest } = best();
    const along = (heights) => over.path(x.map((xi, i) => [xi, heights[i]]));
    truth.setAttribute("d", along(targets[get("target")]));
    set(curve, { d: along(values), class: `line ${get("family")}` });
    level.setAttribute("d", against.path([1, most].map((place) => [place, at(goal)])));
    names.forEach((name, i) => {
      const places = errors()[name].map((value, j) => [j + 1, at(value)]);
      falls[i].setAttribute("d", against.path(places));
      falls[i].classList.toggle("shown", name === get("family"));
    });
    const place = [n(), Math.max(at(error), powers[0])];
    set(now, { d: against.dots([place]), class: `now ${get("family")}` });
    for (const each of [target, family]) each.show();
    number.show(n(), String(n()));
    state = `${capital(get("family"))}, ${counted(n(), "parameter")}: error ${said(error)}, largest miss ${said(largest)}.`;
    const words = verdict({ errors: errors(), family: get("family"), n: n(), goal });
    judged.textContent = words;
    judged.classList.toggle("reached", words.startsWith("Goal reached"));
    result.replaceChildren(make("output", { "aria-live": "off" }, state));
  }
  const describe = () => `${capital(get("target"))} target. ${state} ${judged.textContent}`;
  over.description = () => `The ${get("target")} target, and the best curve of ${get("family")} over it. ${state}`;
  against.description = () =>
    `The error of each family against its number of parameters, on a logarithmic scale. With ${n()}: ` +
    `${names.map((name) => `${name} ${said(errors()[name][n() - 1])}`).join(", ")}. The goal is ${short(goal)}.`;

  const row = (text, part) => make("div", { class: "chosen-from" }, make("span", {}, text), part.root);
  const parts = [
    row("target", target), row("family", family), number.root, result, judged,
    make("div", { class: "side-by-side" }, over.root, against.root),
  ];
  return explorable({ model, el }, TRAITS, parts, { plots: [over, against], draw, describe });
}

export default { render };
