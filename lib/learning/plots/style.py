"""The book's look: one colour a thing, and what all pictures share.

Pictures have few colours and no ground of their own, so that a page can replace each colour by
another in its dark theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from cycler import cycler
from IPython import get_ipython

# One colour a thing. They stay apart for readers who do not tell red from green, or blue from
# yellow, and text can be set in them.
MODEL = "#0072b2"  # a line, a point on the map, a path
SLOPE = "#7d157d"
INTERCEPT = "#7c4ef1"
RESIDUAL = "#932f1d"
GRADIENT = "#926901"
MINIMUM = "#068046"
POINTS = "#56606b"

# Curves that are none of these things: Wong (2011).
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
    "font.size": 11.0,  # at least 9 px also on a phone, which shows a picture 340 px wide
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
        return  # pictures are not shown by themselves
    from matplotlib_inline.backend_inline import set_matplotlib_formats
    from matplotlib_inline.config import InlineBackend

    shows: Any = InlineBackend.instance()
    shows.print_figure_kwargs = {**shows.print_figure_kwargs, "metadata": UNDATED}
    shows.figure_formats = {"svg"}  # for when it starts only now
    set_matplotlib_formats("svg")  # type: ignore[no-untyped-call]
