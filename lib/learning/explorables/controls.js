// What figures of a run share: its start, sliders for its settings, and the buttons that play it.

import { CALM, button, fixed, handle, held, make, put, short, slider } from "./figure.js";
import { clamp } from "./mathematics.js";

const FINE = 200; // positions of a slider for a power of ten
const FRAMES = 60; // of a run that is played
const PAUSE = 80; // milliseconds between them

const toPosition = (value) => Math.round(FINE * Math.log10(value));

// Of the numbers at a position of a logarithmic slider, the one with the fewest digits.
export function roundest(position) {
  const value = 10 ** (position / FINE);
  const rounded = [1, 2, 3].map((digits) => Number(value.toPrecision(digits)));
  return rounded.find((each) => toPosition(each) === position) ?? value;
}

// A slider on which each power of ten is as long as the next. Under it stand powers of ten, and
// marks at values that matter.
export function logSlider({ label, range: [low, high], input }) {
  const toValue = (position) => clamp([low, high], roundest(position));
  const control = slider({
    label, range: [low, high].map(toPosition), step: 1, input: (position) => input(toValue(position)),
  });
  const share = (value) => Math.log10(value / low) / Math.log10(high / low);
  const scale = make("div", { class: "powers", "aria-hidden": true });
  for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k++) {
    const tick = make("span", {}, short(10 ** k));
    tick.style.setProperty("--at", share(10 ** k));
    scale.append(tick);
  }
  return {
    root: make("div", {}, control.root, scale),
    show: (value) => control.show(toPosition(value), short(value)),
    // A mark below the scale; its text ends there.
    mark(kind) {
      const node = make("span", { class: kind });
      scale.after(make("div", { class: "scale" }, node));
      return (value, ...name) => {
        node.replaceChildren(...name, ` = ${short(value)}`);
        node.style.setProperty("--at", share(Math.min(high, value)));
      };
    },
  };
}

// A slider with a few stops, none of them hard to find.
export function stopSlider({ label, stops, input, text = (number) => number.toLocaleString("en") }) {
  const control = slider({
    label, range: [0, stops.length - 1], step: 1, input: (place) => input(stops[place]),
  });
  const far = (value) => (stop) => Math.abs(Math.log(stop / value));
  return {
    root: control.root,
    show(value) {
      const distances = stops.map(far(value));
      control.show(distances.indexOf(Math.min(...distances)), text(value));
    },
  };
}

// 10, 20, 50, 100, … within a range.
export const roundNumbers = ([low, high]) =>
  Array.from({ length: 30 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3))
    .filter((value) => low <= value && value <= high);

// 1, 2, 4, … and the last.
export const doublings = (last) =>
  [...Array.from({ length: 31 }, (_, i) => 2 ** i).filter((value) => value < last), last];

// The buttons that move the trait `step` from 0 to the last step of a run: a part of it at a time,
// or one by one. Who wants no motion is taken to the end at once.
export function player(model, last, { stride = () => Math.ceil(last() / FRAMES), one = "One step" } = {}) {
  const step = () => Math.min(model.get("step"), last());
  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  const advance = (by) => {
    put(model, { step: Math.min(step() + by, last()) });
    if (step() >= last()) stop();
  };
  function start() {
    if (step() >= last()) put(model, { step: 0 });
    if (CALM.matches) return advance(last());
    play.textContent = "Pause";
    timer = setInterval(() => advance(stride()), PAUSE);
  }
  const play = button("Play", () => (timer ? stop() : start()));
  const single = button(one, () => { stop(); advance(1); });
  const reset = button("Reset", () => { stop(); put(model, { step: 0 }); });
  return {
    step, stop,
    buttons: [play, single, reset],
    again() { stop(); put(model, { step: 0 }); start(); },
    show() { single.disabled = step() >= last(); },
  };
}

// The place on a landscape at which a run begins: it can be dragged, and the run begins anew, or
// is shown at another of its steps.
export function beginning(model, stage, stop, step = 0) {
  const [get, start] = [(name) => model.get(name), () => model.get("start")];
  const move = ([a, b]) => {
    stop();
    put(model, { start: [held(model, "a", a), held(model, "b", b)], step });
  };
  const grip = handle(stage, {
    label: "where the run starts: slope and intercept", both: true, kind: "start", move,
    nudge: (right, up) => move([start()[0] + right * get("grid"), start()[1] + up * get("grid")]),
    jump: (a) => move([a, start()[1]]),
  });
  stage.svg.addEventListener("click", (event) => move(stage.at(event)));
  return {
    show() {
      const [a, b] = start();
      grip.show([a, b], a, get("a_range"), `a ${fixed(a)}, b ${fixed(b)}`);
    },
  };
}

// Buttons of which one is chosen: each is a pair of its text and what it stands for.
export function choice(label, options, { chosen, choose }) {
  const nodes = options.map(([text, value]) => button(text, () => choose(value)));
  return {
    root: make("div", { class: "buttons", role: "group", "aria-label": label }, ...nodes),
    show: () => nodes.forEach((node, i) => node.setAttribute("aria-pressed", options[i][1] === chosen())),
  };
}
