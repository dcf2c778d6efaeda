"""The derivatives of losses by the predictions, by hand: where a gradient by hand begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

from learning.evaluation.classification import binary_cross_entropy_loss
from learning.evaluation.regression import (
    mean_squared_error,
    residuals,
    sum_of_squares_error,
)
from learning.representation.logistic import sigmoid

Loss = Callable[[Any, Any], Any]

_SLOPES: Mapping[Loss, Loss] = {
    sum_of_squares_error: lambda p, t: 2.0 * residuals(p, t),
    mean_squared_error: lambda p, t: 2.0 * residuals(p, t) / prod(p.shape),
    binary_cross_entropy_loss: lambda z, t: residuals(sigmoid(z), t) / prod(z.shape),
}


def slope_of(loss: Loss) -> Loss:
    """Return the derivative of a loss by its predictions, ``∂loss/∂prediction``.

    Parameters
    ----------
    loss
        A loss of this package, such as `mean_squared_error`.

    Returns
    -------
    A function of prediction and target, both of one shape, whose value has that shape.

    Raises
    ------
    ValueError
        If the library does not have it.

    Examples
    --------
    >>> slope_of(mean_squared_error)(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    array([2., 0.])
    """
    if loss not in _SLOPES:
        choices = ", ".join(sorted(choice.__name__ for choice in _SLOPES))
        name = getattr(loss, "__name__", repr(loss))
        raise ValueError(f"the loss must be one of {choices}, got {name}")
    return _SLOPES[loss]
