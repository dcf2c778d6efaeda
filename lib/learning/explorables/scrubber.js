// A run of gradient descent under a slider: the line and its place on the landscape, frame by frame.

import { bowl, byLoss, byTime, run } from "./descent.js";
import { explorable, make, put, short, slider } from "./figure.js";
import { landscape } from "./landscape.js";
import { pointsAndLine, counted, placed, walk } from "./panes.js";
import { beginning, choice, logSlider, player, roundNumbers, stopSlider } from "./controls.js";

const TRAITS = ["start", "rate", "steps", "by_loss", "step", "x", "y"];

// Round numbers of steps, and the number that the run begins with: a reader may want it back.
const stops = (range, own) =>
  [...new Set([...roundNumbers(range), own])].sort((first, second) => first - second);

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y] = [get("x"), get("y")];
  const ground = bowl(x, y);
  const { stage, drawGround } = landscape(get("a_range"), get("b_range"));
  const drawPath = walk(stage);
  // Side by side they are equally high; one above the other, the points take less room.
  const height = (width) => (stage.root.offsetLeft > among.stage.root.offsetLeft ? stage.size.height : 0.6 * width);
  const among = pointsAndLine(x, y, get("x_range"), get("y_range"), height);

  // The run, and the steps at which it is shown: `step` counts these frames.
  let [path, excess, frames, key] = [[], [], [0], ""];
  function compute() {
    const wanted = JSON.stringify(["start", "rate", "steps", "by_loss"].map(get));
    if (wanted === key) return;
    key = wanted;
    path = run(x, y, get("start"), { rate: get("rate"), steps: get("steps") });
    excess = path.map(ground.above);
    frames = get("by_loss") ? byLoss(excess, get("frames")) : byTime(get("steps"), get("frames"));
  }

  const last = () => frames.length - 1;
  const controls = player(model, last, { stride: () => 1, one: "Next frame" });
  const set = (values) => { controls.stop(); put(model, values); };
  const begin = beginning(model, stage, controls.stop);

  const frame = slider({
    label: "frame", range: [0, get("frames")], step: 1, input: (value) => set({ step: value }),
  });
  const rate = logSlider({
    label: "learning rate", range: get("rate_range"), input: (value) => set({ rate: value, step: 0 }),
  });
  const steps = stopSlider({
    label: "steps", stops: stops(get("steps_range"), get("steps")),
    input: (value) => set({ steps: value, step: 0 }),
  });
  const spacing = choice("spacing of the frames", [["Even in loss", true], ["Even in time", false]], {
    chosen: () => get("by_loss"), choose: (by_loss) => set({ by_loss, step: 0 }),
  });
  const result = make("p", { class: "result" });

  function draw() {
    compute();
    drawGround(x, y);
    const shown = frames.slice(0, controls.step() + 1).map((step) => path[step]);
    drawPath(shown);
    among.show(shown[shown.length - 1]);
    begin.show();
    frame.control.max = last();
    frame.show(controls.step(), String(controls.step()));
    rate.show(get("rate"));
    steps.show(get("steps"));
    spacing.show();
    controls.show();
    result.replaceChildren(make("output", { "aria-live": "off" }, describe()));
  }

  function describe() {
    const n = frames[controls.step()];
    return `Frame ${controls.step()} of ${last()}, after ${counted(n, "step")}: ${placed(path[n])}, mean squared error ${short(excess[n] + ground.least)}.`;
  }
  stage.description = () => `Contours of the mean squared error over slope and intercept, with the path so far. ${describe()}`;
  among.stage.description = () => `The points and the line. ${describe()}`;

  const parts = [
    make("div", { class: "side-by-side beside" }, among.stage.root, stage.root),
    frame.root,
    make("div", { class: "buttons" }, ...controls.buttons),
    result,
    spacing.root,
    rate.root, steps.root,
  ];
  const close = explorable({ model, el }, TRAITS, parts, { plots: [stage, among.stage], draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
