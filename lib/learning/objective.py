"""Where the three parts meet: a model, a loss and data make a function of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from learning.arrays import as_kind_of, is_tensor
from learning.evaluation.slopes import slope_of
from learning.optimization import Rule, Trajectory, minimize
from learning.representation import Model

ALL = slice(None)


def objective(
    model: Any,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    *,
    predict: Callable[[Any], Callable[[Any], Any]] | None = None,
) -> Callable[..., Any]:
    """Return the loss as a function of the parameters, ``f(theta, rows=ALL)``.

    ``f(theta) = loss(model.at(theta)(x), y)``.

    Parameters
    ----------
    model
        A member of the family; only its family matters.
    loss
        Takes predictions and targets.
    x, y
        The data: the first axis of both counts the n points. NumPy arrays, or tensors.
    predict
        What of the model predicts, if it is not the model itself: `LogisticRegression.logits`.

    Returns
    -------
    A function of theta, shape (p,), and of rows, the indices of some points.

    Examples
    --------
    >>> from learning import Line, mean_squared_error
    >>> f = objective(Line(0, 0), mean_squared_error, np.array([0.0, 1.0]), np.array([8.0, 11.0]))
    >>> float(f(np.array([3.0, 9.0])))
    1.0
    """
    predictor = _predictor(model, predict)

    def f(theta: Any, rows: Any = ALL) -> Any:
        return loss(predictor(theta)(x[rows]), y[rows])

    return f


def _predictor(model: Any, predict: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return what predicts, as a function of the parameters."""
    return (lambda theta: predict(model.at(theta))) if predict else model.at


def gradient_by_hand(
    model: Any,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    *,
    predict: Callable[[Any], Any] | None = None,
) -> Callable[..., Any]:
    """Return the gradient of the `objective`, by the chain rule and without torch.

    ``∇f(theta) = pullback(x, ∂loss/∂predictions)``: the derivative of the loss by each prediction,
    carried back to the parameters by the model.

    Parameters
    ----------
    model, loss, x, y, predict
        As for `objective`; the loss must be one whose derivative the library has.

    Returns
    -------
    A function of theta and of rows, as `objective` returns; its value has theta's shape, (p,).

    Raises
    ------
    ValueError
        If the library does not have the loss's derivative.

    Examples
    --------
    >>> from learning import Line, mean_squared_error
    >>> x, y = np.array([0.0, 1.0]), np.array([8.0, 11.0])
    >>> gradient_by_hand(Line(0, 0), mean_squared_error, x, y)(np.array([3.0, 9.0]))
    array([1., 2.])
    """
    predictor, slope = _predictor(model, predict), slope_of(loss)

    def gradient(theta: Any, rows: Any = ALL) -> Any:
        function = predictor(theta)
        return function.pullback(x[rows], slope(function(x[rows]), y[rows]))

    return gradient


def fit(
    model: Model,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    rule: Rule,
    *,
    predict: Callable[[Any], Any] | None = None,
    **how: Any,
) -> tuple[Model, Trajectory]:
    """Search a model's family for a member with a small loss, beginning with the model itself.

    Parameters
    ----------
    model, loss, x, y, predict
        As for `objective`. On tensors torch differentiates, on NumPy arrays the gradient is by
        hand.
    rule, how
        As for `minimize`: steps, batches, gradient, log_every.

    Returns
    -------
    The member that was found, and the run. Its parameters are NumPy's.

    Raises
    ------
    ValueError
        As `minimize` and `gradient_by_hand` do.

    Examples
    --------
    >>> from learning import Descent, Line, mean_squared_error
    >>> x, y = np.array([0.0, 1.0, 2.0]), np.array([8.0, 11.0, 14.0])
    >>> line, run = fit(Line(0, 0), mean_squared_error, x, y, Descent(rate=0.2), steps=200)
    >>> print(f"{line.a:.6f} {line.b:.6f}")
    3.000000 8.000000
    """
    f = objective(model, loss, x, y, predict=predict)
    if "gradient" not in how and not is_tensor(x):
        how["gradient"] = gradient_by_hand(model, loss, x, y, predict=predict)
    run = minimize(f, as_kind_of(model.parameters, x), rule, **how)
    return model.at(run.final), run
