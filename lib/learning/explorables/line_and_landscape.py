"""A line among points, and the loss of all lines as a landscape."""

from __future__ import annotations

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import bundle
from learning.explorables.fit_a_line import FitALine
from learning.optimization import line_gradient

LONGEST = 0.15  # of an arrow, as a share of the picture


class LineAndLandscape(FitALine):
    """A line among points, and beside it the same line as a point in the landscape of its loss.

    What the reader moves in one view moves in the other. The arrow points against the gradient.
    The steeper the ground, the longer it is, up to a length that still fits the picture. All lines
    through a chosen point are a line in the landscape, and the point's residual is how far above
    or below it the reader's line lies.

    Parameters
    ----------
    learns
        Whether the figure has a button that lets gradient descent take over from the reader, and
        answers in words, in the place of sliders and of the judgment.

    The other parameters, and what is raised, are those of `FitALine`.
    """

    _esm = bundle("line_and_landscape.js")

    learns = traitlets.Bool(False).tag(sync=True)

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            f"Two plots. Left, {len(self.x)} points and a line that can be moved. Right, contours"
            " of the mean squared error over slope and intercept: long thin ellipses around the"
            " best line. The line is a point there, and an arrow leads from it downhill."
        )

    def static_figure(self) -> Figure:
        """Draw the points and the line, and beside them the contours, the point and the arrow."""
        figure = Figure(figsize=(5.6, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        self._draw_line(left)
        self._draw_ground(right)
        downhill = -line_gradient(self.a, self.b, *self._data())
        steepness = float(np.hypot(*downhill)) or 1.0
        reach = LONGEST * (self.a_range[1] - self.a_range[0])
        right.plot(self.a, self.b, "o", color=plots.MODEL)
        right.annotate(
            "",
            xy=np.array([self.a, self.b]) + reach * downhill / steepness,
            xytext=(self.a, self.b),
            arrowprops={"arrowstyle": "->", "color": plots.GRADIENT, "linewidth": 2},
        )
        return figure
