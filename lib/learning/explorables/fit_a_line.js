// Fit a line by hand: move its slope and intercept, or its ends, and see what it misses.

import { amongPoints, bestButton, error, figure, fitting, outlierButton, pointButton, restartButton, row, sliders, squaresButton, verdict } from "./fitting.js";

function render(context) {
  const fit = fitting(context.model);
  const buttons = [squaresButton, bestButton, pointButton, outlierButton, restartButton].map((make) => make(fit));
  return figure(context, fit, [amongPoints(fit), sliders(fit), row(...buttons), error(fit), verdict(fit)]);
}

export default { render };
