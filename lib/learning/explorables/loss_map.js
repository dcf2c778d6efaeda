// The loss of all lines as a landscape, with the line of a figure as a point in it.

import { gradient } from "./mathematics.js";
import { fixed, handle, short, title, value } from "./figure.js";
import { landscape } from "./landscape.js";

const LONGEST = 70; // pixels of an arrow
const CLEAR = 11; // pixels from the point, which would hide it
const HEAD = 7; // pixels of its head
const HALFWAY = 4; // the steepness at which it has half of them

// Against the gradient: the steeper, the longer, but never across the whole picture.
export function arrow([px, py], [da, db]) {
  const steepness = Math.hypot(da, db);
  const length = (LONGEST * steepness) / (steepness + HALFWAY);
  if (length < HEAD) return "";
  const [u, v] = [-da / steepness, db / steepness]; // pixels count downwards
  const tip = `${px + (CLEAR + length) * u} ${py + (CLEAR + length) * v}`;
  const head = [4, -4].map((side) => [-HEAD * u - side * v, -HEAD * v + side * u]);
  return `M${px + CLEAR * u} ${py + CLEAR * v}L${tip}${head.map(([p, q]) => `M${tip}l${p} ${q}`).join("")}`;
}

// `path` holds the places that a descent has come through. The lines through the chosen point are a
// line here; how far above or below it the line's point lies is that point's residual.
export function lossMap(fit, path = []) {
  const { get } = fit;
  const aRange = get("a_range");
  const { stage, drawGround } = landscape(aRange, get("b_range"));
  const head = title(stage, () => ["mean squared error ", value("", short(fit.error()))]);
  const layers = { through: stage.groundLayer("through") };
  for (const name of ["chosen", "path", "dots", "arrow"]) layers[name] = stage.layer(name);
  const grip = handle(stage, {
    label: "the line as a point: slope and intercept", both: true, move: fit.move,
    jump: (a) => fit.move([a, get("b")]),
    nudge: (right, up) => fit.move([get("a") + right * get("grid"), get("b") + up * get("grid")]),
  });
  stage.svg.addEventListener("click", (event) => fit.move(stage.at(event)));

  function draw() {
    const [a, b] = fit.line();
    const [x, y] = fit.points();
    const through = (slope) => [slope, y[fit.chosen] - slope * x[fit.chosen]];
    const set = (name, d) => layers[name].setAttribute("d", d);
    head();
    drawGround(x, y);
    set("path", stage.path(path));
    set("dots", stage.dots(path));
    set("arrow", arrow([stage.x(a), stage.y(b)], gradient(a, b, x, y)));
    set("through", fit.chosen < 0 ? "" : stage.path(aRange.map(through)));
    set("chosen", fit.chosen < 0 ? "" : stage.path([[a, b], through(a)]));
    grip.show([a, b], a, aRange, `a ${fixed(a)}, b ${fixed(b)}`);
  }

  stage.description = () => "Contours of the mean squared error over slope and intercept. " +
    `At a = ${fixed(get("a"))}, b = ${fixed(get("b"))} it is ${short(fit.error())}.`;
  const words = () => `Mean squared error ${short(fit.error())}.`;
  return { roots: [stage.root], plots: [stage], draw, words };
}
