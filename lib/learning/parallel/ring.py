"""How machines add up: each sends to its neighbour only, and none more than another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from learning.arrays import Floats


def ring_all_reduce(vectors: Sequence[Floats]) -> tuple[list[Floats], int]:
    """Add up a vector of each of k machines in a ring, until all have the sum.

    The vectors are cut into k parts. In k - 1 rounds, each machine sends a part to the next one,
    which adds it to its own: then each has the whole sum of one part. In k - 1 further rounds the
    sums are passed on.

    Parameters
    ----------
    vectors
        What each machine holds, k arrays of shape (p,), p at least k.

    Returns
    -------
    What each machine holds then, and how many numbers the busiest of them has sent: with k a
    divisor of p, ``2 (k - 1) / k · p``.

    Raises
    ------
    ValueError
        If there are more machines than numbers, or the vectors do not have one shape (p,).

    Notes
    -----
    Source: Patarasuk and Yuan (2009).

    Examples
    --------
    >>> sums, sent = ring_all_reduce([np.array([1.0, 2.0]), np.array([10.0, 20.0])])
    >>> sums, sent
    ([array([11., 22.]), array([11., 22.])], 2)
    """
    k, shapes = len(vectors), {np.shape(vector) for vector in vectors}
    if len(shapes) != 1 or not 1 <= k <= np.size(vectors[0]):
        raise ValueError(f"k vectors must have one shape (p,), p >= k = {k}, got {shapes!r}")
    held = [np.array_split(np.array(vector, dtype=np.float64), k) for vector in vectors]
    sent = np.zeros(k, dtype=int)
    for turn in range(2 * (k - 1)):
        moving = [held[i][(i - turn) % k].copy() for i in range(k)]  # all send at once
        for i, part in enumerate(moving):
            after, which = (i + 1) % k, (i - turn) % k
            held[after][which] = part + held[after][which] if turn < k - 1 else part
            sent[i] += len(part)
    return [np.concatenate(parts) for parts in held], int(sent.max())
