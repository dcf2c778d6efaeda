"""Gradient descent, step by step."""

from __future__ import annotations

from typing import Any

import traitlets
from matplotlib.figure import Figure

from learning.explorables.base import bundle, interval
from learning.explorables.descending import Descending
from learning.optimization import Momentum, Trajectory


class GradientDescent(Descending):
    """A run of gradient descent on the mean squared error of a line, at the reader's settings.

    On the rate's slider two rates are marked: the best one in the long run, and the one from which
    on a run diverges, 2 / λ_max (without momentum).

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate
        The learning rate.
    beta
        The share of earlier gradients that a step keeps: see `learning.optimization.Momentum`.
    steps, step
        How many steps the run has, and how many of them are shown.
    goal
        The task: a loss of this many times the least one, in few steps.
    presets
        Rates that get a button, by its text.
    a_range, b_range, grid, x_range, y_range
        The parts of the two planes that are shown, and the steps in which the start moves.
    rate_range, steps_range
        What the reader may choose. The sliders are logarithmic.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("gradient_descent.js")

    beta = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    goal = traitlets.Float(1.01, min=1.0).tag(sync=True)
    presets = traitlets.Dict(value_trait=traitlets.Float()).tag(sync=True)
    steps_range = interval()

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        ranges = {"rate_range": (0.001, 2.0), "steps_range": (10.0, 10_000.0)}
        super().__init__(x, y, **{**ranges, **traits})

    @property
    def largest_rate(self) -> float:
        """The rate from which on a run diverges: 2 (1 + beta) / λ_max."""
        return float(2.0 * (1.0 + self.beta) / self.curvatures[-1])

    @property
    def best_rate(self) -> float:
        """The rate that is fastest in the long run: 2 (1 + beta) / (λ_min + λ_max)."""
        return float(2.0 * (1.0 + self.beta) / self.curvatures.sum())

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        return self._run(Momentum(rate=self.rate, beta=self.beta))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Three plots. On contours of the mean squared error over slope and intercept, the path"
            " of gradient descent; beside it the line among the points, and the loss at each step."
            " Rate, momentum, steps and start can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the whole run: its path, its last line, and its losses."""
        figure, ax = self._draw_run(self.trajectory)
        ax.set(xlim=self.x_range, ylim=self.y_range)
        return figure
