// A boundary between two classes, and the same boundary as a point on three maps of how bad it is.

import { above, crossEntropy, descend, entropyGradient, logit, squaredError, squaredGradient, wrong } from "./logistic.js";
import { button, explorable, fixed, handle, make, plot, put, short, slider, title, value } from "./figure.js";
import { clamp } from "./mathematics.js";

const TRAITS = ["weights", "bias", "pulled", "steps"];
const LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]; // of the probability's shades
const [CELLS, BANDS] = [40, 10]; // of a map
const [ARM, FAR, FLATTEST, MOST] = [2, 99, 0.1, 1e5];
const RATE = 0.5;
const ANGLES = [-180, 180];
const DEGREES = 180 / Math.PI;

const MAPS = [
  { name: "mistakes", height: (theta, x, y) => wrong(theta, x, y) / x.length, gradient: () => [0, 0] },
  { name: "squared error", height: squaredError, gradient: squaredGradient },
  { name: "cross-entropy", height: crossEntropy, gradient: entropyGradient },
];

// What is held, and what follows from it: the boundary is where the logit is 0.
function holding(model) {
  const get = (name) => model.get(name);
  const self = { model, get, start: { weights: get("weights"), bias: get("bias") } };
  self.theta = () => [...get("weights"), get("bias")];
  self.data = () => [get("pulled") ? get("apart") : get("x"), get("y")];
  self.length = () => Math.hypot(...get("weights"));
  self.angle = () => Math.atan2(...[...get("weights")].reverse());
  self.offset = () => -get("bias") / self.length();
  self.wrong = () => wrong(self.theta(), ...self.data());
  self.weigh = ([w1, w2]) => {
    const [angle, length] = [Math.hypot(w1, w2) ? Math.atan2(w2, w1) : self.angle(), Math.max(Math.hypot(w1, w2), FLATTEST)];
    put(model, { weights: [length * Math.cos(angle), length * Math.sin(angle)], steps: 0 });
  };
  // Turn, shift, or steepen: each leaves the other two as they are.
  self.place = ({ angle = self.angle(), offset = self.offset(), length = self.length() }) => put(model, {
    weights: [length * Math.cos(angle), length * Math.sin(angle)], bias: -offset * length, steps: 0,
  });
  return self;
}

