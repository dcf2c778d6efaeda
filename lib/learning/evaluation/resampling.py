"""What one set of data tells about others that might have been drawn in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats

Rows = NDArray[np.int64]
Learner = Callable[[Any, Any], Callable[[Any], Any]]


def cross_validated_errors(
    learn: Learner,
    error: Callable[[Any, Any], Any],
    x: Floats,
    y: Floats,
    *,
    folds: Iterable[tuple[Rows, Rows]],
) -> Floats:
    """Judge a learner on points that it has not seen, fold by fold.

    For each fold, ``error(learn(x[rest], y[rest])(x[held]), y[held])``. The mean over the folds is
    the cross-validated error. Whatever is chosen by looking at targets belongs into `learn`.

    Parameters
    ----------
    learn
        Takes inputs and targets, and returns a function that predicts.
    error
        Takes predictions and targets, and returns a number, such as
        `learning.mean_squared_error`.
    x
        The inputs; their first axis counts the n points.
    y
        The targets, shape (n,).
    folds
        Pairs of indices: the rest, to learn from, and those held back. See
        `learning.data.k_folds`.

    Returns
    -------
    The error of each fold, shape (k,), in the unit of the error.

    Raises
    ------
    ValueError
        If x and y do not have one length, or there is no fold.

    Notes
    -----
    Source: Stone (1974), Cross-validatory choice and assessment of statistical predictions.

    Examples
    --------
    The learner that always answers with the mean of what it saw:

    >>> learn = lambda x, y: lambda new: np.full(len(new), y.mean())
    >>> worst = lambda prediction, target: np.abs(prediction - target).max()
    >>> x, y = np.zeros(4), np.array([1.0, 2.0, 3.0, 6.0])
    >>> halves = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
    >>> cross_validated_errors(learn, worst, x, y, folds=halves)
    array([4.5, 3.5])
    """
    if len(x) != len(y):
        raise ValueError(f"x and y must have one length, got {len(x)} and {len(y)}")
    errors = [error(learn(x[rest], y[rest])(x[held]), y[held]) for rest, held in folds]
    if not errors:
        raise ValueError("there must be at least one fold, got none")
    return np.array(errors, dtype=np.float64)


def bootstrap(
    statistic: Callable[..., Any],
    *data: Floats,
    resamples: int,
    generator: np.random.Generator,
) -> Floats:
    """Compute a statistic on data sets that are drawn from the data, with replacement.

    Each resample has n points, and a point may come several times. Their spread estimates the
    spread over data sets that might have been drawn.

    Parameters
    ----------
    statistic
        Takes the data, as many arrays as are given, and returns a number or an array.
    data
        Arrays whose first axis counts the same n points; a resample takes the same rows of all.
    resamples
        How many; at least 1.
    generator
        Where the rows come from.

    Returns
    -------
    The statistic of each resample, shape (resamples, ...).

    Raises
    ------
    ValueError
        If there are no data, they do not have one length, n is 0, or resamples is less than 1.

    Notes
    -----
    Source: Efron (1979), Bootstrap methods: another look at the jackknife.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 6.0])
    >>> bootstrap(np.mean, y, resamples=4, generator=np.random.default_rng(0)).round(2)
    array([3.33, 1.  , 1.  , 4.67])
    """
    lengths = {len(values) for values in data}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"the data must be arrays of one length n > 0, got {sorted(lengths)!r}")
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, got {resamples!r}")
    (n,) = lengths
    rows = generator.integers(n, size=(resamples, n))
    return np.array([statistic(*(values[each] for values in data)) for each in rows])
