// The mean squared error as a landscape over (a, b), with the reader's line as a point on it.

import { gradient, loss } from "./mathematics.js";
import { explorable, fixed, handle, held, make, put, short } from "./figure.js";
import { landscape } from "./landscape.js";

const TRAITS = ["a", "b", "x", "y"];
const LONGEST = 70; // pixels of an arrow
const CLEAR = 11; // pixels from the point, which would hide it
const HALFWAY = 4; // the steepness at which it has half of them

function render({ model, el }) {
  const get = (name) => model.get(name);
  const [x, y] = [get("x"), get("y")];
  const here = () => [get("a"), get("b")];
  const move = ([a, b]) => put(model, { a: held(model, "a", a), b: held(model, "b", b) });
  const { stage, drawGround } = landscape(get("a_range"), get("b_range"));
  const arrow = stage.layer("arrow");
  const grip = handle(stage, {
    label: "the line as a point: slope and intercept", both: true, move,
    jump: (a) => move([a, get("b")]),
    nudge: (right, up) => move([get("a") + right * get("grid"), get("b") + up * get("grid")]),
  });
  stage.svg.addEventListener("click", (event) => move(stage.at(event)));
  const result = make("p", { class: "result" });

  // Against the gradient; the steeper, the longer, but never across the whole picture.
  function arrowPath() {
    const [da, db] = gradient(...here(), x, y);
    const steepness = Math.hypot(da, db);
    if (steepness < 1e-3) return "";
    const length = (LONGEST * steepness) / (steepness + HALFWAY);
    const [u, v] = [-da / steepness, db / steepness]; // pixels count downwards
    const from = `${stage.x(get("a")) + CLEAR * u} ${stage.y(get("b")) + CLEAR * v}`;
    const reach = CLEAR + length;
    const head = [[-7 * u - 4 * v, -7 * v + 4 * u], [-7 * u + 4 * v, -7 * v - 4 * u]];
    const tip = `${stage.x(get("a")) + reach * u} ${stage.y(get("b")) + reach * v}`;
    return `M${from}L${tip}${head.map(([p, q]) => `M${tip}l${p} ${q}`).join("")}`;
  }

  function draw() {
    drawGround(x, y);
    arrow.setAttribute("d", arrowPath());
    grip.show(here(), get("a"), get("a_range"), `a ${fixed(get("a"))}, b ${fixed(get("b"))}`);
    result.replaceChildren(make("output", { "aria-live": "off" }, describe()));
  }

  const describe = () => {
    const [da, db] = gradient(...here(), x, y);
    return `At a = ${fixed(get("a"))}, b = ${fixed(get("b"))} the mean squared error is ` +
      `${short(loss(...here(), x, y))}, and its gradient (${fixed(da)}, ${fixed(db)}).`;
  };
  stage.description = () => `Contours of the mean squared error over slope and intercept. ${describe()}`;
  return explorable({ model, el }, TRAITS, [stage.root, result], { plots: [stage], draw, describe });
}

export default { render };
