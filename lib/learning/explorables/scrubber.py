"""A run of gradient descent under a slider."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import bundle, interval
from learning.explorables.descending import TALL, Descending
from learning.optimization import Descent, Trajectory


class Scrubber(Descending):
    """A run of gradient descent, frame by frame: the line, and its place on the landscape.

    The frames are even in loss, so that each of them lowers the loss above the least by the same
    factor, or even in time. The run is computed again when the reader moves its start.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate, steps
        The learning rate, and how many steps the run has.
    frames
        How many frames it is shown in, at most, besides the start.
    step
        Which frame is shown, counted from 0.
    by_loss
        Whether the frames are even in loss; else they are even in time.
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

    _esm = bundle("scrubber.js")

    frames = traitlets.Int(40, min=1).tag(sync=True)
    by_loss = traitlets.Bool(True).tag(sync=True)
    steps_range = interval()

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        ranges = {"rate_range": (0.001, 1.0), "steps_range": (10.0, 10_000.0)}
        super().__init__(x, y, **{"rate": 0.01, "steps": 1000, **ranges, **traits})

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        return self._run(Descent(rate=self.rate))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Two plots. A line among the points, and its path over the contours of the loss. A"
            " slider goes through the frames of a run of gradient descent; its start can be moved."
        )

    def static_figure(self) -> Figure:
        """Draw the whole run: lines on the way, and its path."""
        x, y = self._data()
        run = self.trajectory
        figure = Figure(figsize=TALL, layout="constrained")
        upper, lower = figure.subplots(2, 1, height_ratios=(2, 3))
        plots.points(upper, x, y, size=6.0)
        for a, b in run.parameters[:: max(self.steps // 10, 1)]:
            upper.plot(
                self.x_range, a * np.array(self.x_range) + b, color=plots.MODEL, linewidth=0.8
            )
        upper.set(xlim=self.x_range, ylim=self.y_range)
        self._draw_path(lower, run)
        return figure
