// What figures of a run share: a slider for a rate, and the buttons that play the run.

import { CALM, button, make, put, short, slider } from "./figure.js";

const FINE = 200; // positions of a slider for a power of ten
const FRAMES = 60; // of a run that is played
const PAUSE = 80; // milliseconds between them

// A slider on which each power of ten is as long as the next. `stops` are values that it can show
// besides those at its own positions. Under it stand powers of ten and marks.
export function logSlider({ label, range: [low, high], input, text = short, whole = false }) {
  const toPosition = (value) => Math.round(FINE * Math.log10(value));
  const rounded = (value) => (whole ? Math.round(value) : Number(value.toPrecision(3)));
  const control = slider({
    label, range: [low, high].map(toPosition), step: 1,
    input: (position) => input(Math.min(high, Math.max(low, rounded(10 ** (position / FINE))))),
  });
  const share = (value) => Math.log10(value / low) / Math.log10(high / low);
  const scale = make("div", { class: "powers", "aria-hidden": true });
  for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k++) {
    const tick = make("span", {}, Math.abs(k) < 4 ? String(10 ** k) : `1e${k}`);
    tick.style.setProperty("--at", share(10 ** k));
    scale.append(tick);
  }
  return {
    root: make("div", { class: "logarithmic" }, control.root, scale),
    show: (value) => control.show(toPosition(value), text(value)),
    // A mark below the scale, for a value that matters; its text ends there.
    mark(kind, name) {
      const node = make("span", { class: kind });
      scale.after(make("div", { class: "scale" }, node));
      return (value) => {
        node.replaceChildren(...name, ` = ${short(value)}`);
        node.style.setProperty("--at", share(Math.min(high, value)));
      };
    },
  };
}

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
