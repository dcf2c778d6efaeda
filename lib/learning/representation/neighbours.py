"""Nearest neighbours: a representation that keeps all points and has no parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from learning.arrays import Floats

BLOCK = 1_000_000  # distances that are held at once


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
        if self.x.ndim != 2 or self.y.shape != self.x.shape[:1]:
            got = f"{self.x.shape} and {self.y.shape}"
            raise ValueError(f"x must have the shape (n, inputs) and y (n,), got {got}")
        if not (np.isfinite(self.x).all() and np.isin(self.y, (0.0, 1.0)).all()):
            raise ValueError("x must be finite and y of 0 and 1, got other values")
        if not 1 <= self.k <= len(self.y):
            raise ValueError(f"k must be from 1 to {len(self.y)}, got {self.k!r}")

    def __call__(self, x: Floats) -> Floats:
        """Return the share of yes among the neighbours of each point, x of shape (m, inputs)."""
        rows = max(1, BLOCK // self.x.size)
        blocks = [self._shares(x[start : start + rows]) for start in range(0, len(x), rows)]
        return np.concatenate([np.zeros(0), *blocks])

    def _shares(self, x: Floats) -> Floats:
        away = ((x[:, None, :] - self.x) ** 2).sum(axis=2)  # (m, n): all squared distances
        nearest = np.argpartition(away, self.k - 1, axis=1)[:, : self.k]
        shares: Floats = self.y[nearest].mean(axis=1)
        return shares
