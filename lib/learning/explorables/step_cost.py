"""The time of a step against the number of points, and which of three limits it comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure

from learning import plots
from learning.explorables.base import Explorable, bundle
from learning.optimization import Roofline

BOUGHT = ("as measured", "half the floor", "twice the bytes", "twice the operations")
TALL = (5.6, 4.6)  # inches: a still picture that is about as tall as the live one
POINTS, SECONDS = (1.0, 1e7), (1e-7, 1.0)  # of the axes


class StepCost(Explorable):
    """The time of a step against n: a floor, and two roofs that rise with the points.

    The reader moves n, changes the work a point, and exchanges one thing of the machine for a
    better one. The figure says which limit holds.

    Parameters
    ----------
    ways
        How a step may be taken: for each a name, and its ``floor`` in seconds, ``bytes`` and
        ``operations`` a point, and ``measured``, pairs of n and seconds.
    bandwidth, speed
        Bytes and arithmetic operations a second.
    way, points, work
        What is shown first: a way's place among the ways, n, and how many times the operations
        of the line are done for each point.
    bought
        What has been exchanged: "as measured", "half the floor", "twice the bytes" or "twice the
        operations" a second.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If there is no way, or a number of a way or of the machine is not positive.
    """

    _esm = bundle("step_cost.js")

    ways = traitlets.List(traitlets.Dict()).tag(sync=True)
    bandwidth = traitlets.Float(1e10).tag(sync=True)
    speed = traitlets.Float(1e10).tag(sync=True)
    way = traitlets.Int(0, min=0).tag(sync=True)
    points = traitlets.Float(10_000.0, min=1.0).tag(sync=True)
    work = traitlets.Float(1.0, min=1.0).tag(sync=True)
    bought = traitlets.Enum(BOUGHT, BOUGHT[0]).tag(sync=True)

    def __init__(self, ways: Sequence[Mapping[str, Any]], **traits: Any) -> None:
        kept = [dict(way) for way in ways]
        numbers = [way[name] for way in kept for name in ("floor", "bytes", "operations")]
        numbers += [traits.get("bandwidth", 1.0), traits.get("speed", 1.0)]
        if not kept or not all(0 < number < math.inf for number in numbers):
            raise ValueError(f"ways must be some, and their numbers positive, got {kept!r}")
        super().__init__(ways=kept, **traits)

    @property
    def model(self) -> Roofline:
        """The machine with what has been bought, for the way that is shown."""
        less, wide, fast = (1 + (self.bought == name) for name in BOUGHT[1:])
        floor = self.ways[self.way]["floor"] / less
        return Roofline(floor=floor, bandwidth=wide * self.bandwidth, speed=fast * self.speed)

    def asked(self, n: float) -> dict[str, float]:
        """Return the bytes and operations of a step on n points."""
        way = self.ways[self.way]
        return {"bytes": way["bytes"] * n, "operations": self.work * way["operations"] * n}

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "The seconds of a step against the number of points, both logarithmic: a level floor,"
            " two rising lines for bytes and for operations, and a curve, the floor plus the higher"
            " of the two, that is level first and then rises. Dots are what was measured."
        )

    def static_figure(self) -> Figure:
        """Draw floor, roofs and curve as they begin."""
        figure = Figure(figsize=TALL, layout="constrained")
        ax = figure.subplots()
        n = np.geomspace(*POINTS, 141)
        parts = [self.model.parts(**self.asked(each)) for each in n]
        colours = {"floor": plots.POINTS, "bytes": plots.SECOND, "operations": plots.THIRD}
        for name, colour in colours.items():
            ax.plot(n, [part[name] for part in parts], "--", color=colour, label=name)
        total = [self.model.seconds(**self.asked(each)) for each in n]
        ax.plot(n, total, color=plots.MODEL, label="a step")
        measured = np.array(self.ways[self.way]["measured"])
        ax.plot(*measured.T, "o", color=plots.INK, markersize=4, label="measured")
        ax.set(xscale="log", yscale="log", xlim=POINTS, ylim=SECONDS)
        ax.set(xlabel="points n", ylabel="seconds a step")
        ax.legend(loc="upper left", fontsize=9)
        return figure
