"""Judges that ask how probable the targets are: normal noise of standard deviation σ."""

from __future__ import annotations

from math import log, pi, sqrt

from array_api_compat import array_namespace

from learning.arrays import Array
from learning.evaluation.regression import residuals


def gaussian_log_likelihood_score(prediction: Array, target: Array, *, noise: float) -> Array:
    """Add up the logarithms of the densities that normal noise gives to the targets.

    ``-sum(r² / (2 noise²)) - n log(noise √(2π))`` with r = prediction - target.

    Parameters
    ----------
    prediction, target
        Two NumPy arrays, or two tensors, of the same shape, in units of y; n entries each.
    noise
        The standard deviation σ of the noise, in units of y; positive.

    Returns
    -------
    The natural logarithm of the likelihood: a number (or a tensor without axes). Densities have the
    unit 1/y, so another unit of y shifts it by a constant.

    Raises
    ------
    ValueError
        If noise is not positive, or the shapes differ.

    Notes
    -----
    Source: Gauss (1809).

    Examples
    --------
    Two targets that are met, under noise whose density has height 1:

    >>> met = np.array([8.0, 11.0])
    >>> float(gaussian_log_likelihood_score(met, met, noise=(2 * np.pi) ** -0.5)) + 0.0
    0.0
    """
    _check(noise)
    scaled = residuals(prediction, target) / noise
    total: Array = (-0.5 * scaled**2 - log(noise * sqrt(2.0 * pi))).sum()
    return total


def gaussian_likelihood_score(prediction: Array, target: Array, *, noise: float) -> Array:
    """Multiply the densities that normal noise gives to the targets.

    ``prod(exp(-r² / (2 noise²)) / (noise √(2π)))`` with r = prediction - target. For many targets
    it is too small, or too large, for a floating-point number: use its logarithm.

    Parameters
    ----------
    prediction, target, noise
        As for `gaussian_log_likelihood_score`.

    Returns
    -------
    The likelihood, at least 0, in units of 1 / y^n.

    Raises
    ------
    ValueError
        If noise is not positive, or the shapes differ.

    Notes
    -----
    Source: Gauss (1809).

    Examples
    --------
    >>> met = np.array([8.0, 11.0])
    >>> round(float(gaussian_likelihood_score(met, met, noise=0.5)), 6)
    0.63662
    """
    _check(noise)
    scaled = residuals(prediction, target) / noise
    density = array_namespace(scaled).exp(-0.5 * scaled**2) / (noise * sqrt(2.0 * pi))
    product: Array = density.prod()
    return product


def _check(noise: float) -> None:
    if not noise > 0:
        raise ValueError(f"noise must be positive, got {noise!r}")
