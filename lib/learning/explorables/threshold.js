// A threshold on the scores of two classes: what it does to the four counts, on the ROC curve, on the
// precision-recall curve, and what it costs.

import { area, cost, equalCost, histogram, leastCost, precision, probability, rates, roc } from "./ranking.js";
import { explorable, fixed, handle, make, plot, put, set, short, slider, title, value } from "./figure.js";
import { snap } from "./mathematics.js";
import { stopSlider } from "./controls.js";

const TRAITS = ["threshold", "share", "miss_cost"];
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
const COSTS = [0.1, 0.2, 0.5, 1, 2, 5, 9, 20, 50];
const BIN = 0.5;
const STEP = 0.05;
const NEARLY = 1.02; // times the least cost: as good as the cheapest
const OF = 10_000; // days that the counts are of

// Bars of the two classes, one up, one down; those right of the threshold are strong.
function bars(get, yes, no) {
  const range = get("score_range");
  const heights = [[histogram(yes, range, BIN), 1], [histogram(no, range, BIN), -1]];
  const percent = (share) => `${Math.round(1000 * Math.abs(share)) / 10} %`;
  const stage = plot({
    xRange: range, yRange: [-0.1, 0.1], xLabel: get("x_label"), yLabel: "share of days",
    height: (width) => Math.min(0.5 * width, 250), yText: percent,
  });
  const layers = ["yes", "no"].map((name) => [stage.layer(name), stage.layer(`${name} above`)]);
  const line = stage.layer("line");
  const head = title(stage, () => [`Above: ${get("yes_label")}. Below: ${get("no_label")}. Right of the line: a yes is said.`]);
  const bar = (left, right, height) =>
    right > left ? `M${stage.point([left, 0])}L${stage.point([left, height])}L${stage.point([right, height])}L${stage.point([right, 0])}Z` : "";
  return {
    stage,
    show(threshold, share) {
      const weights = [share, 1 - share];
      const most = Math.max(...heights.flatMap(([each], k) => each.map((height) => height * weights[k])));
      stage.zoom([-1.1 * most, 1.1 * most]);
      heights.forEach(([each, sign], k) => {
        const draw = (from) => each.map((height, i) => {
          const left = range[0] + i * BIN;
          return bar(Math.max(left, from), left + BIN, sign * weights[k] * height);
        }).join("");
        layers[k][0].setAttribute("d", draw(-Infinity));
        layers[k][1].setAttribute("d", draw(threshold));
      });
      line.setAttribute("d", stage.path([[threshold, -2], [threshold, 2]]));
      head();
    },
  };
}

// A curve in the unit square, the place on it, and two more lines.
function square(xLabel, yLabel) {
  const stage = plot({
    xRange: [0, 1], yRange: [0, 1], xLabel, yLabel, height: (width) => Math.min(width, 240), widest: 320, grid: false,
  });
  const layers = ["chance", "equal", "path"].map(stage.groundLayer);
  const now = stage.layer("now");
  return {
    stage,
    show(lines, place) {
      layers.forEach((layer, i) => layer.setAttribute("d", stage.path(lines[i])));
      now.setAttribute("d", stage.dots(place.every(Number.isFinite) ? [place] : []));
    },
  };
}

