"""Data that is drawn: a generator goes in, arrays come out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SLOPE = 3.0
INTERCEPT = 8.0
NOISE = 0.3


def noisy_line(
    n: int,
    *,
    generator: np.random.Generator,
    slope: float = SLOPE,
    intercept: float = INTERCEPT,
    noise: float = NOISE,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw points that lie on a line but for noise.

    ``x ~ Uniform(0, 1)`` and ``y = slope * x + intercept + noise * e`` with ``e ~ Normal(0, 1)``.

    Parameters
    ----------
    n
        How many points; at least 1.
    generator
        Where the randomness comes from. All n of x are drawn first, then all n of e.
    slope, intercept
        The line, in units of y per unit of x, and in units of y.
    noise
        The standard deviation of the noise, in units of y; not negative.

    Returns
    -------
    x, y
        Two arrays of shape (n,), float64.

    Raises
    ------
    ValueError
        If n or noise breaks its rule.

    Examples
    --------
    >>> x, y = noisy_line(3, generator=np.random.default_rng(0))
    >>> x.round(2), y.round(2)
    (array([0.64, 0.27, 0.04]), array([9.94, 8.65, 8.23]))
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n!r}")
    if not noise >= 0:
        raise ValueError(f"noise must be at least 0, got {noise!r}")
    x = generator.uniform(0.0, 1.0, n)
    y = slope * x + intercept + noise * generator.normal(0.0, 1.0, n)
    return x, y
