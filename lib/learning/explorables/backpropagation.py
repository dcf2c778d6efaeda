"""Walk through the chain rule on the graph of a small network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from learning import plots
from learning.explorables.base import Explorable, bundle
from learning.optimization import Node, derivatives

LEAVES = ("w1", "w2", "x", "v1", "v2", "b", "y")
SIGNS = {"out": "ŷ", "loss": "L", **{f"{n}{i}": f"${n}_{i}$" for n in "wsvh" for i in (1, 2)}}
# How deep in the graph a node is, and on which of five lanes; as in the script.
PLACES = {
    **{"w1": (0, 0), "x": (0, 2), "w2": (0, 4), "s1": (1, 1), "s2": (1, 3), "v1": (2, 0)},
    **{"h1": (2, 1), "b": (2, 2), "h2": (2, 3), "v2": (2, 4), "out": (3, 2), "y": (3, 4)},
    **{"r": (4, 2), "loss": (5, 2)},
}
SIZE = (0.76, 0.72)  # of a box, where the next is 1 away
TALL = (5.6, 5.2)  # inches


class Backpropagation(Explorable):
    """The graph of a small network's loss at one point: forward and backward, step by step.

    The network has two hidden units, ``h = max(0, w x)``, and says ``v1 h1 + v2 h2 + b``; the loss
    is the squared residual. The reader guesses of which parameter the derivative is the largest.

    Parameters
    ----------
    networks
        What is given: rows of ``w1, w2, x, v1, v2, b, y``. The first one is shown at first.
    ranges
        Between which values the reader can move each of the seven.
    step
        How many steps are made: 7 forward, and 7 back.
    guess
        The parameter that the reader has chosen; empty if none.
    rate
        The learning rate of a step of descent.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If there is no network, or one does not consist of seven finite numbers.
    """

    _esm = bundle("backpropagation.js")

    networks = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    leaves = traitlets.List(traitlets.Float()).tag(sync=True)
    ranges = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    step = traitlets.Int(0, min=0, max=14).tag(sync=True)
    guess = traitlets.Unicode("").tag(sync=True)
    rate = traitlets.Float(0.01, min=0.0).tag(sync=True)

    def __init__(self, networks: Sequence[Sequence[float]], **traits: Any) -> None:
        rows = [[float(value) for value in row] for row in networks]
        if not rows or any(len(r) != len(LEAVES) or not np.isfinite(r).all() for r in rows):
            raise ValueError(f"networks must be rows of seven finite numbers, got {networks!r}")
        super().__init__(networks=rows, leaves=rows[0], **traits)

    @traitlets.default("ranges")
    def _around(self) -> list[list[float]]:
        return [[-5.0, 5.0]] * 2 + [[0.0, 1.0]] + [[-5.0, 5.0]] * 2 + [[0.0, 12.0]] * 2

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "A graph of 14 boxes: seven given numbers, two hidden units, the prediction, the"
            " residual and the loss. Each box can show a value and the loss's derivative."
        )

    def nodes(self) -> dict[str, Node]:
        """Compute the graph: every node by its name, given ones and computed ones."""
        given = {name: Node(value) for name, value in zip(LEAVES, self.leaves, strict=True)}
        w1, w2, x, v1, v2, b, y = given.values()
        s1, s2 = w1 * x, w2 * x
        h1, h2 = s1.relu(), s2.relu()
        out = v1 * h1 + v2 * h2 + b
        r = out - y
        return {**given, "s1": s1, "s2": s2, "h1": h1, "h2": h2, "out": out, "r": r, "loss": r * r}

    def static_figure(self) -> Figure:
        """Draw the graph with all values and derivatives."""
        figure = Figure(figsize=TALL, layout="constrained")
        ax, nodes = figure.subplots(), self.nodes()
        slopes = derivatives(nodes["loss"])
        for name, (depth, lane) in PLACES.items():
            for source in SOURCES.get(name, ()):
                (from_x, from_y), width = PLACES[source], SIZE[0] / 2
                ends = [from_x + width, depth - width], [-from_y, -lane]
                ax.plot(*ends, color=plots.EDGE, lw=1, zorder=0)
            low = (depth - SIZE[0] / 2, -lane - SIZE[1] / 2)
            ax.add_patch(Rectangle(low, *SIZE, fill=False, ec=plots.INK))
            ax.text(depth - 0.3, -lane, SIGNS.get(name, name), va="center")
            numbers = (slopes[nodes[name]], plots.GRADIENT), (nodes[name].value, plots.MODEL)
            for up, (number, colour) in zip((0.17, -0.17), numbers, strict=True):
                text = f"{number:.3g}".replace("-", "−")
                place = depth + 0.34, up - lane
                ax.text(*place, text, color=colour, fontsize=9, ha="right", va="center")
        ax.set(xlim=(-0.5, 5.5), ylim=(-4.5, 0.5))
        ax.axis("off")
        return figure


SOURCES = {
    **{"s1": ("w1", "x"), "s2": ("w2", "x"), "h1": ("s1",), "h2": ("s2",)},
    **{"out": ("v1", "h1", "v2", "h2", "b"), "r": ("out", "y"), "loss": ("r",)},
}
