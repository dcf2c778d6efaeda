// Gradient descent from where the reader's line is, a step at a time, until it has found the best
// line or the reader takes over.

import { gradient, largestRate, loss, mean } from "./mathematics.js";
import { CALM, button, make, put, short } from "./figure.js";

const PACE = 45; // milliseconds of a step
const SLOWLY = 450; // of the first one; each that follows takes a part of the one before
const QUICKER = 0.8;
const ENOUGH = 1.0005; // times the least loss: the line has arrived
const MOST = 400; // steps

// A step of half the rate from which on a run diverges: it never jumps to the other side.
export function step([a, b], x, y) {
  const [da, db] = gradient(a, b, x, y);
  const rate = largestRate(x) / 2;
  return [a - rate * da, b - rate * db];
}

// What is wrong with a line, in words. The loss above the least is a square of how far the line
// passes from the middle of the points, plus one of how much its slope differs from the best.
export function fault([a, b], [bestA, bestB], x) {
  const middle = mean(x);
  const high = (a - bestA) * middle + b - bestB;
  const turned = (a - bestA) * Math.sqrt(mean(x.map((xi) => (xi - middle) ** 2)));
  const lies = `lies too ${high > 0 ? "high" : "low"}`;
  const rises = `is too ${turned > 0 ? "steep" : "flat"}`;
  if (Math.abs(high) > 2 * Math.abs(turned)) return lies;
  return Math.abs(turned) > 2 * Math.abs(high) ? rises : `${rises} and ${lies}`;
}

export function learning(fit) {
  const path = []; // the lines that it has come through
  let [target, began, frame, outcome] = [null, 0, 0, ""];
  const node = button("Let it learn", () => (frame ? stop() : start()));
  node.className = "main";
  const remark = make("p", { class: "remark" });
  const there = (line) => path.length >= MOST || loss(...line, ...fit.points()) <= ENOUGH * fit.least();
  const how = () => (path.length < MOST ? "arrived" : "gave up"); // points nearly on a line take long
  const show = ([a, b]) => put(fit.model, { a, b });

  function begin(line, now) {
    path.push(line);
    [target, began] = [step(line, ...fit.points()), now];
  }

  function end(how) {
    cancelAnimationFrame(frame);
    [frame, outcome] = [0, how];
    fit.redraw();
  }

  // Between two steps the line glides, so that the eye can follow.
  function advance(now) {
    const share = Math.min((now - began) / Math.max(PACE, SLOWLY * QUICKER ** path.length), 1);
    const from = path.at(-1);
    show(from.map((value, i) => value + share * (target[i] - value)));
    frame = requestAnimationFrame(advance);
    if (share < 1) return;
    if (there(target)) end(how());
    else begin(target, now);
  }

  function start() {
    path.length = 0;
    outcome = "";
    begin(fit.line(), performance.now());
    if (!CALM.matches) return (frame = requestAnimationFrame(advance));
    while (!there(target)) begin(target, 0); // no motion: straight to the end
    show(target);
    end(how());
  }

  const stop = () => frame && end("stopped");
  const words = () => remarks(fit, frame ? "running" : outcome, path.length);
  fit.interrupt = () => { stop(); if (outcome === "arrived") outcome = ""; };
  fit.forget = () => { stop(); path.length = 0; outcome = ""; };
  function draw() {
    node.textContent = frame ? "Stop" : "Let it learn";
    remark.textContent = words();
    remark.classList.toggle("reached", !frame && fit.reached());
  }
  return { path, node, stop, roots: [remark], draw, words };
}

// What the figure answers to the reader, or says of its own steps.
export function remarks(fit, state, steps) {
  if (state === "running") return `Step ${steps}.`;
  if (state === "arrived") return `It took ${steps} steps. The best line of all has ${short(fit.least())}.`;
  if (state === "gave up") return `After ${steps} steps it has not arrived. The best line of all has ${short(fit.least())}.`;
  const stopped = state === "stopped" ? `You stopped it after ${steps} steps. ` : "";
  if (fit.reached()) return `${stopped}Well done: the best line of all has ${short(fit.least())}.`;
  return `${stopped}${stopped ? "The" : "Your"} line ${fault(fit.line(), fit.best(), fit.get("x"))}.`;
}
