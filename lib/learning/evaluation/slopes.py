"""The derivatives of losses by the predictions, by hand: where a gradient by hand begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any

from array_api_compat import array_namespace

from learning.evaluation.classification import binary_cross_entropy_loss, hinge_loss
from learning.evaluation.regression import (
    mean_squared_error,
    residuals,
    sum_of_squares_error,
)
from learning.evaluation.robust import (
    check_share,
    check_width,
    huber_loss,
    log_cosh_loss,
    mean_absolute_error,
    quantile_loss,
)
from learning.representation.logistic import sigmoid

Loss = Callable[[Any, Any], Any]


def _absolute(p: Any, t: Any) -> Any:
    return array_namespace(p).sign(residuals(p, t)) / prod(p.shape)


def _huber(p: Any, t: Any, *, width: float) -> Any:
    r = residuals(p, t)
    return array_namespace(r).clip(r, -check_width(width), width) / prod(r.shape)


def _log_cosh(p: Any, t: Any, *, width: float) -> Any:
    r = residuals(p, t)
    return width * array_namespace(r).tanh(r / check_width(width)) / prod(r.shape)


def _quantile(p: Any, t: Any, *, share: float) -> Any:
    half = (0.5 - check_share(share)) / prod(p.shape)
    return _absolute(p, t) / 2.0 + half


def _hinge(z: Any, t: Any) -> Any:
    side = 2.0 * t - 1.0
    short = 1.0 - side * z
    return -side * (1.0 * (short > 0) + (short >= 0)) / (2.0 * prod(z.shape))


# Where a loss has a kink, its slope here is the mean of those at both sides.
_SLOPES: Mapping[Callable[..., Any], Callable[..., Any]] = {
    sum_of_squares_error: lambda p, t: 2.0 * residuals(p, t),
    mean_squared_error: lambda p, t: 2.0 * residuals(p, t) / prod(p.shape),
    mean_absolute_error: _absolute,
    huber_loss: _huber,
    log_cosh_loss: _log_cosh,
    quantile_loss: _quantile,
    binary_cross_entropy_loss: lambda z, t: residuals(sigmoid(z), t) / prod(z.shape),
    hinge_loss: _hinge,
}


def slope_of(loss: Loss) -> Loss:
    """Return the derivative of a loss by its predictions, ``∂loss/∂prediction``.

    Parameters
    ----------
    loss
        A loss of this package, such as `mean_squared_error`; or one whose hyperparameters are set,
        such as ``functools.partial(huber_loss, width=0.5)``.

    Returns
    -------
    A function of prediction and target, both of one shape, whose value has that shape. Where a loss
    has a kink, it is the mean of the slopes at both sides.

    Raises
    ------
    ValueError
        If the library does not have it.

    Examples
    --------
    >>> slope_of(mean_squared_error)(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    array([2., 0.])
    """
    if isinstance(loss, partial):
        return partial(slope_of(loss.func), *loss.args, **loss.keywords)
    if loss not in _SLOPES:
        choices = ", ".join(sorted(choice.__name__ for choice in _SLOPES))
        name = getattr(loss, "__name__", repr(loss))
        raise ValueError(f"the loss must be one of {choices}, got {name}")
    return _SLOPES[loss]
