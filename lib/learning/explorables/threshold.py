"""A threshold on the scores of two classes, and all that moves with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from learning import plots
from learning.evaluation import area_under_roc_score, roc_curve
from learning.explorables.base import Explorable, bundle, interval

BIN = 0.5  # of the histograms, in units of the score


class Threshold(Explorable):
    """Scores of days with a yes and with a no, and a threshold from which a yes is said.

    The confusion matrix, the places on the ROC and the precision-recall curve and the cost move
    with the threshold. The share of yes and the cost of a miss can be chosen; the scores stay.

    Parameters
    ----------
    score
        The log-odds that a model gave, shape (n,).
    target
        What happened, 0 or 1, both there; shape (n,).
    threshold
        The score from which a yes is said. It follows the reader, as the next two do.
    share
        The share of yes among all days: each day is weighted accordingly.
    miss_cost
        What a miss costs; a false alarm costs 1.
    fitted_share
        The share of yes for which the log-odds were fitted.
    score_range
        The part of the scores that is shown, and in which the threshold can be moved.
    x_label, yes_label, no_label
        What the scores and the two classes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If score and target break their rule, or the range does not have its lower end first.
    """

    _esm = bundle("threshold.js")

    score = traitlets.List(traitlets.Float()).tag(sync=True)
    target = traitlets.List(traitlets.Float()).tag(sync=True)
    threshold = traitlets.Float(0.0).tag(sync=True)
    share = traitlets.Float(0.5, min=1e-6, max=1 - 1e-6).tag(sync=True)
    miss_cost = traitlets.Float(1.0, min=1e-6).tag(sync=True)
    fitted_share = traitlets.Float(0.5, min=1e-6, max=1 - 1e-6).tag(sync=True)
    score_range = interval()
    x_label = traitlets.Unicode("log-odds of a yes").tag(sync=True)
    yes_label = traitlets.Unicode("yes").tag(sync=True)
    no_label = traitlets.Unicode("no").tag(sync=True)

    def __init__(self, score: Any, target: Any, **traits: Any) -> None:
        scores, targets = np.asarray(score, dtype=float), np.asarray(target, dtype=float)
        area_under_roc_score(scores, targets)  # refuses what is no score or no target
        settings = {"score_range": (-5.0, 5.0), **traits}
        settings = {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
        super().__init__(score=scores.tolist(), target=targets.tolist(), **settings)

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            f"Histograms of the scores of {len(self.score)} days, of a yes upwards and of a no"
            " downwards, with a threshold that can be moved. Below, the ROC curve and the"
            " precision-recall curve with the place of the threshold on them, and the four counts"
            " of a confusion matrix. The share of yes and the cost of a miss can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the histograms with the threshold, and its place on the two curves."""
        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        grid = figure.add_gridspec(2, 2)
        self._draw_days(figure.add_subplot(grid[0, :]))
        self._draw_curves(figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1]))
        return figure

    def _draw_days(self, ax: Axes) -> None:
        score, target = np.array(self.score), np.array(self.target)
        edges = np.arange(self.score_range[0], self.score_range[1] + BIN / 2, BIN).tolist()
        upwards = {1.0: (self.share, plots.SECOND), 0.0: (self.share - 1, plots.POINTS)}
        for kind, (weight, color) in upwards.items():
            of = np.clip(score[target == kind], edges[0], edges[-1])
            ax.hist(of, edges, weights=np.full(len(of), weight / len(of)), color=color, alpha=0.6)
        ax.axvline(self.threshold, color=plots.MODEL)
        ax.yaxis.set_major_formatter(lambda share, _: f"{abs(share):.0%}")
        ax.set(xlabel=self.x_label, ylabel="share of days")

    def _draw_curves(self, left: Axes, right: Axes) -> None:
        false, true, thresholds = roc_curve(np.array(self.score), np.array(self.target))
        alarms = (1 - self.share) * false[1:]
        precision = self.share * true[1:] / (self.share * true[1:] + alarms)
        at = int(np.sum(thresholds >= self.threshold)) - 1
        left.plot([0, 1], [0, 1], ":", color=plots.POINTS)
        left.plot(false, true, color=plots.MODEL)
        left.plot(false[at], true[at], "o", color=plots.MODEL)
        left.set(xlabel="false positive rate", ylabel="recall", aspect="equal")
        right.plot(true[1:], precision, color=plots.MODEL)
        right.plot(true[1:][at - 1 : at], precision[at - 1 : at], "o", color=plots.MODEL)
        right.set(xlabel="recall", ylabel="precision", ylim=(0, 1.02), aspect="equal")
