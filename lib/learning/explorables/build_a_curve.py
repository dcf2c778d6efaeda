"""Build a curve of hinges by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from learning import plots
from learning.evaluation import mean_squared_error
from learning.explorables.base import Explorable, bundle, interval
from learning.representation import FeedForward

ROOM = 0.15  # above and below the points, as a share of their range
TALL = (5.6, 5.2)  # inches


class BuildACurve(Explorable):
    """Points, and a curve of hinges that the reader builds from hidden units.

    The curve is ``start + Σ bend max(0, x - place)``, a unit each. Units can be added and removed,
    and each corner moved: sideways it moves its unit's place, up and down the weight of the unit
    before it. Below, each unit's own part is shown.

    Parameters
    ----------
    x, y
        The points to be met, shape (n,) each.
    start, places, bends
        The curve: its height at the left end, where each unit begins, and each unit's weight. The
        places rise from the left end of x_range. They follow the reader.
    goal
        A mean squared error to get below, or None.
    most
        How many units there can be.
    grid
        The corners move in steps of this.
    x_range, y_range
        The part of the plane that is shown. By default, y_range fits the points.
    x_label, y_label
        What the axes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y do not have one length or hold what is not finite; if there is not one bend a
        place, there are more than `most`, or the places do not rise from the left end.
    """

    _esm = bundle("build_a_curve.js")

    x = traitlets.List(traitlets.Float()).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    start = traitlets.Float(0.0).tag(sync=True)
    places = traitlets.List(traitlets.Float()).tag(sync=True)
    bends = traitlets.List(traitlets.Float()).tag(sync=True)
    goal = traitlets.Float(None, allow_none=True).tag(sync=True)
    most = traitlets.Int(6, min=1).tag(sync=True)
    grid = traitlets.Float(0.1, min=1e-6).tag(sync=True)
    x_range = interval()
    y_range = interval()
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    def __init__(
        self,
        x: Sequence[float] | NDArray[np.float64],
        y: Sequence[float] | NDArray[np.float64],
        **traits: Any,
    ) -> None:
        xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if xs.shape != ys.shape or xs.ndim != 1 or not xs.size:
            raise ValueError(f"x and y must have one shape (n,), got {xs.shape!r}, {ys.shape!r}")
        if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
            raise ValueError("x and y must be finite, got inf or nan among them")
        settings: dict[str, Any] = {"x_range": (0.0, 1.0), **traits}
        left = settings["x_range"][0]
        settings = {"places": [left], "bends": [0.0], **settings}
        settings = {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
        super().__init__(x=xs.tolist(), y=ys.tolist(), **settings)
        if not 1 <= len(self.places) == len(self.bends) <= self.most:
            counts = len(self.places), len(self.bends), self.most
            raise ValueError(f"there must be 1 to most places, and as many bends, got {counts!r}")
        if self.places[0] != left or (np.diff([*self.places, self.x_range[1]]) <= 0).any():
            raise ValueError(f"places must rise from the left end, {left!r}, got {self.places!r}")

    @traitlets.default("y_range")
    def _around_the_points(self) -> list[float]:
        low, high = min(self.y), max(self.y)
        room = ROOM * (high - low) or ROOM
        return [low - room, high + room]

    @property
    def network(self) -> FeedForward:
        """The curve as a network with one row of hidden units."""
        places, bends = np.array(self.places), np.array(self.bends)
        hidden = (np.ones((1, len(places))), -places)
        return FeedForward((hidden, (bends[:, None], np.array([self.start]))))

    @property
    def loss(self) -> float:
        """The mean squared error of the curve, in units of y squared."""
        x, y = np.array(self.x), np.array(self.y)
        return float(mean_squared_error(self.network(x[:, None])[:, 0], y))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            f"{len(self.x)} points and a curve of straight pieces, whose corners can be moved."
            " Below, what each hidden unit adds to it."
        )

    def static_figure(self) -> Figure:
        """Draw the points and the curve, and each unit's part below."""
        figure = Figure(figsize=TALL, layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        ends = np.array([*self.places, self.x_range[1]])
        plots.points(top, np.array(self.x), np.array(self.y), size=6.0)
        top.plot(ends, self.network(ends[:, None])[:, 0], "o-", color=plots.MODEL)
        for place, bend in zip(self.places, self.bends, strict=True):
            bottom.plot(ends, bend * np.maximum(0.0, ends - place), color=plots.SECOND)
        top.set(xlim=self.x_range, ylim=self.y_range, xlabel="", ylabel=self.y_label)
        bottom.set(xlabel=self.x_label, ylabel="each unit's part")
        return figure
