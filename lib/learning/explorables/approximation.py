"""The best curves of three families over a target, and their errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from learning import plots
from learning.arrays import Floats
from learning.explorables.base import Explorable, bundle, interval
from learning.optimization import least_squares
from learning.representation import even_hinges, legendre, waves

# The columns of each family of n parameters.
FAMILIES: Mapping[str, Callable[[Any, int], Floats]] = {
    "polynomials": lambda x, n: legendre(x, n - 1),
    "hinges": even_hinges,
    "waves": waves,
}
COLOURS = dict(zip(FAMILIES, (plots.FIRST, plots.SECOND, plots.THIRD), strict=True))
LOWEST = 1e-6  # an error that is drawn


class Approximation(Explorable):
    """The best curve of a family over a target, and the errors of all families.

    The reader picks a target, a family and a number of parameters. Best means of least squared
    error over the places x; the error is its root mean square.

    Parameters
    ----------
    x
        Places between 0 and 1 that stand for all, shape (n,), in order.
    targets
        The heights of each target at x, by its name.
    target, family, parameters
        What is shown at first: one of the targets, one of "polynomials", "hinges" and "waves", and
        from 1 to `most`.
    most
        How many parameters the reader may use.
    goal
        The error to come below, in units of y.
    y_range
        What is shown of the heights.
    x_label, y_label
        What the axes are.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If a target does not have the shape of x or holds what is not finite; if there are fewer
        places than parameters; or if what is shown at first is not to be had.
    """

    _esm = bundle("approximation.js")

    x = traitlets.List(traitlets.Float()).tag(sync=True)
    targets = traitlets.Dict(per_key_traits=None).tag(sync=True)
    target = traitlets.Unicode().tag(sync=True)
    family = traitlets.Enum(tuple(FAMILIES), "polynomials").tag(sync=True)
    parameters = traitlets.Int(2, min=1).tag(sync=True)
    most = traitlets.Int(25, min=2).tag(sync=True)
    goal = traitlets.Float(0.01, min=0.0).tag(sync=True)
    y_range = interval()
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    def __init__(self, x: ArrayLike, targets: Mapping[str, ArrayLike], **traits: Any) -> None:
        places = np.asarray(x, dtype=np.float64)
        heights = {name: np.asarray(y, dtype=np.float64) for name, y in targets.items()}
        for name, y in heights.items():
            if y.shape != places.shape or not np.isfinite(y).all():
                raise ValueError(f"target {name!r} must be finite and of the shape {places.shape}")
        shown = {"target": next(iter(heights), ""), **traits}
        if shown["target"] not in heights:
            raise ValueError(f"target must be one of {list(heights)}, got {shown['target']!r}")
        room = np.ptp(list(heights.values())) / 6.0
        span = [float(f(list(heights.values())) + s * room) for f, s in ((np.min, -1), (np.max, 1))]
        lists = {name: y.tolist() for name, y in heights.items()}
        super().__init__(x=places.tolist(), targets=lists, **{"y_range": span, **shown})
        if not self.parameters <= self.most <= len(places):
            numbers = f"{self.parameters}, {self.most}, {len(places)}"
            raise ValueError(f"parameters ≤ most ≤ number of places must hold, got {numbers}")

    def best(self, family: str, parameters: int) -> Floats:
        """Return the heights of a family's best curve over the present target, shape (n,)."""
        columns = FAMILIES[family](self.x, parameters)
        return columns @ least_squares(columns, np.array(self.targets[self.target]))

    def errors(self, family: str) -> Floats:
        """Return the errors of a family with 1, 2, … parameters, shape (most,)."""
        y = np.array(self.targets[self.target])
        away = [self.best(family, n + 1) - y for n in range(self.most)]
        return np.asarray(np.sqrt(np.mean(np.square(away), axis=1)))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Two plots. A target with the best curve of a family over it, and the errors of three"
            " families against the number of parameters. Target, family and number can be chosen."
        )

    def static_figure(self) -> Figure:
        """Draw the target with its curve, and the errors of all families."""
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        over, against = figure.subplots(1, 2)
        over.plot(self.x, self.targets[self.target], color=plots.POINTS, lw=5, alpha=0.5)
        over.plot(self.x, self.best(self.family, self.parameters), color=COLOURS[self.family])
        over.set(xlabel=self.x_label, ylabel=self.y_label, xlim=(0, 1), ylim=self.y_range)
        for name, colour in COLOURS.items():
            number = np.arange(1, self.most + 1)
            against.semilogy(number, self.errors(name), color=colour, label=name)
        against.axhline(self.goal, color=plots.MINIMUM, ls="--", lw=1.5)
        against.set(xlabel="parameters", ylabel="error", ylim=(LOWEST, 3.0))
        against.legend(fontsize=9)
        return figure
