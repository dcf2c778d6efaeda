"""Nearest neighbours: a representation that keeps all points and has no parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from learning.arrays import Floats


@dataclass(frozen=True)
class Neighbours:
    """The share of yes among the k nearest of known points.

    Parameters
    ----------
    x, y
        The known points, shape (n, inputs), and their classes 0 and 1, shape (n,).
    k
        How many neighbours vote, from 1 to n. Of points that are equally far, any may be taken.

    Raises
    ------
    ValueError
        If x, y or k breaks its rule.

    Notes
    -----
    Source: Cover and Hart (1967).

    Examples
    --------
    >>> known = Neighbours(np.array([[0.0], [1.0], [5.0]]), np.array([0.0, 1.0, 1.0]), k=2)
    >>> known(np.array([[0.4], [4.0]]))
    array([0.5, 1. ])
    """

    x: Floats
    y: Floats
    k: int

    def __post_init__(self) -> None:
        """Check the shapes and the number."""
        _check(self.x, self.y, self.k)

    def __call__(self, x: Floats) -> Floats:
        """Return the share of yes among the neighbours of each point, x of shape (m, inputs)."""
        # (m, n): the square of each distance, but for the part that all points have in common
        away = (self.x**2).sum(axis=1) - 2.0 * x @ self.x.T
        nearest = np.argpartition(away, self.k - 1, axis=1)[:, : self.k]
        shares: Floats = self.y[nearest].mean(axis=1)
        return shares


def _check(x: Floats, y: Floats, k: int) -> None:
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"x must have the shape (n, inputs) and y (n,), got {x.shape}, {y.shape}")
    if not (np.isfinite(x).all() and np.isin(y, (0.0, 1.0)).all()):
        raise ValueError("x must be finite and y of 0 and 1, got other values")
    if not 1 <= k <= len(y):
        raise ValueError(f"k must be from 1 to {len(y)}, got {k!r}")
