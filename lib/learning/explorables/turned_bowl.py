"""A bowl that can be turned under the axes of the rules that search it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from learning import plots
from learning.arrays import Floats
from learning.explorables.base import Explorable, bundle, interval, pair
from learning.explorables.descending import TALL
from learning.optimization import (
    AdaGrad,
    Adam,
    Descent,
    Momentum,
    Quadratic,
    RMSProp,
    Rule,
    Trajectory,
    minimize,
)

KINDS: Mapping[str, type[Rule]] = {
    "descent": Descent,
    "momentum": Momentum,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
}
NOTHING = 1e-12  # a size below which nothing is drawn


class TurnedBowl(Explorable):
    """A bowl and a start that are turned together, and a rule that goes down from there.

    The two parameters are distances from the minimum. Beside the path stands what the rule
    remembers: a mean, or sum, of squares for each parameter, as its root, and the mean gradient.

    Parameters
    ----------
    hessian
        H, shape (2, 2), symmetric with positive eigenvalues: the bowl as it lies at first.
    start
        The place to begin with, shape (2,), relative to the minimum.
    rule, rate
        What goes down: one of "descent", "momentum", "adagrad", "rmsprop" and "adam", with the
        defaults of `learning.optimization`, and its learning rate.
    turn
        By how many degrees bowl and start are turned, counter-clockwise.
    steps, step
        How many steps the run has, and which of its moments is shown.
    near
        How close to the least loss a run must come to have arrived.
    goal
        Within how many steps it should.
    reach
        How far from the minimum the picture goes.
    rate_range
        What the reader may choose, on a logarithmic slider.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If H is not symmetric with positive eigenvalues, or the start is not finite.
    """

    _esm = bundle("turned_bowl.js")

    hessian = traitlets.List(pair()).tag(sync=True)
    start = pair()
    rule = traitlets.Enum(tuple(KINDS), "adam").tag(sync=True)
    rate = traitlets.Float(0.1).tag(sync=True)
    turn = traitlets.Int(0, min=-90, max=90).tag(sync=True)
    steps = traitlets.Int(1500, min=1).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    near = traitlets.Float(1e-6, min=NOTHING).tag(sync=True)
    goal = traitlets.Int(300, min=1).tag(sync=True)
    reach = traitlets.Float(10.0, min=1e-6).tag(sync=True)
    rate_range = interval()

    def __init__(self, hessian: ArrayLike, start: ArrayLike, **traits: Any) -> None:
        bowl, place = np.asarray(hessian, dtype=np.float64), np.asarray(start, dtype=np.float64)
        symmetric = bowl.shape == (2, 2) and np.array_equal(bowl, bowl.T)
        if not (symmetric and np.isfinite(bowl).all() and np.linalg.eigvalsh(bowl)[0] > 0):
            raise ValueError(f"hessian must be symmetric, with positive eigenvalues, got {bowl!r}")
        if place.shape != (2,) or not np.isfinite(place).all():
            raise ValueError(f"start must be two finite numbers, got {place!r}")
        settings = {"rate_range": [0.01, 10.0], **traits}
        super().__init__(hessian=bowl.tolist(), start=place.tolist(), **settings)

    def turned(self) -> tuple[Quadratic, Floats]:
        """Return the bowl and the start as they lie now."""
        cos, sin = np.cos(np.radians(self.turn)), np.sin(np.radians(self.turn))
        turn = np.array([[cos, -sin], [sin, cos]])
        hessian = turn @ np.array(self.hessian) @ turn.T
        return Quadratic(hessian, np.zeros(2), 0.0), turn @ np.array(self.start)

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        bowl, start = self.turned()
        rule: Any = KINDS[self.rule]
        return minimize(bowl, start, rule(rate=self.rate), steps=self.steps, gradient=bowl.gradient)

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Three plots. A long valley with the path of a rule from a start to the minimum; the"
            " roots of the squares and the means that the rule remembers of each parameter; and the"
            " excess loss at each step. The rule, its rate and the angle of the valley can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the path over the bowl, and the losses."""
        run, (bowl, _) = self.trajectory, self.turned()
        figure = Figure(figsize=TALL, layout="constrained")
        over, below = figure.subplots(2, 1, height_ratios=(3, 2))
        side = np.linspace(-self.reach, self.reach, 81)
        places = np.stack(np.meshgrid(side, side), axis=-1)
        height = 0.5 * np.einsum("abi,ij,abj->ab", places, bowl.hessian, places)
        levels = np.geomspace(1e-3, 1.0, 13)[1:] * height.max()
        plots.ground(over, side, side, height, levels=levels)
        over.plot(*run.parameters.T, color=plots.MODEL)
        over.plot(0, 0, "*", color=plots.MINIMUM, markersize=12, zorder=3)
        over.grid(visible=False)
        over.set(xlabel="first parameter", ylabel="second parameter", aspect="equal")
        below.semilogy(run.steps, np.maximum(run.losses, NOTHING), color=plots.MODEL)
        below.axhline(self.near, color=plots.MINIMUM, ls="--", lw=1.5)
        below.yaxis.set_major_formatter("{x:g}")  # a power's exponent would be too small on a phone
        below.set(xlabel="step", ylabel="excess loss")
        return figure
