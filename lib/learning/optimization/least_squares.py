"""The least squares of a model that is linear in its parameters, in one step."""

from __future__ import annotations

import numpy as np

from learning.arrays import Floats


def least_squares(design: Floats, y: Floats, *, ridge: float = 0.0) -> Floats:
    """Find the weights w of least ``|design w - y|² / n + ridge |w|²``.

    Where several are equally good without a ridge, as beyond n parameters, it is the shortest of
    them, of least ``|w|``. Found from the singular values, which does not square the condition
    number as the normal equations do. Source: Golub and Van Loan (2013), section 5.5.

    Parameters
    ----------
    design
        The features, shape (n, p).
    y
        The targets, shape (n,).
    ridge
        What a weight of size 1 costs, in units of y squared; not negative.

    Returns
    -------
    The weights, shape (p,).

    Raises
    ------
    ValueError
        If the shapes do not fit, an entry is not finite, or ridge is negative.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.0])
    >>> least_squares(np.stack([x, np.ones(3)], axis=1), 3 * x + 8).round(6)
    array([3., 8.])
    """
    if design.ndim != 2 or y.shape != design.shape[:1] or not len(y):
        shapes = f"{design.shape!r} and {y.shape!r}"
        raise ValueError(f"design must be (n, p) and y (n,), n at least 1, got {shapes}")
    if not (np.isfinite(design).all() and np.isfinite(y).all()):
        raise ValueError("design and y must be finite, got inf or nan among them")
    if not ridge >= 0:
        raise ValueError(f"ridge must be at least 0, got {ridge!r}")
    if ridge:  # as further points: each weight should be 0
        n, p = design.shape
        design = np.concatenate([design, np.sqrt(n * ridge) * np.eye(p)])
        y = np.concatenate([y, np.zeros(p)])
    return np.asarray(np.linalg.lstsq(design, y)[0], dtype=np.float64)
