"""Models: the families of functions among which a learner may choose.

A model is a value: its parameters are fields, calling it predicts, a changed model is a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Array = TypeVar("Array", "NDArray[np.float64]", "torch.Tensor")


@dataclass(frozen=True)
class Line:
    """A straight line, ``a * x + b``.

    Parameters
    ----------
    a
        The slope, in units of y per unit of x.
    b
        The intercept: the value at x = 0, in units of y.
    """

    a: float
    b: float

    def __call__(self, x: Array) -> Array:
        """Predict y, shape (n,), at x, shape (n,): a NumPy array or a tensor."""
        return self.a * x + self.b


@dataclass(frozen=True)
class LogisticRegression:
    """The probability of a yes, ``1 / (1 + exp(-(weights · x + bias)))``.

    Parameters
    ----------
    weights
        Shape (d,): one weight a feature, in units of log-odds per unit of the feature.
    bias
        The log-odds where all features are 0.
    """

    weights: NDArray[np.float64]
    bias: float

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Predict probabilities, shape (n,), of inputs x, shape (n, d).

        Computed as (1 + tanh(z / 2)) / 2, which is the same function and cannot overflow.
        """
        log_odds = x @ self.weights + self.bias  # (n, d) @ (d,) -> (n,)
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)))


@dataclass(frozen=True)
class FeedForward:
    """A feedforward network: layers of ``h @ W + c`` with ReLU between them.

    Parameters
    ----------
    layers
        One pair (W, c) a layer, of shapes (inputs, outputs) and (outputs,). The outputs of a layer
        are the inputs of the next.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """

    layers: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]

    def __post_init__(self) -> None:
        """Check that the shapes fit together."""
        shapes = [(w.shape, c.shape) for w, c in self.layers]
        fits = all(w[1:] == c for w, c in shapes)
        if not fits or any(p[0][1] != q[0][0] for p, q in pairwise(shapes)):
            raise ValueError(f"each layer must take what the one before it gives, got {shapes!r}")

    @classmethod
    def random(cls, sizes: tuple[int, ...], *, generator: np.random.Generator) -> FeedForward:
        """Draw a network with the given layer sizes, input first.

        Weights are normal with variance 2 / inputs, which keeps the size of what passes through.
        Biases are uniform within ±1 / sqrt(inputs), so that units bend at different places.
        Source: He et al. (2015) for the weights.
        """
        return cls(
            tuple(
                (
                    generator.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out)),
                    generator.uniform(-1.0, 1.0, n_out) / np.sqrt(n_in),
                )
                for n_in, n_out in pairwise(sizes)
            )
        )

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute outputs, shape (n, last size), of inputs x, shape (n, first size)."""
        *hidden, (w_last, c_last) = self.layers
        for w, c in hidden:
            x = np.maximum(x @ w + c, 0.0)  # (n, n_in) -> (n, n_out)
        return np.asarray(x @ w_last + c_last)

    @property
    def size(self) -> int:
        """How many parameters the network has: all entries of every W and c."""
        return sum(w.size + c.size for w, c in self.layers)
