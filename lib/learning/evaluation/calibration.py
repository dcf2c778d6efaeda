"""Judges of probabilities: do three in ten of the cases that were given 0.3 happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats


@dataclass(frozen=True)
class Reliability:
    """Predictions in bins, and what became of them: the points of a reliability diagram.

    Parameters
    ----------
    counts
        How many cases each bin holds, shape (k,); bins without any are left out.
    predicted
        The mean prediction in each bin, shape (k,).
    happened
        The share of yes in each bin, shape (k,), or (..., k) of many outcomes.

    Examples
    --------
    >>> Reliability(np.array([2]), np.array([0.5]), np.array([1.0])).gaps
    array([0.5])
    """

    counts: NDArray[np.int64]
    predicted: Floats
    happened: Floats

    @property
    def gaps(self) -> Floats:
        """Return what happened minus what was predicted, in each bin."""
        return self.happened - self.predicted


def reliability(probability: Floats, target: NDArray[Any], *, bins: int = 10) -> Reliability:
    """Sort predictions into bins of equal width, and compare each bin's mean with what happened.

    Parameters
    ----------
    probability
        What was predicted, from 0 to 1; shape (n,), n at least 1.
    target
        What happened, 0 or 1: shape (n,), or (..., n) for many outcomes of the same predictions.
    bins
        How many bins there are from 0 to 1. An edge belongs to the bin below it.

    Returns
    -------
    The bins that hold a case.

    Raises
    ------
    ValueError
        If bins is less than 1, the numbers of cases differ, or a number breaks its rule.

    Notes
    -----
    Source: Murphy and Winkler (1977). The bins are those of scikit-learn's ``calibration_curve``.

    Examples
    --------
    >>> found = reliability(np.array([0.1, 0.3, 0.9]), np.array([0, 1, 1]), bins=2)
    >>> found.counts, found.predicted, found.happened
    (array([2, 1]), array([0.2, 0.9]), array([0.5, 1. ]))
    """
    p, y = np.asarray(probability, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins!r}")
    if p.ndim != 1 or not len(p) or y.shape[-1:] != p.shape:
        raise ValueError(f"probability and target must be of n cases, got {p.shape}, {y.shape}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"a probability must be from 0 to 1, got {p[~((p >= 0) & (p <= 1))][0]!r}")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError(f"target must be 0 or 1, got {y[(y != 0) & (y != 1)][0]!r}")
    place = np.searchsorted(np.linspace(0.0, 1.0, bins + 1)[1:-1], p)
    inside = np.equal.outer(place, np.unique(place)).astype(np.float64)
    counts = inside.sum(axis=0)
    return Reliability(counts.astype(np.int64), p @ inside / counts, y @ inside / counts)


def binned_calibration_error(probability: Floats, target: NDArray[Any], *, bins: int = 10) -> Any:
    """Average the gaps between prediction and outcome, ``sum(n_k / n |happened - predicted|)``.

    It is not 0 for a perfect model: a share among n_k cases strays from its probability by chance.

    Parameters
    ----------
    probability, target, bins
        As for `reliability`.

    Returns
    -------
    The mean gap, from 0 to 1: a number, or shape (...) of many outcomes.

    Raises
    ------
    ValueError
        As `reliability` does.

    Notes
    -----
    Source: Naeini, Cooper and Hauskrecht (2015), who call it the expected calibration error.

    Examples
    --------
    >>> float(binned_calibration_error(np.array([0.5, 0.5]), np.array([1, 1])))
    0.5
    """
    found = reliability(probability, target, bins=bins)
    return np.abs(found.gaps) @ (found.counts / found.counts.sum())
