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
