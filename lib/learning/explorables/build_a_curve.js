// Build a curve of hinges: add hidden units, move the corners, and see what each unit adds.

import { button, explorable, fixed, handle, make, plot, put, set, short, title, value } from "./figure.js";
import { clamp, snap, surround } from "./mathematics.js";
import { added, bestWeights, corners, curveAt, missOf, moved, part, removed, room } from "./hinges.js";

const TRAITS = ["start", "places", "bends", "x", "y", "goal"];
const GAP = 0.02; // of the width, between two corners

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [xRange, home, most, step] = ["x_range", "y_range", "most", "grid"].map(get);
  const [left, right] = xRange;
  const curve = () => ({ start: get("start"), places: get("places"), bends: get("bends") });
  const first = curve();
  const units = () => get("places").length;
  const miss = () => missOf(curve(), get("x"), get("y"));
  const reached = () => get("goal") !== null && miss() < get("goal");
  const move = (i, [x, y]) => {
    const [low, high] = home;
    const place = i === 0 ? left : i < units() ? snap(x, room(curve(), i, right, GAP * (right - left)), step) : right;
    put(model, moved(curve(), i, [place, snap(y, [low - (high - low), high + (high - low)], step)]));
  };

  const labels = { xRange, xLabel: get("x_label") };
  const sum = plot({ ...labels, yRange: [...home], yLabel: get("y_label"), height: (width) => Math.min(Math.max(0.5 * width, 200), 280) });
  const parts = plot({ ...labels, yRange: [-1, 1], yLabel: "each unit's part", height: (width) => Math.min(0.35 * width, 170) });
  const [sticks, dots, line] = ["stick", "dot", "line"].map(sum.layer);
  const lines = Array.from({ length: most }, () => parts.layer("part"));
  const head = title(parts, () => ["Weights ", value("", get("bends").map((bend) => fixed(bend)).join(", "))]);
  const grips = Array.from({ length: most + 1 }, (_, i) => corner(i));

  function corner(i) {
    const at = () => corners(curve(), right)[i];
    const grip = handle(sum, {
      label: `corner ${i + 1}`, both: true, move: (place) => move(i, place), jump: (y) => move(i, [at()[0], y]),
      nudge: (across, up) => move(i, [at()[0] + across * step, at()[1] + up * step]),
    });
    return () => {
      grip.node.hidden = i > units();
      const [x, y] = at() ?? [right, 0];
      grip.show([x, y], y, surround(home, [y]), `place ${fixed(x)}, height ${fixed(y)}`);
    };
  }

  const more = button("Add a unit", () => put(model, added(curve(), right)));
  const fewer = button("Remove a unit", () => put(model, removed(curve())));
  const best = button("Best weights", () => put(model, bestWeights(curve(), get("x"), get("y"))));
  const again = button("Start again", () => put(model, first));
  const result = make("p", { class: "result" });
  const verdict = make("p", { class: "verdict" });
  const counted = () => `${units()} ${units() === 1 ? "unit" : "units"}`;
  const goal = () => get("goal") === null ? ""
    : reached() ? `Goal reached with ${counted()}: it is below ${short(get("goal"))}.` : `Goal: below ${short(get("goal"))}.`;

  function draw() {
    const [x, y, now] = [get("x"), get("y"), curve()];
    const bends = corners(now, right);
    sum.zoom(surround(home, bends.map(([, height]) => height)));
    const ends = now.places.map((place, i) => part(place, now.bends[i], right));
    parts.zoom(surround([-1, 1], ends, 0.1 * Math.max(1, ...ends.map(Math.abs))));
    set(dots, { d: sum.dots(x.map((xi, i) => [xi, y[i]])) });
    set(sticks, { d: x.map((xi, i) => sum.path([[xi, y[i]], [xi, curveAt(now, xi)]])).join("") });
    set(line, { d: sum.path(bends) });
    lines.forEach((each, i) => set(each, {
      d: i < units() ? parts.path([[left, 0], [now.places[i], 0], [right, ends[i]]]) : "",
    }));
    head();
    grips.forEach((show) => show());
    more.disabled = units() >= most;
    fewer.disabled = units() <= 1;
    result.replaceChildren("Mean squared error ", value("", short(miss())), ` with ${counted()}.`);
    verdict.textContent = goal();
    verdict.classList.toggle("reached", reached());
  }

  const placed = () => get("places").map((place) => fixed(clamp(xRange, place), 1)).join(", ");
  const words = () => `A curve of ${counted()} that ${units() === 1 ? "bends" : "bend"} at ${placed()}.`;
  const describe = () => `${words()} Mean squared error ${short(miss())}. ${goal()}`;
  parts.description = () => `What each unit adds to the curve. Weights ${get("bends").map((bend) => fixed(bend)).join(", ")}.`;
  const buttons = make("div", { class: "buttons" }, more, fewer, best, again);
  return explorable({ model, el }, TRAITS, [sum.root, buttons, result, verdict, parts.root], { plots: [sum, parts], draw, describe });
}

export default { render };
