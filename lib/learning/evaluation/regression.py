"""Judges of predicted numbers: by their residuals, prediction - target."""

from __future__ import annotations

from learning.arrays import Array


def residuals(prediction: Array, target: Array) -> Array:
    """Subtract the targets from the predictions, ``prediction - target``.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The residuals, of that shape, in units of y.

    Raises
    ------
    ValueError
        If the shapes differ: arrays of shapes (n, 1) and (n,) would give n times n differences.

    Examples
    --------
    >>> residuals(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    array([2., 0.])
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

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: Legendre (1805).

    Examples
    --------
    >>> float(sum_of_squares_error(np.array([3.0, 1.0]), np.array([1.0, 1.0])))
    4.0
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

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: Legendre (1805), for the sum.

    Examples
    --------
    >>> float(mean_squared_error(np.array([3.0, 1.0]), np.array([1.0, 1.0])))
    2.0
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

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> float(root_mean_squared_error(np.array([3.0, 3.0]), np.array([1.0, 1.0])))
    2.0
    """
    return mean_squared_error(prediction, target) ** 0.5
