"""Stochastic gradient descent, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray

from learning.explorables.base import bundle
from learning.explorables.descending import Descending
from learning.optimization import Descent, Trajectory, inverse_time

BITS = 2**32 - 1


class StochasticDescent(Descending):
    """A run of gradient descent in which each step looks at a batch of the points.

    The batches follow from the seed, here and in the reader's browser alike.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate
        The learning rate, of all steps or of the first one.
    batch_size
        How many points a step looks at, from 1 to n.
    drawing
        How they are drawn: "without" replacement, so that no point comes twice in a batch; "with"
        it, each point by itself; or in "epochs", all points being shuffled and dealt out.
    decreasing
        Whether the rate falls like one over time: ``rate / (1 + step / half)``.
    half
        The step at which half of a decreasing rate is left.
    steps, step
        How many steps the run has, and how many of them are shown.
    seed
        What the batches follow from.
    passed
        The steps at which the reader asked for another batch.
    a_range, b_range, grid, x_range, y_range
        The parts of the two planes that are shown.
    rate_range
        What the reader may choose, on a logarithmic slider.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y break their rule, a range does not have its lower end first, or the batch size is
        not from 1 to n.
    """

    _esm = bundle("stochastic.js")
    _mesh = 41  # a coarser one, since 200 points weigh on the page as well

    batch_size = traitlets.Int(1).tag(sync=True)
    drawing = traitlets.Enum(["without", "with", "epochs"], "without").tag(sync=True)
    decreasing = traitlets.Bool(False).tag(sync=True)
    half = traitlets.Float(50.0, min=1e-6).tag(sync=True)
    seed = traitlets.Int(1, min=0).tag(sync=True)
    passed = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, x: Any, y: Any, **traits: Any) -> None:
        ranges = {"y_range": (6.0, 13.0), "rate_range": (0.01, 1.0)}
        super().__init__(x, y, **{"start": (0.0, 6.0), "steps": 400, **ranges, **traits})

    @traitlets.validate("batch_size")
    def _check_size(self, proposal: Any) -> Any:
        size, n = proposal["value"], len(self.x)
        if not 1 <= size <= max(n, 1):
            raise ValueError(f"batch_size must be from 1 to n, got {size!r} for n = {n}")
        return size

    def rows(self, step: int) -> NDArray[np.int64]:
        """Return the points that a step looks at, counted from 0, shape (batch_size,)."""
        number = step + sum(at <= step for at in self.passed)
        return WAYS[self.drawing](self.seed, number, len(self.x), self.batch_size)

    @property
    def trajectory(self) -> Trajectory:
        """The run at the present settings."""
        rate = inverse_time(self.rate, half=self.half) if self.decreasing else self.rate
        batches = [self.rows(step) for step in range(self.steps)]
        return self._run(Descent(rate=rate), batches=batches)

    @traitlets.default("alt")
    def _describe(self) -> str:
        return (
            "Three plots. The points with those of a batch lit, and a line among them; the path of"
            " the line over the contours of the loss; and the loss at each step. The size of the"
            " batches, how they are drawn, and the rate can be set."
        )

    def static_figure(self) -> Figure:
        """Draw the whole run: its path, its last batch and line, and its losses."""
        return self._draw_run(self.trajectory, lit=self.rows(self.steps))[0]


def batch(seed: int, number: int, n: int, size: int) -> NDArray[np.int64]:
    """Return a batch of a seed: `size` of n rows, none of them twice.

    The same as ``batch`` in ``descent.js``.
    """
    numbers, rows = uniform(seed * 65536 + number), np.arange(n)
    for i in range(size):
        j = i + int(next(numbers) * (n - i))
        rows[[i, j]] = rows[[j, i]]
    return rows[:size]


def draws(seed: int, number: int, n: int, size: int) -> NDArray[np.int64]:
    """Return a batch of a seed: `size` of n rows, each drawn by itself, as ``draws`` does there."""
    numbers = uniform(seed * 65536 + number)
    return np.array([int(next(numbers) * n) for _ in range(size)])


def dealt(seed: int, number: int, n: int, size: int) -> NDArray[np.int64]:
    """Return a batch of a seed: `size` of n rows that are dealt out, as ``dealt`` does there."""
    epoch, place = divmod(number, n // size)
    return batch(seed, epoch, n, n)[place * size : (place + 1) * size]


WAYS = {"without": batch, "with": draws, "epochs": dealt}


def uniform(seed: int) -> Iterator[float]:
    """Yield numbers from 0 to 1 that look drawn at random: a counter whose bits are stirred.

    The same as ``uniform`` in ``descent.js``.

    Notes
    -----
    Source: Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators.
    """
    count = seed & BITS
    while True:
        count = (count + 0x9E3779B9) & BITS
        bits = (count ^ (count >> 16)) * 0x21F0AAAD & BITS
        bits = (bits ^ (bits >> 15)) * 0x735A2D97 & BITS
        yield (bits ^ (bits >> 15)) / 2**32
