"""Logistic regression: a weighted sum, squeezed into a probability, of one class or of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from learning.arrays import Array
from learning.representation.line import Linear


def sigmoid(z: Array) -> Array:
    """Turn log-odds into a probability, ``1 / (1 + exp(-z))``.

    Computed as (1 + tanh(z / 2)) / 2, which is the same function and cannot overflow.

    Parameters
    ----------
    z
        Log-odds, of any shape.

    Returns
    -------
    Probabilities from 0 to 1, of the same shape.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    probability: Array = 0.5 * (1.0 + array_namespace(z).tanh(0.5 * z))
    return probability


def softmax(scores: Array) -> Array:
    """Turn scores of K classes into probabilities, ``exp(s_k) / sum(exp(s_j))``.

    Computed from ``s - max(s)``, which has the same softmax and cannot overflow.

    Parameters
    ----------
    scores
        Shape (..., K), K at least 1: the scores of the classes, on the scale of log-odds.

    Returns
    -------
    Probabilities of the same shape, which sum to 1 along the last axis.

    Raises
    ------
    ValueError
        If there is no class.

    Notes
    -----
    Source: Bridle (1990).

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0, 0.0]))
    array([0.5, 0.5, 0. ])
    """
    if not scores.shape or scores.shape[-1] < 1:
        raise ValueError(f"scores must be of 1 class at least, got shape {tuple(scores.shape)}")
    xp = array_namespace(scores)
    share = xp.exp(scores - xp.max(scores, axis=-1, keepdims=True))
    probability: Array = share / xp.sum(share, axis=-1, keepdims=True)
    return probability


@dataclass(frozen=True)
class LogisticRegression:
    """The probability of a yes, ``sigmoid(weights · x + bias)``; θ = (weights, bias).

    Parameters
    ----------
    weights
        Shape (d,): one weight a feature, in units of log-odds per unit of the feature.
    bias
        The log-odds where all features are 0.

    Examples
    --------
    >>> LogisticRegression(np.array([17.0]), -8.5)(np.array([[0.5]]))
    array([0.5])
    """

    weights: Any
    bias: Any

    def logits(self) -> Linear:
        """Return the function under the sigmoid, which predicts log-odds; it has the same θ."""
        return Linear(self.weights, self.bias)

    def __call__(self, x: Array) -> Array:
        """Predict probabilities, shape (n,), of inputs x, shape (n, d)."""
        return sigmoid(self.logits()(x))

    @property
    def parameters(self) -> Any:
        """Return θ = (weights, bias), shape (d + 1,)."""
        return self.logits().parameters

    def at(self, theta: Any) -> LogisticRegression:
        """Return the model with the parameters theta, shape (d + 1,)."""
        return LogisticRegression(theta[:-1], theta[-1])

    def pullback(self, x: Array, slope: Array) -> Array:
        """Carry slopes by the probabilities p back: those by the log-odds are slope p (1 - p)."""
        p = self(x)
        return self.logits().pullback(x, slope * p * (1.0 - p))
