"""What the interactive figures share: their data, their code in one piece, and a still picture."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

import anywidget
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from learning import plots

# What has a colour of its own, in figures as in formulas and prose.
THINGS = ("model", "slope", "intercept", "residual", "gradient", "minimum", "points")
HERE = Path(__file__).parent

_PLACES = re.compile(r' (?:d|x|y)="[^"]*"')
_DIGITS = re.compile(r"(\.\d\d)\d+")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)


def bundle(name: str) -> str:
    """Return a script of this folder as one piece: what it imports comes first, each file once.

    A widget's code travels in its state, as one text. The scripts import from each other by name,
    so in one piece they need no imports.

    Parameters
    ----------
    name
        The script's file name.
    """
    pieces: dict[str, str] = {}

    def add(file: str) -> None:
        if file in pieces:
            return
        source = (HERE / file).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(source):
            add(needed)
        pieces[file] = _IMPORT.sub("", source).strip()

    add(name)
    return "\n\n".join(pieces.values()) + "\n"


def style_sheet() -> str:
    """Return the style sheet, with the colours of static figures for pages that have none."""
    names = ("first", "second", "third", *THINGS)
    colours = {name: getattr(plots, name.upper()) for name in names}
    return Template((HERE / "style.css").read_text(encoding="utf-8")).substitute(colours)


def drawing(figure: Figure) -> str:
    """Return a figure as SVG, the same bytes for the same figure in the book's style.

    Places are given to a hundredth of a point, since every digit weighs on the page.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=dict(plots.UNDATED))
    return _PLACES.sub(lambda places: _DIGITS.sub(r"\1", places[0]), buffer.getvalue())


def pair() -> Any:
    """Return a trait that holds a slope and an intercept."""
    return traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)


class _Interval(traitlets.List[float]):
    def validate(self, obj: Any, value: Any) -> Any:
        """Check that the lower end comes first."""
        ends: Any = super().validate(obj, value)
        low, high = ends
        if not low < high:
            raise ValueError(f"{self.name} must have its lower end first, got {ends!r}")
        return ends


def interval() -> Any:
    """Return a trait that holds the ends of a range, the lower first."""
    return _Interval(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)


class Explorable(anywidget.AnyWidget):
    """An interactive figure.

    It is live in Jupyter and on a published page, because what it computes is computed by its
    script. Where no script runs, the page shows its still picture.

    Parameters
    ----------
    traits
        What the figure has, by name.
    """

    _css = style_sheet()

    alt = traitlets.Unicode(help="What the figure is, for readers who cannot see it.").tag(
        sync=True
    )

    def static_figure(self) -> Figure:
        """Draw the figure as it begins, for pages on which nothing moves."""
        raise NotImplementedError

    def still(self) -> tuple[str, str]:
        """Return the media type and the data of the picture for pages on which nothing moves."""
        with mpl.rc_context(plots.STYLE):  # type: ignore[arg-type]  # as in plots
            return "image/svg+xml", drawing(self.static_figure())

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        media_type, still = self.still()
        # A page shows the widget and keeps the picture for readers without a script.
        return {**data, media_type: still, "text/plain": self.alt}, metadata


class OnALine(Explorable):
    """An interactive figure about points and a line.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    traits
        What else the figure has, by name.

    Raises
    ------
    ValueError
        If x and y do not have one length, or hold what is not finite, or all x are the same; or if
        a range does not have its lower end first.
    """

    _mesh = 61  # places a side, from which a still picture draws the ground

    x = traitlets.List(traitlets.Float(), help="The inputs, in units of x.").tag(sync=True)
    y = traitlets.List(traitlets.Float(), help="The targets, in units of y.").tag(sync=True)
    a_range = interval()
    b_range = interval()
    x_range = interval()
    y_range = interval()
    grid = traitlets.Float(0.05, min=1e-6, help="a and b move in steps of this.").tag(sync=True)

    def __init__(
        self,
        x: Sequence[float] | NDArray[np.float64],
        y: Sequence[float] | NDArray[np.float64],
        **traits: Any,
    ) -> None:
        xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if xs.shape != ys.shape or xs.ndim != 1:
            raise ValueError(f"x and y must have one shape (n,), got {xs.shape!r}, {ys.shape!r}")
        if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
            raise ValueError("x and y must be finite, got inf or nan among them")
        if len(set(xs.tolist())) < 2:
            raise ValueError(f"there must be two different x, got {sorted(set(xs.tolist()))!r}")
        ranges = {"a_range": (-2.0, 12.0), "b_range": (0.0, 12.0), "x_range": (0.0, 1.0)}
        settings = {**ranges, **traits}
        settings = {k: list(v) if isinstance(v, tuple) else v for k, v in settings.items()}
        super().__init__(x=xs.tolist(), y=ys.tolist(), **settings)

    def _draw_ground(self, ax: Axes) -> None:
        """Draw the landscape of the loss, a unit of slope as long as a unit of intercept."""
        (a_low, a_high), (b_low, b_high) = self.a_range, self.b_range
        a, b = np.linspace(a_low, a_high, self._mesh), np.linspace(b_low, b_high, self._mesh)
        plots.bowl(ax, *self._data(), a=a, b=b)
        ax.set(xlim=self.a_range, ylim=self.b_range, aspect="equal")

    def _data(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.array(self.x), np.array(self.y)
