// A small network's loss as a graph: the chain rule on it step by step, forward and backward.

import { button, explorable, make, put, set, short, slider } from "./figure.js";
import { choice } from "./controls.js";
import { COMPUTED, LAST, LEAVES, PARAMETERS, backward, descended, disagreement, forward, locals, nodeAt, strongest } from "./graph.js";
import { drawnGraph } from "./drawn_graph.js";

const TRAITS = ["leaves", "step", "guess"];
const FORWARD = COMPUTED.length;
const NAMES = { w1: "w₁", w2: "w₂", v1: "v₁", v2: "v₂", s1: "s₁", s2: "s₂", h1: "h₁", h2: "h₂", out: "ŷ", loss: "L" };
const named = (name) => NAMES[name] ?? name;
const listed = (names) => names.map(named).join(", ").replace(/, ([^,]*)$/, " and $1");

const inside = (text) => (text.startsWith("−") ? `(${text})` : text); // of a sum

// What a step forward computes, in words.
const COMPUTES = {
  s: (at, [w]) => `${named(w)} x = ${at(w)} · ${at("x")}`,
  h: (at, [s]) => `max(0, ${named(s)})`,
  o: (at) => `v₁ h₁ + v₂ h₂ + b = ${at("v1")} · ${at("h1")} + ${inside(at("v2"))} · ${at("h2")} + ${inside(at("b"))}`,
  r: (at) => `ŷ − y = ${at("out")} − ${at("y")}`,
  l: () => "r²",
};

// How a node grows with its sources: its local derivatives, in words.
const GROWS = {
  s: (at, name, [w]) => `${name} = ${named(w)} x grows x = ${at("x")} times as much as ${named(w)}, and ${named(w)} = ${at(w)} times as much as x.`,
  h: (at, name, [s], [local]) => local ? `${name} is on: it grows as much as ${named(s)}.` : `${name} is off: it stays 0 when ${named(s)} grows a little. Nothing is passed back.`,
  o: (at, name) => `${name} grows v₁ = ${at("v1")} times as much as h₁, h₁ = ${at("h1")} times as much as v₁, v₂ = ${at("v2")} times as much as h₂, h₂ = ${at("h2")} times as much as v₂, and as much as b.`,
  r: () => "r = ŷ − y grows as much as ŷ, and falls as much as y grows.",
  l: (at, name, sources, [local]) => `L = r² grows 2r = ${short(local)} times as much as r.`,
};

export function said(leaves, step) {
  if (step === 0) return "Nothing is computed yet. The first step is s₁ = w₁ x.";
  const values = forward(leaves);
  const node = nodeAt(step);
  const [name, sources] = node;
  const at = (which) => short(values[which]);
  if (step <= FORWARD) {
    const off = name[0] === "h" && !values[name] ? " The unit is off." : "";
    return `${named(name)} = ${COMPUTES[name[0]](at, sources)} = ${at(name)}.${off}`;
  }
  const [before, after] = [step - 1, step].map((k) => backward(values, k - FORWARD));
  const own = `The loss grows ${short(after[name])} times as much as ${named(name)}. `;
  const grows = GROWS[name[0]](at, named(name), sources, locals(values, node));
  const found = sources.map((source) => `${named(source)} ${short(after[source])}`).join(", ");
  const sum = "x" in before && sources.includes("x") ? " Two paths lead from x to the loss, and what comes along both adds up." : "";
  return `${name === "loss" ? "" : own}${grows} Derivatives: ${found}.${sum}`;
}

