"""Judges of predicted probabilities."""

from __future__ import annotations

from array_api_compat import array_namespace

from learning.arrays import Array
from learning.evaluation.regression import residuals


def binary_cross_entropy_loss(logits: Array, target: Array) -> Array:
    """Average what the right answers cost, ``mean(-log p(target))``, from log-odds.

    With ``p = sigmoid(z)`` that is ``mean(log(1 + exp(z)) - target z)``, which needs no logarithm
    of a rounded probability: at z = 1000 and target 0 it is 1000, where ``log(1 - p)`` is infinite.

    Parameters
    ----------
    logits
        The predicted log-odds z of a yes: an array or a tensor.
    target
        What happened, 0 or 1 (or a probability between), of the same shape.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, in nats.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: Good (1952).

    Examples
    --------
    >>> float(binary_cross_entropy_loss(np.array([0.0, 1000.0]), np.array([1.0, 1.0])))
    0.34657359027997264
    """
    residuals(logits, target)  # refuses shapes that differ
    xp = array_namespace(logits)
    mean: Array = (xp.logaddexp(0.0 * logits, logits) - target * logits).mean()
    return mean


def hinge_loss(scores: Array, target: Array) -> Array:
    """Average what points cost that are not on their side with a margin of 1.

    ``mean(max(0, 1 - s z))`` with s = 1 for a yes and -1 for a no. A point beyond the margin costs
    nothing, so that only the others shape the boundary: that is a support vector machine.

    Parameters
    ----------
    scores
        The predicted scores z, positive for a yes: an array or a tensor.
    target
        What happened, 0 or 1, of the same shape.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: Cortes and Vapnik (1995).

    Examples
    --------
    >>> float(hinge_loss(np.array([2.0, 0.5, 1.0]), np.array([1.0, 1.0, 0.0])))
    0.8333333333333334
    """
    residuals(scores, target)  # refuses shapes that differ
    short = 1.0 - (2.0 * target - 1.0) * scores
    mean: Array = (short * (short > 0)).mean()
    return mean
