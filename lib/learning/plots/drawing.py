"""Functions that draw: each takes an Axes, draws onto it, and returns it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from learning.optimization import line_quadratic
from learning.plots.style import EDGE, FIRST, INTERCEPT, MINIMUM, MODEL, POINTS, RESIDUAL, SLOPE

Floats = NDArray[np.float64]

BANDS = 11  # of a map
DARKEST = 0.5  # how much of its colour the highest band has


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
    ax.yaxis.set_major_formatter("{x:g}")  # a power's exponent would be too small on a phone
    return ax


def bowl(ax: Axes, x: Floats, y: Floats, *, a: Floats, b: Floats) -> Axes:
    """Draw the mean squared error of lines as a map over slopes a and intercepts b.

    ``L(a, b) = mean((a x + b - y)²)``. The axes are equal, so that a step downhill crosses the
    contours at right angles. The lower the loss, the nearer a band's colour is to the ground's.

    Parameters
    ----------
    ax
        Where to draw.
    x, y
        The data, shape (n,) each.
    a, b
        The grid: shape (k,) and shape (m,), rising.

    Returns
    -------
    The axes.
    """
    grid_a, grid_b = np.meshgrid(a, b)  # (m, k) each
    loss = line_quadratic(x, y)
    away = np.stack([grid_a, grid_b], axis=-1) - loss.minimum  # (m, k, 2)
    error = loss.least + 0.5 * np.einsum("...i,ij,...j", away, loss.hessian, away)
    levels = np.geomspace(error.min(), error.max(), BANDS + 1)
    colors = [to_rgba(EDGE, alpha) for alpha in np.linspace(0.0, DARKEST, BANDS)]
    ax.contourf(grid_a, grid_b, error, levels=levels, colors=colors)
    ax.contour(grid_a, grid_b, error, levels=levels, colors=EDGE, linewidths=0.5)
    # Above any path that leads there.
    ax.plot(*loss.minimum, "*", color=MINIMUM, markersize=12, label="least squares", zorder=3)
    ax.set_xlabel("slope a", color=SLOPE)
    ax.set_ylabel("intercept b", color=INTERCEPT)
    ax.set_aspect("equal")
    ax.set(xlim=(a[0], a[-1]), ylim=(b[0], b[-1]))
    ax.grid(visible=False)
    return ax


def path(ax: Axes, parameters: Floats, *, color: str = MODEL, label: str = "path") -> Axes:
    """Draw the parameters that a run visited, shape (k, 2), as a line with dots."""
    ax.plot(parameters[:, 0], parameters[:, 1], ".-", color=color, label=label, linewidth=1.2)
    return ax
