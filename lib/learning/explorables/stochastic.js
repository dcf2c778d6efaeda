// Stochastic gradient descent: the batch that a step looks at, its own landscape over that of all
// points, the path, and the losses.

import { batch, bowl, dealt, draws, inEpoch, inverseTime, levelCurve, picked, run } from "./descent.js";
import { button, explorable, make, put, short, slider } from "./figure.js";
import { gradient } from "./mathematics.js";
import { landscape, levels } from "./landscape.js";
import { arrow } from "./loss_map.js";
import { pointsAndLine, counted, decades, losses, placed, walk } from "./panes.js";
import { beginning, choice, doublings, logSlider, player, stopSlider } from "./controls.js";

const TRAITS = ["start", "rate", "batch_size", "drawing", "decreasing", "step", "passed", "x", "y"];
const GHOSTS = [2, 5, 8]; // of the landscape's levels, those at which a batch's is drawn
const WAYS = { without: batch, with: draws, epochs: dealt };
const HOW = { without: "without replacement", with: "with replacement", epochs: "in epochs" };
const NAMES = [["Without replacement", "without"], ["With replacement", "with"], ["Epochs", "epochs"]];

// Which batch of the stream a step looks at: those that the reader passed over before it are gone.
export const numberOf = (step, passed) => step + passed.filter((at) => at <= step).length;

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y, seed] = [get("x"), get("y"), get("seed")];
  const ground = bowl(x, y);
  const ranges = [get("a_range"), get("b_range")];
  const [steps, size] = [get("steps"), () => get("batch_size")];
  const reach = Math.hypot(...ranges.map(([low, high]) => high - low));

  const { stage, drawGround } = landscape(...ranges);
  const ghosts = stage.groundLayer("ghost");
  const ghostLevels = GHOSTS.map((i) => levels(x, y, ...ranges)[i]);
  const drawPath = walk(stage);
  const downhill = stage.layer("arrow");
  const low = (width) => Math.max(88, Math.min(0.55 * width, 130));
  const among = pointsAndLine(x, y, get("x_range"), get("y_range"), low);
  const curve = losses(low);

  const number = (step) => numberOf(step, get("passed"));
  const rowsAt = (step) => WAYS[get("drawing")](seed, number(step), x.length, size());
  let [path, excess, key] = [[], [], ""];
  function compute() {
    const wanted = JSON.stringify(["start", "rate", "batch_size", "drawing", "decreasing", "passed"].map(get));
    if (wanted === key) return;
    key = wanted;
    const rate = get("decreasing") ? inverseTime(get("rate"), get("half")) : get("rate");
    path = run(x, y, get("start"), { rate, steps, rows: rowsAt });
    excess = path.map(ground.above);
    curve.fit(steps, decades(excess, 1e-3 * excess[0]));
  }

  const controls = player(model, () => steps);
  const begin = beginning(model, stage, controls.stop);
  const renew = button("New batch", () => {
    controls.stop();
    put(model, { passed: [...get("passed"), controls.step()] });
  });
  const count = stopSlider({
    label: "batch size", stops: doublings(x.length),
    input: (value) => put(model, { batch_size: value }),
  });
  const rate = logSlider({
    label: "learning rate", range: get("rate_range"), input: (value) => put(model, { rate: value }),
  });
  const moment = slider({
    label: "shown step", range: [0, steps], step: 1,
    input: (value) => { controls.stop(); put(model, { step: value }); },
  });
  const schedule = choice("schedule of the rate", [["Constant rate", false], ["Decreasing rate", true]], {
    chosen: () => get("decreasing"), choose: (decreasing) => put(model, { decreasing }),
  });
  const drawing = choice("how a batch is drawn", NAMES, {
    chosen: () => get("drawing"), choose: (way) => put(model, { drawing: way }),
  });
  const result = make("p", { class: "result" });
  const looked = make("p", { class: "looked" });

  function draw() {
    compute();
    drawGround(x, y);
    const step = controls.step();
    const [gone, rows] = [path.slice(0, step + 1), rowsAt(step)];
    const [at, [bx, by]] = [path[step], picked(rows, x, y)];
    drawPath(gone);
    const curves = ghostLevels.map((level) => levelCurve(level, bx, by, at, reach));
    ghosts.setAttribute("d", curves.map((each) => (each.length ? `${stage.path(each)}Z` : "")).join(""));
    downhill.setAttribute("d", arrow([stage.x(at[0]), stage.y(at[1])], gradient(...at, bx, by)));
    among.show(at, rows);
    curve.show(excess.slice(0, step + 1), 0);
    begin.show();
    count.show(size());
    rate.show(get("rate"));
    moment.show(step, String(step));
    schedule.show();
    drawing.show();
    controls.show();
    renew.disabled = step >= steps;
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    looked.textContent = looks();
  }

  function state() {
    const n = controls.step();
    return `After ${counted(n, "step")}: ${placed(path[n])}, mean squared error on all points ${short(excess[n] + ground.least)}, least ${short(ground.least)}.`;
  }
  function looks() {
    const n = controls.step();
    const { epoch, place, count } = inEpoch(number(n), x.length, size());
    const where = get("drawing") === "epochs" ? ` Epoch ${epoch + 1}, batch ${place + 1} of ${count}.` : "";
    return `Looked at so far: ${counted(n * size(), "point")}. Steps on all points would have looked at ${(n * x.length).toLocaleString("en")}.${where}`;
  }
  const describe = () => `Batches of ${size()} ${HOW[get("drawing")]}, rate ${short(get("rate"))}${get("decreasing") ? ", decreasing" : ""}. ${state()} ${looks()}`;
  stage.description = () => `Contours of the mean squared error over slope and intercept, those of the batch's own over them, and the path. ${state()}`;
  among.stage.description = () => `All ${x.length} points, the ${size()} of the batch lit, and the line after ${controls.step()} steps.`;
  curve.stage.description = () => `The loss on all points above the least, step by step, on a logarithmic scale. ${state()}`;

  const parts = [
    make("div", { class: "buttons" }, ...controls.buttons, renew),
    make("div", { class: "panes" }, stage.root, among.stage.root, curve.stage.root),
    result, looked, count.root, rate.root,
    drawing.root, schedule.root,
    moment.root,
  ];
  const plots = [stage, among.stage, curve.stage];
  const close = explorable({ model, el }, TRAITS, parts, { plots, draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
