"""Which points belong to which rank, and how the means of unequal parts make the mean of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def shard(n: int, *, ranks: int, rank: int) -> slice:
    """Deal n points out in order, so that two shards differ by at most one point.

    The first ``n mod ranks`` shards have ``ceil(n / ranks)`` points, the others
    ``floor(n / ranks)``. Each point is in one shard.

    Parameters
    ----------
    n
        How many points there are.
    ranks
        How many shards, from 1 to n: no rank may be without a point.
    rank
        Which of them, from 0 to ranks - 1.

    Returns
    -------
    The rows of the shard.

    Raises
    ------
    ValueError
        If ranks or rank is out of its range.

    Examples
    --------
    >>> [shard(13, ranks=2, rank=rank) for rank in range(2)]
    [slice(0, 7, None), slice(7, 13, None)]
    """
    _check(n, ranks, rank)
    least, more = divmod(n, ranks)
    start = rank * least + min(rank, more)
    return slice(start, start + least + (rank < more))


def padded_shard(n: int, *, ranks: int, rank: int) -> NDArray[np.int64]:
    """Deal n points out so that all shards are equal, by dealing some of the points twice.

    It is what torch's ``DistributedSampler`` does unless it is told otherwise (``shuffle=False``
    here): points are dealt one by one, and where the last round is not full, it is filled with the
    first points again.

    Parameters
    ----------
    n, ranks, rank
        As for `shard`.

    Returns
    -------
    The rows of the shard, ``ceil(n / ranks)`` of them.

    Raises
    ------
    ValueError
        As `shard`.

    Notes
    -----
    Source: torch.utils.data.DistributedSampler.

    Examples
    --------
    >>> padded_shard(5, ranks=2, rank=0), padded_shard(5, ranks=2, rank=1)
    (array([0, 2, 4]), array([1, 3, 0]))
    """
    _check(n, ranks, rank)
    rounds = -(-n // ranks)
    return np.resize(np.arange(n), rounds * ranks)[rank::ranks]


def weighted_mean(means: Sequence[Any], counts: Sequence[int]) -> Any:
    """Return the mean of all points from the means of parts: ``Σ count · mean / Σ count``.

    Parameters
    ----------
    means
        The mean of each part: numbers, or arrays of one shape.
    counts
        How many points each part has, at least 1.

    Returns
    -------
    What each mean is: a number, or an array of that shape.

    Raises
    ------
    ValueError
        If there is not a count of at least 1 for each mean.

    Examples
    --------
    >>> float(weighted_mean([1.0, 4.0], [2, 1]))
    2.0
    """
    if len(means) != len(counts) or not counts or min(counts) < 1:
        raise ValueError(
            f"each of {len(means)} means must have a count of at least 1, got {list(counts)!r}"
        )
    return sum(count * mean for mean, count in zip(means, counts, strict=True)) / sum(counts)


def _check(n: int, ranks: int, rank: int) -> None:
    if not 1 <= ranks <= n:
        raise ValueError(f"ranks must be from 1 to the number of points, {n}, got {ranks!r}")
    if not 0 <= rank < ranks:
        raise ValueError(f"rank must be from 0 to {ranks - 1}, got {rank!r}")
