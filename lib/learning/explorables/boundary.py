"""A boundary between two classes, and three maps of how bad it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from learning import plots
from learning.evaluation import binary_cross_entropy_loss, mean_squared_error
from learning.explorables.base import Explorable, bundle, interval, pair
from learning.representation import LogisticRegression, sigmoid

ROOM = 1.1  # around the points
BANDS = 11  # of a map


class Boundary(Explorable):
    """Points of two classes, and a boundary that the reader turns, shifts and makes steeper.

    The three maps show over the two weights, at the bias that is set, how bad a model is: its share
    of mistakes, the squared error of its probabilities, and its cross-entropy. The reader's model
    is a point on each, and gradient descent goes on from there, ten times as far at each press.

    Parameters
    ----------
    x, y
        The points, shape (n, 2), and their classes 0 and 1, shape (n,).
    apart
        The points in other places, shape (n, 2), to which a button moves them; or none.
    weights, bias
        The model. They follow the reader, and can be linked.
    maps
        Whether the maps are shown.
    few, goal
        How many mistakes, or which cross-entropy, the reader is to reach; or None.
    pulled
        Whether the points are in the other places.
    steps
        How many steps of descent are shown: 0 or a power of ten.
    x_range, y_range
        The part of the plane that is shown; by default, it holds all points.
    w_range
        The weights that the maps show, and the greatest steepness.
    x_label, y_label
        What the axes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x, y or apart breaks its rule, or a range does not have its lower end first.
    """

    _esm = bundle("boundary.js")

    x = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    apart = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    weights = pair()
    bias = traitlets.Float(0.0).tag(sync=True)
    maps = traitlets.Bool(True).tag(sync=True)
    few = traitlets.Int(None, allow_none=True).tag(sync=True)
    goal = traitlets.Float(None, allow_none=True).tag(sync=True)
    pulled = traitlets.Bool(False).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=100_000).tag(sync=True)
    x_range = interval()
    y_range = interval()
    w_range = interval()
    x_label = traitlets.Unicode("x₁").tag(sync=True)
    y_label = traitlets.Unicode("x₂").tag(sync=True)

    def __init__(self, x: Any, y: Any, *, apart: Any = (), **traits: Any) -> None:
        points, classes = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        places = np.asarray(apart, dtype=float) if len(apart) else np.empty((0, 2))
        _check(points, classes, places)
        reach = ROOM * np.abs(np.concatenate([points, places])).max(axis=0)
        settings = {
            "weights": (1.0, 0.0),
            "w_range": (-10.0, 10.0),
            "x_range": (-reach[0], reach[0]),
            "y_range": (-reach[1], reach[1]),
            **traits,
        }
        lists = {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
        held = {"x": points.tolist(), "y": classes.tolist(), "apart": places.tolist()}
        super().__init__(**held, **lists)

    @traitlets.default("alt")
    def _describe(self) -> str:
        text = f"{len(self.x)} points of two classes, and a boundary that can be moved."
        maps = " Below, three maps of how bad it is: mistakes, squared error, cross-entropy."
        return text + maps if self.maps else text

    def static_figure(self) -> Figure:
        """Draw the points and the boundary, and the maps if they are shown."""
        if not self.maps:
            figure = Figure(layout="constrained")
            self._draw_plane(figure.add_subplot())
            return figure
        figure = Figure(figsize=(5.6, 5.6), layout="constrained")
        cells = figure.add_gridspec(2, 3, height_ratios=[1.7, 1])
        self._draw_plane(figure.add_subplot(cells[0, :]))
        for i, (name, height) in enumerate(self._heights().items()):
            self._draw_map(figure.add_subplot(cells[1, i]), name, height)
        return figure

    def _draw_plane(self, ax: Axes) -> None:
        points = np.array(self.apart if self.pulled else self.x)
        plots.classes(ax, points, np.array(self.y))
        grid = np.meshgrid(_places(self.x_range, 9), _places(self.y_range, 9))
        logits = LogisticRegression(np.array(self.weights), self.bias).logits()
        ax.contour(*grid, logits(np.stack(grid, axis=-1)), levels=[0.0], colors=plots.MODEL)
        ax.set(xlabel=self.x_label, ylabel=self.y_label, xlim=self.x_range, ylim=self.y_range)
        ax.grid(visible=False)

    def _heights(self) -> dict[str, NDArray[np.float64]]:
        """Return the three maps' heights over the weights, shape (k, k) each."""
        x, y = np.array(self.apart if self.pulled else self.x), np.array(self.y)
        w = _places(self.w_range, 41)
        models = np.stack(np.meshgrid(w, w), axis=-1).reshape(-1, 2)
        logits = models @ x.T + self.bias  # (k k, n)
        heights: dict[str, Sequence[Any]] = {
            "mistakes": [np.mean((z > 0) != (y > 0.5)) for z in logits],
            "squared error": [mean_squared_error(sigmoid(z), y) for z in logits],
            "cross-entropy": [binary_cross_entropy_loss(z, y) for z in logits],
        }
        return {name: np.array(each).reshape(len(w), -1) for name, each in heights.items()}

    def _draw_map(self, ax: Axes, name: str, height: NDArray[np.float64]) -> None:
        w = _places(self.w_range, len(height))
        plots.ground(ax, w, w, height, levels=np.linspace(height.min(), height.max(), BANDS + 1))
        ax.plot(*self.weights, "o", color=plots.MODEL)
        ax.set(title=name, aspect="equal", xlabel="w₁", xticks=[*self.w_range], yticks=[])
        ax.grid(visible=False)


def _places(ends: Sequence[float], count: int) -> NDArray[np.float64]:
    return np.linspace(ends[0], ends[1], count)


def _check(x: NDArray[Any], y: NDArray[Any], apart: NDArray[Any]) -> None:
    if x.ndim != 2 or x.shape[1] != 2 or y.shape != x.shape[:1] or len(x) < 1:
        raise ValueError(f"x and y must have shapes (n, 2) and (n,), got {x.shape!r}, {y.shape!r}")
    if not (np.isfinite(x).all() and np.isfinite(apart).all()):
        raise ValueError("x and apart must be finite, got inf or nan among them")
    if not set(y.tolist()) <= {0.0, 1.0}:
        raise ValueError(f"y must be 0 or 1, got {sorted(set(y.tolist()))!r}")
    if len(apart) and apart.shape != x.shape:
        raise ValueError(f"apart must have the shape of x, got {apart.shape!r}, {x.shape!r}")
