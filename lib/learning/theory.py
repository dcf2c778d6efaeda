"""What a run on data that has yet to be drawn will give: a mean, and a spread over the draws.

Everything the book computes on a line and n points depends on the points through five averages,
with e for the noise: mean(x²), mean(x), mean(x e), mean(e), mean(e²). Their means and covariances
are known, and shrink with n, so the mean and the spread of anything computed from them are too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learning.data import INTERCEPT, NOISE, SLOPE
from learning.optimization import Quadratic
from learning.report import Table

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """What results will be, over draws of the data.

    Parameters
    ----------
    mean, sd
        The mean and the standard deviation of each result, shape (k,), in its unit.

    Examples
    --------
    >>> Prediction(np.array([1.0, 2.0]), np.array([0.5, 0.25])).z([2.0, 1.0])
    array([ 2., -4.])
    """

    mean: Floats
    sd: Floats

    def z(self, values: Sequence[float] | Floats) -> Floats:
        """Return the z-scores ``(values - mean) / sd`` of values, shape (k,)."""
        return np.asarray((np.asarray(values) - self.mean) / self.sd)


def predict(outcome: Callable[[Floats], Floats], *, n: int, noise: float = NOISE) -> Prediction:
    """Predict results that depend on the n points through the five averages.

    The averages are moved away from their means by one standard deviation, up and down, along each
    principal axis of their covariance. A quarter of the sum of the squared differences is the
    variance (exactly, where the outcome is linear), and the outcome's curvature shifts its mean.

    Parameters
    ----------
    outcome
        Takes the five averages, shape (5,), in the order above; returns results, shape (k,).
    n
        How many points are drawn.
    noise
        The standard deviation of the noise, in units of y.

    Returns
    -------
    A prediction of shape (k,), in the results' units.

    Notes
    -----
    This is the delta method, with differences in place of derivatives.

    Examples
    --------
    The mean of x, over draws of 12 points: its variance is that of one x, 1 / 12, over 12.

    >>> x = predict(lambda averages: averages[1:2], n=12)
    >>> x.mean, x.sd
    (array([0.5]), array([0.08333333]))
    """
    v = noise**2
    center = np.array([1 / 3, 1 / 2, 0.0, 0.0, v])
    covariance = np.zeros((5, 5))
    covariance[:2, :2] = [[4 / 45, 1 / 12], [1 / 12, 1 / 12]]  # of x² and x
    covariance[2:4, 2:4] = [[v / 3, v / 2], [v / 2, v]]  # of x e and e
    covariance[4, 4] = 2 * v**2  # of e²
    variances, axes = np.linalg.eigh(covariance / n)
    here = outcome(center)
    moves = [s * axis for s, axis in zip(np.sqrt(variances), axes.T, strict=True)]
    up = np.array([outcome(center + move) for move in moves])  # (5, k)
    down = np.array([outcome(center - move) for move in moves])
    mean = here + 0.5 * (up + down - 2 * here).sum(axis=0)
    return Prediction(mean, np.sqrt((0.25 * (up - down) ** 2).sum(axis=0)))


def first_guess_errors(a: float, b: float, *, n: int) -> Prediction:
    """Predict the mean squared error of a guessed line on n points, and its root.

    Parameters
    ----------
    a, b
        The guess: slope and intercept.
    n
        How many points it is judged on.

    Returns
    -------
    A prediction of shape (2,): the mean squared error, in units of y squared, and its root, in
    units of y.

    Examples
    --------
    >>> first_guess_errors(10.0, 5.0, n=50).mean.round(2)
    array([4.42, 2.1 ])
    """

    def outcome(averages: Floats) -> Floats:
        error = _loss(averages, a - SLOPE, b - INTERCEPT)
        return np.array([error, np.sqrt(error)])

    return predict(outcome, n=n)


def descent(
    start: tuple[float, float], *, rate: float, steps: int, log_every: int, n: int
) -> Prediction:
    """Predict a run of gradient descent on the mean squared error of a line.

    In the eigenbasis of the matrix of second derivatives, every step multiplies each coordinate of
    the distance to the minimum by ``1 - rate * eigenvalue``: a run is two powers.

    Parameters
    ----------
    start
        Slope and intercept at step 0.
    rate, steps, log_every
        As for `learning.optimization.minimize` with `Descent`.
    n
        How many points are drawn.

    Returns
    -------
    A prediction of shape (k + 2,): the k logged losses, then a and b after the last step.

    Notes
    -----
    Source: Goh (2017) for the eigenbasis.

    Examples
    --------
    >>> descent((0.0, 0.0), rate=0.1, steps=100, log_every=50, n=1000).mean.round(2)
    array([91.09,  0.11,  3.27,  7.86])
    """

    def outcome(averages: Floats) -> Floats:
        m2, m1, c1, c0, noise = averages
        hessian = 2.0 * np.array([[m2, m1], [m1, 1.0]])
        off = np.linalg.solve(hessian, [2.0 * c1, 2.0 * c0])  # of the best line from the true one
        least = noise - 0.5 * off @ hessian @ off
        bowl = Quadratic(hessian, off + np.array([SLOPE, INTERCEPT]), least)
        run = bowl.descend(np.array(start), rate=rate, steps=steps, log_every=log_every)
        return np.array([*run.losses, *run.final])

    return predict(outcome, n=n)


def comparison(
    labels: Sequence[str],
    published: Sequence[float],
    ours: Sequence[float],
    predicted: Prediction,
    *,
    caption: str,
) -> Table:
    """Set published and computed results beside their prediction, a row each.

    Parameters
    ----------
    labels, published, ours
        Three sequences of k.
    predicted
        A prediction of shape (k,).
    caption
        What the table shows, in a sentence.

    Returns
    -------
    A table of k rows: published, ours, predicted mean and s.d., and both z-scores.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> predicted = Prediction(np.array([1.0]), np.array([0.5]))
    >>> comparison(["loss"], [2.0], [1.5], predicted, caption="A run").rows
    {'loss': [2.0, 1.5, 1.0, 0.5, 2.0, 1.0]}
    """
    columns = {
        "published": published,
        "ours": ours,
        "predicted mean": predicted.mean,
        "s.d.": predicted.sd,
        "z, published": predicted.z(published),
        "z, ours": predicted.z(ours),
    }
    rows = dict(zip(labels, np.array(list(columns.values())).T.tolist(), strict=True))
    formats = (".4f", ".4f", ".4f", ".4f", "+.2f", "+.2f")
    return Table(caption, tuple(columns), rows, formats)


def _loss(averages: Floats, da: float, db: float) -> float:
    """Return the mean squared error of a line that is da and db off the true one."""
    m2, m1, c1, c0, v = averages
    return float(da**2 * m2 + 2 * da * db * m1 + db**2 - 2 * (da * c1 + db * c0) + v)
