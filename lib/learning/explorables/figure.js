// What the interactive figures are made of: a plot, handles on it, controls, and a voice.

import { snap, ticks } from "./mathematics.js";

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = /^(svg|g|line|path|text)$/;

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export function make(tag, attributes = {}, ...children) {
  const drawn = DRAWN.test(tag);
  const node = drawn ? document.createElementNS(SVG, tag) : document.createElement(tag);
  node.append(...children);
  return set(node, attributes);
}

const plain = (value) => String(value).replace("-", "−");

export const fixed = (value, digits = 2) => plain(value.toFixed(digits));

// A loss or a rate: three digits that count.
export function short(value) {
  const common = value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5);
  const text = common ? String(Number(value.toPrecision(3))) : value.toExponential(1);
  return text.replace("e+", "e").replaceAll("-", "−");
}

export const formula = (a, b) => `${fixed(a)} x ${b < 0 ? "−" : "+"} ${fixed(Math.abs(b))}`;

const MARGIN = { left: 58, right: 14, top: 10, bottom: 40 };
const WIDEST = 640;
const DOT = 5; // pixels around a plot in which a dot on its edge is still drawn
const TICK = 4;
const GLIDE = 0.2; // of the way to another range, a drawing

// Whether the reader asks for little motion.
export const CALM = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)") ?? {};

// A plot with axes. Its layers are paths, cut off at its edges; each is given its `d` by the caller.
// The ground lies under them and has no grid. The drawing is one picture with a description, so
// handles lie over it, not in it.
export function plot({
  xRange, yRange, xLabel, yLabel, height, xText = plain, yText = plain, widest = WIDEST, grid = true,
}) {
  const axes = make("g", { class: "axes" });
  const ground = make("svg", { overflow: "hidden" });
  const inside = make("svg", { overflow: "hidden" });
  const svg = make("svg", { role: "img" }, ground, axes, inside);
  const canvas = make("div", { class: "canvas" }, svg);
  const root = make("div", { class: "plot" }, canvas);
  const size = { width: 0, height: 0 };
  const self = { root, canvas, svg, size, held: false };
  let goals = [xRange, yRange]; // where the ends of the axes are on their way to

  self.x = (value) => ((value - xRange[0]) / (xRange[1] - xRange[0])) * size.width;
  self.y = (value) => ((yRange[1] - value) / (yRange[1] - yRange[0])) * size.height;
  self.point = ([x, y]) => `${self.x(x).toFixed(2)} ${self.y(y).toFixed(2)}`;
  self.path = (points) => (points.length ? `M${points.map(self.point).join("L")}` : "");
  self.dots = (points) => points.map((at) => `M${self.point(at)}h0`).join("");
  self.layer = (name) => inside.appendChild(make("path", { class: name }));
  self.frame = () => `M0 0H${size.width}V${size.height}H0Z`;
  self.groundLayer = (name) => ground.appendChild(make("path", { class: name }));
  self.describe = (text) => svg.getAttribute("aria-label") !== text && set(svg, { "aria-label": text });

  // Where a pointer is: in pixels within the axes, and in their units.
  self.pixels = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    return [clientX - box.left - MARGIN.left, clientY - box.top - MARGIN.top];
  };
  self.at = (event) => {
    const [px, py] = self.pixels(event);
    return [
      xRange[0] + (px / size.width) * (xRange[1] - xRange[0]),
      yRange[1] - (py / size.height) * (yRange[1] - yRange[0]),
    ];
  };

  self.place = (node, x, y) => {
    node.style.left = `${MARGIN.left + Math.min(size.width, Math.max(0, self.x(x)))}px`;
    node.style.top = `${MARGIN.top + Math.min(size.height, Math.max(0, self.y(y)))}px`;
  };

  self.fit = (available) => {
    const outer = Math.min(available, widest);
    size.width = Math.max(outer - MARGIN.left - MARGIN.right, 40);
    size.height = height(size.width);
    const total = size.height + MARGIN.top + MARGIN.bottom;
    set(svg, { width: outer, height: total, viewBox: `0 0 ${outer} ${total}` });
    const [wide, tall] = [size.width + 2 * DOT, size.height + 2 * DOT];
    set(inside, { x: MARGIN.left - DOT, y: MARGIN.top - DOT, width: wide, height: tall });
    set(inside, { viewBox: `${-DOT} ${-DOT} ${wide} ${tall}` });
    set(ground, { x: MARGIN.left, y: MARGIN.top, width: size.width, height: size.height });
    drawAxes();
  };

  // Show another part of the axes, of the vertical one at least: at once, or gliding there from
  // drawing to drawing, but not under a hand that is dragging something. Tells whether there is more
  // to draw.
  self.zoom = (up, across = xRange) => (goals = [across, up]);
  self.glide = () => {
    const ends = [...xRange, ...yRange];
    const ahead = goals.flat();
    if (self.held || ends.every((end, i) => end === ahead[i])) return false;
    const spans = goals.flatMap(([low, high]) => [high - low, high - low]);
    const far = (end, i) => Math.abs(end - ahead[i]) > 0.002 * spans[i];
    const share = !CALM.matches && ends.some(far) ? GLIDE : 1;
    const now = ends.map((end, i) => (share < 1 ? end + share * (ahead[i] - end) : ahead[i]));
    if (goals[0] !== xRange) xRange.splice(0, 2, ...now.slice(0, 2));
    yRange.splice(0, 2, ...now.slice(2));
    drawAxes();
    return true;
  };

  function drawAxes() {
    set(axes, { transform: `translate(${MARGIN.left} ${MARGIN.top})` });
    const { width, height: tall } = size;
    const across = ticks(xRange, Math.min(5, width / 60)).filter(xText).map((value) => {
      const x = self.x(value);
      return [
        make("line", { x1: x, x2: x, y1: grid ? 0 : tall, y2: grid ? tall : tall + TICK }),
        make("text", { x, y: tall + 16, "text-anchor": "middle" }, xText(value)),
      ];
    });
    const up = ticks(yRange).filter(yText).map((value) => {
      const y = self.y(value);
      return [
        make("line", { x1: grid ? 0 : -TICK, x2: grid ? width : 0, y1: y, y2: y }),
        make("text", { x: -11, y: y + 4, "text-anchor": "end" }, yText(value)),
      ];
    });
    axes.replaceChildren(
      ...[...across, ...up].flat(),
      make("text", { x: width / 2, y: tall + 34, "text-anchor": "middle" }, xLabel),
      make("text", { transform: `translate(-46 ${tall / 2}) rotate(-90)`, "text-anchor": "middle" }, yLabel),
    );
  }

  return self;
}

