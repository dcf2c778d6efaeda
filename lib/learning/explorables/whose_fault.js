// Three menus, and whose fault the error is: a curve among points, and three bars that add up.

import { choice } from "./controls.js";
import { explorable, fixed, make, plot, put, short } from "./figure.js";

const PARTS = ["approximation", "estimation", "optimization"];
const MENUS = ["representation", "evaluation", "optimization"];
const [LOWEST, HIGHEST] = [1e-6, 1e1]; // of the bars

export const sum = (parts) => parts.reduce((total, part) => total + part, 0);

// How long the bar of a part is, from 0 to 1: logarithmic, since one part may be a million times another.
export function length(part) {
  const size = Math.min(Math.max(Math.abs(part), LOWEST), HIGHEST);
  return Math.log10(size / LOWEST) / Math.log10(HIGHEST / LOWEST);
}

// The part that costs most, by its number.
export const worst = (parts) => parts.indexOf(Math.max(...parts));

// What the parts say, in words.
export function verdict(parts) {
  const most = worst(parts);
  const menu = MENUS[most];
  const total = sum(parts);
  const share = parts[most] / total;
  const blame = share <= 1
    ? `Most of it, ${fixed(100 * share, share > 0.99 ? 1 : 0)} %, is the fault of the ${menu}.`
    : `The ${menu} alone costs ${short(parts[most])}.`;
  const helped = parts[2] < -LOWEST ? ` The search that did not finish takes ${short(-parts[2])} away: stopping early helped.` : "";
  return blame + helped;
}

// The tasks, and whether the parts solve them.
export const tasks = (goal) => [
  ...PARTS.map((name, i) => [`Make ${name} the largest part.`, (parts) => worst(parts) === i]),
  ["Make a part negative.", (parts) => Math.min(...parts) < 0],
  [`Bring all three together below ${goal.toFixed(7).replace(/0+$/, "")}.`, (parts) => sum(parts) < goal],
];

function bar(name) {
  const [fill, value] = [make("span", { class: "fill" }), make("output", { "aria-live": "off" })];
  const root = make("div", { class: `bar ${name}` },
    make("span", { class: "name" }, name), make("span", { class: "track" }, fill), value);
  const show = (part) => {
    fill.style.width = `${100 * length(part)}%`;
    fill.hidden = part === 0;
    root.classList.toggle("negative", part < 0);
    value.textContent = short(part);
  };
  return { root, show };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y, places, truth, menus, counts] = ["x", "y", "places", "true", "menus", "counts"].map(get);
  const picked = (table) => get("chosen").reduce((inner, at) => inner[at], table);

  const among = plot({
    xRange: [0, 1], yRange: [...get("y_range")], xLabel: "x", yLabel: "y",
    height: (width) => Math.min(0.7 * width, 300),
  });
  const [dots, best, curve] = ["dot", "best", "line"].map(among.layer);
  const along = (heights) => among.path(places.map((place, i) => [place, heights[i]]));

  const choices = menus.map((names, menu) => choice(MENUS[menu], names.map((name, i) => [name, i]), {
    chosen: () => get("chosen")[menu],
    choose: (value) => put(model, { chosen: get("chosen").map((at, i) => (i === menu ? value : at)) }),
  }));
  const bars = [...PARTS, "together"].map(bar);
  const judged = make("p", { class: "verdict" });
  const list = tasks(get("goal")).map(([text, solved]) => ({ solved, node: make("li", {}, text) }));

  let state = "";
  function draw() {
    const parts = picked(get("parts"));
    const n = Math.min(counts[get("chosen")[1]], x.length);
    dots.setAttribute("d", among.dots(x.slice(0, n).map((xi, i) => [xi, y[i]])));
    best.setAttribute("d", along(truth));
    curve.setAttribute("d", along(picked(get("curves"))));
    choices.forEach((each) => each.show());
    [...parts, sum(parts)].forEach((part, i) => bars[i].show(part));
    const names = get("chosen").map((at, menu) => menus[menu][at]);
    state = `${names.join("; ")}: ${PARTS.map((name, i) => `${name} ${short(parts[i])}`).join(", ")}, together ${short(sum(parts))}.`;
    judged.textContent = verdict(parts);
    for (const { solved, node } of list) {
      if (solved(parts)) node.classList.add("reached");
    }
  }
  const describe = () => {
    const done = list.filter(({ node }) => node.classList.contains("reached")).length;
    return `${state} ${judged.textContent} ${done} of ${list.length} tasks solved.`;
  };
  among.description = () => `Points, the true line, and the curve that was found. ${state}`;

  const row = (text, part) => make("div", { class: "chosen-from" }, make("span", {}, text), part.root);
  const scale = make("p", { class: "bar-scale" }, "Bars on a logarithmic scale, from 0.000001 to 10. A hollow bar is negative.");
  const parts = [
    make("div", { class: "menus" }, ...choices.map((each, i) => row(MENUS[i], each))),
    make("div", { class: "side-by-side" },
      among.root, make("div", { class: "bars" }, ...bars.map((each) => each.root), scale, judged)),
    make("ul", { class: "tasks" }, ...list.map(({ node }) => node)),
  ];
  return explorable({ model, el }, ["chosen"], parts, { plots: [among], draw, describe });
}

export default { render };
