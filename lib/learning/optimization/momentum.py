"""What momentum does in a bowl: two factors an axis, good settings, and what noise leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from learning.arrays import Floats
from learning.optimization.rules import Momentum


def momentum_roots(
    curvature: ArrayLike, *, rate: ArrayLike, beta: ArrayLike, nesterov: bool = False
) -> NDArray[np.complex128]:
    """Return the two factors by which runs with momentum go on, along an axis of a bowl.

    The distance d to the minimum follows ``d' = (1 + beta - rate λ) d - beta d_before``, so it is a
    sum of powers of the roots of ``z² - (1 + beta - rate λ) z + beta``. With ``nesterov``, the
    polynomial is ``z² - (1 + beta) (1 - rate λ) z + beta (1 - rate λ)``.

    Parameters
    ----------
    curvature
        The eigenvalue λ of that axis: a positive number, or an array.
    rate, beta, nesterov
        As for `learning.optimization.Momentum`: numbers, or arrays that fit.

    Returns
    -------
    Both roots, the larger in size first, in a last axis of length 2. A run swings where they are
    not real, and diverges where the first is larger than 1 in size.

    Raises
    ------
    ValueError
        If a curvature is not positive, or a rate or a beta is negative.

    Notes
    -----
    Source: Polyak (1964); Goh (2017).

    Examples
    --------
    >>> momentum_roots(2.0, rate=0.25, beta=0.0).real
    array([0.5, 0. ])
    >>> np.abs(momentum_roots(2.0, rate=0.25, beta=0.25))
    array([0.5, 0.5])
    """
    curved, pushed, kept = (np.asarray(value, dtype=float) for value in (curvature, rate, beta))
    if not ((curved > 0).all() and (pushed >= 0).all() and (kept >= 0).all()):
        rule = "curvature must be positive, rate and beta not negative"
        raise ValueError(f"{rule}, got {curvature!r}, {rate!r}, {beta!r}")
    step = 1.0 - pushed * curved
    half = ((1.0 + kept) * step if nesterov else step + kept) / 2
    product = kept * step if nesterov else kept + 0.0 * step
    root = np.sqrt(half * half - product + 0j)
    far = np.where(half < 0, half - root, half + root)  # no difference of near values
    near = np.divide(product, far, out=np.zeros_like(far), where=far != 0)
    return np.stack([far, near], axis=-1)


def polyak_momentum(curvatures: ArrayLike) -> Momentum:
    """Return the momentum that is fastest in a bowl, in the long run and from the worst start.

    With κ = λ_max / λ_min: ``√beta = (√κ - 1) / (√κ + 1)`` and ``rate = (1 + √beta)² / λ_max``.
    Both factors of both extreme axes are then √beta in size.

    Parameters
    ----------
    curvatures
        The eigenvalues of the bowl's matrix of second derivatives, all positive, shape (p,).

    Raises
    ------
    ValueError
        If a curvature is not positive.

    Notes
    -----
    Source: Polyak (1964).

    Examples
    --------
    >>> polyak_momentum([1.0, 9.0])
    Momentum(rate=0.25, beta=0.25, nesterov=False)
    """
    high, root = _extent(curvatures)
    kept = (root - 1) / (root + 1)
    return Momentum(rate=(1 + kept) ** 2 / high, beta=kept**2)


def nesterov_momentum(curvatures: ArrayLike) -> Momentum:
    """Return the momentum with a look ahead that is proved to be fast beyond bowls, too.

    With κ = λ_max / λ_min: ``rate = 1 / λ_max`` and ``beta = (√κ - 1) / (√κ + 1)``. In a bowl, each
    step leaves ``1 - 1 / √κ`` of the distance along the flattest axis, in the long run.

    Parameters
    ----------
    curvatures
        Positive numbers between which the curvature stays, shape (p,): for a bowl the eigenvalues
        of its matrix of second derivatives.

    Raises
    ------
    ValueError
        If a curvature is not positive.

    Notes
    -----
    Source: Nesterov (2004), section 2.2.

    Examples
    --------
    >>> nesterov_momentum([1.0, 9.0])
    Momentum(rate=0.1111111111111111, beta=0.5, nesterov=True)
    """
    high, root = _extent(curvatures)
    return Momentum(rate=1 / high, beta=(root - 1) / (root + 1), nesterov=True)


def _extent(curvatures: ArrayLike) -> tuple[float, float]:
    """Return the largest curvature, and the root of the condition number."""
    low, high = float(np.min(curvatures)), float(np.max(curvatures))
    if not 0 < low <= high < np.inf:
        raise ValueError(f"curvatures must be positive and finite, got {curvatures!r}")
    return high, float(np.sqrt(high / low))


def variance_at_rest(
    curvature: ArrayLike, *, rate: ArrayLike, beta: ArrayLike, variance: ArrayLike
) -> Floats:
    """Return how far noise in the gradients keeps a run with momentum from the minimum.

    ``variance · rate / (1 - beta) / (λ (2 - rate λ / (1 + beta)))``, along an axis of a bowl.

    Parameters
    ----------
    curvature
        The eigenvalue λ of that axis: a positive number, or an array.
    rate, beta
        As for `learning.optimization.Momentum`, small enough that the run does not diverge.
    variance
        That of a gradient along the axis, with errors that are independent from step to step and
        do not depend on the place.

    Returns
    -------
    The mean squared distance to the minimum along that axis, after many steps.

    Raises
    ------
    ValueError
        If the run would never rest: beta is not below 1, or rate λ not below 2 (1 + beta).

    Notes
    -----
    It is the variance of an autoregression of order 2: Box and Jenkins (1970).

    Examples
    --------
    Without momentum, a step multiplies the distance by 1/2 and adds noise of variance 3/4:

    >>> variance_at_rest(2.0, rate=0.25, beta=0.0, variance=12.0)
    array(1.)
    """
    curved, pushed, kept = (np.asarray(value, dtype=float) for value in (curvature, rate, beta))
    if not ((kept < 1).all() and (pushed * curved < 2 * (1 + kept)).all()):
        rule = "beta must be below 1 and rate λ below 2 (1 + beta)"
        raise ValueError(f"{rule}, got {beta!r} and {pushed * curved!r}")
    slack = curved * (2.0 - pushed * curved / (1.0 + kept))
    return np.asarray(np.asarray(variance) * (pushed / (1.0 - kept)) / slack)
