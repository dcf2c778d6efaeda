// The time of a step against the number of points: a floor, two roofs, and what was measured.

import { button, explorable, handle, make, plot, put, redraw, title, value } from "./figure.js";
import { choice, stopSlider } from "./controls.js";
import { BOUGHT, LIMITS, exchanged, lasting, limit, parts, time } from "./cost.js";
import { clamp } from "./mathematics.js";

const TRAITS = ["way", "points", "work", "bought"];
const [DECADES, POWERS] = [[0, 7], [-7, 0]]; // of n, and of seconds
const COUNT = 140; // places of the curve
const TENTHS = 10; // steps of the handle for a power of ten
const PLACES = { floor: 0, bytes: 3.7, operations: 4.3 }; // of the names of the lines, in powers of n
const WORK = [1, 3, 10, 30, 100, 300, 1000];

const WHY = {
  floor: "The floor holds: calling the step's operations takes longer than moving or computing anything. As long as the other lines lie far below, more points are nearly free.",
  bytes: "The bytes hold: the processor waits for numbers. Fewer passes over the points would help; less arithmetic would not.",
  operations: "The operations hold: the numbers arrive faster than they are used. Less arithmetic, or a faster one, would help; fewer bytes would not.",
};

const several = (power) => (power % 1 ? "" : power < 5 ? (10 ** power).toLocaleString("en") : `1e${power}`);
const unit = (power) => (power % 2 ? "" : lasting(10 ** power));

function render({ model, el }) {
  const get = (name) => model.get(name);
  const way = () => get("ways")[get("way")];
  const machine = (bought = get("bought")) =>
    exchanged({ floor: way().floor, bandwidth: get("bandwidth"), speed: get("speed") }, bought);
  const asked = (n = get("points")) => ({ bytes: way().bytes * n, operations: get("work") * way().operations * n });

  const stage = plot({
    xRange: [...DECADES], yRange: [...POWERS], xLabel: "points n", yLabel: "",
    xText: several, yText: unit, height: (width) => Math.max(220, Math.min(0.62 * width, 330)),
  });
  const lines = Object.fromEntries(LIMITS.map((name) => [name, stage.groundLayer(`roof ${name}`)]));
  const curve = stage.groundLayer("step");
  const dots = stage.layer("dot");
  const heading = title(stage, () => ["time of a step"]);
  const names = Object.fromEntries(LIMITS.map((name) => [name, stage.canvas.appendChild(make("span", { class: `place ${name}`, "aria-hidden": true }, name))]));

  const to = (power) => put(model, { points: 10 ** clamp(DECADES, Math.round(TENTHS * power) / TENTHS) });
  const at = () => Math.log10(get("points"));
  const grip = handle(stage, {
    label: "number of points", move: ([power]) => to(power),
    nudge: (right, up) => to(at() + (right + up) / TENTHS), jump: (power) => to(power),
  });
  stage.svg.addEventListener("click", (event) => to(stage.at(event)[0]));
  const kinds = choice("how a step is taken", get("ways").map((each, i) => [each.name, i]), {
    chosen: () => get("way"), choose: (i) => put(model, { way: i }),
  });
  const shop = choice("what is exchanged", BOUGHT.map((name) => [name, name]), {
    chosen: () => get("bought"), choose: (bought) => put(model, { bought }),
  });
  const work = stopSlider({ label: "arithmetic ×", stops: WORK, input: (times) => put(model, { work: times }) });
  const again = button("Forget what you have seen", () => { seen.clear(); redraw(again); });

  const result = make("p", { class: "result" });
  const why = make("p", { class: "why" });
  const verdict = make("p", { class: "verdict" });
  const seen = new Set();

  function curveOf(seconds) {
    const places = Array.from({ length: COUNT + 1 }, (_, i) => (DECADES[1] * i) / COUNT);
    return stage.path(places.map((power) => [power, Math.log10(seconds(10 ** power))]));
  }

  function drawLimits() {
    for (const name of LIMITS) {
      lines[name].setAttribute("d", curveOf((n) => parts(machine(), asked(n))[name]));
      const place = PLACES[name];
      stage.place(names[name], place, Math.log10(parts(machine(), asked(10 ** place))[name]));
    }
    curve.setAttribute("d", curveOf((n) => time(machine(), asked(n))));
    const measured = get("work") === 1 && get("bought") === BOUGHT[0] ? way().measured : [];
    dots.setAttribute("d", stage.dots(measured.map((pair) => pair.map(Math.log10))));
  }

  function judge() {
    seen.add(limit(machine(), asked()));
    const left = LIMITS.filter((name) => !seen.has(name));
    verdict.classList.toggle("reached", !left.length);
    verdict.textContent = left.length
      ? `Goal: make each of the three limits hold once. Still to find: ${left.join(", ")}.`
      : "Goal reached: you have seen floor, bytes and operations hold.";
  }

  function saving() {
    if (get("bought") === BOUGHT[0]) return "";
    const share = time(machine(), asked()) / time(machine(BOUGHT[0]), asked());
    const same = share > 0.995 ? " Nothing is gained." : "";
    return ` With ${get("bought")} a step takes ${Math.round(100 * share)} % of the time.${same}`;
  }

  const state = () => {
    const each = parts(machine(), asked());
    const listed = LIMITS.map((name) => `${name} ${lasting(each[name])}`).join(", ");
    const n = Math.round(get("points")).toLocaleString("en");
    return `${way().name}, n = ${n}: ${lasting(time(machine(), asked()))} a step (${listed}).${saving()}`;
  };

  function draw() {
    heading();
    drawLimits();
    judge();
    const seconds = time(machine(), asked());
    grip.show([at(), Math.log10(seconds)], at(), DECADES, `n ${Math.round(get("points")).toLocaleString("en")}`);
    for (const each of [kinds, shop]) each.show();
    work.show(get("work"));
    result.replaceChildren(value("", state()));
    why.textContent = WHY[limit(machine(), asked())];
  }

  const describe = () => `${state()} ${why.textContent} ${verdict.textContent}`;
  stage.description = () => `The time of a step against the number of points, both logarithmic: a floor, two rising roofs and the step's curve above them. ${state()}`;
  const foot = make("div", { class: "buttons" }, again);
  const controls = [kinds.root, stage.root, work.root, shop.root, result, why, verdict, foot];
  return explorable({ model, el }, TRAITS, controls, { plots: [stage], draw, describe });
}

export default { render };
