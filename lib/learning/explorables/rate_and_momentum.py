"""A map of the learning rate and the momentum, and the run that belongs to a place on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import bundle
from learning.explorables.descending import TALL, Descending
from learning.optimization import Momentum, Trajectory, line_quadratic, momentum_roots

SHARES = (0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)  # contours of the map
BORDERS = (plots.SLOPE, plots.GRADIENT)  # along the valley, and across it


class RateAndMomentum(Descending):
    """A run with momentum on the mean squared error of a line, chosen on a map of its settings.

    The map is shaded by the share of the distance to the minimum that a step leaves, in the long
    run and along the slower axis of the bowl. Beyond the last shade a run diverges.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate, beta
        The settings: see `learning.optimization.Momentum`. They follow the reader.
    steps, step
        How many steps the run has, and how many of them are shown: all, if step is larger.
    goal, at_most
        The task: to stay this close to the least loss, after that many steps.
    a_range, b_range
        The part of the landscape that is shown.
    rate_range
        The rates on the map, and the steps in which rate and momentum move are hundredths.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, or a range does not have its lower end first.
    """

    _esm = bundle("rate_and_momentum.js")

    beta = traitlets.Float(0.9, min=0.0, max=1.0).tag(sync=True)
    goal = traitlets.Float(1e-6, min=0.0).tag(sync=True)
    at_most = traitlets.Int(30, min=1).tag(sync=True)

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        begin = {"rate": 0.1, "rate_range": (0.0, 1.7), "steps": 120, "step": 120}
        super().__init__(x, y, **{**begin, **traits})

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        return self._run(Momentum(rate=self.rate, beta=self.beta))

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Three plots. A map of learning rate and momentum, in shades of how much of the"
            " distance a step leaves, with a handle; beside it the path of the run over the"
            " contours of the loss, and the loss above the least at each step. Rate and momentum"
            " can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the map with the settings on it, the path, and the losses above the least."""
        figure = Figure(figsize=TALL, layout="constrained")
        axes = figure.subplot_mosaic([["map", "path"], ["map", "loss"]], height_ratios=(3, 2))
        run = self.trajectory
        self._draw_map(axes["map"])
        self._draw_path(axes["path"], run)
        axes["path"].set(xlim=self.a_range, ylim=self.b_range)
        above = run.losses - line_quadratic(*self._data()).least
        plots.losses(axes["loss"], run.steps, above, label="excess loss", style="-")
        axes["loss"].set(ylabel="excess loss")
        return figure

    def _draw_map(self, ax: Axes) -> None:
        low, high = self.rate_range
        rate, beta = np.linspace(low, high, 69), np.linspace(0.0, 1.0, 41)
        grid = [axis[..., None] for axis in np.meshgrid(rate, beta)]
        roots = momentum_roots(self.curvatures, rate=grid[0], beta=grid[1])
        left = np.abs(roots).max(axis=(-2, -1))
        plots.ground(ax, rate, beta, np.minimum(left, 1.5), levels=np.array([0.0, *SHARES, 1.5]))
        root = np.linspace(-1.0, 1.0, 121)  # where the two factors of an axis coincide
        for curvature, color, style in zip(self.curvatures, BORDERS, (":", "--"), strict=True):
            ax.plot((1 + root) ** 2 / curvature, root**2, style, color=color, linewidth=1.2)
        ax.plot(self.rate, self.beta, "o", color=plots.MODEL, markersize=8, clip_on=False)
        ax.set(xlim=self.rate_range, ylim=(0, 1), xlabel="learning rate", ylabel="momentum")
