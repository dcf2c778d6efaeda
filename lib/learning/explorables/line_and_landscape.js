// A line among points, and beside it the landscape of its loss: two views of one state.

import { amongPoints, bestButton, figure, fitting, outlierButton, restartButton, row, sideBySide, sliders, squaresButton, verdict } from "./fitting.js";
import { learning } from "./learning.js";
import { lossMap } from "./loss_map.js";

function render(context) {
  const fit = fitting(context.model);
  const learner = learning(fit);
  const map = lossMap(fit, learner.path);
  const [beside] = map.plots;
  // Side by side they are equally high, and one above the other as high as they like.
  const height = (width) => (beside.root.previousSibling.offsetLeft < beside.root.offsetLeft ? beside.size.height : 0.6 * width);
  const views = sideBySide(amongPoints(fit, height), map);
  views.plots.reverse(); // the map is measured first
  const [outlier, restart] = [outlierButton(fit), restartButton(fit)];
  const parts = context.model.get("learns")
    ? [row(learner, outlier, restart), learner]
    : [sliders(fit), row(squaresButton(fit), bestButton(fit), outlier, restart), verdict(fit)];
  const close = figure(context, fit, [views, ...parts]);
  return () => { learner.stop(); close(); };
}

export default { render };
