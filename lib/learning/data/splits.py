"""Which points a learner sees, and which are kept back to judge it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Split = tuple[Rows, Rows]


def hold_out(n: int, *, share: float, generator: np.random.Generator) -> Split:
    """Split n points at random into those to learn from and those that are kept back.

    ``round(share * n)`` points are kept back. No point is in both parts.

    Parameters
    ----------
    n
        How many points there are; at least 2.
    share
        Which part of the points is kept back, between 0 and 1; it must leave a point on either
        side.
    generator
        Where the split comes from.

    Returns
    -------
    learn, held
        Indices from 0 to n - 1, rising.

    Raises
    ------
    ValueError
        If n is less than 2, or no point would be left on one side.

    Examples
    --------
    >>> hold_out(6, share=1 / 3, generator=np.random.default_rng(0))
    (array([0, 1, 4, 5]), array([2, 3]))
    """
    size = share * n
    kept = round(size) if math.isfinite(size) else 0
    if n < 2 or not 1 <= kept < n:
        raise ValueError(f"share must leave points on both sides, got {share!r} of n = {n!r}")
    order = generator.permutation(n)
    return np.sort(order[kept:]), np.sort(order[:kept])


def k_folds(n: int, *, k: int, generator: np.random.Generator) -> list[Split]:
    """Deal n points at random into k folds; each fold is kept back once.

    The sizes of two folds differ by at most 1, the larger folds first.

    Parameters
    ----------
    n
        How many points there are.
    k
        How many folds, from 2 to n. With k = n each point is kept back alone.
    generator
        Where the folds come from.

    Returns
    -------
    A list of k pairs: the indices to learn from, and those that are kept back, both rising.

    Raises
    ------
    ValueError
        If k is not from 2 to n.

    Notes
    -----
    Source: Stone (1974), Cross-validatory choice and assessment of statistical predictions.

    Examples
    --------
    >>> for learn, held in k_folds(5, k=2, generator=np.random.default_rng(0)):
    ...     print(learn, held)
    [0 1] [2 3 4]
    [2 3 4] [0 1]
    """
    if not 2 <= k <= n:
        raise ValueError(f"k must be from 2 to n, got {k!r} for n = {n!r}")
    folds = np.array_split(generator.permutation(n), k)
    rest = [np.concatenate([*folds[:i], *folds[i + 1 :]]) for i in range(k)]
    return [(np.sort(learn), np.sort(held)) for learn, held in zip(rest, folds, strict=True)]
