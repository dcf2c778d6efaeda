"""Judges that a single far target cannot rule, and the one that prefers a quantile."""

from __future__ import annotations

from math import inf, log

from array_api_compat import array_namespace

from learning.arrays import Array
from learning.evaluation.regression import residuals


def mean_absolute_error(prediction: Array, target: Array) -> Array:
    """Average the sizes of the residuals, ``mean(|prediction - target|)``.

    Of all constants, a median of the targets has the least.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, in units of y.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Source: Bloomfield and Steiger (1983).

    Examples
    --------
    >>> float(mean_absolute_error(np.array([3.0, 1.0]), np.array([1.0, 1.0])))
    1.0
    """
    mean: Array = abs(residuals(prediction, target)).mean()
    return mean


def huber_loss(prediction: Array, target: Array, *, width: float) -> Array:
    """Average half the squares of small residuals, and of large ones what grows like a line.

    With ``r = prediction - target`` and ``c = min(|r|, width)``: ``mean(c (|r| - c / 2))``. Up to
    the width that is ``r² / 2``; from there on it grows by the width for a unit of ``|r|``.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.
    width
        The size up to which a residual counts by its square, in units of y: positive and finite.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, in units of y squared.

    Raises
    ------
    ValueError
        If the shapes differ, or the width breaks its rule.

    Notes
    -----
    Source: Huber (1964).

    Examples
    --------
    >>> float(huber_loss(np.array([3.0, 1.5]), np.array([1.0, 1.0]), width=1.0))
    0.8125
    """
    size = abs(residuals(prediction, target))
    small = array_namespace(size).clip(size, max=check_width(width))
    mean: Array = (small * (size - small / 2.0)).mean()
    return mean


def log_cosh_loss(prediction: Array, target: Array, *, width: float) -> Array:
    """Average a smooth loss that lies between squares and sizes.

    With ``u = (prediction - target) / width``: ``width² mean(log(cosh(u)))``. Near 0 that is
    ``r² / 2``, and far out ``width |r| - width² log 2``. It is computed as ``|u| - log 2 +
    log(1 + exp(-2 |u|))``, since ``cosh`` itself overflows from 711 on.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.
    width
        The size of residual around which it turns from squares to sizes, in units of y: positive
        and finite.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, but for rounding, in units of y
    squared.

    Raises
    ------
    ValueError
        If the shapes differ, or the width breaks its rule.

    Examples
    --------
    >>> float(log_cosh_loss(np.array([1000.0]), np.array([0.0]), width=1.0))
    999.3068528194401
    """
    size = abs(residuals(prediction, target)) / check_width(width)
    xp = array_namespace(size)
    mean: Array = width**2 * (size - log(2.0) + xp.log1p(xp.exp(-2.0 * size))).mean()
    return mean


def quantile_loss(prediction: Array, target: Array, *, share: float) -> Array:
    """Average the pinball loss: too little costs ``share`` a unit, too much ``1 - share``.

    With ``r = prediction - target``: ``mean(max((1 - share) r, -share r))``. Of all constants, a
    quantile of the targets has the least: one that as large a share of them lies below.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y.
    share
        Which quantile, from 0 to 1 and neither of them.

    Returns
    -------
    The mean: a number (or a tensor without axes) of at least 0, in units of y.

    Raises
    ------
    ValueError
        If the shapes differ, or the share breaks its rule.

    Notes
    -----
    Source: Koenker and Bassett (1978).

    Examples
    --------
    One too few, then one too many:

    >>> float(quantile_loss(np.array([2.0, 4.0]), np.array([3.0, 3.0]), share=0.75))
    0.5
    """
    r = residuals(prediction, target)
    mean: Array = (abs(r) / 2.0 + (0.5 - check_share(share)) * r).mean()
    return mean


def check_width(width: float) -> float:
    """Return a width that is positive and finite; raise ValueError for any other.

    Examples
    --------
    >>> check_width(0.5)
    0.5
    """
    if not 0.0 < width < inf:
        raise ValueError(f"width must be positive and finite, got {width!r}")
    return width


def check_share(share: float) -> float:
    """Return a share that lies between 0 and 1; raise ValueError for any other.

    Examples
    --------
    >>> check_share(0.9)
    0.9
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share must lie between 0 and 1, got {share!r}")
    return share
