"""The loss as a landscape, and a line as a point in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from ipywidgets import jslink
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import OnALine, bundle
from learning.explorables.fit_a_line import FitALine
from learning.optimization import line_gradient

LONGEST = 0.15  # of an arrow, as a share of the picture


class LossSurface(OnALine):
    """Contours of the mean squared error over (a, b), the reader's line, and the way downhill.

    The arrow points against the gradient. The steeper the ground, the longer it is, up to a length
    that still fits the picture.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    line
        A figure whose line is this one's point: what the reader moves in one moves in the other,
        with a kernel or without. This figure then begins where that one is.
    a, b
        Slope and intercept of the line. They follow the reader, and can be linked.
    a_range, b_range, grid
        The part of the plane that is shown, and the steps in which the point moves.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("loss_surface.js")

    a = traitlets.Float(0.0).tag(sync=True)
    b = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, x: Any, y: Any, *, line: FitALine | None = None, **traits: Any) -> None:
        if line is not None:
            shared = ("a", "b", "a_range", "b_range", "grid")
            traits = {**{name: getattr(line, name) for name in shared}, **traits}
        super().__init__(x, y, **traits)
        if line is not None:
            for name in ("a", "b"):
                jslink((line, name), (self, name))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Contours of the mean squared error over slope and intercept: long thin ellipses around"
            " the best line. A point can be moved, and an arrow leads from it downhill."
        )

    def static_figure(self) -> Figure:
        """Draw the contours, the point and the arrow."""
        x, y = self._data()
        figure = Figure(layout="constrained")
        ax = figure.add_subplot()
        self._draw_ground(ax)
        downhill = -line_gradient(self.a, self.b, x, y)
        steepness = float(np.hypot(*downhill)) or 1.0
        reach = LONGEST * (self.a_range[1] - self.a_range[0])
        ax.plot(self.a, self.b, "o", color=plots.FIRST)
        ax.annotate(
            "",
            xy=np.array([self.a, self.b]) + reach * downhill / steepness,
            xytext=(self.a, self.b),
            arrowprops={"arrowstyle": "->", "color": plots.SECOND, "linewidth": 2},
        )
        return figure
