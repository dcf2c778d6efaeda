// A line among points: what a figure about it holds, and the parts that such figures are made of.
// A part has the nodes that it puts on the page, perhaps a plot, and a way to draw what is held.

import { clamp, leastSquares, loss, nearest, neighbour, span, surround, throughEnds } from "./mathematics.js";
import { button, explorable, fixed, formula, handle, held, make, plot, put, redraw, short, slider, title, value } from "./figure.js";

export const TRAITS = ["a", "b", "x", "y", "judged", "goal", "squares", "revealed"];
const NEAR = 22; // pixels from a point within which it is meant
const NEARLY = 1.25; // times the least loss: a line that is hard to tell from the best
const PARAMETERS = { a: "slope", b: "intercept" };

// What is held, and what follows from it. `byHand` changes it on the reader's behalf.
export function fitting(model) {
  const get = (name) => model.get(name);
  const start = Object.fromEntries(["a", "b", "x", "y"].map((name) => [name, get(name)]));
  const self = { model, get, start, chosen: -1, outlier: -1, interrupt() {}, forget() {}, redraw() {} };
  self.line = () => [get("a"), get("b")];
  self.points = () => [get("x"), get("y")];
  self.at = (place) => get("a") * place + get("b");
  self.error = () => loss(...self.line(), ...self.points());
  self.residual = () => self.at(get("x")[self.chosen]) - get("y")[self.chosen];
  self.best = () => leastSquares(...self.points());
  self.least = () => loss(...self.best(), ...self.points());
  self.reached = () => self.error() < (get("goal") ?? NEARLY * self.least());
  self.byHand = (values) => {
    if ("a" in values || "b" in values) self.interrupt();
    put(model, values);
  };
  self.move = ([a, b]) => self.byHand({ a: held(model, "a", a), b: held(model, "b", b) });
  self.place = (i, [px, py]) => {
    const [x, y] = self.points().map((values) => [...values]);
    [x[i], y[i]] = [px, py];
    self.byHand({ x, y });
  };
  self.add = ([px, py]) => {
    const [x, y] = self.points();
    self.byHand({ x: [...x, px], y: [...y, py] });
    self.choose(x.length);
  };
  self.choose = (i) => {
    if (i === self.chosen) return;
    self.chosen = i;
    self.redraw();
  };
  self.restart = () => {
    self.chosen = self.outlier = -1;
    self.forget();
    self.byHand({ ...start, revealed: false });
  };
  return self;
}

// Put parts on the page, as one figure.
export function figure({ model, el }, fit, parts, traits = TRAITS) {
  const plots = parts.flatMap((part) => part.plots ?? []);
  const draw = () => parts.forEach((part) => part.draw());
  const describe = () => parts.map((part) => part.words?.() ?? "").filter(Boolean).join(" ");
  const roots = parts.flatMap((part) => part.roots);
  return explorable({ model, el }, traits, roots, { plots, draw, describe });
}

export function sideBySide(...parts) {
  const root = make("div", { class: "side-by-side beside" }, ...parts.flatMap((part) => part.roots));
  return {
    roots: [root],
    plots: parts.flatMap((part) => part.plots),
    draw: () => parts.forEach((part) => part.draw()),
    words: () => parts.map((part) => part.words?.() ?? "").join(" "),
  };
}