// The confusion matrix, of so many days.
function matrix(get) {
  const cells = Array.from({ length: 4 }, () => make("td"));
  const head = (text, scope) => make("th", { scope }, text);
  const row = (name, pair) => make("tr", {}, head(name, "row"), ...pair);
  const heads = make("tr", {}, make("td"), head(get("yes_label"), "col"), head(get("no_label"), "col"));
  const root = make("table", { class: "counts" },
    make("caption", {}, `Of ${OF.toLocaleString("en")} days`),
    make("thead", {}, heads),
    make("tbody", {}, row("said yes", cells.slice(0, 2)), row("said no", cells.slice(2))));
  return {
    root,
    show(counts) {
      counts.forEach((count, i) => { cells[i].textContent = Math.round(count).toLocaleString("en"); });
    },
  };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const of = (kind) => get("score").filter((_, i) => get("target")[i] === kind);
  const [yes, no] = [of(1), of(0)];
  const [points, whole] = [roc(yes, no), area(yes, no)];
  const [low, high] = get("score_range");
  const within = Array.from({ length: Math.round((high - low) / STEP) + 1 }, (_, i) => rates(low + i * STEP, yes, no));
  const move = (at) => put(model, { threshold: snap(at, get("score_range"), STEP) });

  const days = bars(get, yes, no);
  const grip = handle(days.stage, {
    label: "threshold", move: ([at]) => move(at), jump: move,
    nudge: (right, up) => move(get("threshold") + STEP * (right + up)),
  });
  set(grip.node, { "aria-orientation": "horizontal" });
  const [curve, finding] = [square("false positive rate", "recall"), square("recall", "precision")];
  const heads = [
    title(curve.stage, () => ["area under ROC ", value("", fixed(whole, 3))]),
    title(finding.stage, () => ["precision ", value("", said(now().precision))]),
  ];
  const counts = matrix(get);
  const threshold = slider({ label: "threshold", range: get("score_range"), step: STEP, input: move });
  const share = stopSlider({ label: "share of yes", stops: SHARES, input: (v) => put(model, { share: v }) });
  const miss = stopSlider({ label: "cost of a miss", stops: COSTS, input: (v) => put(model, { miss_cost: v }) });
  const result = make("p", { class: "result" });
  const verdict = make("p", { class: "verdict" });

  const said = (part) => (Number.isFinite(part) ? fixed(part) : "none");
  function now() {
    const [at, part, worth] = TRAITS.map(get);
    const place = rates(at, yes, no);
    return {
      at, part, worth, place, precision: precision(place, part), cost: cost(place, part, worth),
      least: leastCost(within, part, worth), p: probability(at, part, get("fitted_share")),
    };
  }

  function draw() {
    const { at, part, worth, place, precision: right } = now();
    days.show(at, part);
    grip.show([at, 0], at, get("score_range"), fixed(at));
    curve.show([[[0, 0], [1, 1]], equalCost(place, part, worth), points], place);
    const pr = points.slice(1).map((each) => [each[1], precision(each, part)]);
    finding.show([[[0, part], [1, part]], [], pr], [place[1], right]);
    const [alarms, found] = place;
    counts.show([part * found, (1 - part) * alarms, part * (1 - found), (1 - part) * (1 - alarms)].map((each) => OF * each));
    heads.forEach((show) => show());
    threshold.show(at, fixed(at));
    share.show(part);
    miss.show(worth);
    result.replaceChildren(make("output", { "aria-live": "off" }, state()));
    verdict.textContent = judged();
    verdict.classList.toggle("reached", reached());
  }

  const reached = () => now().cost <= NEARLY * now().least;
  function state() {
    const { at, place: [alarms, found], precision: right, cost: paid } = now();
    return `Threshold ${fixed(at)}: recall ${fixed(found)}, false positive rate ${fixed(alarms)}, precision ${said(right)}, cost ${short(paid)} a day.`;
  }
  function judged() {
    const { p, worth, least } = now();
    if (!reached()) return `Goal: find the cheapest threshold, where a miss costs ${worth} times a false alarm.`;
    return `Goal reached: at its cheapest a threshold costs ${short(least)}. At yours a yes has the probability ${fixed(p)}; the costs alone say ${fixed(1 / (1 + worth))}.`;
  }
  days.stage.description = () => `${yes.length} scores of days with a yes and ${no.length} with a no, and the threshold. ${state()}`;
  curve.stage.description = () => `The ROC curve, its area ${fixed(whole, 3)}, and the place of the threshold on it, with the line of equal cost.`;
  finding.stage.description = () => `The precision-recall curve where ${get("share")} of the days have a yes, and the place of the threshold on it.`;

  const parts = [
    days.stage.root, threshold.root, share.root, miss.root, result, verdict,
    make("div", { class: "curves" }, curve.stage.root, finding.stage.root), counts.root,
  ];
  const plots = [days, curve, finding].map((each) => each.stage);
  return explorable({ model, el }, TRAITS, parts, { plots, draw, describe: () => `${state()} ${judged()}` });
}

export default { render };
