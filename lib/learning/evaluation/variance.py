"""Judges that compare a model with the simplest one, which predicts the same for every input."""

from __future__ import annotations

from learning.arrays import Array
from learning.evaluation.regression import sum_of_squares_error


def r_squared_score(prediction: Array, target: Array) -> Array:
    """Say which share of the squared error of a constant a model removes.

    ``1 - sum((prediction - target)²) / sum((target - mean(target))²)``: 1 for a model that meets
    every target, 0 for the mean of these targets, negative for a model that does worse than it.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The score, at most 1: a number (or a tensor without axes) that has no unit.

    Raises
    ------
    ValueError
        If the shapes differ, or all targets are equal: then the mean makes no error, and there is
        nothing to compare with. So for a single target, and for one that is NaN.

    Notes
    -----
    Source: Wright (1921), for the least-squares line.

    Examples
    --------
    >>> target = np.array([8.0, 9.0, 10.0])
    >>> float(r_squared_score(target + 0.5, target)), float(r_squared_score(0 * target, target))
    (0.625, -121.5)
    """
    wrong = sum_of_squares_error(prediction, target)
    if not target.max() > target.min():
        raise ValueError(f"targets must be numbers that differ, got {target!r}")
    mean = 0.0 * target + target.mean()
    score: Array = 1.0 - wrong / sum_of_squares_error(mean, target)
    return score
