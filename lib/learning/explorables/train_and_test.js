// A polynomial among points, some of them held out, and beside it its errors by degree. The test error
// is shown only after the reader has chosen.

import { button, explorable, handle, make, plot, put, set, short, slider, title, value } from "./figure.js";
import { fitsOf, legendreRow, sumsAt } from "./legendre.js";
import { clamp } from "./mathematics.js";
import { powerOfTen } from "./panes.js";

const TRAITS = ["draw", "degree", "chosen"];
const FINE = 400; // parts of a curve
const GHOSTS = 12; // earlier fits that are still shown
const FAR = 99; // outside of any picture
const DECADES = [-2, 3]; // of the errors that are shown
const CLOSE = 1.25; // times the least test error: as good as one can ask
const NOTHING = 1e-12; // less is rounding
const KINDS = { training: "training", held: "held out", test: "test" };

const said = (error) => short(error < NOTHING ? 0 : error);

// All fits to all sets, each set's when it is first asked for.
function fits(get) {
  const [xs, ys, truth, degrees] = ["xs", "ys", "truth", "degrees"].map(get);
  const top = Math.max(...degrees);
  const placeRows = truth.map((_, i) => legendreRow((i + 0.5) / truth.length, top));
  const how = { learn: get("learn"), degrees, placeRows, truth, variance: get("noise") ** 2 };
  const known = new Map();
  return (draw) => {
    if (!known.has(draw)) known.set(draw, fitsOf(xs[draw], ys[draw], how));
    return known.get(draw);
  };
}

// Whether a choice is good, in words, and what the choices so far were worth.
export function judged(all, chosen) {
  const pick = all.find(({ degree }) => degree === chosen);
  const best = all.reduce((least, each) => (each.test < least.test ? each : least));
  const good = pick.test <= CLOSE * best.test;
  const head = pick === best ? `Goal reached: degree ${chosen} has the least test error, ${short(pick.test)}.`
    : `${good ? "Goal reached" : "Not this time"}: degree ${chosen} has the test error ${short(pick.test)}. The least is ${short(best.test)}, at degree ${best.degree}.`;
  const told = pick.held < pick.test ? "less" : "more";
  return { good, text: `${head} The held-out points said ${short(pick.held)}, ${told} than that.` };
}

// The points, the fit, the fits to earlier sets, and the truth once it may be seen.
function amongThem(get, fitsTo) {
  const [xs, ys, learn, truth] = ["xs", "ys", "learn", "truth"].map(get);
  const stage = plot({
    xRange: [0, 1], yRange: [...get("y_range")], xLabel: get("x_label"), yLabel: get("y_label"),
    height: (width) => Math.min(0.8 * width, 300),
  });
  const [ghosts, real, dots, held, line] = ["earlier", "best", "dot", "lit", "line"].map((name) =>
    (name === "dot" || name === "lit" ? stage.layer : stage.groundLayer)(name));
  const top = Math.max(...get("degrees"));
  const grid = Array.from({ length: FINE + 1 }, (_, i) => [i / FINE, legendreRow(i / FINE, top)]);
  const through = (pairs, { weights }) => {
    const heights = sumsAt(pairs.map(([, row]) => row), weights);
    return stage.path(pairs.map(([x], i) => [x, clamp([-FAR, FAR], heights[i])]));
  };
  let words = "";
  const head = title(stage, () => [words]);
  return {
    stage,
    show(draw, place, seen) {
      words = `Set ${draw + 1} of points, degree ${get("degrees")[place]}`;
      head();
      const points = xs[draw].map((x, i) => [x, ys[draw][i]]);
      const own = points.slice(0, learn).map(([x]) => [x, legendreRow(x, top)]); // a spike misses none
      const pairs = [...grid, ...own].sort(([p], [q]) => p - q);
      const before = Array.from({ length: Math.min(draw, GHOSTS) }, (_, i) => draw - 1 - i);
      ghosts.setAttribute("d", before.map((each) => through(grid, fitsTo(each)[place])).join(""));
      real.setAttribute("d", seen ? stage.path(truth.map((y, i) => [(i + 0.5) / truth.length, y])) : "");
      dots.setAttribute("d", stage.dots(points.slice(0, learn)));
      held.setAttribute("d", stage.dots(points.slice(learn)));
      line.setAttribute("d", through(pairs, fitsTo(draw)[place]));
    },
  };
}

