"""Three menus, and whose fault the error is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.arrays import Floats
from learning.excess import Excess, Search, polynomial_excess, polynomial_fits
from learning.explorables.base import Explorable, bundle, interval

PARTS = ("approximation", "estimation", "optimization")
COLOURS = (plots.FIRST, plots.SECOND, plots.THIRD)
PLACES = np.linspace(0.0, 1.0, 41)  # where the curves are drawn
SHOWN = 200  # points, at most
LEAST = 1e-12  # a part that is less is rounding, and counts as none
LOWEST, HIGHEST = 1e-6, 1e1  # of the bars

DEGREES = {"Constants": 0, "Lines": 1, "Degree 9": 9}
JUDGES = {"12 points": (12, 0.0), "12 points, ridge": (12, 1e-3), "10,000 points": (10_000, 0.0)}
SEARCHES = {
    "Exact": None,
    "The lecture's": Search(rate=1e-3, steps=10_000),
    "10 steps": Search(rate=0.3, steps=10),
}


class WhoseFault(Explorable):
    """What a representation, an evaluation and an optimization each add to the error.

    The reader picks one of each; the curve that is found is drawn among the points, and the three
    parts of its error are drawn as bars that add up.

    Parameters
    ----------
    x, y
        The points, shape (n,) each, with x from 0 to 1.
    truth
        The function about which y scatters.
    start
        The weights of 1, x, x², … with which all searches begin.
    degrees
        The representations: the degree of the polynomials, by name.
    judges
        The evaluations: how many of the points count, and the ridge, by name.
    searches
        The optimizations: a search, or None for the exact solution, by name.
    chosen
        The numbers of what is picked at first, in the three menus.
    goal
        The total error to come below.
    y_range
        What is shown of the heights.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y do not have one shape, or a number that is chosen is not in its menu.
    """

    _esm = bundle("whose_fault.js")

    x = traitlets.List(traitlets.Float()).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    places = traitlets.List(traitlets.Float()).tag(sync=True)
    true = traitlets.List(traitlets.Float()).tag(sync=True)
    menus = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    counts = traitlets.List(traitlets.Int()).tag(sync=True)
    curves: Any = traitlets.List().tag(sync=True)
    parts: Any = traitlets.List().tag(sync=True)
    chosen = traitlets.List(traitlets.Int(), minlen=3, maxlen=3).tag(sync=True)
    goal = traitlets.Float(1e-4, min=0.0).tag(sync=True)
    y_range = interval()

    def __init__(
        self,
        x: Floats,
        y: Floats,
        truth: Callable[[Floats], Floats],
        *,
        start: Sequence[float] = (),
        degrees: Mapping[str, int] = DEGREES,
        judges: Mapping[str, tuple[int, float]] = JUDGES,
        searches: Mapping[str, Search | None] = SEARCHES,
        **traits: Any,
    ) -> None:
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"x and y must have one shape (n,), got {x.shape!r}, {y.shape!r}")
        menus = [list(degrees), list(judges), list(searches)]
        shown = {"chosen": [0, 0, 0], "y_range": [6.0, 13.0], **traits}
        if not all(0 <= at < len(menu) for at, menu in zip(shown["chosen"], menus, strict=True)):
            raise ValueError(f"chosen must number an entry of each menu, got {shown['chosen']!r}")

        runs = [search and replace(search, start=tuple(start)) for search in searches.values()]

        def table(of: Callable[..., Any]) -> list[Any]:
            def entry(degree: int, n: int, ridge: float, search: Search | None) -> Any:
                return of(x[:n], y[:n], truth, degree=degree, ridge=ridge, search=search)

            return [
                [[entry(degree, *judge, run) for run in runs] for judge in judges.values()]
                for degree in degrees.values()
            ]

        super().__init__(
            x=x[:SHOWN].tolist(),
            y=y[:SHOWN].tolist(),
            places=PLACES.tolist(),
            true=truth(PLACES).tolist(),
            menus=menus,
            counts=[n for n, _ in judges.values()],
            curves=table(_found),
            parts=table(_parts),
            **shown,
        )

    @property
    def excess(self) -> Excess:
        """What is picked now costs so much."""
        representation, evaluation, optimization = self.chosen
        return Excess(*self.parts[representation][evaluation][optimization])

    @property
    def excesses(self) -> dict[str, Excess]:
        """What each combination costs, by its three names."""
        numbers = product(*(range(len(menu)) for menu in self.menus))
        return {
            ", ".join(menu[at] for menu, at in zip(self.menus, (i, j, k), strict=True)): Excess(
                *self.parts[i][j][k]
            )
            for i, j, k in numbers
        }

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Points with a fitted curve, and three bars, for the approximation, the estimation and"
            " the optimization error of that curve. Functions, judge and search can be chosen."
        )

    def static_figure(self) -> Figure:
        """Draw what is picked at first: the curve, and the three parts of its error."""
        representation, evaluation, optimization = self.chosen
        figure = Figure(figsize=(7.2, 6.0), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=(3, 2))
        n = min(self.counts[evaluation], SHOWN)
        plots.points(above, np.array(self.x[:n]), np.array(self.y[:n]), size=6.0)
        above.plot(PLACES, self.true, color=plots.MINIMUM, ls="--", label="truth")
        found = self.curves[representation][evaluation][optimization]
        above.plot(PLACES, found, color=plots.MODEL, label="found")
        above.set(xlabel="x", ylabel="y", xlim=(0, 1), ylim=self.y_range)
        above.legend(fontsize=9)
        values = [*self.parts[representation][evaluation][optimization], self.excess.total]
        names, colours = [*PARTS, "together"], [*COLOURS, plots.MODEL]
        below.barh(names, np.abs(values), color=colours, left=LOWEST)
        below.set(xscale="log", xlim=(LOWEST, HIGHEST), xlabel="error")
        below.invert_yaxis()
        return figure


def _found(*data: Any, **how: Any) -> list[float]:
    found = polynomial_fits(*data, at=PLACES, **how)[2]
    return [round(float(value), 4) for value in found]


def _parts(*data: Any, **how: Any) -> list[float]:
    excess = polynomial_excess(*data, **how)
    values = (float(getattr(excess, name)) for name in PARTS)
    return [value if abs(value) > LEAST else 0.0 for value in values]