// The points and the line, with handles at its ends and on the chosen point.
export function amongPoints(fit, height = (width) => Math.min(0.62 * width, 340)) {
  const { get } = fit;
  const [xRange, home] = [get("x_range"), get("y_range")];
  const stage = plot({ xRange, yRange: [...home], xLabel: get("x_label"), yLabel: get("y_label"), height });
  const names = ["square", "stick", "dot", "best", "line", "chosen"];
  const layers = Object.fromEntries(names.map((name) => [name, stage.layer(name)]));
  fit.redraw = () => redraw(stage.root);
  const head = title(stage, () => {
    const [a, b] = fit.line();
    const [sign, size] = [b < 0 ? " x − " : " x + ", fixed(Math.abs(b))];
    const line = ["ŷ = ", value("slope", fixed(a)), sign, value("intercept", size)];
    return fit.chosen < 0 || !get("judged") ? line : [...line, ", r = ", value("residual", fixed(fit.residual()))];
  });
  const handles = [pointHandle(fit, stage, home), ...xRange.map((_, side) => endHandle(fit, stage, side))];

  function draw() {
    const [x, y] = fit.points();
    const top = x.map(fit.at);
    const through = ([a, b]) => stage.path(xRange.map((place) => [place, a * place + b]));
    const stick = (i) => stage.path([[x[i], y[i]], [x[i], top[i]]]);
    const set = (name, shown, d) => layers[name].setAttribute("d", shown ? d() : "");
    stage.zoom(surround(home, [...xRange.map(fit.at), ...y]));
    set("dot", true, () => stage.dots(x.map((xi, i) => [xi, y[i]])));
    set("line", true, () => through(fit.line()));
    set("best", get("revealed"), () => through(fit.best()));
    set("stick", get("judged"), () => x.map((_, i) => stick(i)).join(""));
    set("chosen", get("judged") && fit.chosen >= 0, () => stick(fit.chosen));
    set("square", get("judged") && get("squares"), () => x.map((xi, i) => {
      const side = stage.y(top[i]) - stage.y(y[i]); // its area is the squared residual
      const inward = stage.x(xi) < stage.size.width / 2 ? 1 : -1; // so that the frame cuts none
      return `M${stage.point([xi, y[i]])}v${side}h${inward * Math.abs(side)}v${-side}z`;
    }).join(""));
    head();
    handles.forEach((show) => show());
  }
  return { roots: [stage.root], plots: [stage], draw, words: () => `${get("x").length} points and the line ${formula(...fit.line())}.` };
}

// An end moves up and down; the other end stays where it is.
function endHandle(fit, stage, side) {
  const { get } = fit;
  const [place, other] = [get("x_range")[side], get("x_range")[1 - side]];
  const lift = (height) => fit.move(throughEnds([other, fit.at(other)], [place, height]));
  const grip = handle(stage, {
    label: `height of the line's ${side ? "right" : "left"} end`, move: ([, height]) => lift(height), jump: lift,
    nudge: (right, up) => lift(fit.at(place) + get("grid") * (right + up)),
  });
  return () => {
    const range = span(place, [other, fit.at(other)], get("a_range"), get("b_range"));
    grip.show([place, fit.at(place)], fit.at(place), range, fixed(fit.at(place)));
  };
}

// A point is chosen by pointing at it, by a tap, or by the keys for the page before and after. It can
// be moved within limits; a key moves it by a part of what is in view.
function pointHandle(fit, stage, home) {
  const [xRange, room] = [fit.get("x_range"), home[1] - home[0]];
  const yRange = [home[0] - room, home[1] + room];
  return movable(fit, stage, [xRange, yRange], () => [(xRange[1] - xRange[0]) / 50, fit.get("grid")]);
}

export function movable(fit, stage, [xRange, yRange], steps) {
  const { get } = fit;
  const at = () => fit.points().map((values) => values[fit.chosen]);
  const move = ([x, y]) => fit.place(fit.chosen, [clamp(xRange, x), clamp(yRange, y)]);
  const grip = handle(stage, {
    label: "a point", both: true, kind: "point", move, jump: (y) => move([at()[0], y]),
    nudge: (right, up) => move([at()[0] + right * steps()[0], at()[1] + up * steps()[1]]),
    page: (by) => fit.choose(neighbour(get("x"), fit.chosen, by)),
  });
  const point = (event) => {
    const [x, y] = fit.points();
    const i = nearest(stage.pixels(event), x.map((xi, j) => [stage.x(xi), stage.y(y[j])]), NEAR);
    if (i >= 0 && !stage.held) fit.choose(i);
  };
  grip.node.addEventListener("focus", () => fit.choose(Math.max(fit.chosen, 0)));
  stage.canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(event));
  stage.svg.addEventListener("click", point);
  return () => {
    const i = Math.min(Math.max(fit.chosen, 0), get("x").length - 1);
    const [x, y] = fit.points().map((values) => values[i]);
    grip.node.classList.toggle("quiet", fit.chosen < 0);
    grip.show([x, y], y, yRange, `point ${i + 1} of ${get("x").length}, x ${fixed(x)}, y ${fixed(y)}`);
  };
}