// The errors against the degree, both as powers of ten, and a handle that chooses the degree.
function againstDegree(get, choose) {
  const [degrees, learn] = [get("degrees"), get("learn")];
  const across = degrees.map(Math.log10);
  const stage = plot({
    xRange: [across[0], across.at(-1)], yRange: [...DECADES], xLabel: "degree", yLabel: "mean squared error",
    height: (width) => Math.min(0.8 * width, 300), xText: powerOfTen, yText: powerOfTen, grid: false,
  });
  const many = stage.groundLayer("limit");
  const layers = Object.keys(KINDS).map((kind) => [kind, stage.groundLayer(kind)]);
  const nearest = (x) => across.reduce((best, at, i) => (Math.abs(at - x) < Math.abs(across[best] - x) ? i : best), 0);
  let now = 0;
  const grip = handle(stage, {
    label: "degree", move: ([x]) => choose(nearest(x)), jump: choose,
    nudge: (right, up) => choose(clamp([0, degrees.length - 1], now + right + up)),
  });
  set(grip.node, { "aria-orientation": "horizontal" });
  const height = (error) => clamp([DECADES[0] - 1, DECADES[1] + 1], Math.log10(error));
  return {
    stage,
    show(all, place, seen) {
      now = place;
      const full = Math.log10(learn - 1);
      many.setAttribute("d", stage.path(DECADES.map((y) => [full, y])));
      for (const [kind, layer] of layers) {
        const shown = kind !== "test" || seen;
        layer.setAttribute("d", shown ? stage.path(all.map((each, i) => [across[i], height(each[kind])])) : "");
      }
      grip.show([across[place], height(all[place].held)], place, [0, degrees.length - 1], `degree ${degrees[place]}`);
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [degrees, sets] = [get("degrees"), get("xs").length];
  const fitsTo = fits(get);
  const choose = (place) => put(model, { degree: degrees[place] });
  const [left, right] = [amongThem(get, fitsTo), againstDegree(get, choose)];
  const place = () => Math.max(degrees.indexOf(get("degree")), 0);
  const seen = () => get("chosen") >= 0;
  const head = title(right.stage, () => Object.entries(KINDS).flatMap(([kind, name]) => {
    const number = kind === "test" && !seen() ? "?" : said(fitsTo(get("draw"))[place()][kind]);
    return [value(kind, `${name} ${number}`), kind === "test" ? "" : " · "];
  }));
  const degree = slider({ label: "degree", range: [0, degrees.length - 1], step: 1, input: choose });
  const judge = button("Judge my choice", () => put(model, { chosen: get("degree") }));
  const renew = button("New data", () => put(model, { draw: (get("draw") + 1) % sets, chosen: -1 }));
  const verdict = make("p", { class: "verdict" });
  const score = new Map(); // of each set, whether the choice was good

  function words() {
    if (!seen()) return "Goal: choose the degree with the least test error, from the two errors that you see.";
    const { good, text } = judged(fitsTo(get("draw")), get("chosen"));
    score.set(get("draw"), good);
    const reached = [...score.values()].filter(Boolean).length;
    return score.size > 1 ? `${text} So far: ${reached} of ${score.size}.` : text;
  }
  function draw() {
    const all = fitsTo(get("draw"));
    left.show(get("draw"), place(), seen());
    right.show(all, place(), seen());
    head();
    degree.show(place(), String(degrees[place()]));
    judge.disabled = seen();
    verdict.textContent = words();
    verdict.classList.toggle("reached", seen() && score.get(get("draw")));
  }
  const state = () => {
    const { degree: d, training, held, test } = fitsTo(get("draw"))[place()];
    const errors = `training error ${said(training)}, held-out error ${short(held)}`;
    return `Set ${get("draw") + 1}, degree ${d}: ${errors}${seen() ? `, test error ${short(test)}` : ""}.`;
  };
  left.stage.description = () => `${get("learn")} points, ${get("xs")[0].length - get("learn")} held out, and the polynomial of degree ${get("degree")}${get("draw") ? ", with the fits to earlier sets as thin lines" : ""}.`;
  right.stage.description = () => `Errors against the degree, on logarithmic scales. ${state()}`;
  const describe = () => `${state()} ${verdict.textContent}`;
  const parts = [
    make("div", { class: "side-by-side pair" }, left.stage.root, right.stage.root),
    degree.root, make("div", { class: "buttons" }, judge, renew), verdict,
  ];
  return explorable({ model, el }, TRAITS, parts, { plots: [left.stage, right.stage], draw, describe });
}

export default { render };
