// A graph of boxes and edges, from left to right, or from top to bottom where there is little room.

import { make, set, short } from "./figure.js";
import { COMPUTED, EDGES, LAST, LEAVES, locals, nodeAt } from "./graph.js";

// How deep in the graph a node is, and on which of five lanes.
const PLACES = {
  w1: [0, 0], x: [0, 2], w2: [0, 4], s1: [1, 1], s2: [1, 3], v1: [2, 0], h1: [2, 1], b: [2, 2],
  h2: [2, 3], v2: [2, 4], out: [3, 2], y: [3, 4], r: [4, 2], loss: [5, 2],
};
const [DEPTHS, LANES] = [6, 5];
const [BROAD, UPRIGHT] = [640, 500]; // pixels
const TALL = 42; // a box

// The middles of all boxes, and their size.
export function layout(available) {
  const outer = Math.min(available, BROAD);
  const upright = outer < UPRIGHT;
  const wide = upright ? Math.min(78, outer / LANES - 6) : 80;
  const [across, down] = upright ? [(outer - wide - 4) / (LANES - 1), 74] : [(outer - wide - 4) / (DEPTHS - 1), 56];
  const at = ([depth, lane]) => {
    const [column, row] = upright ? [lane, depth] : [depth, lane];
    return [wide / 2 + 2 + column * across, TALL / 2 + 2 + row * down];
  };
  const middles = Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [name, at(place)]));
  return { outer, total: TALL + 4 + ((upright ? DEPTHS : LANES) - 1) * down, wide, upright, middles };
}

function box(name) {
  const texts = ["name", "derivative", "value"].map((kind) => make("text", { class: kind }));
  const frame = make("path", { class: "box" });
  const root = make("g", { class: LEAVES.includes(name) ? "node leaf" : "node" }, frame, ...texts);
  return { root, frame, texts };
}

export function drawnGraph(named) {
  const names = [...LEAVES, ...COMPUTED.map(([name]) => name)];
  const boxes = Object.fromEntries(names.map((name) => [name, box(name)]));
  const edges = EDGES.map(([from, to]) => ({ from, to, line: make("path", { class: "edge" }), text: make("text", { class: "local" }) }));
  const svg = make("svg", { role: "img" }, ...edges.map((e) => e.line), ...names.map((n) => boxes[n].root), ...edges.map((e) => e.text));
  const root = make("div", { class: "plot graph" }, svg);

  function fit(available) {
    const { outer, total, wide, upright, middles } = layout(available);
    set(svg, { width: outer, height: total, viewBox: `0 0 ${outer} ${total}` });
    for (const name of names) {
      const { frame, root: group, texts } = boxes[name];
      set(group, { transform: `translate(${middles[name].map((v) => v.toFixed(1)).join(" ")})` });
      set(frame, { d: `M${-wide / 2} ${-TALL / 2}h${wide}v${TALL}h${-wide}Z` });
      set(texts[0], { x: 8 - wide / 2, y: 5 });
      texts.slice(1).forEach((text, i) => set(text, { x: wide / 2 - 6, y: i ? 15 : -5, "text-anchor": "end" }));
    }
    for (const { from, to, line, text } of edges) {
      const [[x0, y0], [x1, y1]] = [from, to].map((name) => middles[name]);
      const [dx, dy] = upright ? [0, TALL / 2] : [wide / 2, 0];
      set(line, { d: `M${x0 + dx} ${y0 + dy}L${x1 - dx} ${y1 - dy}` });
      // Where edges meet, their numbers would lie on each other: so each stands where its edge begins.
      if (upright) set(text, { x: x0 + 0.3 * (x1 - x0), y: y0 + dy + 0.3 * (y1 - y0 - 2 * dy) + 5, "text-anchor": "middle" });
      else set(text, { x: x0 + dx + 5, y: y0 + (y1 < y0 ? 14 : -6), "text-anchor": "start" });
    }
  }

  // The values that are known after a step, the derivatives that are, and the step's own node.
  function show(values, slopes, step) {
    const node = step ? nodeAt(step) : ["", []];
    const back = step > COMPUTED.length;
    const computed = COMPUTED.slice(0, step).map(([name]) => name);
    for (const name of names) {
      const { root: group, texts } = boxes[name];
      const known = LEAVES.includes(name) || computed.includes(name);
      const shown = [named(name), name in slopes ? short(slopes[name]) : "", known ? short(values[name]) : ""];
      texts.forEach((text, i) => (text.textContent = shown[i]));
      group.classList.toggle("lit", name === node[0]);
      group.classList.toggle("waiting", !known);
    }
    for (const { from, to, line, text } of edges) {
      const lit = to === node[0];
      line.classList.toggle("forward", lit && !back);
      line.classList.toggle("back", lit && back);
      text.textContent = lit && back ? `× ${short(locals(values, node)[node[1].indexOf(from)])}` : "";
    }
  }

  const describe = (text) => svg.getAttribute("aria-label") !== text && set(svg, { "aria-label": text });
  return { root, fit, show, describe, glide: () => false };
}
