// Gradient descent on the mean squared error of a line: its path, its losses, and when it diverges.

import { descend, largestRate, loss, shrinkage } from "./mathematics.js";
import { CALM, button, explorable, fixed, handle, held, make, plot, put, short, slider } from "./figure.js";
import { landscape } from "./landscape.js";

const TRAITS = ["start", "rate", "steps", "step", "x", "y"];
const FINE = 100; // positions of the rate's slider for a power of ten
const FRAMES = 60; // of a run that is played
const PAUSE = 80; // milliseconds between them

// What the rate does, in words.
export function verdict(rate, x) {
  const [across, along] = shrinkage(rate, x);
  const factors = `A step multiplies the distance across the valley by ${fixed(across)}` +
    ` and the distance along it by ${fixed(along, 3)}.`;
  if (rate >= largestRate(x)) return `${factors} The first is not between −1 and 1: the run diverges.`;
  return across < 0 ? `${factors} The first is negative: the path jumps from side to side.` : factors;
}

// Whole powers of ten that hold the losses of a run, with some room for one that grows.
export function decades(losses) {
  const finite = losses.filter(Number.isFinite);
  const shown = Math.min(Math.max(...finite), 100 * losses[0]);
  const low = Math.floor(Math.log10(Math.max(Math.min(...finite), 1e-6)));
  return [low, Math.max(Math.ceil(Math.log10(shown)), low + 1)];
}

const powerOfTen = (k) => (k % 1 ? "" : Math.abs(k) < 4 ? String(10 ** k) : `1e${k}`);

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y] = [get("x"), get("y")];
  const limit = largestRate(x);
  const ranges = [get("a_range"), get("b_range")];
  const { stage, drawGround } = landscape(...ranges);
  const [trace, places, now] = ["path", "dots", "now"].map(stage.layer);
  let [run, losses, key] = [[], [], ""];

  function compute() {
    const wanted = JSON.stringify([get("start"), get("rate"), get("steps")]);
    if (wanted === key) return;
    key = wanted;
    run = descend(x, y, get("start"), get("rate"), get("steps"));
    losses = run.map(([a, b]) => loss(a, b, x, y));
  }

  // The curve's axes follow the run, so they are of arrays that are refilled.
  const [time, height] = [[0, get("steps")], [-2, 2]];
  const curve = plot({
    xRange: time, yRange: height, xLabel: "step", yLabel: "mean squared error",
    height: (width) => Math.min(0.7 * width, 240), yText: powerOfTen,
  });
  const [fall, dot] = ["path", "now"].map(curve.layer);

  const begin = (start) => { stop(); put(model, { start, step: 0 }); };
  const from = ([a, b]) => begin([held(model, "a", a), held(model, "b", b)]);
  const grip = handle(stage, {
    label: "where the run starts: slope and intercept", both: true, move: from,
    jump: (a) => from([a, get("start")[1]]),
    nudge: (right, up) => from([get("start")[0] + right * get("grid"), get("start")[1] + up * get("grid")]),
  });
  stage.svg.addEventListener("click", (event) => from(stage.at(event)));

  const toPosition = (rate) => Math.round(FINE * Math.log10(rate));
  const rate = slider({
    label: "learning rate", range: get("rate_range").map(toPosition), step: 1,
    input: (position) => put(model, { rate: Number((10 ** (position / FINE)).toPrecision(3)) }),
  });
  const steps = slider({
    label: "steps", range: get("steps_range"), step: 1,
    input: (value) => put(model, { steps: value, step: Math.min(get("step"), value) }),
  });
  const moment = slider({
    label: "shown step", range: [0, get("steps")], step: 1,
    input: (value) => { stop(); put(model, { step: value }); },
  });
  const scale = make("div", { class: "scale" }, make("span", {}, `2/λ`, make("sub", {}, "max"), ` = ${short(limit)}`));
  const [first, last] = get("rate_range").map(Math.log10);
  scale.style.setProperty("--at", (Math.log10(limit) - first) / (last - first));

  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  const advance = (by) => {
    put(model, { step: Math.min(get("step") + by, get("steps")) });
    if (get("step") >= get("steps")) stop();
  };
  function start() {
    if (get("step") >= get("steps")) put(model, { step: 0 });
    if (CALM.matches) return advance(get("steps")); // no motion: straight to the end
    play.textContent = "Pause";
    timer = setInterval(() => advance(Math.ceil(get("steps") / FRAMES)), PAUSE);
  }
  const play = button("Play", () => (timer ? stop() : start()));
  const one = button("One step", () => { stop(); advance(1); });
  const reset = button("Reset", () => { stop(); put(model, { step: 0 }); });
  const result = make("p", { class: "result" });
  const why = make("p", { class: "why" });

  // A path that diverges leaves the picture for good: what lies far outside is not drawn.
  const far = ([a, b]) => [a, b].every(Number.isFinite) && Math.abs(stage.x(a)) + Math.abs(stage.y(b)) < 1e4;

  function fitCurve() {
    const wanted = [0, get("steps"), ...decades(losses)];
    if (wanted.every((value, i) => value === [...time, ...height][i])) return;
    time.splice(0, 2, ...wanted.slice(0, 2));
    height.splice(0, 2, ...wanted.slice(2));
    curve.fit(curve.root.clientWidth);
  }

  const step = () => Math.min(get("step"), get("steps"));

  function drawRun() {
    const gone = run.slice(0, step() + 1);
    const outside = gone.findIndex((at) => !far(at));
    const drawn = outside < 0 ? gone : gone.slice(0, outside);
    trace.setAttribute("d", stage.path(drawn));
    places.setAttribute("d", stage.dots(drawn));
    now.setAttribute("d", stage.dots(drawn.slice(-1)));
    const points = losses.slice(0, drawn.length).map((value, i) => [i, Math.log10(value)]);
    fall.setAttribute("d", curve.path(points));
    dot.setAttribute("d", curve.dots(points.slice(-1)));
  }

  function draw() {
    compute();
    fitCurve();
    drawGround(x, y);
    drawRun();
    const [a, b] = get("start");
    grip.show([a, b], a, ranges[0], `a ${fixed(a)}, b ${fixed(b)}`);
    rate.show(toPosition(get("rate")), short(get("rate")));
    steps.show(get("steps"), String(get("steps")));
    moment.control.max = get("steps");
    moment.show(step(), String(step()));
    one.disabled = step() >= get("steps");
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    why.textContent = `The rate ${short(get("rate"))} is ${get("rate") < limit ? "below" : "not below"} the bound. ${verdict(get("rate"), x)}`;
    why.classList.toggle("diverges", get("rate") >= limit);
  }

  function state() {
    const n = step();
    const [a, b] = run[n].map((value) => (Math.abs(value) < 1e4 ? fixed(value) : short(value)));
    return `After ${n} ${n === 1 ? "step" : "steps"}: a = ${a}, b = ${b}, mean squared error ${short(losses[n])}.`;
  }
  const describe = () => `${state()} ${why.textContent}`;
  stage.description = () => `Contours of the mean squared error over slope and intercept, with the path of gradient descent. ${state()}`;
  curve.description = () => `The loss at each step, on a logarithmic scale. ${state()}`;

  const parts = [
    make("div", { class: "side-by-side" }, stage.root, curve.root),
    rate.root, scale, steps.root, moment.root,
    make("div", { class: "buttons" }, play, one, reset), result, why,
  ];
  const close = explorable({ model, el }, TRAITS, parts, { plots: [stage, curve], draw, describe });
  return () => { clearInterval(timer); close(); };
}

export default { render };
