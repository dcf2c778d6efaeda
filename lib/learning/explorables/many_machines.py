"""What a step of gradient descent costs on many machines."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from learning import plots
from learning.arrays import Floats
from learning.explorables.base import Explorable, bundle
from learning.parallel import Machines, step_time

TERMS = {"arithmetic": plots.FIRST, "latency": plots.SECOND, "bytes": plots.THIRD}


class ManyMachines(Explorable):
    """The time of a step against the number of machines, by the model of `step_time`.

    The reader moves the number of machines, of parameters and of points, and the three constants
    of the cluster.

    Parameters
    ----------
    machines
        How many machines are shown at first, a power of two.
    parameters, points
        How many numbers the gradient has, and how many points a step looks at.
    speed, latency, bandwidth
        The cluster, as `Machines` has it: operations a second, seconds, bytes a second.
    most
        Up to how many machines are shown.
    goal
        How many times as fast as on one machine a step is to be.
    alt
        What the figure is, for a reader who cannot see it.
    """

    _esm = bundle("many_machines.js")

    machines = traitlets.Int(8, min=1).tag(sync=True)
    parameters = traitlets.Int(2, min=1).tag(sync=True)
    points = traitlets.Int(10_000, min=1).tag(sync=True)
    speed = traitlets.Float(1e10, min=1.0).tag(sync=True)
    latency = traitlets.Float(5e-5, min=1e-12).tag(sync=True)
    bandwidth = traitlets.Float(1.25e9, min=1.0).tag(sync=True)
    most = traitlets.Int(256, min=2).tag(sync=True)
    goal = traitlets.Float(8.0, min=1.0).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)

    def times(self) -> tuple[NDArray[np.int64], Floats]:
        """Return numbers of machines, 1, 2, 4, …, and the seconds of each term, shape (k, 3)."""
        cluster = Machines(speed=self.speed, latency=self.latency, bandwidth=self.bandwidth)
        work = {"points": self.points, "parameters": self.parameters}
        numbers = 2 ** np.arange(int(np.log2(self.most)) + 1)
        return numbers, np.array([step_time(cluster, ranks=int(k), **work) for k in numbers])

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "A plot of the seconds that a step takes against the number of machines, in all and in"
            " three parts: arithmetic, latency and bytes. Sliders for the number of machines, of"
            " parameters and of points, and for the speed of the machines and of their network."
        )

    def static_figure(self) -> Figure:
        """Draw the three terms and their sum."""
        figure = Figure(figsize=(6.4, 5.4), layout="constrained")
        ax = figure.subplots()
        numbers, terms = self.times()
        sums = terms.sum(axis=1)
        ax.loglog(numbers, sums, color="black", lw=2.5, label="in all")
        for (name, colour), seconds in zip(TERMS.items(), terms.T, strict=True):
            some = seconds > 0
            ax.loglog(numbers[some], seconds[some], color=colour, lw=1.5, label=name)
        ax.axhline(sums[0], color=plots.MINIMUM, ls="--", lw=1.5, label="one machine")
        ax.set(xlabel="machines", ylabel="seconds a step", ylim=(sums.min() / 10, 2 * sums.max()))
        ax.set_xticks(numbers[::2], [str(k) for k in numbers[::2]])
        ax.legend(fontsize=9)
        return figure
