"""Judges of scores by the order in which they put the cases, whatever the threshold will be.

A yes is said where the score reaches the threshold, ``score >= threshold``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats
from learning.evaluation.decisions import Booleans, yes_or_no


def _checked(score: Floats, target: NDArray[np.generic]) -> tuple[Floats, Booleans]:
    scores, yes = np.asarray(score, dtype=np.float64), yes_or_no("target", target)
    if scores.shape != yes.shape:
        raise ValueError(f"score and target must have one shape, got {scores.shape}, {yes.shape}")
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers, got nan among them")
    if yes.all() or not yes.any():
        raise ValueError(f"target must hold both yes and no, got {len(yes)} times {int(yes[0])}")
    return scores, yes


def _reached(score: Floats, target: NDArray[np.generic]) -> tuple[Floats, Floats, Floats]:
    """Return the distinct scores, from the highest down, and how many yes and no reach each."""
    scores, yes = _checked(score, target)
    levels, place = np.unique(-scores, return_inverse=True)
    at_level = [np.bincount(place[group], minlength=len(levels)) for group in (yes, ~yes)]
    of_yes, of_no = np.cumsum(at_level, axis=1, dtype=np.float64)
    return -levels, of_yes, of_no


def roc_curve(score: Floats, target: NDArray[np.generic]) -> tuple[Floats, Floats, Floats]:
    """Return the points of the ROC curve, one a threshold, from the highest threshold down.

    The false positive rate is ``FP / (FP + TN)``, the true positive rate ``TP / (TP + FN)``.

    Parameters
    ----------
    score
        Shape (n,): the higher, the more a yes. Cases of one score are decided alike.
    target
        What happened, 0 or 1, both there; shape (n,).

    Returns
    -------
    false_positive_rate, true_positive_rate, threshold
        Shape (k + 1,), of k distinct scores. The first threshold is infinite: no yes is said.

    Raises
    ------
    ValueError
        If the shapes differ, a score is NaN, or target is of one class only.

    Notes
    -----
    Source: Fawcett (2006). scikit-learn's ``roc_curve`` with ``drop_intermediate=False``.

    Examples
    --------
    >>> false, true, threshold = roc_curve(np.array([0.9, 0.4, 0.4]), np.array([1, 1, 0]))
    >>> false, true, threshold
    (array([0., 0., 1.]), array([0. , 0.5, 1. ]), array([inf, 0.9, 0.4]))
    """
    levels, yes, no = _reached(score, target)
    false_rate = np.concatenate([[0.0], no / no[-1]])
    true_rate = np.concatenate([[0.0], yes / yes[-1]])
    return false_rate, true_rate, np.concatenate([[np.inf], levels])


def area_under_roc_score(score: Floats, target: NDArray[np.generic]) -> float:
    """Count the pairs of a yes and a no that the scores put in order, as a share of all pairs.

    A pair with one score counts one half. This is the area under `roc_curve`, and counted exactly.

    Parameters
    ----------
    score, target
        As for `roc_curve`.

    Returns
    -------
    A share from 0 (each no above each yes) to 1; 1/2 if all scores are one.

    Raises
    ------
    ValueError
        As `roc_curve` does.

    Notes
    -----
    Source: Hanley and McNeil (1982); the statistic is that of Mann and Whitney (1947).

    Examples
    --------
    >>> area_under_roc_score(np.array([0.9, 0.4, 0.4]), np.array([1, 1, 0]))
    0.75
    """
    scores, of_yes = _checked(score, target)
    yes, no = scores[of_yes], np.sort(scores[~of_yes])
    below = np.searchsorted(no, yes, side="left").sum()
    not_above = np.searchsorted(no, yes, side="right").sum()
    return float((below + not_above) / (2 * len(yes) * len(no)))


def precision_recall_curve(
    score: Floats, target: NDArray[np.generic]
) -> tuple[Floats, Floats, Floats]:
    """Return the points of the precision-recall curve, from the highest threshold down.

    Parameters
    ----------
    score, target
        As for `roc_curve`.

    Returns
    -------
    recall, precision, threshold
        Shape (k + 1,), of k distinct scores. The first point, recall 0 at an infinite threshold,
        has no precision; it is given 1, by the convention of scikit-learn.

    Raises
    ------
    ValueError
        As `roc_curve` does.

    Examples
    --------
    >>> recall, precision, threshold = precision_recall_curve(
    ...     np.array([0.9, 0.6, 0.4]), np.array([1, 0, 1])
    ... )
    >>> recall, precision.round(3)
    (array([0. , 0.5, 0.5, 1. ]), array([1.   , 1.   , 0.5  , 0.667]))
    """
    levels, yes, no = _reached(score, target)
    recall = np.concatenate([[0.0], yes / yes[-1]])
    precision = np.concatenate([[1.0], yes / (yes + no)])
    return recall, precision, np.concatenate([[np.inf], levels])


def average_precision_score(score: Floats, target: NDArray[np.generic]) -> float:
    """Average the precision over the yes cases, each at its own score as the threshold.

    ``sum((R_k - R_{k-1}) P_k)``, a step function's area under `precision_recall_curve`.

    Parameters
    ----------
    score, target
        As for `roc_curve`.

    Returns
    -------
    A share, positive and at most 1; the share of yes if all scores are one.

    Raises
    ------
    ValueError
        As `roc_curve` does.

    Examples
    --------
    >>> average_precision_score(np.array([0.9, 0.6, 0.4]), np.array([1, 0, 1])).__round__(3)
    0.833
    """
    recall, precision, _ = precision_recall_curve(score, target)
    return float(np.diff(recall) @ precision[1:])
