"""The straight pieces of which a network of one input is made, found without a grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats, to_numpy
from learning.representation.network import FeedForward

ROUNDING = 1e-9  # of the steepest slope: a bend that is less is none


def kinks(network: FeedForward, *, low: float = -np.inf, high: float = np.inf) -> Floats:
    """Find where a network of one input bends: the inputs at which its slope changes.

    Between its kinks a network is a straight line, ``slope x + offset``. So is what enters each of
    its units, and the unit bends where that crosses zero, at ``x = -offset / slope``. The kinks of
    one layer are kept while those of the next are sought between them.

    Parameters
    ----------
    network
        A network of one input, in units of x.
    low, high
        Where to look, in units of x: between them, ends excluded. By default everywhere.

    Returns
    -------
    The kinks, rising, shape (k,), in units of x.

    Raises
    ------
    ValueError
        If the network has more than one input or parameters that are not finite, or low is not less
        than high.

    Notes
    -----
    A slope that changes by less than 1e-9 of the steepest counts as unchanged.

    Examples
    --------
    A hat over 0, 1/2, 1:

    >>> hidden = (np.array([[1.0, 1.0]]), np.array([0.0, -0.5]))
    >>> hat = FeedForward((hidden, (np.array([[2.0], [-4.0]]), np.array([0.0]))))
    >>> kinks(hat)
    array([0. , 0.5])
    """
    _check(network, low, high)
    ends = np.array([low, high], dtype=np.float64)
    slope, offset = np.ones((1, 1)), np.zeros((1, 1))  # of what passes on: (pieces, units)
    *hidden, (last, _) = [(to_numpy(w), to_numpy(c)) for w, c in network.layers]
    for w, c in hidden:
        slope, offset = slope @ w, offset @ w + c
        ends, parent = _split(ends, slope, offset)
        slope, offset = slope[parent], offset[parent]
        active = slope * _middles(ends)[:, None] + offset > 0
        slope, offset = slope * active, offset * active
    slope = slope @ last
    bends = np.abs(np.diff(slope, axis=0)) > ROUNDING * np.abs(slope).max()
    found: Floats = ends[1:-1][bends.any(axis=1)]
    return found


def count_pieces(network: FeedForward, *, low: float = -np.inf, high: float = np.inf) -> int:
    """Count the straight pieces of a network of one input: one more than its kinks.

    Parameters
    ----------
    network, low, high
        As for `kinks`.

    Returns
    -------
    How many pieces there are between low and high; at least 1.

    Raises
    ------
    ValueError
        As `kinks` does.

    Examples
    --------
    >>> network = FeedForward.random((1, 5, 1), generator=np.random.default_rng(0))
    >>> count_pieces(network)
    6
    """
    return int(kinks(network, low=low, high=high).size) + 1


def _check(network: FeedForward, low: float, high: float) -> None:
    inputs = network.layers[0][0].shape[0]
    if inputs != 1:
        raise ValueError(f"the network must have one input, got {inputs}")
    if not np.isfinite(to_numpy(network.parameters)).all():
        raise ValueError("the network's parameters must be finite, got inf or nan among them")
    if not low < high:
        raise ValueError(f"low must be less than high, got {low!r} and {high!r}")


def _split(ends: Floats, slope: Floats, offset: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Cut pieces where a unit's input crosses zero.

    Returns the ends of the new pieces, and the number of the old piece in which each new one lies.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        zero = 0.0 - offset / slope  # (pieces, units); not finite where the input is constant
    inside = (zero > ends[:-1, None]) & (zero < ends[1:, None])
    cut = np.unique(np.concatenate([ends, zero[inside]]))
    return cut, np.searchsorted(ends, _middles(cut)) - 1


def _middles(ends: Floats) -> Floats:
    """Return a place within each piece, also within those that have no end on one side."""
    left, right = ends[:-1], ends[1:]
    low = np.where(np.isfinite(left), left, np.minimum(right, 1.0) - 2.0)
    high = np.where(np.isfinite(right), right, low + 2.0)
    middles: Floats = 0.5 * (low + high)
    return middles
