"""Gradient descent, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.evaluation import mean_squared_error
from learning.explorables.base import OnALine, bundle, interval
from learning.objective import fit
from learning.optimization import Descent, Trajectory, line_hessian
from learning.representation import Line


class GradientDescent(OnALine):
    """A run of gradient descent on the mean squared error of a line, at the reader's settings.

    The rate 2 / λ_max, from which on a run diverges, is marked on the rate's slider.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate
        The learning rate.
    steps
        How many steps the run has.
    step
        How many of them are shown.
    a_range, b_range, grid
        The part of the plane that is shown, and the steps in which the start moves.
    rate_range, steps_range
        What the reader may choose. The rate's slider is logarithmic.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("gradient_descent.js")

    start = interval()
    rate = traitlets.Float(0.1).tag(sync=True)
    steps = traitlets.Int(100).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    rate_range = interval()
    steps_range = interval()

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        ranges = {"rate_range": (0.001, 1.0), "steps_range": (10.0, 500.0)}
        super().__init__(x, y, **{"start": (0.0, 0.0), **ranges, **traits})

    @property
    def largest_rate(self) -> float:
        """The rate from which on a run diverges: 2 / λ_max."""
        return float(2.0 / np.linalg.eigvalsh(line_hessian(np.array(self.x)))[-1])

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        x, y = self._data()
        start, rule = Line(*self.start), Descent(rate=self.rate)
        _, run = fit(start, mean_squared_error, x, y, rule, steps=self.steps)
        return run

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Two plots. On contours of the mean squared error over slope and intercept, the path of"
            " gradient descent; beside it, the loss at each step. Rate, steps and start can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the whole run: its path, and its losses."""
        run = self.trajectory
        figure = Figure(figsize=(7.2, 3.4), layout="constrained")
        left, right = figure.subplots(1, 2)
        self._draw_ground(left)
        plots.path(left, np.vstack([run.parameters, run.final]))
        plots.losses(right, run.steps, run.losses, label="loss", style="-")
        return figure
