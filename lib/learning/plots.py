"""Pictures: each function draws onto an Axes and returns it.

Pictures are drawn in few colours, on no ground of their own, so that whoever shows them can trade
each colour for another: a page in its dark theme does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from IPython import get_ipython
from matplotlib.axes import Axes
from numpy.typing import NDArray

from learning.optimization import least_squares_line

Floats = NDArray[np.float64]

# Colours that stay apart for readers who do not tell red from green: Wong (2011).
POINTS = "#56606b"
FIRST = "#0072b2"
SECOND = "#d55e00"
THIRD = "#008f6b"

INK = "#1b232c"  # text and axes
EDGE = "#9aa5b1"  # contours
HAIRLINE = "#dddddd"

STYLE: Mapping[str, Any] = {
    "figure.figsize": (5.6, 3.6),
    "figure.dpi": 150,
    "figure.facecolor": "none",
    "savefig.facecolor": "auto",
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(color=[FIRST, SECOND, THIRD]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": HAIRLINE,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "font.size": 10.0,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",  # a reader's machine may lack the font
    "svg.hashsalt": "learning",  # names inside a drawing follow from what is drawn
}
UNDATED: Mapping[str, Any] = {"Date": None, "Creator": None}  # of a drawing's metadata


def use_style() -> None:
    """Set the book's look for all pictures to come; Jupyter shows them as SVG.

    The same picture becomes the same bytes.
    """
    mpl.rcParams.update(STYLE)  # type: ignore[arg-type]  # matplotlib wants literal keys
    if get_ipython() is None:
        return  # nobody shows pictures by themselves
    from matplotlib_inline.backend_inline import set_matplotlib_formats
    from matplotlib_inline.config import InlineBackend

    shows: Any = InlineBackend.instance()
    shows.print_figure_kwargs = {**shows.print_figure_kwargs, "metadata": UNDATED}
    shows.figure_formats = {"svg"}  # for when it starts only now
    set_matplotlib_formats("svg")  # type: ignore[no-untyped-call]


def points(ax: Axes, x: Floats, y: Floats, *, size: float = 14.0) -> Axes:
    """Draw data, shape (n,) each, as dots; size is a dot's area in square points."""
    ax.scatter(x, y, s=size, color=POINTS, label="data")
    ax.set(xlabel="x", ylabel="y")
    return ax


def line(ax: Axes, a: float, b: float, *, color: str = FIRST, style: str = "-") -> Axes:
    """Draw the line a x + b from x = 0 to x = 1, labelled with its formula."""
    label = f"{a:g} x {'+' if b >= 0 else '-'} {abs(b):g}"
    ax.plot([0.0, 1.0], [b, a + b], style, color=color, label=label)
    return ax


def residuals(ax: Axes, x: Floats, y: Floats, prediction: Floats) -> Axes:
    """Draw a vertical stroke from each point to its prediction; shape (n,) each."""
    ax.vlines(x, y, prediction, color=SECOND, linewidth=0.8, label="residual")
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
    ax.plot(*best, "*", color=THIRD, markersize=12, label="least squares", zorder=3)
    ax.set(xlabel="slope a", ylabel="intercept b")
    return ax


def path(ax: Axes, parameters: Floats, *, color: str = FIRST, label: str = "path") -> Axes:
    """Draw the parameters that a run visited, shape (k, 2), as a line with dots."""
    ax.plot(parameters[:, 0], parameters[:, 1], ".-", color=color, label=label, linewidth=1.2)
    return ax