// The reader's guess, and what all derivatives together say.
export function judged(leaves, step, guess) {
  const before = "Guess: of which parameter is the loss's derivative the largest in size?";
  if (step < LAST) return guess ? `Your guess is ${named(guess)}. Step to the end to see.` : before;
  const slopes = backward(forward(leaves));
  const best = strongest(slopes);
  const check = disagreement(leaves, slopes) < 1e-6 ? "Differences of the loss confirm the derivatives."
    : "Differences of the loss do not confirm the derivatives: a unit stands at its kink.";
  if (slopes[best] === 0) return `All derivatives are 0: no small change of a parameter makes the loss smaller. ${check}`;
  const right = guess && (guess === best ? "Right: " : `Not ${named(guess)}: `);
  const most = `the loss responds most to ${named(best)}.`;
  const [grow, shrink] = [-1, 1].map((sign) => PARAMETERS.filter((name) => sign * slopes[name] > 0));
  const must = [[grow, "grow"], [shrink, "shrink"]].filter(([names]) => names.length);
  const ways = must.map(([names, verb]) => `${listed(names)} must ${verb}`).join(", and ");
  return `${right || ""}${right ? most : most[0].toUpperCase() + most.slice(1)} For a smaller loss, ${ways}. ${check}`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const leaves = () => Object.fromEntries(LEAVES.map((name, i) => [name, get("leaves")[i]]));
  const listOf = (each) => LEAVES.map((name) => each[name]);
  const slopes = () => backward(forward(leaves()), get("step") - FORWARD);
  let round = 0;

  const graph = drawnGraph(named);
  const sliders = LEAVES.map((name, i) => slider({
    label: named(name), range: get("ranges")[i], step: 0.1, kind: "leaf",
    input: (value) => put(model, { leaves: listOf({ ...leaves(), [name]: value }) }),
  }));
  const go = (step) => put(model, { step: Math.min(LAST, Math.max(0, step)) });
  const step = button("Step", () => go(get("step") + 1));
  step.className = "main";
  const back = button("Back", () => go(get("step") - 1));
  const end = button("To the end", () => go(LAST));
  const again = button("Start again", () => go(0));
  const descend = button("A step of descent", () => put(model, { leaves: listOf(descended(leaves(), slopes(), get("rate"))) }));
  const other = button("Other numbers", () => {
    round = (round + 1) % get("networks").length;
    put(model, { leaves: get("networks")[round], step: 0, guess: "" });
  });
  const guesses = choice("your guess", PARAMETERS.map((name) => [named(name), name]), {
    chosen: () => get("guess"), choose: (guess) => put(model, { guess }),
  });
  const words = make("p", { class: "words" });
  const verdict = make("p", { class: "verdict" });

  function draw() {
    const now = get("step");
    graph.show(forward(leaves()), slopes(), now);
    sliders.forEach((each, i) => each.show(get("leaves")[i], short(get("leaves")[i])));
    guesses.show();
    guesses.root.querySelectorAll("button").forEach((node) => (node.disabled = now === LAST));
    [step.disabled, back.disabled, descend.disabled] = [now === LAST, now === 0, now < LAST];
    words.textContent = `Step ${now} of ${LAST}. ${said(leaves(), now)}`;
    verdict.textContent = judged(leaves(), now, get("guess"));
    verdict.classList.toggle("reached", now === LAST && get("guess") === strongest(slopes()));
  }

  graph.description = () => {
    const [values, known, now] = [forward(leaves()), slopes(), get("step")];
    const computed = COMPUTED.slice(0, now).map(([name]) => name);
    const each = [...LEAVES, ...computed].map((name) => `${named(name)} ${short(values[name])}${name in known ? `, derivative ${short(known[name])}` : ""}`);
    return `The graph of the loss, after step ${now} of ${LAST}: ${each.join("; ")}.`;
  };
  const describe = () => `${words.textContent} ${verdict.textContent}`;
  const parts = [
    graph.root, words,
    make("div", { class: "buttons" }, step, back, end, again),
    verdict, guesses.root,
    make("div", { class: "leaves" }, ...[...PARAMETERS, "x", "y"].map((name) => sliders[LEAVES.indexOf(name)].root)),
    make("div", { class: "buttons" }, descend, other),
  ];
  return explorable({ model, el }, TRAITS, parts, { plots: [graph], draw, describe });
}

export default { render };
