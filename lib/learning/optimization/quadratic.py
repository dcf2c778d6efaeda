"""The bowl: a loss that is quadratic in its parameters, of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from learning.arrays import Floats
from learning.optimization.trajectory import Trajectory


@dataclass(frozen=True)
class Quadratic:
    """A loss ``L(θ) = least + (θ - minimum)ᵀ H (θ - minimum) / 2``.

    Parameters
    ----------
    hessian
        H, shape (p, p), symmetric: the same everywhere.
    minimum
        Shape (p,): where the loss is least.
    least
        The loss there.

    Examples
    --------
    >>> bowl = Quadratic(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 1.0]), 0.5)
    >>> float(bowl(np.array([0.0, 0.0]))), bowl.gradient(np.array([0.0, 0.0])).tolist()
    (3.5, [-2.0, -4.0])
    """

    hessian: Floats
    minimum: Floats
    least: float

    def __call__(self, theta: Floats) -> float:
        """Return the loss at theta, shape (p,)."""
        away = theta - self.minimum
        return self.least + 0.5 * float(away @ self.hessian @ away)

    def gradient(self, theta: Floats) -> Floats:
        """Return the gradient at theta, ``H (θ - minimum)``, shape (p,)."""
        return self.hessian @ (theta - self.minimum)

    def descend(self, start: Floats, *, rate: float, steps: int, log_every: int = 1) -> Trajectory:
        """Say where gradient descent goes without taking a step.

        In the eigenbasis of H, each step multiplies the i-th coordinate of the distance to the
        minimum by ``1 - rate λ_i``, so that t steps multiply it by the t-th power.

        Parameters
        ----------
        start
            Shape (p,): where the run begins.
        rate, steps, log_every
            As for `Descent` and `minimize`.

        Returns
        -------
        What `minimize` would have recorded.

        Notes
        -----
        Source: Goh (2017).

        Examples
        --------
        >>> bowl = Quadratic(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 1.0]), 0.5)
        >>> bowl.descend(np.array([0.0, 0.0]), rate=0.25, steps=2).final
        array([0.75, 1.  ])
        """
        times = np.append(np.arange(0, steps, log_every), steps)
        eigenvalues, basis = np.linalg.eigh(self.hessian)
        away = basis.T @ (np.asarray(start) - self.minimum)
        shrunk = (1.0 - rate * eigenvalues) ** times[:, None] * away  # (k + 1, p)
        losses = self.least + 0.5 * (shrunk**2 @ eigenvalues)
        path = self.minimum + shrunk @ basis.T
        return Trajectory(times[:-1], losses[:-1], path[:-1], path[-1])


def line_quadratic(x: Floats, y: Floats) -> Quadratic:
    """Return the mean squared error of lines on n points as the quadratic that it is.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.

    Returns
    -------
    A function of θ = (a, b), which no longer needs the points.

    Raises
    ------
    numpy.linalg.LinAlgError
        If all x are the same.

    Examples
    --------
    >>> bowl = line_quadratic(np.array([0.0, 1.0]), np.array([8.0, 11.0]))
    >>> round(bowl(np.array([3.0, 9.0])), 6)
    1.0
    """
    a, b = minimum = least_squares_line(x, y)
    return Quadratic(line_hessian(x), minimum, float(((a * x + b - y) ** 2).mean()))


def line_gradient(a: float, b: float, x: Floats, y: Floats) -> Floats:
    """Differentiate the mean squared error of a line by hand.

    With r = a x + b - y, the residuals: ``∂/∂a = 2 mean(r x)`` and ``∂/∂b = 2 mean(r)``.

    Parameters
    ----------
    a, b
        The line's slope and intercept.
    x, y
        The data, shape (n,) each.

    Returns
    -------
    The two derivatives, shape (2,): units of y² per unit of a, and per unit of b.

    Examples
    --------
    >>> line_gradient(3.0, 9.0, np.array([0.0, 1.0]), np.array([8.0, 11.0]))
    array([1., 2.])
    """
    residual = a * x + b - y
    return np.array([2.0 * (residual * x).mean(), 2.0 * residual.mean()])


def line_hessian(x: Floats) -> Floats:
    """Differentiate the mean squared error of a line twice.

    ``2 * [[mean(x²), mean(x)], [mean(x), 1]]``. It depends on neither a, b nor y: the loss is a
    quadratic bowl, and x alone decides how long and how narrow.

    Parameters
    ----------
    x
        The data, shape (n,).

    Returns
    -------
    The matrix of second derivatives, shape (2, 2), with a first and b second.

    Examples
    --------
    >>> line_hessian(np.array([0.0, 1.0]))
    array([[1., 1.],
           [1., 2.]])
    """
    return 2.0 * np.array([[(x * x).mean(), x.mean()], [x.mean(), 1.0]])


def least_squares_line(x: Floats, y: Floats) -> Floats:
    """Find the line of least mean squared error without a search.

    It is where the gradient vanishes: ``hessian @ (a, b) = 2 * (mean(x y), mean(y))``.

    Parameters
    ----------
    x, y
        The data, shape (n,) each, with at least two different x.

    Returns
    -------
    a and b, shape (2,).

    Raises
    ------
    numpy.linalg.LinAlgError
        If all x are the same.

    Notes
    -----
    Source: Legendre (1805).

    Examples
    --------
    >>> least_squares_line(np.array([0.0, 1.0, 2.0]), np.array([8.0, 11.0, 14.0])).round(6)
    array([3., 8.])
    """
    right = 2.0 * np.array([(x * y).mean(), y.mean()])
    return np.asarray(np.linalg.solve(line_hessian(x), right))
