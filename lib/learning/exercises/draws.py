"""Inputs that exercises of several parts share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Draw = Callable[[np.random.Generator], Mapping[str, Any]]


def about_a_line(n: int, *, low: float = 0, high: float = 1) -> Draw:
    """Return what draws points about the line 3 x + 8.

    Parameters
    ----------
    n
        How many.
    low, high
        The ends of the interval in which x is uniform.

    Returns
    -------
    A function from a generator to the arguments x and y, shape (n,) each.

    Examples
    --------
    >>> sorted(about_a_line(2, low=-1, high=1)(np.random.default_rng(0)))
    ['x', 'y']
    """

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        x = rng.uniform(low, high, n)
        return {"x": x, "y": 3 * x + 8 + rng.normal(0, 0.5, n)}

    return draw
