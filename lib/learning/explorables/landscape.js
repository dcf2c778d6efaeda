// The ground that gradient descent walks on: the loss over (a, b) in filled contours, and its
// minimum.

import { contour, geometric, leastSquares, loss } from "./mathematics.js";
import { plot } from "./figure.js";

const CONTOURS = 12;

// The losses at the corners and the least one: contours are drawn between them.
export function levels(x, y, [a0, a1], [b0, b1]) {
  const corners = [[a0, b0], [a0, b1], [a1, b0], [a1, b1]].map(([a, b]) => loss(a, b, x, y));
  const highest = Math.max(...corners);
  const least = Math.max(loss(...leastSquares(x, y), x, y), 1e-6 * highest);
  return geometric(least, highest, CONTOURS + 1).slice(1, -1);
}

// A unit of slope and a unit of intercept are equally long, so that downhill is across contours.
export function landscape(aRange, bRange) {
  const ratio = (bRange[1] - bRange[0]) / (aRange[1] - aRange[0]);
  const stage = plot({
    xRange: aRange, yRange: bRange, xLabel: "slope a", yLabel: "intercept b",
    height: (width) => width * ratio, widest: 480, grid: false,
  });
  const floor = stage.groundLayer("contour");
  const lines = Array.from({ length: CONTOURS - 1 }, () => stage.groundLayer("contour")).reverse();
  const star = stage.layer("minimum");
  const height = (path, share) => path.style.setProperty("--height", share.toFixed(3));
  height(floor, 1);
  lines.forEach((line, i) => height(line, i / lines.length));

  // Each contour is filled as high as it lies, the widest one first.
  const drawGround = (x, y) => {
    floor.setAttribute("d", stage.frame());
    levels(x, y, aRange, bRange).forEach((level, i) => {
      lines[i].setAttribute("d", `${stage.path(contour(level, x, y))}Z`);
    });
    star.setAttribute("d", stage.dots([leastSquares(x, y)]));
  };
  return { stage, drawGround };
}