// A slider for the slope, and one for the intercept.
export function sliders(fit) {
  const { get } = fit;
  const both = Object.entries(PARAMETERS).map(([name, word]) => slider({
    label: `${word} ${name}`, kind: word, range: get(`${name}_range`), step: get("grid"),
    input: (value) => fit.byHand({ [name]: value }),
  }));
  const draw = () => both.forEach((each, i) => each.show(fit.line()[i], fixed(fit.line()[i])));
  return { roots: both.map((each) => each.root), draw };
}

// Buttons in a row; each is a node and a way to draw it.
export function row(...buttons) {
  const root = make("div", { class: "buttons" }, ...buttons.map((each) => each.node));
  return { roots: [root], draw: () => buttons.forEach((each) => each.draw?.()) };
}

function toggle(fit, text, name) {
  const node = button(text, () => put(fit.model, { [name]: !fit.get(name) }));
  return { node, draw: () => node.setAttribute("aria-pressed", fit.get(name)) };
}

export function squaresButton(fit) {
  const { node, draw } = toggle(fit, "Squares", "squares");
  return { node, draw: () => { draw(); node.hidden = !fit.get("judged"); } };
}

export const bestButton = (fit) => toggle(fit, "Best fit", "revealed");

export const restartButton = (fit) => ({ node: button("Start again", fit.restart) });

export function outlierButton(fit) {
  const there = () => fit.outlier >= 0;
  const node = button("", () => (there() ? removeOutlier(fit) : addOutlier(fit)));
  return { node, draw: () => (node.textContent = there() ? "Remove the outlier" : "Add an outlier") };
}

// Far above the others, near the right end, where a line is easily led away.
function addOutlier(fit) {
  const [x, y] = fit.points();
  const [[x0, x1], [low, high]] = [fit.get("x_range"), [Math.min(...y), Math.max(...y)]];
  fit.outlier = x.length;
  fit.add([x0 + 0.9 * (x1 - x0), high + (high - low)]);
}

function removeOutlier(fit) {
  const others = fit.points().map((values) => values.filter((_, i) => i !== fit.outlier));
  fit.outlier = -1;
  fit.choose(-1);
  fit.byHand({ x: others[0], y: others[1] });
}

// High above the middle, where it is seen; the next one beside it. From there it can be moved.
export function pointButton(fit) {
  const add = () => {
    const [[x0, x1], [low, high]] = [fit.get("x_range"), fit.get("y_range")];
    const share = (0.4 + 0.1 * (fit.get("x").length - fit.start.x.length)) % 1;
    fit.add([x0 + share * (x1 - x0), low + 0.9 * (high - low)]);
  };
  return { node: button("Add a point", add) };
}

// How good the line is, in a number.
export function error(fit) {
  const root = make("p", { class: "result" });
  const draw = () => {
    root.hidden = !fit.get("judged");
    root.replaceChildren("Mean squared error ", value("", short(fit.error())), ".");
  };
  const words = () => (fit.get("judged") ? `Mean squared error ${short(fit.error())}.` : "");
  return { roots: [root], draw, words };
}

// Whether the goal is reached; and the best line, once it is or the reader asks for it.
export function verdict(fit) {
  const { get } = fit;
  const root = make("p", { class: "verdict" });
  const reached = () => get("judged") && get("goal") !== null && fit.reached();
  function words() {
    const bound = short(get("goal") ?? 0);
    const goal = get("goal") === null || !get("judged") ? ""
      : reached() ? `Goal reached: it is below ${bound}.`
      : fit.least() < get("goal") ? `Goal: below ${bound}.` : `No line gets below ${bound} with these points.`;
    const what = get("judged") ? "" : " (mean squared errors)";
    const best = `Your line: ${short(fit.error())}. The best, ${formula(...fit.best())}: ${short(fit.least())}${what}.`;
    return [goal, reached() || get("revealed") ? best : ""].filter(Boolean).join(" ");
  }
  function draw() {
    root.textContent = words();
    root.classList.toggle("reached", reached());
  }
  return { roots: [root], draw, words };
}
