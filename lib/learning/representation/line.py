"""Functions that are linear in their parameters: the line, and its like with several inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from learning.arrays import Array, flat, vector


@dataclass(frozen=True)
class Line:
    """A straight line, ``a * x + b``. Its parameters are θ = (a, b).

    Parameters
    ----------
    a
        The slope, in units of y per unit of x.
    b
        The intercept: the value at x = 0, in units of y.

    Examples
    --------
    >>> Line(a=3.0, b=8.0)(np.array([0.0, 0.5, 1.0]))
    array([ 8. ,  9.5, 11. ])
    """

    a: Any
    b: Any

    def __call__(self, x: Array) -> Array:
        """Predict y, shape (n,), at x, shape (n,): a NumPy array or a tensor."""
        y: Array = self.a * x + self.b
        return y

    @property
    def parameters(self) -> Any:
        """Return θ = (a, b), shape (2,)."""
        return vector([self.a, self.b])

    def at(self, theta: Any) -> Line:
        """Return the line with the parameters theta = (a, b), shape (2,)."""
        a, b = theta
        return Line(a, b)

    def pullback(self, x: Array, slope: Array) -> Array:
        """Carry slopes by the predictions, shape (n,), back: ``(sum(slope * x), sum(slope))``."""
        back: Array = vector([(slope * x).sum(), slope.sum()])
        return back


@dataclass(frozen=True)
class Linear:
    """A weighted sum of d inputs, ``weights · x + bias``. Its parameters are θ = (weights, bias).

    Parameters
    ----------
    weights
        Shape (d,), in units of y per unit of each input.
    bias
        The value where all inputs are 0, in units of y.

    Examples
    --------
    >>> Linear(np.array([2.0, -1.0]), 0.5)(np.array([[1.0, 1.0], [0.0, 3.0]]))
    array([ 1.5, -2.5])
    """

    weights: Any
    bias: Any

    def __call__(self, x: Array) -> Array:
        """Predict y, shape (n,), at inputs x, shape (n, d)."""
        y: Array = x @ self.weights + self.bias  # (n, d) @ (d,) -> (n,)
        return y

    @property
    def parameters(self) -> Any:
        """Return θ = (weights, bias), shape (d + 1,)."""
        return vector([*self.weights, self.bias])

    def at(self, theta: Any) -> Linear:
        """Return the model with the parameters theta, shape (d + 1,)."""
        return Linear(theta[:-1], theta[-1])

    def pullback(self, x: Array, slope: Array) -> Array:
        """Carry slopes by the predictions, shape (n,), back: ``(slope @ x, sum(slope))``."""
        return flat([slope @ x, slope.sum()])
