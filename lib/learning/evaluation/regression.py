"""Judges of predicted numbers: by their residuals, prediction - target."""

from __future__ import annotations

from learning.arrays import Array


def residuals(prediction: Array, target: Array) -> Array:
    """Subtract: prediction - target.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Raises
    ------
    ValueError
        If the shapes differ: arrays of shapes (n, 1) and (n,) would give n times n differences.
    """
    if prediction.shape != target.shape:
        shapes = f"{tuple(prediction.shape)} and {tuple(target.shape)}"
        raise ValueError(f"prediction and target must have one shape, got {shapes}")
    return prediction - target


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
    total: Array = (residuals(prediction, target) ** 2).sum()
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
    mean: Array = (residuals(prediction, target) ** 2).mean()
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