// The points, the shades of the probability, and the boundary with its two handles.
function plane(held) {
  const { get } = held;
  const [xRange, yRange] = [get("x_range"), get("y_range")];
  const ratio = (yRange[1] - yRange[0]) / (xRange[1] - xRange[0]);
  const stage = plot({ xRange, yRange, xLabel: get("x_label"), yLabel: get("y_label"), height: (width) => width * ratio, widest: 560, grid: false });
  const shades = LEVELS.map(() => stage.groundLayer("shade"));
  const [line, missed, full, ring, hole] = ["line", "missed", "full", "ring", "hole"].map(stage.layer);
  const sign = (number) => [number < 0 ? " − " : " + ", value("", fixed(Math.abs(number)))];
  const head = title(stage, () => ["log-odds = ", value("", fixed(held.theta()[0])), " x₁", ...sign(held.theta()[1]), " x₂", ...sign(held.theta()[2])]);
  const reach = [-1, 1].map((side) => side * (yRange[1] - yRange[0]) / 2);
  // A place by its distances across the boundary, from the origin, and along it.
  const at = (across, along) => {
    const [cos, sin] = [Math.cos(held.angle()), Math.sin(held.angle())];
    return [across * cos - along * sin, across * sin + along * cos];
  };
  const turn = (angle) => held.place({ angle });
  const shift = (offset) => held.place({ offset: clamp(reach, offset) });
  const grips = [
    handle(stage, {
      label: "direction of the boundary", jump: (degrees) => turn(degrees / DEGREES),
      move: ([x1, x2]) => turn(Math.atan2(x2, x1) - Math.atan2(ARM, held.offset())),
      nudge: (right, up) => turn(held.angle() + (right + up) / DEGREES),
    }),
    handle(stage, {
      label: "place of the boundary", jump: shift,
      move: ([x1, x2]) => shift(x1 * Math.cos(held.angle()) + x2 * Math.sin(held.angle())),
      nudge: (right, up) => shift(held.offset() + 0.05 * (right + up)),
    }),
  ];

  function draw() {
    const [theta, [x, y], offset, length] = [held.theta(), held.data(), held.offset(), held.length()];
    const of = (kind) => stage.dots(x.filter((_, i) => (y[i] > 0.5) === kind));
    LEVELS.forEach((p, i) => {
      const edge = offset + Math.log(p / (1 - p)) / length;
      shades[i].setAttribute("d", `${stage.path([at(edge, -FAR), at(edge, FAR), at(FAR, FAR), at(FAR, -FAR)])}Z`);
    });
    line.setAttribute("d", stage.path([at(offset, -FAR), at(offset, FAR)]));
    missed.setAttribute("d", stage.dots(x.filter((each, i) => logit(theta, each) > 0 !== y[i] > 0.5)));
    full.setAttribute("d", of(true));
    for (const layer of [ring, hole]) layer.setAttribute("d", of(false));
    head();
    const degrees = held.angle() * DEGREES;
    grips[0].show(at(offset, ARM), degrees, ANGLES, `${fixed(degrees, 0)} degrees`);
    grips[1].show(at(offset, 0), offset, reach, `${fixed(offset)} from the origin`);
  }
  stage.description = () => `${get("x").length} points of two classes, and a boundary. ${sides(held)}`;
  return { stage, draw };
}

const sides = (held) => `${held.wrong()} of ${held.get("x").length} points on the wrong side.`;

// One of the maps: heights over the two weights, at the bias that is set; and a descent on it.
function map(held, { name, height, gradient }) {
  const range = held.get("w_range");
  const stage = plot({ xRange: range, yRange: range, xLabel: "w₁", yLabel: "w₂", height: (width) => width, grid: false });
  const bands = Array.from({ length: BANDS }, () => stage.groundLayer("band"));
  const [trace, now] = [stage.groundLayer("path"), stage.layer("now")];
  bands.forEach((band, i) => band.style.setProperty("--height", (i / (BANDS - 1)).toFixed(3)));
  const head = title(stage, () => [`${name} `, value("", short(height(held.theta(), ...held.data())))]);
  const unit = (range[1] - range[0]) / CELLS;
  const grip = handle(stage, {
    label: `weights, on the map of ${name}`, both: true, move: held.weigh,
    jump: (w1) => held.weigh([w1, held.theta()[1]]),
    nudge: (right, up) => held.weigh([held.theta()[0] + 0.1 * right, held.theta()[1] + 0.1 * up]),
  });
  let [ground, key] = [[], ""];
  function drawGround() {
    const [c, [x, y]] = [held.get("bias"), held.data()];
    if (key !== `${c} ${held.get("pulled")}`) {
      const places = Array.from({ length: CELLS + 1 }, (_, i) => range[0] + i * unit);
      const rows = places.map((w2) => places.map((w1) => height([w1, w2, c], x, y)));
      const [low, high] = [Math.min(...rows.flat()), Math.max(...rows.flat())];
      ground = bands.map((_, i) => above(rows, low + (i * (high - low)) / BANDS));
      key = `${c} ${held.get("pulled")}`;
    }
    const place = ([column, row]) => [range[0] + column * unit, range[0] + row * unit];
    bands.forEach((band, i) => band.setAttribute("d", ground[i].map((piece) => `${stage.path(piece.map(place))}Z`).join("")));
  }
  const found = () => {
    const path = descend(gradient, held.theta(), ...held.data(), { rate: RATE, steps: held.get("steps") });
    return { path, theta: [...path.at(-1), held.get("bias")] };
  };
  let drawn = "";
  let last = found();
  function draw() {
    const state = JSON.stringify([...TRAITS.map(held.get), stage.size]);
    if (state === drawn) return;
    drawn = state;
    last = found();
    drawGround();
    trace.setAttribute("d", stage.path(last.path));
    now.setAttribute("d", held.get("steps") ? stage.dots(last.path.slice(-1)) : "");
    head();
    const [w1, w2] = held.theta();
    grip.show([w1, w2], w1, range, `w₁ ${fixed(w1)}, w₂ ${fixed(w2)}`);
  }
  stage.description = () => `A map of the ${name} over the two weights. Here it is ${short(height(held.theta(), ...held.data()))}.`;
  return { name, stage, draw, found: () => last };
}

