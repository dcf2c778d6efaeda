"""Whose fault an error is: three numbers, one for each component of learning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.optimization import Quadratic, least_squares
from learning.representation import legendre, polynomial

# Places and weights of a mean over 0 … 1 that is exact for polynomials up to degree 47.
_KNOTS, _SHARES = np.polynomial.legendre.leggauss(24)
PLACES: Floats = 0.5 * (_KNOTS + 1.0)
SHARES: Floats = 0.5 * _SHARES


@dataclass(frozen=True)
class Excess:
    """How much worse than the truth a found function predicts, in three parts.

    Parameters
    ----------
    approximation
        What the best function that may be used costs.
    estimation
        What it costs beyond that to choose by a few points instead of by all there could be.
    optimization
        What it costs beyond that to stop a search before it has arrived. It can be negative.

    Notes
    -----
    Source: Bottou and Bousquet (2008).

    Examples
    --------
    >>> Excess(0.5, 0.25, -0.125).total
    0.625
    """

    approximation: float
    estimation: float
    optimization: float

    @property
    def total(self) -> float:
        """Return their sum, the found function's expected error less that of the truth."""
        return self.approximation + self.estimation + self.optimization


@dataclass(frozen=True, kw_only=True)
class Search:
    """A run of gradient descent on the weights of the powers of x.

    Parameters
    ----------
    rate, steps
        The learning rate, and how many steps are made.
    start
        The weights of 1, x, x², … to begin with. Those that are missing are 0.

    Examples
    --------
    >>> Search(rate=0.1, steps=10)
    Search(rate=0.1, steps=10, start=())
    """

    rate: float
    steps: int
    start: Sequence[float] = ()


def polynomial_fits(
    x: Floats,
    y: Floats,
    truth: Callable[[Floats], Floats],
    *,
    degree: int,
    at: Floats = PLACES,
    ridge: float = 0.0,
    search: Search | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Fit a polynomial to points, to all that there could be, and to the points by a search.

    With ``E(f) = mean((f - truth)²)`` over x drawn evenly from 0 … 1, `allowed` has the least E of
    all polynomials of the degree, `chosen` the least mean squared error on the points, and `found`
    is where the search for `chosen` ends.

    Parameters
    ----------
    x, y
        The points, shape (n,) each, with x from 0 to 1.
    truth
        The function about which y scatters.
    degree
        Of the polynomials that may be used; at least 0.
    at
        Where the fits are wanted, shape (k,).
    ridge
        What a weight of a power of x costs in the choice, times its square; not negative.
    search
        How `chosen` is sought; without it, it is found exactly.

    Returns
    -------
    Allowed, chosen and found, shape (k,) each, in units of y.

    Raises
    ------
    ValueError
        If degree or ridge breaks its rule.

    Examples
    --------
    >>> x = np.array([0.25, 0.75])
    >>> fits = polynomial_fits(x, 3 * x + 9, lambda x: 3 * x + 8, degree=0, at=np.zeros(1))
    >>> [float(values[0].round(6)) for values in fits]
    [9.5, 10.5, 10.5]
    """
    roots = np.sqrt(SHARES)
    everywhere = legendre(PLACES, degree) * roots[:, None]
    allowed = legendre(at, degree) @ least_squares(everywhere, truth(PLACES) * roots)
    weights = least_squares(polynomial(x, degree), y, ridge=ridge)
    if ridge:
        chosen = polynomial(at, degree) @ weights
    else:  # the same curve, from a basis in which it is not the difference of large numbers
        chosen = legendre(at, degree) @ least_squares(legendre(x, degree), y)
    if search is None:
        return allowed, chosen, chosen
    return allowed, chosen, polynomial(at, degree) @ _end(x, weights, ridge, search)


def polynomial_excess(
    x: Floats, y: Floats, truth: Callable[[Floats], Floats], **how: Any
) -> Excess:
    """Say what in the error of a fitted polynomial is whose fault.

    The parts are ``E(allowed)``, ``E(chosen) - E(allowed)`` and ``E(found) - E(chosen)``.

    Parameters
    ----------
    x, y, truth, how
        As for `polynomial_fits`, but for `at`.

    Returns
    -------
    The three parts, in units of y squared.

    Raises
    ------
    ValueError
        As `polynomial_fits` does.

    Examples
    --------
    A constant for a line: what it cannot say costs the variance of 3x, and 1/12 of 9 is 0.75.

    >>> x = np.array([0.25, 0.75])
    >>> excess = polynomial_excess(x, 3 * x + 8, lambda x: 3 * x + 8, degree=0)
    >>> round(excess.approximation, 12), round(excess.total, 12)
    (0.75, 0.75)
    """
    fits = polynomial_fits(x, y, truth, **how)
    allowed, chosen, found = (float(SHARES @ (fit - truth(PLACES)) ** 2) for fit in fits)
    return Excess(allowed, chosen - allowed, found - chosen)


def _end(x: Floats, weights: Floats, ridge: float, search: Search) -> Floats:
    """Return the weights of the powers at which the search for the least ones ends."""
    p = len(weights)
    design = polynomial(x, p - 1)
    bowl = Quadratic(2.0 * (design.T @ design / len(x) + ridge * np.eye(p)), weights, 0.0)
    start = np.zeros(p)
    start[: len(search.start)] = search.start[:p]
    run = bowl.descend(start, rate=search.rate, steps=search.steps, log_every=search.steps)
    return run.final
