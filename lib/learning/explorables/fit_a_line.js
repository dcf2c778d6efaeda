// Fit a line by hand: move its slope and intercept, or its ends, and see what it misses.

import { leastSquares, loss, residuals } from "./mathematics.js";
import { button, explorable, fixed, formula, handle, held, make, plot, put, short, slider } from "./figure.js";

const TRAITS = ["a", "b", "judged", "goal", "squares", "revealed", "x", "y"];

// The line through one end that stays and one that moves: [a, b].
export function throughEnds([x0, y0], [x1, y1]) {
  const a = (y1 - y0) / (x1 - x0);
  return [a, y0 - a * x0];
}

// How low and how high one end of a line can be while the other end stays at [place, height].
export function span(at, [place, height], aRange, bRange) {
  const slopes = place ? bRange.map((b) => (height - b) / place).sort((p, q) => p - q) : aRange;
  const [low, high] = [Math.max(aRange[0], slopes[0]), Math.min(aRange[1], slopes[1])];
  return [low, high].map((a) => height + a * (at - place)).sort((p, q) => p - q);
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y, xRange] = [get("x"), get("y"), get("x_range")];
  const line = () => [get("a"), get("b")];
  const at = (place) => get("a") * place + get("b");
  const error = () => loss(...line(), x, y);
  const start = { a: get("a"), b: get("b") };
  const best = leastSquares(x, y);
  const move = ([a, b]) => put(model, { a: held(model, "a", a), b: held(model, "b", b) });

  const stage = plot({
    xRange, yRange: get("y_range"), xLabel: "x", yLabel: "y",
    height: (width) => Math.min(0.62 * width, 340),
  });
  const layers = Object.fromEntries(
    ["square", "stick", "dot", "best", "line"].map((name) => [name, stage.layer(name)]),
  );

  // An end moves up and down; the other end stays where it is.
  const ends = xRange.map((place, side) => {
    const other = xRange[1 - side];
    const lift = (height) => move(throughEnds([other, at(other)], [place, height]));
    const nudge = (right, up) => lift(at(place) + get("grid") * (right + up));
    const grip = handle(stage, { label: `height of the line's ${side ? "right" : "left"} end`, move: ([, h]) => lift(h), nudge, jump: lift });
    const ends = () => span(place, [other, at(other)], get("a_range"), get("b_range"));
    return () => grip.show([place, at(place)], at(place), ends(), fixed(at(place)));
  });

  const sliders = ["a", "b"].map((name) => slider({
    label: name === "a" ? "slope a" : "intercept b", range: get(`${name}_range`), step: get("grid"),
    input: (value) => put(model, { [name]: value }),
  }));
  const squares = button("Squares", () => put(model, { squares: !get("squares") }));
  const reveal = button("Best fit", () => put(model, { revealed: !get("revealed") }));
  const reset = button("Start again", () => put(model, { ...start, revealed: false }));
  const judgment = make("p", { class: "result" });
  const answer = make("p", { class: "result best-text" });

  const reached = () => get("goal") !== null && error() < get("goal");
  const goal = () => get("goal") === null ? "" : reached()
    ? ` Goal reached: it is below ${short(get("goal"))}.` : ` Goal: below ${short(get("goal"))}.`;

  function drawLayers() {
    const judged = get("judged");
    const r = residuals(...line(), x, y);
    const [top, bottom] = [x.map(at), y];
    const set = (name, shown, d) => layers[name].setAttribute("d", shown ? d : "");
    set("dot", true, stage.dots(x.map((xi, i) => [xi, y[i]])));
    set("line", true, stage.path(xRange.map((place) => [place, at(place)])));
    set("best", get("revealed"), stage.path(xRange.map((place) => [place, best[0] * place + best[1]])));
    set("stick", judged, x.map((xi, i) => stage.path([[xi, bottom[i]], [xi, top[i]]])).join(""));
    set("square", judged && get("squares"), x.map((xi, i) => {
      const side = stage.y(top[i]) - stage.y(bottom[i]); // its area is the squared residual
      return `M${stage.point([xi, bottom[i]])}v${side}h${r[i] > 0 ? side : -side}v${-side}z`;
    }).join(""));
  }

  function draw() {
    drawLayers();
    ends.forEach((show) => show());
    sliders.forEach((each, i) => each.show(line()[i], fixed(line()[i])));
    const judged = get("judged");
    squares.hidden = judgment.hidden = !judged;
    squares.setAttribute("aria-pressed", get("squares"));
    reveal.setAttribute("aria-pressed", get("revealed"));
    judgment.replaceChildren("Mean squared error ", make("output", { "aria-live": "off" }, short(error())), ".", goal());
    judgment.classList.toggle("reached", reached());
    answer.textContent = revealed();
  }

  function revealed() {
    if (!get("revealed")) return "";
    const least = get("judged") ? `, with a mean squared error of ${short(loss(...best, x, y))}` : "";
    return `Best fit: ${formula(...best)}${least}.`;
  }

  const describe = () => {
    const judged = get("judged") ? ` Mean squared error ${short(error())}.${goal()}` : "";
    return `${x.length} points and the line ${formula(...line())}.${judged} ${revealed()}`.trim();
  };
  const buttons = make("div", { class: "buttons" }, squares, reveal, reset);
  const parts = [stage.root, ...sliders.map((each) => each.root), buttons, judgment, answer];
  return explorable({ model, el }, TRAITS, parts, { plots: [stage], draw, describe });
}

export default { render };