// What the descents have come to, in words.
function arrivals(held, maps) {
  const [steps, n] = [held.get("steps"), held.get("x").length];
  if (!steps) return "";
  const each = maps.slice(1).map(({ name, found }) => {
    const { theta } = found();
    return `On the ${name}: ${wrong(theta, ...held.data())} of ${n} wrong, steepness ${fixed(Math.hypot(theta[0], theta[1]))}.`;
  });
  return [`After ${steps.toLocaleString("en")} ${steps > 1 ? "steps" : "step"} downhill.`, "On the mistakes: not moved, since it is level here.", ...each].join(" ");
}

function judged(held) {
  const [few, goal] = [held.get("few"), held.get("goal")];
  if (few !== null) return held.wrong() <= few ? `Goal reached: no more than ${few}.` : `Goal: no more than ${few} on the wrong side.`;
  if (goal === null) return "";
  const done = crossEntropy(held.theta(), ...held.data()) < goal;
  return done ? `Goal reached: the cross-entropy is below ${short(goal)}.` : `Goal: a cross-entropy below ${short(goal)}.`;
}

function render({ model, el }) {
  const held = holding(model);
  const { get } = held;
  const among = plane(held);
  const maps = get("maps") ? MAPS.map((each) => map(held, each)) : [];
  const [low, high] = [FLATTEST, get("w_range")[1]];
  const steep = slider({ label: "steepness", range: [low, high], step: 0.1, input: (length) => held.place({ length }) });
  const further = button("", () => put(model, { steps: Math.min(10 * get("steps") || 1, MOST) }));
  const pull = button("Pull the classes apart", () => put(model, { pulled: !get("pulled"), steps: 0 }));
  const again = button("Start again", () => put(model, { ...held.start, pulled: false, steps: 0 }));
  const [result, verdict, arrived] = ["result", "verdict", "arrived"].map((name) => make("p", { class: name }));
  further.hidden = !maps.length;
  pull.hidden = !get("apart").length;
  arrived.hidden = !maps.length;

  function draw() {
    among.draw();
    maps.forEach((each) => each.draw());
    steep.show(held.length(), fixed(held.length()));
    const next = Math.min(10 * get("steps") || 1, MOST);
    further.textContent = get("steps") ? `On to ${next.toLocaleString("en")} steps` : "A step downhill";
    further.disabled = get("steps") >= MOST;
    pull.setAttribute("aria-pressed", get("pulled"));
    result.replaceChildren(value("", sides(held)));
    arrived.textContent = arrivals(held, maps);
    verdict.textContent = judged(held);
    verdict.classList.toggle("reached", verdict.textContent.startsWith("Goal reached"));
  }
  const describe = () => [sides(held), judged(held), arrivals(held, maps)].filter(Boolean).join(" ");
  const views = make("div", { class: "maps" }, ...maps.map(({ stage }) => stage.root));
  const parts = [among.stage.root, steep.root, result, verdict, views, make("div", { class: "buttons" }, further, pull, again), arrived];
  const plots = [among.stage, ...maps.map(({ stage }) => stage)];
  return explorable({ model, el }, TRAITS, parts, { plots, draw, describe });
}

export default { render };
