"""Judges: functions that say how good predictions are.

A name that ends in ``_error`` or ``_loss`` is to be made small, one in ``_score`` large. The
prediction comes first, the target second, and residual = prediction - target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Array = TypeVar("Array", "NDArray[np.float64]", "torch.Tensor")


def sum_of_squares_error(prediction: Array, target: Array) -> Array:
    """Add up the squared residuals, ``sum((prediction - target)**2)``.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The sum: a number (or a tensor without axes) of at least 0, in units of y squared.
    """
    residual = prediction - target
    total: Array = (residual**2).sum()
    return total


def mean_squared_error(prediction: Array, target: Array) -> Array:
    """Average the squared residuals, ``mean((prediction - target)**2)``.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, in units of y squared.
    """
    residual = prediction - target
    mean: Array = (residual**2).mean()
    return mean


def root_mean_squared_error(prediction: Array, target: Array) -> Array:
    """Take the root of the mean squared error, ``sqrt(mean((prediction - target)**2))``.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The root: a number (or a tensor without axes) of at least 0, in units of y.
    """
    return mean_squared_error(prediction, target) ** 0.5


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
    """
    residual = prediction - target
    cost = shortage_cost * np.maximum(-residual, 0.0) + surplus_cost * np.maximum(residual, 0.0)
    return -float(cost.mean())
