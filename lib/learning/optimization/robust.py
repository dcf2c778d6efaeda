"""Lines that are best by other losses than squares, each found to rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from learning.arrays import Floats
from learning.optimization.quadratic import least_squares_line

NEAR = 1e-8  # a change of the line that is left to Newton's method
MOST = 20_000  # rounds
BLOCK = 4096  # lines that are judged at a time


def lines_through_pairs(x: Floats, y: Floats) -> Floats:
    """Return the lines through every two of the points.

    Parameters
    ----------
    x, y
        The data, shape (n,) each.

    Returns
    -------
    A row (a, b) for each pair of points with different x: at most n (n - 1) / 2 rows.

    Raises
    ------
    ValueError
        If there are not two different x.

    Examples
    --------
    >>> lines_through_pairs(np.array([0.0, 1.0, 2.0]), np.array([8.0, 11.0, 8.0]))
    array([[ 3.,  8.],
           [ 0.,  8.],
           [-3., 14.]])
    """
    first, second = np.triu_indices(len(x), 1)
    different = x[first] != x[second]
    if not different.any():
        raise ValueError(f"there must be two different x, got {np.unique(x).tolist()}")
    first, second = first[different], second[different]
    slope = (y[second] - y[first]) / (x[second] - x[first])
    return np.stack([slope, y[first] - slope * x[first]], axis=1)


def quantile_line(x: Floats, y: Floats, *, share: float = 0.5) -> Floats:
    """Find a line of least quantile loss; of least mean absolute error, if the share is one half.

    The loss is linear in (a, b) but for its folds, the lines through each point. So it is least
    where folds cross: some line through two of the points is among the best, and all are tried.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    share
        As for `quantile_loss`: about so large a share of the points lies below the line.

    Returns
    -------
    a and b, shape (2,). Where several lines are best, it is the first of them.

    Raises
    ------
    ValueError
        If the share does not lie between 0 and 1, or there are not two different x.

    Notes
    -----
    Source: Koenker and Bassett (1978). It takes n³ / 2 residuals: for more than some hundred
    points, linear programming is the better way.

    Examples
    --------
    >>> quantile_line(np.array([0.0, 1.0, 2.0, 3.0]), np.array([8.0, 99.0, 14.0, 17.0]))
    array([3., 8.])
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share must lie between 0 and 1, got {share!r}")
    lines, losses = lines_through_pairs(x, y), []
    for some in np.array_split(lines, 1 + len(lines) // BLOCK):
        residual = some[:, :1] * x + some[:, 1:] - y  # (lines, n)
        losses.append(np.maximum((1.0 - share) * residual, -share * residual).mean(axis=1))
    best: Floats = lines[np.concatenate(losses).argmin()]
    return best


def huber_line(x: Floats, y: Floats, *, width: float) -> Floats:
    """Find the line of least `huber_loss`.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    width
        The size up to which a residual counts by its square, in units of y.

    Returns
    -------
    a and b, shape (2,).

    Raises
    ------
    ValueError
        If the width is not positive, or the search does not arrive.

    Notes
    -----
    Source: Huber (1964), for the loss; Holland and Welsch (1977), for the search.

    Examples
    --------
    >>> x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([8.0, 99.0, 14.0, 17.0])
    >>> huber_line(x, y, width=0.5).round(6)
    array([2.928571, 8.285714])
    """
    return _reweighted(
        x, y, width, lambda u: np.clip(u, -1.0, 1.0), lambda u: (abs(u) < 1.0).astype(np.float64)
    )


def log_cosh_line(x: Floats, y: Floats, *, width: float) -> Floats:
    """Find the line of least `log_cosh_loss`.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    width
        The size of residual around which the loss turns from squares to sizes, in units of y.

    Returns
    -------
    a and b, shape (2,).

    Raises
    ------
    ValueError
        If the width is not positive, or the search does not arrive.

    Notes
    -----
    Source: Holland and Welsch (1977), for the search.

    Examples
    --------
    >>> x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([8.0, 11.0, 14.0, 17.0])
    >>> log_cosh_line(x, y, width=0.5).round(6)
    array([3., 8.])
    """
    return _reweighted(x, y, width, np.tanh, lambda u: 1.0 - np.tanh(u) ** 2)


Curve = Callable[[Floats], Floats]


def _reweighted(x: Floats, y: Floats, width: float, pull: Curve, bend: Curve) -> Floats:
    """Find where the pulls of all points cancel: ``mean(pull(u)) = mean(pull(u) x) = 0``.

    A residual is ``width u``. Each round is least squares in which a point weighs ``pull(u) / u``;
    it comes nearer from anywhere. Newton's method, with ``bend`` the derivative of the pull, goes
    the rest of the way.
    """
    if not width > 0:
        raise ValueError(f"width must be positive, got {width!r}")
    theta = least_squares_line(x, y)
    for _ in range(MOST):
        u = (theta[0] * x + theta[1] - y) / width
        weight = np.divide(pull(u), u, out=np.ones_like(u), where=u != 0)
        step = _solve(x, weight, width * pull(u))
        theta = theta - step
        if abs(step).max() <= NEAR * abs(theta).max():
            return _newton(x, y, theta, width, pull, bend)
    raise ValueError(f"no line was found in {MOST} rounds, width {width!r}; the last is {theta}")


def _newton(x: Floats, y: Floats, theta: Floats, width: float, pull: Curve, bend: Curve) -> Floats:
    """Take Newton's steps for as long as they make the gradient smaller."""
    u = (theta[0] * x + theta[1] - y) / width
    while True:
        try:
            after = theta - _solve(x, bend(u), width * pull(u))
        except np.linalg.LinAlgError:
            return theta  # too few points bend
        v = (after[0] * x + after[1] - y) / width
        if not _imbalance(x, pull(v)) < _imbalance(x, pull(u)):
            return theta
        theta, u = after, v


def _imbalance(x: Floats, pull: Floats) -> float:
    return float(abs(pull.mean()) + abs((pull * x).mean()))


def _solve(x: Floats, weight: Floats, pull: Floats) -> Floats:
    """Return the step of (a, b) that takes away the pulls, if points weigh so much."""
    mixed = (weight * x).mean()
    matrix = np.array([[(weight * x * x).mean(), mixed], [mixed, weight.mean()]])
    return np.asarray(np.linalg.solve(matrix, np.array([(pull * x).mean(), pull.mean()])))
