"""Judges of decisions, yes or no: the four counts, the shares made of them, and their cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Confusion:
    """How often a yes and a no were said, rightly and wrongly: the confusion matrix.

    Parameters
    ----------
    true_positives
        Yes was said, and yes it was.
    false_positives
        Yes was said, and no it was: false alarms.
    false_negatives
        No was said, and yes it was: misses.
    true_negatives
        No was said, and no it was.

    Examples
    --------
    >>> Confusion(30, 10, 20, 40).false_positives
    10
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int


def yes_or_no(name: str, values: NDArray[np.generic]) -> Booleans:
    """Return answers as booleans, shape (n,).

    Parameters
    ----------
    name
        What an error calls them.
    values
        Shape (n,), n at least 1: booleans, or numbers that are 0 or 1.

    Returns
    -------
    True where the answer is yes.

    Raises
    ------
    ValueError
        If there is none, or one is neither 0 nor 1, or the shape is another.

    Examples
    --------
    >>> yes_or_no("target", np.array([0.0, 1.0]))
    array([False,  True])
    """
    answers = np.asarray(values)
    if answers.ndim != 1 or not len(answers):
        raise ValueError(f"{name} must have shape (n,), n at least 1, got {answers.shape}")
    wrong = answers[(answers != 0) & (answers != 1)]
    if len(wrong):
        raise ValueError(f"{name} must be 0 or 1, got {wrong[0]!r}")
    yes: Booleans = answers == 1
    return yes


def confusion(decision: NDArray[np.generic], target: NDArray[np.generic]) -> Confusion:
    """Count the four ways in which a decision can be right or wrong.

    Parameters
    ----------
    decision, target
        What was said and what happened: booleans, or 0 and 1; shape (n,).

    Returns
    -------
    The counts; they add up to n.

    Raises
    ------
    ValueError
        If the shapes differ, or an answer is neither yes nor no.

    Examples
    --------
    >>> confusion(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    Confusion(true_positives=1, false_positives=1, false_negatives=0, true_negatives=2)
    """
    said, true = yes_or_no("decision", decision), yes_or_no("target", target)
    if said.shape != true.shape:
        raise ValueError(f"decision and target must have one shape, got {said.shape}, {true.shape}")
    cells = (said & true, said & ~true, ~said & true, ~said & ~true)
    return Confusion(*(int(np.count_nonzero(cell)) for cell in cells))


def accuracy_score(decision: NDArray[np.generic], target: NDArray[np.generic]) -> float:
    """Return the share of right decisions, ``(TP + TN) / n``.

    Parameters
    ----------
    decision, target
        As for `confusion`.

    Returns
    -------
    A share from 0 to 1.

    Raises
    ------
    ValueError
        As `confusion` does.

    Examples
    --------
    >>> accuracy_score(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    0.75
    """
    count = confusion(decision, target)
    return (count.true_positives + count.true_negatives) / len(target)


def precision_score(decision: NDArray[np.generic], target: NDArray[np.generic]) -> float:
    """Return the share of yes among the cases in which yes was said, ``TP / (TP + FP)``.

    Where yes was never said it is 0, by the convention of scikit-learn (``zero_division=0``).

    Parameters
    ----------
    decision, target
        As for `confusion`.

    Returns
    -------
    A share from 0 to 1.

    Raises
    ------
    ValueError
        As `confusion` does.

    Examples
    --------
    >>> precision_score(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    0.5
    """
    count = confusion(decision, target)
    said = count.true_positives + count.false_positives
    return count.true_positives / said if said else 0.0


def recall_score(decision: NDArray[np.generic], target: NDArray[np.generic]) -> float:
    """Return the share of the yes cases in which yes was said, ``TP / (TP + FN)``.

    It is the true positive rate of a ROC curve, too.

    Parameters
    ----------
    decision, target
        As for `confusion`.

    Returns
    -------
    A share from 0 to 1.

    Raises
    ------
    ValueError
        As `confusion` does; and if no target is a yes, since then there is nothing to find.

    Examples
    --------
    >>> recall_score(np.array([1, 0, 0, 0]), np.array([1, 1, 0, 0]))
    0.5
    """
    count = confusion(decision, target)
    there = count.true_positives + count.false_negatives
    if not there:
        raise ValueError(f"target must hold a yes at least, got {len(target)} times no")
    return count.true_positives / there


def mean_cost_loss(
    decision: NDArray[np.generic],
    target: NDArray[np.generic],
    *,
    false_positive_cost: float,
    false_negative_cost: float,
) -> float:
    """Average what decisions cost, ``(c_FP FP + c_FN FN) / n``.

    A right decision costs nothing: costs are counted from that of the right one.

    Parameters
    ----------
    decision, target
        As for `confusion`.
    false_positive_cost, false_negative_cost
        What a false alarm and a miss cost; positive.

    Returns
    -------
    The mean cost a case, of at least 0.

    Raises
    ------
    ValueError
        As `confusion` does, or if a cost is not positive and finite.

    Examples
    --------
    >>> said, true = np.array([1, 1, 0, 0]), np.array([1, 0, 0, 1])
    >>> mean_cost_loss(said, true, false_positive_cost=1.0, false_negative_cost=9.0)
    2.5
    """
    _check_costs(false_positive_cost, false_negative_cost)
    count = confusion(decision, target)
    alarms = false_positive_cost * count.false_positives
    return (alarms + false_negative_cost * count.false_negatives) / len(target)


def cheapest_threshold(*, false_positive_cost: float, false_negative_cost: float) -> float:
    """Return the probability from which a yes is the cheaper answer, ``c_FP / (c_FP + c_FN)``.

    At probability p a yes costs (1 - p) c_FP on average, and a no costs p c_FN.

    Parameters
    ----------
    false_positive_cost, false_negative_cost
        What a false alarm and a miss cost; positive.

    Returns
    -------
    A probability between 0 and 1. The right answers cost nothing.

    Raises
    ------
    ValueError
        If a cost is not positive and finite.

    Notes
    -----
    Source: Elkan (2001).

    Examples
    --------
    >>> cheapest_threshold(false_positive_cost=1.0, false_negative_cost=9.0)
    0.1
    """
    _check_costs(false_positive_cost, false_negative_cost)
    return false_positive_cost / (false_positive_cost + false_negative_cost)


def _check_costs(*costs: float) -> None:
    for cost in costs:
        if not 0 < cost < math.inf:
            raise ValueError(f"a cost must be positive and finite, got {cost!r}")
