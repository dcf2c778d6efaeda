"""Functions that draw: each takes an Axes, draws onto it, and returns it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from numpy.typing import NDArray

from learning.optimization import line_quadratic
from learning.plots.style import (
    EDGE,
    FIRST,
    INTERCEPT,
    MINIMUM,
    MODEL,
    POINTS,
    RESIDUAL,
    SECOND,
    SLOPE,
)

Floats = NDArray[np.float64]

BANDS = 11  # of a map
DARKEST = 0.5  # how much of its colour the highest band has


def points(ax: Axes, x: Floats, y: Floats, *, size: float = 14.0) -> Axes:
    """Draw data as dots.

    Parameters
    ----------
    ax
        Where to draw.
    x, y
        The data, shape (n,) each.
    size
        A dot's area, in square points.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> points(ax, np.array([0.0, 1.0]), np.array([8.0, 11.0])).get_xlabel()
    'x'
    """
    ax.scatter(x, y, s=size, color=POINTS, label="data")
    ax.set(xlabel="x", ylabel="y")
    return ax


def classes(ax: Axes, x: Floats, y: Floats, *, size: float = 20.0) -> Axes:
    """Draw points of two classes in the plane: full dots for y = 1, rings for y = 0.

    The axes are equal, so that a boundary stands at a right angle on its weights.

    Parameters
    ----------
    ax
        Where to draw.
    x, y
        The points, shape (n, 2), and their classes, shape (n,).
    size
        A dot's area, in square points.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> x = np.array([[0.0, 1.0], [2.0, 3.0]])
    >>> dots, rings = classes(ax, x, np.array([1.0, 0.0])).collections
    >>> rings.get_offsets().tolist()
    [[2.0, 3.0]]
    """
    yes = y > 0.5
    ax.scatter(x[yes, 0], x[yes, 1], s=size, color=SECOND, label="yes")
    ax.scatter(x[~yes, 0], x[~yes, 1], s=size, facecolors="none", edgecolors=POINTS, label="no")
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    return ax


def line(ax: Axes, a: float, b: float, *, color: str = MODEL, style: str = "-") -> Axes:
    """Draw the line ``a x + b`` from x = 0 to x = 1, labelled with its formula.

    Parameters
    ----------
    ax
        Where to draw.
    a, b
        The slope and the intercept.
    color, style
        As Matplotlib has them.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> line(ax, 10.0, -5.0).lines[0].get_label()
    '10 x - 5'
    """
    label = f"{a:g} x {'+' if b >= 0 else '-'} {abs(b):g}"
    ax.plot([0.0, 1.0], [b, a + b], style, color=color, label=label)
    return ax


def residuals(ax: Axes, x: Floats, y: Floats, prediction: Floats) -> Axes:
    """Draw the residuals, ``prediction - y``, as vertical strokes from points to predictions.

    Parameters
    ----------
    ax
        Where to draw.
    x, y
        The data, shape (n,) each.
    prediction
        What a model says at each x, shape (n,).

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> strokes = residuals(ax, np.array([0.5]), np.array([9.0]), np.array([10.0]))
    >>> strokes.collections[0].get_segments()[0]
    array([[ 0.5,  9. ],
           [ 0.5, 10. ]])
    """
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
    """Draw the losses of a run against its steps, on a logarithmic scale.

    Parameters
    ----------
    ax
        Where to draw.
    steps, values
        The logged steps and the loss at each, shape (k,) each; losses are positive.
    label
        What a legend calls the run.
    color, style
        As Matplotlib has them.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> losses(ax, [0, 1000], [89.0, 0.9], label="all points").get_yscale()
    'log'
    """
    ax.semilogy(steps, values, style, color=color, label=label, markersize=4)
    ax.set(xlabel="step", ylabel="mean squared error")
    ax.yaxis.set_major_formatter("{x:g}")  # a power's exponent would be too small on a phone
    return ax


def ground(ax: Axes, a: Floats, b: Floats, height: Floats, *, levels: Floats) -> Axes:
    """Draw heights over a plane as bands: the lower, the nearer to the ground's colour.

    Parameters
    ----------
    ax
        Where to draw.
    a, b
        The grid: shape (k,) and shape (m,), rising.
    height
        Shape (m, k): a row for each b.
    levels
        Where one band ends and the next begins, rising; shape (bands + 1,).

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax, a = Figure().add_subplot(), np.linspace(0.0, 1.0, 5)
    >>> len(ground(ax, a, a, np.add.outer(a, a), levels=np.array([0.0, 1.0, 2.0])).collections)
    2
    """
    grid = np.meshgrid(a, b)  # (m, k) each
    colors = [to_rgba(EDGE, alpha) for alpha in np.linspace(0.0, DARKEST, len(levels) - 1)]
    ax.contourf(*grid, height, levels=levels, colors=colors)
    ax.contour(*grid, height, levels=levels, colors=EDGE, linewidths=0.5)
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

    Raises
    ------
    numpy.linalg.LinAlgError
        If all x are the same.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> x, y = np.array([0.0, 0.5, 1.0]), np.array([8.1, 9.4, 11.0])
    >>> map_of_lines = bowl(ax, x, y, a=np.linspace(0.0, 6.0, 31), b=np.linspace(5.0, 9.0, 21))
    >>> map_of_lines.lines[0].get_xydata().round(2)
    array([[2.9 , 8.05]])
    """
    grid_a, grid_b = np.meshgrid(a, b)  # (m, k) each
    loss = line_quadratic(x, y)
    away = np.stack([grid_a, grid_b], axis=-1) - loss.minimum  # (m, k, 2)
    error = loss.least + 0.5 * np.einsum("...i,ij,...j", away, loss.hessian, away)
    ground(ax, a, b, error, levels=np.geomspace(error.min(), error.max(), BANDS + 1))
    # Above any path that leads there.
    ax.plot(*loss.minimum, "*", color=MINIMUM, markersize=12, label="least squares", zorder=3)
    ax.set_xlabel("slope a", color=SLOPE)
    ax.set_ylabel("intercept b", color=INTERCEPT)
    ax.set_aspect("equal")
    ax.set(xlim=(a[0], a[-1]), ylim=(b[0], b[-1]))
    ax.grid(visible=False)
    return ax


def path(ax: Axes, parameters: Floats, *, color: str = MODEL, label: str = "path") -> Axes:
    """Draw the way of a run over a map, as a line with a dot at each of its parameters.

    Parameters
    ----------
    ax
        Where to draw.
    parameters
        The parameters (a, b) that were visited, shape (k, 2).
    color
        As Matplotlib has it.
    label
        What a legend calls the path.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> path(ax, np.array([[0.0, 1.0], [3.0, 8.0]])).lines[0].get_label()
    'path'
    """
    ax.plot(parameters[:, 0], parameters[:, 1], ".-", color=color, label=label, linewidth=1.2)
    return ax
