"""What the figures of a run of gradient descent share."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from learning import plots
from learning.arrays import Floats
from learning.evaluation import mean_squared_error
from learning.explorables.base import OnALine, interval, pair
from learning.objective import fit
from learning.optimization import Rule, Trajectory, line_hessian
from learning.representation import Line

MOMENTS = 100  # of a long run that a still picture marks, about: each weighs on the page
TALL = (5.6, 6.4)  # inches: a still picture that is nearly as tall as the live one


class Descending(OnALine):
    """A figure of a run of gradient descent on the mean squared error of a line.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate
        The learning rate.
    steps, step
        How many steps the run has, and which of its moments is shown.
    rate_range
        What the reader may choose, on a logarithmic slider.
    traits
        What else the figure has, by name.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    start = pair()
    rate = traitlets.Float(0.1).tag(sync=True)
    steps = traitlets.Int(100, min=1).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    rate_range = interval()

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        super().__init__(x, y, **{"start": (0.0, 0.0), "y_range": (-1.0, 13.0), **traits})

    @property
    def curvatures(self) -> Floats:
        """The eigenvalues of the bowl, the smaller first."""
        return np.asarray(np.linalg.eigvalsh(line_hessian(np.array(self.x))), dtype=float)

    def _run(self, rule: Rule, **how: Any) -> Trajectory:
        line = Line(*self.start)
        return fit(line, mean_squared_error, *self._data(), rule, steps=self.steps, **how)[1]

    def _draw_path(self, ax: Axes, run: Trajectory) -> None:
        self._draw_ground(ax)
        plots.path(ax, np.vstack([run.parameters[_moments(run)], run.final]))

    def _draw_run(self, run: Trajectory, lit: Any = ()) -> tuple[Figure, Axes]:
        """Draw a run's path, its last line over the lit points, and its losses.

        Returns the figure and the axes of the line.
        """
        figure = Figure(figsize=TALL, layout="constrained")
        axes = figure.subplot_mosaic([["path", "path"], ["line", "loss"]], height_ratios=(3, 2))
        self._draw_path(axes["path"], run)
        x, y = self._data()
        plots.points(axes["line"], x, y, size=6.0)
        if len(lit):
            axes["line"].plot(x[lit], y[lit], "o", color=plots.GRADIENT, markersize=4)
        plots.line(axes["line"], *run.final)
        some = _moments(run)
        plots.losses(axes["loss"], run.steps[some], run.losses[some], label="loss", style="-")
        return figure, axes["line"]


def _moments(run: Trajectory) -> slice:
    return slice(None, None, max(1, len(run.steps) // MOMENTS))
