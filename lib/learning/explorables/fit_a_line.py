"""Fit a line by hand."""

from __future__ import annotations

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from learning import plots
from learning.evaluation import mean_squared_error
from learning.explorables.base import OnALine, bundle
from learning.representation import Line

ROOM = 0.15  # above and below the points, as a share of their range


class FitALine(OnALine):
    """Points, and a line that the reader moves by its slope and intercept or by its two ends.

    The points can be moved as well, points and an outlier added; the best line follows.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    a, b
        The line's slope and intercept. They follow the reader, and can be linked.
    judged
        Whether the residuals and the mean squared error are shown.
    goal
        A mean squared error to get below, or None.
    squares
        Whether a square stands on each residual; its area is the squared residual.
    revealed
        Whether the line of least mean squared error is shown.
    a_range, b_range, grid
        Where a and b can be moved, and in which steps.
    x_range, y_range
        The part of the plane that is shown; more of it, while the line or a point is farther away.
        The line's ends are at the ends of x_range. By default, y_range fits the points.
    x_label, y_label
        What the axes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("fit_a_line.js")

    a = traitlets.Float(0.0).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)
    judged = traitlets.Bool(True).tag(sync=True)
    goal = traitlets.Float(None, allow_none=True).tag(sync=True)
    squares = traitlets.Bool(False).tag(sync=True)
    revealed = traitlets.Bool(False).tag(sync=True)
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    @traitlets.default("y_range")
    def _around_the_points(self) -> list[float]:
        low, high = min(self.y), max(self.y)
        room = ROOM * (high - low) or ROOM
        return [low - room, high + room]

    @property
    def loss(self) -> float:
        """The mean squared error of the line, in units of y squared."""
        x, y = self._data()
        return float(mean_squared_error(Line(self.a, self.b)(x), y))

    @traitlets.default("alt")
    def _describe(self) -> str:
        shown = " with a stroke from each point to the line" if self.judged else ""
        return f"{len(self.x)} points and a line that can be moved{shown}."

    def static_figure(self) -> Figure:
        """Draw the points and the line, with the residuals if they are judged."""
        figure = Figure(layout="constrained")
        self._draw_line(figure.add_subplot())
        return figure

    def _draw_line(self, ax: Axes) -> None:
        x, y = self._data()
        plots.points(ax, x, y)
        line, ends = Line(self.a, self.b), np.array(self.x_range)
        if self.judged:
            plots.residuals(ax, x, y, line(x))
        ax.plot(ends, line(ends), color=plots.MODEL)
        ax.set(xlim=self.x_range, xlabel=self.x_label, ylabel=self.y_label)
        ax.set_ylim(min(self.y_range[0], *line(ends)), max(self.y_range[1], *line(ends)))
