"""Two classes of points in the plane."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Centres = Sequence[Sequence[Sequence[float]]]

APART: Centres = (((-1.0, -0.5),), ((1.0, 0.5),))
CROSSED: Centres = (((-1.0, -1.0), (1.0, 1.0)), ((-1.0, 1.0), (1.0, -1.0)))


def clouds(
    n: int,
    *,
    generator: np.random.Generator,
    centres: Centres = APART,
    spread: float = 0.6,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw points of two classes that lie in round clouds about centres in the plane.

    ``y ~ Bernoulli(1/2)``, c is one of the centres of class y, each as likely as another, and
    ``x = c + spread * e`` with ``e ~ Normal(0, I)``.

    Parameters
    ----------
    n
        How many points; at least 1. Of a few points, all may be of one class.
    generator
        Where the randomness comes from: all n classes are drawn, then all centres, then all e.
    centres
        The centres of class 0 and those of class 1, one at least of each, two numbers a centre.
    spread
        The standard deviation of the noise in each direction; not negative.

    Returns
    -------
    x, y
        The points, shape (n, 2), and their classes 0.0 and 1.0, shape (n,), float64.

    Raises
    ------
    ValueError
        If n, centres or spread breaks its rule.

    Examples
    --------
    >>> x, y = clouds(3, generator=np.random.default_rng(1))
    >>> x.round(2), y
    (array([[-0.73, -0.82],
           [ 1.35,  0.72],
           [ 1.18,  0.52]]), array([0., 1., 1.]))
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n!r}")
    if not 0 <= spread < math.inf:
        raise ValueError(f"spread must be at least 0 and finite, got {spread!r}")
    of_class = [_of_one_class(each) for each in centres]
    if len(of_class) != 2:
        raise ValueError(f"there must be centres of 2 classes, got {len(of_class)}")
    y = generator.integers(2, size=n)
    which = generator.random(n)
    counts = np.array([len(each) for each in of_class])
    row = np.floor(which * counts[y]).astype(np.int64) + counts[0] * y
    x = np.concatenate(of_class)[row] + spread * generator.normal(0.0, 1.0, (n, 2))
    return x, y.astype(np.float64)


def _of_one_class(centres: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    found = np.asarray(centres, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != 2 or len(found) < 1 or not np.isfinite(found).all():
        raise ValueError(f"a class must have one or more centres of two numbers, got {centres!r}")
    return found
