"""Judges that count what a mistake costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def forecast_utility_score(
    prediction: NDArray[np.float64],
    target: NDArray[np.float64],
    *,
    shortage_cost: float,
    surplus_cost: float,
) -> float:
    """Score a forecast by what its mistakes cost: the mean cost, with a minus sign.

    ``-mean(shortage_cost * max(target - prediction, 0) + surplus_cost * max(prediction - target,
    0))``.

    Parameters
    ----------
    prediction, target
        What was provided and what was asked for: shape (n,), in units of y.
    shortage_cost, surplus_cost
        What a unit too little, and a unit too much, costs.

    Returns
    -------
    The score, at most 0, in units of cost.

    Notes
    -----
    Source: the newsvendor problem, Arrow, Harris and Marschak (1951).

    Examples
    --------
    One too few, then one too many:

    >>> forecast_utility_score(
    ...     np.array([2.0, 4.0]), np.array([3.0, 3.0]), shortage_cost=9.0, surplus_cost=1.0
    ... )
    -5.0
    """
    residual = prediction - target
    cost = shortage_cost * np.maximum(-residual, 0.0) + surplus_cost * np.maximum(residual, 0.0)
    return -float(cost.mean())
