"""Four lines, each the best by another loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.arrays import Floats
from learning.explorables.base import OnALine, bundle, interval
from learning.optimization import huber_line, least_squares_line, log_cosh_line, quantile_line
from learning.representation import Line

ROOM = 0.15  # above and below the points, as a share of their range
NAMES = {"squared": "squared", "absolute": "absolute", "huber": "Huber", "logcosh": "log-cosh"}
LOOKS = {
    "squared": (plots.FIRST, "-"),
    "absolute": (plots.SECOND, "-"),
    "huber": (plots.THIRD, "-"),
    "logcosh": (plots.INK, ":"),
}


class FourLosses(OnALine):
    """Points that the reader moves, and the best lines by four losses.

    They are the squared, the absolute, the Huber and the log-cosh loss.

    Beside them stands how hard the chosen point pulls at each line: the derivative of the loss by
    the prediction, over the residual.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    width
        The width of the Huber and of the log-cosh loss, in units of y.
    shown
        Which lines are shown: some of "squared", "absolute", "huber" and "logcosh".
    chosen
        The number of the point that is chosen; by default the one farthest to the right.
    x_range, y_range
        The part of the plane that is shown; more of it, while a point is farther away.
    x_reach, y_reach
        How far a point can be moved.
    grid
        By how much a key moves a point up or down.
    x_label, y_label
        What the axes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, a range does not have its lower end first, or there is no such
        line or point.
    """

    _esm = bundle("four_losses.js")

    width = traitlets.Float(0.4, min=0.05, max=20.0).tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    x_reach = interval()
    y_reach = interval()
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        lines = {"shown": list(NAMES), "x_reach": (-30.0, 30.0), "y_reach": (-30.0, 60.0)}
        chosen = {"chosen": int(np.argmax(x))} if np.size(x) else {}
        super().__init__(x, y, **{"grid": 0.1, **lines, **chosen, **traits})

    @traitlets.validate("shown")
    def _check_lines(self, proposal: Any) -> Any:
        unknown = set(proposal["value"]) - set(NAMES)
        if unknown:
            raise ValueError(f"shown may hold {list(NAMES)}, got {sorted(unknown)}")
        return proposal["value"]

    @traitlets.validate("chosen")
    def _check_point(self, proposal: Any) -> Any:
        number, n = proposal["value"], len(self.x)
        if not 0 <= number < max(n, 1):
            raise ValueError(f"chosen must be from 0 to n - 1, got {number!r} for n = {n}")
        return number

    @traitlets.default("y_range")
    def _around_the_points(self) -> list[float]:
        low, high = min(self.y), max(self.y)
        room = ROOM * (high - low) or ROOM
        return [low - room, high + room]

    @property
    def lines(self) -> Mapping[str, Floats]:
        """The best line by each loss: its a and b, shape (2,)."""
        x, y = self._data()
        return {
            "squared": least_squares_line(x, y),
            "absolute": quantile_line(x, y),
            "huber": huber_line(x, y, width=self.width),
            "logcosh": log_cosh_line(x, y, width=self.width),
        }

    @traitlets.default("alt")
    def _describe(self) -> str:
        return f"{len(self.x)} points that can be moved and the best lines by four losses."

    def static_figure(self) -> Figure:
        """Draw the points and the lines that are shown, with their slopes."""
        figure = Figure(layout="constrained")
        ax = figure.add_subplot()
        plots.points(ax, *self._data())
        ends = np.array(self.x_range)
        for name, theta in self.lines.items():
            if name in self.shown:
                color, style = LOOKS[name]
                label = f"{NAMES[name]}: slope {theta[0]:.2f}"
                ax.plot(ends, Line(*theta)(ends), style, color=color, label=label)
        ax.set(xlim=self.x_range, ylim=self.y_range, xlabel=self.x_label, ylabel=self.y_label)
        ax.legend()
        return figure
