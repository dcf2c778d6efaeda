"""All rules in one race down the landscape of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import bundle, interval
from learning.explorables.descending import TALL, Descending
from learning.optimization import (
    AdaGrad,
    Adam,
    Descent,
    Momentum,
    RMSProp,
    Rule,
    Trajectory,
    line_quadratic,
    minimize,
    nesterov_momentum,
    polyak_momentum,
    steps_by_rate,
)

LOOKS = {
    "descent": ("descent", "black", "-"),
    "momentum": ("Polyak's momentum", plots.FIRST, "--"),
    "nesterov": ("Nesterov's momentum", plots.THIRD, "-."),
    "adagrad": ("AdaGrad", plots.POINTS, ":"),
    "rmsprop": ("RMSProp", plots.SECOND, "-"),
    "adam": ("Adam", plots.RESIDUAL, "--"),
}


class Race(Descending):
    """A race of six rules from one start, each at its best rate or all at a common one.

    The best rate is found by trying ten a power of ten, and counting steps from the start as it is:
    when the reader moves it, the rates are tried again.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    common
        Whether all rules have one rate.
    rate
        That rate.
    powers
        The powers of ten between which rates are tried and may be chosen.
    polyak, nesterov
        The share of the velocity that each momentum keeps; those that are best in the long run, if
        left out. The other rules keep the library's defaults.
    goal
        How far above the least loss is near enough.
    steps, step
        How many steps the runs have, and how many of them are shown.
    a_range, b_range, grid
        The part of the landscape that is shown, and the steps in which the start moves.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("race.js")

    common = traitlets.Bool(False).tag(sync=True)
    goal = traitlets.Float(1e-4, min=1e-12).tag(sync=True)
    powers = interval()
    polyak = traitlets.Float(min=0.0, max=1.0).tag(sync=True)
    nesterov = traitlets.Float(min=0.0, max=1.0).tag(sync=True)

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        steps = traits.get("steps", 150)
        how = {"steps": steps, "step": steps, "powers": (-2.0, 1.0), "rate_range": (0.01, 10.0)}
        super().__init__(x, y, **{**how, **traits})

    @traitlets.default("polyak")
    def _best_polyak(self) -> float:
        return float(polyak_momentum(self.curvatures).beta)

    @traitlets.default("nesterov")
    def _best_nesterov(self) -> float:
        return float(nesterov_momentum(self.curvatures).beta)

    @property
    def makers(self) -> Mapping[str, Callable[[Any], Rule]]:
        """What makes each rule from its rate."""
        return {
            "descent": lambda rate: Descent(rate=rate),
            "momentum": lambda rate: Momentum(rate=rate, beta=self.polyak),
            "nesterov": lambda rate: Momentum(rate=rate, beta=self.nesterov, nesterov=True),
            "adagrad": lambda rate: AdaGrad(rate=rate),
            "rmsprop": lambda rate: RMSProp(rate=rate),
            "adam": lambda rate: Adam(rate=rate),
        }

    @property
    def rates(self) -> Mapping[str, float]:
        """The rate of each rule in the race as it is set."""
        if self.common:
            return dict.fromkeys(self.makers, self.rate)
        tried = 10.0 ** (np.arange(10 * self.powers[0], 10 * self.powers[1] + 0.5) / 10)
        bowl, start = line_quadratic(*self._data()), np.array(self.start)

        def best(make: Callable[[Any], Rule]) -> float:
            counts = steps_by_rate(
                make, bowl, start, rates=tried, steps=self.steps, excess=self.goal
            )
            return float(tried[counts.argmin()]) if np.isfinite(counts).any() else self.rate

        return {kind: best(make) for kind, make in self.makers.items()}

    @property
    def trajectories(self) -> Mapping[str, Trajectory]:
        """The run of each rule in the race as it is set."""
        bowl, start = line_quadratic(*self._data()), np.array(self.start)

        def run(rule: Rule) -> Trajectory:
            return minimize(bowl, start, rule, steps=self.steps + 1, gradient=bowl.gradient)

        rates = self.rates
        with np.errstate(over="ignore", invalid="ignore"):  # a run may diverge
            return {kind: run(make(rates[kind])) for kind, make in self.makers.items()}

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Two plots and a table. Paths of six rules over the contours of the loss, from a start"
            " that can be moved; their losses at each step; and how many steps each takes to a"
            " goal, at its best rate or at one rate for all."
        )

    def static_figure(self) -> Figure:
        """Draw all paths, and the losses below."""
        figure = Figure(figsize=TALL, layout="constrained")
        upper, lower = figure.subplots(2, 1, height_ratios=(3, 2))
        self._draw_ground(upper)
        least = line_quadratic(*self._data()).least
        for kind, run in self.trajectories.items():
            name, color, style = LOOKS[kind]
            upper.plot(*run.parameters.T, style, color=color, linewidth=1.5)
            excess = np.maximum(run.losses - least, self.goal / 100)
            lower.semilogy(run.steps, excess, style, color=color, linewidth=1.5, label=name)
        top = 10 * lower.get_lines()[0].get_ydata()[0]
        lower.set(xlabel="step", ylabel="excess loss", ylim=(self.goal / 10, top))
        lower.legend(fontsize=9, ncols=2)
        return figure
