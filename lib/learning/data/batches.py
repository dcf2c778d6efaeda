"""Which points each step of a search looks at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def draw_batches(
    n: int, *, steps: int, batch_size: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Draw the batches of a run, each index by itself, with replacement.

    On average over such batches, a batch's gradient is the gradient on all points. (That is also
    true of batches drawn without replacement.)

    Parameters
    ----------
    n
        How many points there are; at least 1.
    steps
        How many batches are drawn; at least 1.
    batch_size
        How many points a batch has; at least 1.
    generator
        Where the batches come from.

    Returns
    -------
    Indices from 0 to n - 1, shape (steps, batch_size).

    Raises
    ------
    ValueError
        If n, steps or batch_size is less than 1.

    Examples
    --------
    >>> draw_batches(10, steps=2, batch_size=3, generator=np.random.default_rng(0))
    array([[8, 6, 5],
           [2, 3, 0]])
    """
    for name, value in (("n", n), ("steps", steps), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value!r}")
    return generator.integers(n, size=(steps, batch_size))


def deal_batches(
    n: int, *, epochs: int, batch_size: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Shuffle all points and deal them out batch by batch, once an epoch.

    In an epoch no point comes twice. If batch_size does not divide n, the points that are left at
    the end of an epoch and would not fill a batch sit it out.

    Parameters
    ----------
    n
        How many points there are; at least 1.
    epochs
        How many times they are shuffled and dealt out; at least 1.
    batch_size
        How many points a batch has; from 1 to n.
    generator
        Where the order of each epoch comes from.

    Returns
    -------
    Indices from 0 to n - 1, shape (epochs * (n // batch_size), batch_size).

    Raises
    ------
    ValueError
        If n or epochs is less than 1, or batch_size is not from 1 to n.

    Examples
    --------
    >>> deal_batches(6, epochs=2, batch_size=3, generator=np.random.default_rng(0))
    array([[3, 2, 5],
           [4, 0, 1],
           [4, 5, 1],
           [2, 0, 3]])
    """
    for name, value in (("n", n), ("epochs", epochs)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value!r}")
    if not 1 <= batch_size <= n:
        raise ValueError(f"batch_size must be from 1 to n, got {batch_size!r} for n = {n!r}")
    orders = generator.permuted(np.tile(np.arange(n), (epochs, 1)), axis=1)
    return orders[:, : n // batch_size * batch_size].reshape(-1, batch_size)
