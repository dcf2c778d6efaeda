"""Contests: which rule arrives in the fewest steps, and at which rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.optimization.quadratic import Quadratic
from learning.optimization.rules import Rule
from learning.optimization.search import minimize


def steps_by_rate(
    make: Callable[[Any], Rule],
    bowl: Quadratic,
    start: Floats,
    *,
    rates: Floats,
    steps: int,
    excess: float,
) -> Floats:
    """Count the steps that a rule takes down a bowl, at each of several rates.

    All rates run at once: the parameters have a column for each.

    Parameters
    ----------
    make
        Makes the rule from its rate, such as ``lambda rate: Momentum(rate=rate, beta=0.4)``. What
        it is given is a schedule that says all rates at each step.
    bowl
        The loss.
    start
        Where every run begins, shape (p,).
    rates
        The rates to try, shape (k,).
    steps
        How many steps are made at most.
    excess
        How far above the least loss is near enough.

    Returns
    -------
    For each rate the number of steps after which the loss is near enough for the first time, or
    infinity, shape (k,).

    Examples
    --------
    >>> from learning.optimization import Descent
    >>> bowl = Quadratic(np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0]), 0.0)
    >>> how = {"rates": np.array([0.1, 0.6, 1.1]), "steps": 50, "excess": 1e-3}
    >>> steps_by_rate(lambda rate: Descent(rate=rate), bowl, np.array([1.0, 1.0]), **how)
    array([30.,  4., inf])
    """
    minimum = bowl.minimum[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # a run may diverge
        run = minimize(
            lambda theta: 0.0,
            np.tile(start[:, None], len(rates)),
            make(lambda step: rates),
            steps=steps,
            gradient=lambda theta: bowl.hessian @ (theta - minimum),
        )
        away = np.concatenate([run.parameters, run.final[None]]) - minimum  # (steps + 1, p, k)
        heights = 0.5 * np.einsum("spk,pq,sqk->sk", away, bowl.hessian, away)
    near = heights <= excess
    return np.where(near.any(axis=0), near.argmax(axis=0), np.inf)
