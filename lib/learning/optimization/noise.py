"""The noise of batches: how far a batch's gradient strays, and what that does to a run."""

from __future__ import annotations

import numpy as np

from learning.arrays import Floats
from learning.optimization.quadratic import line_quadratic
from learning.optimization.schedules import Rate, rate_at


def point_gradients(a: float, b: float, x: Floats, y: Floats) -> Floats:
    """Differentiate the squared error of a line on each point alone.

    With r = a x + b - y, a point's gradient is ``(2 r x, 2 r)``; their mean is `line_gradient`.

    Parameters
    ----------
    a, b
        The line's slope and intercept.
    x, y
        The data, shape (n,) each.

    Returns
    -------
    A row a point, shape (n, 2): units of y² per unit of a, and per unit of b.

    Examples
    --------
    >>> point_gradients(3.0, 9.0, np.array([0.0, 1.0]), np.array([8.0, 11.0]))
    array([[0., 2.],
           [2., 2.]])
    """
    residual = a * x + b - y
    return 2.0 * np.stack([residual * x, residual], axis=1)


def batch_covariance(gradients: Floats, *, batch_size: int, replace: bool = True) -> Floats:
    """Say how the mean gradient of a batch strays from that of all points.

    ``S / m`` for batches of m points, where S is the covariance of the points' own gradients; and
    ``S / m * (n - m) / (n - 1)``, if no point comes twice in a batch.

    Parameters
    ----------
    gradients
        The points' gradients, shape (n, p), n at least 2.
    batch_size
        m, how many points a batch has: at least 1, and at most n if no point comes twice.
    replace
        Whether a point may come twice: drawing with replacement, or without.

    Returns
    -------
    The covariance over all batches, shape (p, p).

    Raises
    ------
    ValueError
        If there are fewer than 2 points, or batch_size breaks its rule.

    Notes
    -----
    Source: Cochran (1977), Sampling Techniques, theorem 2.2.

    Examples
    --------
    >>> each = np.array([[0.0], [2.0], [4.0]])
    >>> batch_covariance(each, batch_size=2), batch_covariance(each, batch_size=2, replace=False)
    (array([[1.33333333]]), array([[0.66666667]]))
    """
    n, m = len(gradients), batch_size
    _check(n, m, replace)
    factor = 1.0 if replace else (n - m) / (n - 1.0)
    away = gradients - gradients.mean(axis=0)
    return np.asarray(factor * (away.T @ away) / n / m)


def expected_losses(
    x: Floats,
    y: Floats,
    start: Floats,
    *,
    rate: Rate,
    steps: int,
    batch_size: int,
    replace: bool = True,
) -> Floats:
    """Average the loss of a line, step by step, over all draws of all batches, without a run.

    A step on a batch is linear in the distance to the minimum: with d = (θ - minimum, 1) it is
    ``d ← (I - rate B) d``, where B is the mean over the batch's points of a matrix that holds the
    point's Hessian and its gradient at the minimum. The batches are drawn independently of each
    other, so the mean of the outer product d dᵀ follows from that of the step before.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.
    start
        The slope and the intercept to begin with.
    rate
        The learning rate: a number, or a function of the step.
    steps
        How many steps are made; at least 1.
    batch_size, replace
        As for `batch_covariance`.

    Returns
    -------
    The mean squared error on all points before each step, shape (steps,), averaged.

    Raises
    ------
    ValueError
        If steps or batch_size breaks its rule.

    Examples
    --------
    A batch of all points without replacement makes the steps of gradient descent:

    >>> x, y = np.array([0.0, 1.0, 2.0]), np.array([8.0, 11.0, 15.0])
    >>> how = {"rate": 0.1, "steps": 3, "batch_size": 3}
    >>> expected_losses(x, y, np.array([0.0, 0.0]), replace=False, **how).round(4)
    array([136.6667,  40.5585,  13.9709])
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps!r}")
    n, m = len(x), batch_size
    _check(n, m, replace)
    share, bowl = (1.0 if replace else (n - m) / (n - 1.0)) / m, line_quadratic(x, y)
    a, b = bowl.minimum
    each = _steps(x, point_gradients(a, b, x, y))
    of_all = each.mean(axis=0)
    pairs = np.einsum("nij,nkl->ikjl", each, each).reshape(9, 9) / n
    together = np.kron(of_all, of_all) * (1.0 - share) + pairs * share
    once = np.kron(of_all, np.eye(3)) + np.kron(np.eye(3), of_all)
    change = np.concatenate([-once, together])
    away = np.append(start - bowl.minimum, 1.0)
    squares = np.empty((steps, 9))
    square = np.outer(away, away).ravel()
    for step in range(steps):
        squares[step] = square
        by_rate, by_its_square = (change @ square).reshape(2, 9)
        now = rate_at(rate, step)
        square = square + now * by_rate + now**2 * by_its_square
    moments = squares.reshape(-1, 3, 3)[:, :2, :2]
    return np.asarray(bowl.least + 0.5 * np.einsum("sij,ij->s", moments, bowl.hessian))


def _steps(x: Floats, at_minimum: Floats) -> Floats:
    """Return each point's B, shape (n, 3, 3): its Hessian beside its gradient at the minimum."""
    design = np.stack([x, np.ones_like(x)], axis=1)
    each = np.zeros((len(x), 3, 3))
    each[:, :2, :2] = 2.0 * design[:, :, None] * design[:, None, :]
    each[:, :2, 2] = at_minimum
    return each


def _check(n: int, m: int, replace: bool) -> None:
    if n < 2:
        raise ValueError(f"there must be at least 2 points, got {n!r}")
    if m < 1 or (not replace and m > n):
        limit = "at least 1" if replace else "from 1 to n"
        raise ValueError(f"batch_size must be {limit}, got {m!r} for n = {n!r}")
