// A map of the learning rate and the momentum with a handle on it, the path of the run that belongs
// to its place, and how far that is above the least loss at each step.

import { bowl, left, rates, run } from "./descent.js";
import { border, kind, polyak, stays, within } from "./momentum.js";
import { button, explorable, fixed, handle, make, plot, put, short, slider, value } from "./figure.js";
import { eigen, hessian, snap } from "./mathematics.js";
import { landscape } from "./landscape.js";
import { counted, decades, losses, placed, walk } from "./panes.js";
import { player } from "./controls.js";

const TRAITS = ["start", "rate", "beta", "step", "x", "y"];
const SHARES = [1, 0.98, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65]; // contours of the map
const HUNDREDTH = 0.01;

// The map: shades of what a step leaves, where the kinds of runs part, and marks with names.
function settingsMap(rateRange, curvatures) {
  const stage = plot({
    xRange: rateRange, yRange: [0, 1], xLabel: "learning rate", yLabel: "momentum β",
    height: (width) => Math.min(1.75 * width, 450), grid: false,
  });
  const shade = (share, height) => {
    const path = stage.groundLayer("contour");
    path.style.setProperty("--height", height.toFixed(3));
    return [path, share];
  };
  const floor = shade(Infinity, 1)[0];
  const shades = SHARES.map((share, i) => shade(share, 0.8 - (0.8 * i) / (SHARES.length - 1)));
  const [across, along, dots] = ["across", "along", "marks"].map(stage.groundLayer);
  const marks = new Map();
  return {
    stage,
    mark(name, at) {
      const fresh = () => make("span", { class: at[1] < 0.5 ? "place above" : "place", "aria-hidden": true }, name);
      if (!marks.has(name)) marks.set(name, stage.canvas.appendChild(fresh()));
      stage.place(marks.get(name), ...at);
      dots.setAttribute("d", dots.getAttribute("d") + stage.dots([at]));
    },
    draw() {
      floor.setAttribute("d", stage.frame());
      for (const [path, share] of shades) {
        const corners = within(share, curvatures);
        path.setAttribute("d", corners.length ? `${stage.path(corners)}Z` : "");
      }
      const borders = (curvature) => [-1, 1].map((sign) => stage.path(border(curvature, sign))).join("");
      across.setAttribute("d", borders(curvatures[0]));
      along.setAttribute("d", borders(curvatures[1]));
      dots.setAttribute("d", "");
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y, last, goal] = ["x", "y", "steps", "goal"].map(get);
  const ground = bowl(x, y);
  const curvatures = eigen(hessian(x)).values;
  const [plain, heavy] = [{ rate: rates(x).best, beta: 0 }, polyak(curvatures)];

  const map = settingsMap(get("rate_range"), curvatures);
  const { stage, drawGround } = landscape(get("a_range"), get("b_range"));
  const drawPath = walk(stage);
  const curve = losses((width) => Math.max(88, Math.min(0.55 * width, 130)));

  let [path, excess, key] = [[], [], ""];
  function compute() {
    const wanted = JSON.stringify(["start", "rate", "beta"].map(get));
    if (wanted === key) return;
    key = wanted;
    path = run(x, y, get("start"), { rate: get("rate"), beta: get("beta"), steps: 4 * last });
    excess = path.map(ground.above);
    curve.fit(last, decades(excess, 0.01 * goal || 1e-9 * excess[0]));
  }
  const needs = (settings) => stays(run(x, y, get("start"), { ...settings, steps: 4 * last }).map(ground.above), goal);
  const [byPlain, byPolyak] = [plain, heavy].map(needs);

  const controls = player(model, () => last, { stride: () => 1 });
  function choose(rate, beta) {
    controls.stop();
    put(model, { rate, beta, step: last });
  }
  const [rates_, betas] = [[HUNDREDTH, get("rate_range")[1]], [0, 1]];
  const to = ([rate, beta]) => choose(snap(rate, rates_, HUNDREDTH), snap(beta, betas, HUNDREDTH));
  const grip = handle(map.stage, {
    label: "learning rate and momentum", both: true, move: to,
    nudge: (right, up) => to([get("rate") + right * HUNDREDTH, get("beta") + up * HUNDREDTH]),
    jump: (rate) => to([rate, get("beta")]),
  });
  map.stage.svg.addEventListener("click", (event) => to(map.stage.at(event)));
  const beta = slider({ label: "momentum", range: betas, step: HUNDREDTH, input: (at) => choose(get("rate"), at) });
  const ends = make("div", { class: "powers", "aria-hidden": true });
  ["plain", "forgotten"].forEach((name, at) => {
    ends.append(make("span", {}, name));
    ends.lastChild.style.setProperty("--at", at);
  });
  const rate = slider({ label: "learning rate", range: rates_, step: HUNDREDTH, input: (at) => choose(at, get("beta")) });
  const presets = [
    button("Plain, at its best", () => choose(plain.rate, 0)),
    button("Forgotten zeroing", () => choose(get("rate"), 1)),
    button("Polyak’s settings", () => choose(heavy.rate, heavy.beta)),
  ];

  const result = make("p", { class: "result" });
  const verdict = make("p", { class: "verdict" });
  const why = make("p", { class: "why" });
  let fewest = Infinity;
  const told = (steps) => (steps < 0 ? `not within ${4 * last} steps` : `after ${counted(steps, "step")}`);

  function judge() {
    const steps = stays(excess, goal);
    const reached = steps >= 0 && steps <= get("at_most");
    const task = `stay below an excess loss of ${short(goal)}, after at most ${get("at_most")} steps`;
    if (reached) fewest = Math.min(fewest, steps);
    presets[2].disabled = fewest === Infinity; // the answer comes after the search
    verdict.classList.toggle("reached", reached);
    verdict.textContent = reached
      ? `Goal reached: there ${told(steps)}; your fewest: ${fewest}. Polyak’s settings get there ${told(byPolyak)}.`
      : `Goal: ${task}. Here: ${told(steps)}. Plain descent at its best: ${told(byPlain)}.`;
  }

  function explain() {
    const [one, two] = curvatures.map((curvature) => kind(curvature, get("rate"), get("beta")));
    const most = Math.max(...left(x, get("rate"), get("beta")).map(Math.abs));
    const leaves = most < 1 ? `In the long run, a step leaves ${fixed(most, 3)} of the distance.` : "Nothing is lost: the run never settles.";
    return `Across the valley it ${one}; along the valley it ${two}. ${one === "diverges" ? "" : leaves}`.trim();
  }

  function draw() {
    compute();
    const step = controls.step();
    map.draw();
    map.mark("plain", [plain.rate, 0]);
    map.mark("forgotten", [get("rate_range")[0], 1]);
    judge();
    if (fewest < Infinity) map.mark("Polyak", [heavy.rate, heavy.beta]);
    drawGround(x, y);
    drawPath(path.slice(0, step + 1));
    curve.show(excess.slice(0, step + 1), goal);
    const [at, kept] = [get("rate"), get("beta")];
    grip.show([at, kept], at, rates_, `rate ${fixed(at)}, momentum ${fixed(kept)}`);
    rate.show(at, fixed(at));
    beta.show(kept, fixed(kept));
    controls.show();
    result.replaceChildren(value("", state()));
    why.textContent = explain();
    why.classList.toggle("diverges", why.textContent.includes("diverges"));
  }

  function state() {
    const step = controls.step();
    return `Rate ${fixed(get("rate"))}, momentum ${fixed(get("beta"))}, friction ${fixed(1 - get("beta"))}. After ${counted(step, "step")}: ${placed(path[step])}.`;
  }
  const describe = () => `${state()} ${why.textContent} ${verdict.textContent}`;
  map.stage.description = () => `A map of learning rate and momentum, shaded by what a step leaves in the long run; lightest near the best settings. ${why.textContent}`;
  stage.description = () => `Contours of the mean squared error over slope and intercept, with the path of the run. ${state()}`;
  curve.stage.description = () => `The loss above the least at each step, on a logarithmic scale. ${verdict.textContent}`;

  const parts = [
    make("div", { class: "buttons" }, ...controls.buttons, ...presets),
    make("div", { class: "panes" }, map.stage.root, stage.root, curve.stage.root),
    beta.root, ends, rate.root, result, why, verdict,
  ];
  const plots = [map.stage, stage, curve.stage];
  const close = explorable({ model, el }, TRAITS, parts, { plots, draw, describe });
  return () => { controls.stop(); close(); };
}

export default { render };