// Ask the figure around a node to draw again.
export const redraw = (node) => node.dispatchEvent(new Event("redraw", { bubbles: true }));

// Call `move` with the place of the pointer that drags a node.
function dragged(plot, node, move) {
  node.addEventListener("pointerdown", (event) => {
    node.setPointerCapture(event.pointerId);
    node.focus();
    plot.held = true;
    event.preventDefault();
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(plot.at(event));
  });
  node.addEventListener("lostpointercapture", () => {
    plot.held = false;
    redraw(node);
  });
}

const STEPS = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  PageUp: [0, 10], PageDown: [0, -10],
};

// Something on a plot that can be dragged, or moved by keys. `move` is given the place of the
// pointer; `nudge` by how many steps to go right and up; `jump` the end of the range to go to; `page`,
// if the keys for a page do something else, 1 or -1.
export function handle(plot, { label, move, nudge, jump, page, both = false, kind = "" }) {
  const node = make("div", { class: `handle ${kind}`, role: "slider", tabindex: 0, "aria-label": label });
  if (both) set(node, { "aria-roledescription": "slider in two directions" });
  else set(node, { "aria-orientation": "vertical" });
  let range = [0, 0];
  dragged(plot, node, move);
  node.addEventListener("keydown", (event) => {
    const [step, end] = [STEPS[event.key], ["Home", "End"].indexOf(event.key)];
    if (!step && end < 0) return;
    event.preventDefault();
    if (page && event.key.startsWith("Page")) page(Math.sign(step[1]));
    else if (step) nudge(...step.map((n) => (event.shiftKey ? 10 * n : n)));
    else jump(range[end]);
  });
  plot.canvas.append(node);
  return {
    node,
    show([x, y], value, [low, high], text) {
      range = [low, high];
      plot.place(node, x, y);
      set(node, { "aria-valuenow": value, "aria-valuemin": low, "aria-valuemax": high });
      set(node, { "aria-valuetext": text });
    },
  };
}

// A native slider with its label before it and its value, as text, behind it.
export function slider({ label, range: [min, max], step, input, kind = "" }) {
  const control = make("input", { type: "range", min, max, step });
  // The slider itself says its value: said twice would be once too often.
  const value = make("output", { "aria-live": "off" });
  control.addEventListener("input", () => input(control.valueAsNumber));
  const name = make("label", {}, make("span", {}, label), control);
  return {
    root: make("div", { class: `slider ${kind}` }, name, value),
    control,
    show(number, text) {
      if (control.valueAsNumber !== number) control.value = number;
      set(control, { "aria-valuetext": text });
      value.textContent = text;
    },
  };
}

// A value that changes, in a sentence: a screen reader hears of it from the figure's own voice.
export const value = (kind, text) => make("output", { class: kind, "aria-live": "off" }, text);

// A heading over a plot; `content` gives its pieces. Returns what draws it.
export function title(plot, content) {
  const node = make("p", { class: "title" });
  plot.root.prepend(node);
  return () => node.replaceChildren(...content());
}

export function button(text, click) {
  const node = make("button", { type: "button" }, text);
  node.addEventListener("click", click);
  return node;
}

// The figure itself: it draws what it holds whenever the model changes or its width does, at most
// once a frame, and says in words what has changed once the reader pauses.
export function explorable({ model, el }, traits, parts, { plots, draw, describe }) {
  const said = make("p", { class: "said", role: "status" });
  const root = make("div", { class: "explorable" }, ...parts, said);
  // JupyterLab would take the arrows for its headings: it leaves the keys to what is marked so.
  root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
  const events = traits.map((name) => `change:${name}`);
  let frame = 0;
  let timer = 0;

  function drawn() {
    draw();
    const text = describe();
    for (const each of plots) each.describe(each.description?.() ?? text);
    return text;
  }

  function show() {
    frame = 0;
    if (!root.clientWidth) return; // not on the page yet: the observer will tell
    const text = drawn();
    if (plots.map((each) => each.glide()).some(Boolean)) ask();
    if (before === text) return;
    before = text;
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = text), 700);
  }
  const ask = () => (frame ||= requestAnimationFrame(show));

  // Drawn before it is on the page: nobody meets a handle that does not say its value yet.
  for (const each of plots) each.fit(Infinity);
  let before = drawn();
  el.append(root);

  const observer = new ResizeObserver(() => {
    for (const each of plots) each.fit(each.root.clientWidth);
    ask();
  });
  observer.observe(root);
  root.addEventListener("redraw", ask);
  for (const event of events) model.on(event, ask);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    for (const event of events) model.off(event, ask);
  };
}

// Change traits of a model, and tell the models that are linked to it.
export function put(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

// A slope or an intercept as the model may hold it: on the grid of steps, within its range.
export const held = (model, name, value) =>
  snap(value, model.get(`${name}_range`), model.get("grid"));
