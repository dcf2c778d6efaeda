"""Functions that draw: each takes an Axes, draws onto it, and returns it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from learning.optimization import least_squares_line
from learning.plots.style import EDGE, FIRST, MINIMUM, MODEL, POINTS, RESIDUAL

Floats = NDArray[np.float64]


def points(ax: Axes, x: Floats, y: Floats, *, size: float = 14.0) -> Axes:
    """Draw data, shape (n,) each, as dots; size is a dot's area in square points."""
    ax.scatter(x, y, s=size, color=POINTS, label="data")
    ax.set(xlabel="x", ylabel="y")
    return ax


def line(ax: Axes, a: float, b: float, *, color: str = MODEL, style: str = "-") -> Axes:
    """Draw the line a x + b from x = 0 to x = 1, labelled with its formula."""
    label = f"{a:g} x {'+' if b >= 0 else '-'} {abs(b):g}"
    ax.plot([0.0, 1.0], [b, a + b], style, color=color, label=label)
    return ax


def residuals(ax: Axes, x: Floats, y: Floats, prediction: Floats) -> Axes:
    """Draw a vertical stroke from each point to its prediction; shape (n,) each."""
    ax.vlines(x, y, prediction, color=RESIDUAL, linewidth=0.8, label="residual")
    return ax


def losses(
    ax: Axes,
    steps: Sequence[int] | NDArray[np.int64],
    values: Sequence[float] | Floats,
    *,
    label: str,
    color: str = FIRST,
    style: str = "o-",
) -> Axes:
    """Draw losses against steps, the losses on a logarithmic scale."""
    ax.semilogy(steps, values, style, color=color, label=label, markersize=4)
    ax.set(xlabel="step", ylabel="mean squared error")
    return ax


def bowl(ax: Axes, x: Floats, y: Floats, *, a: Floats, b: Floats) -> Axes:
    """Draw the mean squared error of lines as contours over slopes a and intercepts b.

    Parameters
    ----------
    ax
        Where to draw.
    x, y
        The data, shape (n,) each.
    a, b
        The grid: shape (k,) and shape (m,).
    """
    grid_a, grid_b = np.meshgrid(a, b)  # (m, k) each
    m2, m1 = (x * x).mean(), x.mean()
    da, db = grid_a - (best := least_squares_line(x, y))[0], grid_b - best[1]
    error = ((best[0] * x + best[1] - y) ** 2).mean() + m2 * da**2 + 2 * m1 * da * db + db**2
    levels = np.geomspace(error.min(), error.max(), 12)
    ax.contour(grid_a, grid_b, error, levels=levels, colors=EDGE, linewidths=0.8)
    # Above any path that leads there.
    ax.plot(*best, "*", color=MINIMUM, markersize=12, label="least squares", zorder=3)
    ax.set(xlabel="slope a", ylabel="intercept b")
    return ax


def path(ax: Axes, parameters: Floats, *, color: str = MODEL, label: str = "path") -> Axes:
    """Draw the parameters that a run visited, shape (k, 2), as a line with dots."""
    ax.plot(parameters[:, 0], parameters[:, 1], ".-", color=color, label=label, linewidth=1.2)
    return ax
