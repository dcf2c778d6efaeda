"""Features: columns computed from one input, which a linear model weighs.

A model of features is linear in its parameters, ``design @ weights``, however its curve bends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from learning.arrays import Floats


def polynomial(x: ArrayLike, degree: int) -> Floats:
    """Compute the powers of x, columns ``1, x, x², …, x^degree``.

    Parameters
    ----------
    x
        The inputs, shape (n,).
    degree
        The highest power; at least 0.

    Returns
    -------
    The design matrix, shape (n, degree + 1).

    Raises
    ------
    ValueError
        If x or degree breaks its rule.

    Examples
    --------
    >>> polynomial([0.0, 0.5, 2.0], 2)
    array([[1.  , 0.  , 0.  ],
           [1.  , 0.5 , 0.25],
           [1.  , 2.  , 4.  ]])
    """
    return np.vander(_inputs(x), _count(degree), increasing=True)


def legendre(x: ArrayLike, degree: int) -> Floats:
    """Compute Legendre's polynomials of 2x - 1, ``P_0, P_1, …, P_degree``.

    They span the same curves as `polynomial`, and are orthogonal on 0 … 1: the mean of
    ``P_j P_k`` over x drawn evenly from there is 0, and ``1 / (2k + 1)`` for j = k.

    Parameters
    ----------
    x
        The inputs, shape (n,), meant to lie between 0 and 1.
    degree
        The highest degree; at least 0.

    Returns
    -------
    The design matrix, shape (n, degree + 1).

    Raises
    ------
    ValueError
        If x or degree breaks its rule.

    Examples
    --------
    >>> legendre([0.0, 0.5, 1.0], 2)
    array([[ 1. , -1. ,  1. ],
           [ 1. ,  0. , -0.5],
           [ 1. ,  1. ,  1. ]])
    """
    columns = np.polynomial.legendre.legvander(2.0 * _inputs(x) - 1.0, _count(degree) - 1)
    return np.asarray(columns, dtype=np.float64)


def hinges(x: ArrayLike, places: Sequence[float]) -> Floats:
    """Compute a hinge a place, columns ``max(0, x - place)``: flat up to there, then rising.

    Parameters
    ----------
    x
        The inputs, shape (n,).
    places
        Where the hinges bend, in units of x.

    Returns
    -------
    The design matrix, shape (n, number of places).

    Raises
    ------
    ValueError
        If x breaks its rule.

    Examples
    --------
    >>> hinges([0.0, 0.5, 2.0], [0.0, 1.0])
    array([[0. , 0. ],
           [0.5, 0. ],
           [2. , 1. ]])
    """
    return np.maximum(0.0, _inputs(x)[:, None] - np.asarray(places, dtype=np.float64))


def even_hinges(x: ArrayLike, count: int) -> Floats:
    """Compute a constant and hinges at even places, ``1, max(0, x), max(0, x - h), …``.

    Their sums are the broken lines on 0 … 1 that bend at the multiples of ``h = 1 / (count - 1)``
    only.

    Parameters
    ----------
    x
        The inputs, shape (n,), meant to lie between 0 and 1.
    count
        How many columns; at least 1. There are ``count - 1`` straight pieces.

    Returns
    -------
    The design matrix, shape (n, count).

    Raises
    ------
    ValueError
        If x or count breaks its rule.

    Examples
    --------
    >>> even_hinges([0.0, 0.75, 1.0], 3)
    array([[1.  , 0.  , 0.  ],
           [1.  , 0.75, 0.25],
           [1.  , 1.  , 0.5 ]])
    """
    places = np.linspace(0.0, 1.0, _columns(count))[:-1]
    return np.concatenate([polynomial(x, 0), hinges(x, places.tolist())], axis=1)


def waves(x: ArrayLike, count: int) -> Floats:
    """Compute the first waves of period 1, ``1, cos 2πx, sin 2πx, cos 4πx, sin 4πx, …``.

    Parameters
    ----------
    x
        The inputs, shape (n,), in periods.
    count
        How many columns; at least 1.

    Returns
    -------
    The design matrix, shape (n, count).

    Raises
    ------
    ValueError
        If x or count breaks its rule.

    Examples
    --------
    >>> waves([0.0, 0.25, 0.5], 3).round(12)
    array([[ 1.,  1.,  0.],
           [ 1.,  0.,  1.],
           [ 1., -1.,  0.]])
    """
    turns = 2.0 * np.pi * _inputs(x)[:, None] * np.arange(1, _columns(count) // 2 + 1)
    pairs = np.stack([np.cos(turns), np.sin(turns)], axis=2).reshape(len(turns), -1)
    return np.concatenate([polynomial(x, 0), pairs], axis=1)[:, :count]


def _inputs(x: ArrayLike) -> Floats:
    inputs = np.asarray(x, dtype=np.float64)
    if inputs.ndim != 1:
        raise ValueError(f"x must have one axis, got the shape {inputs.shape!r}")
    return inputs


def _count(degree: int) -> int:
    if degree < 0:
        raise ValueError(f"degree must be at least 0, got {degree!r}")
    return degree + 1


def _columns(count: int) -> int:
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count!r}")
    return count
