"""What is left of the loss, axis by axis of the bowl, in units that the reader chooses."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.arrays import Floats
from learning.explorables.base import Explorable, bundle, interval, pair
from learning.optimization import Quadratic, line_quadratic

UNITS = ("share", "percent", "from the mean", "standardized")
TALL = (5.6, 5.6)  # inches: a still picture that is about as tall as the live one


class Conditioning(Explorable):
    """The excess loss of a line along the two axes of its bowl, as gradient descent shrinks them.

    The reader chooses the unit of x, and so the condition number, and the rate. What the formula
    predicts for each step is drawn as a line, and a run as dots. Since the mean squared error is a
    bowl, the figure needs four numbers of the data, not the points.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with, for x in its own unit.
    unit
        How x is counted: "share" as it is, "percent" a hundred times that, "from the mean", or
        "standardized", from the mean in standard deviations.
    rate
        The learning rate.
    steps, step
        How many steps the run has, and after how many of them the bars are shown.
    goal, within
        The task: an excess loss this small, in so many steps.
    rate_range, steps_range
        What the reader may choose. The sliders are logarithmic.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y do not have one shape (n,), or all x are the same; or if a range does not have
        its lower end first.
    """

    _esm = bundle("conditioning.js")

    mean = traitlets.Float(help="The mean of x.").tag(sync=True)
    spread = traitlets.Float(help="The standard deviation of x.").tag(sync=True)
    away = pair()  # the start, minus the least-squares line
    unit = traitlets.Enum(UNITS, "share").tag(sync=True)
    rate = traitlets.Float(0.1, min=0.0).tag(sync=True)
    steps = traitlets.Int(100, min=1).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    goal = traitlets.Float(1e-6, min=0.0).tag(sync=True)
    within = traitlets.Int(20, min=1).tag(sync=True)
    rate_range = interval()
    steps_range = interval()

    def __init__(self, x: Floats, y: Floats, *, start: Any, **traits: Any) -> None:
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"x and y must have one shape (n,), got {x.shape!r}, {y.shape!r}")
        if not x.std() > 0:
            raise ValueError(f"there must be two different x, got {np.unique(x).tolist()}")
        away = np.asarray(start) - line_quadratic(x, y).minimum
        data = {"mean": float(x.mean()), "spread": float(x.std()), "away": away.tolist()}
        ranges = {"rate_range": [1e-4, 2.0], "steps_range": [10.0, 100_000.0]}
        super().__init__(**{**ranges, **data, **traits})

    @property
    def bowl(self) -> Quadratic:
        """The excess loss in the unit, as a function of how far θ is from the best."""
        origin, size = self._scale()
        m, s = (self.mean - origin) / size, self.spread / size
        hessian = 2.0 * np.array([[m * m + s * s, m], [m, 1.0]])
        return Quadratic(hessian, np.zeros(2), 0.0)

    @property
    def begin(self) -> Floats:
        """Where the run begins, in the unit: how far θ is from the best, shape (2,)."""
        (origin, size), (a, b) = self._scale(), self.away
        return np.array([a * size, b + a * origin])

    @property
    def curvatures(self) -> Floats:
        """The eigenvalues of the Hessian, the larger first, shape (2,)."""
        return np.asarray(np.linalg.eigvalsh(self.bowl.hessian)[::-1], dtype=float)

    def shares(self, step: int) -> Floats:
        """Return the excess loss along the steep and the flat axis after some steps, shape (2,)."""
        values, axes = np.linalg.eigh(self.bowl.hessian)
        left = (1.0 - self.rate * values) ** step * (axes.T @ self.begin)
        return np.asarray(0.5 * values * left**2, dtype=float)[::-1]

    def _scale(self) -> tuple[float, float]:
        centred = self.mean if self.unit in UNITS[2:] else 0.0
        return centred, {"percent": 0.01, "standardized": self.spread}.get(self.unit, 1.0)

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Two plots with one logarithmic scale. Left, two bars: the excess loss along the steep"
            " and the flat axis of the bowl. Right, the excess loss against the step, predicted as"
            " a line and run as dots. The unit of x, the rate and the step can be chosen."
        )

    def static_figure(self) -> Figure:
        """Draw the bars and the log as they begin."""
        figure = Figure(figsize=TALL, layout="constrained")
        bars, log = figure.subplots(1, 2, sharey=True, width_ratios=(2, 3))
        bars.bar(
            ["steep axis", "flat axis"], self.shares(self.step), color=[plots.SECOND, plots.THIRD]
        )
        all_steps = range(self.steps + 1)
        predicted = np.array([self.shares(step).sum() for step in all_steps])
        plots.losses(log, all_steps, predicted, label="predicted", style="-")
        run = self.bowl.descend(self.begin, rate=self.rate, steps=self.steps)
        some = slice(0, self.step + 1, max(1, self.step // 20))
        log.plot(run.steps[some], run.losses[some], "o", color=plots.POINTS, markersize=3.5)
        bars.set(ylabel="excess loss", ylim=(0.1 * self.goal, 1e3))
        log.set_ylabel("")
        log.axhline(self.goal, color=plots.MINIMUM, linestyle="--")
        return figure
