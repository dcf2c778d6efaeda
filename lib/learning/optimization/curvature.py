"""Rules that know how the ground curves: the Hessian takes the place of a learning rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from learning.arrays import Floats
from learning.optimization.rules import Memory

Hessian = Floats | Callable[[Floats], Floats]


@dataclass(frozen=True, kw_only=True)
class _Curved:
    """What these rules have: H, shape (p, p), symmetric: one matrix, or a function of θ."""

    hessian: Hessian

    def begin(self, theta: Floats) -> Memory:
        """Remember nothing."""
        return ()

    def _at(self, theta: Floats) -> Floats:
        matrix = self.hessian(theta) if callable(self.hessian) else self.hessian
        if matrix.shape != (theta.size, theta.size):
            shapes = f"{matrix.shape!r} for p = {theta.size}"
            raise ValueError(f"hessian must have the shape (p, p), got {shapes}")
        return matrix


@dataclass(frozen=True, kw_only=True)
class Newton(_Curved):
    """Newton's method: ``θ ← θ - H⁻¹ ∇L``, to where a bowl with this gradient and H is lowest.

    On a bowl one step arrives, in whatever units the parameters are. Elsewhere a step may lead
    uphill, or far away.

    Parameters
    ----------
    hessian
        H, shape (p, p): one matrix, or a function of θ that gives it.

    Raises
    ------
    ValueError
        If H does not have the shape (p, p).
    numpy.linalg.LinAlgError
        If H has no inverse.

    Notes
    -----
    Source: Nocedal and Wright (2006), section 3.3.

    Examples
    --------
    >>> rule = Newton(hessian=np.array([[2.0, 0.0], [0.0, 4.0]]))
    >>> rule.update(np.array([0.0, 0.0]), np.array([-2.0, -4.0]), (), 0)[0]
    array([1., 1.])
    """

    def update(
        self, theta: Floats, gradient: Floats, memory: Memory, step: int
    ) -> tuple[Floats, Memory]:
        """Jump to the lowest point of the bowl."""
        return theta - np.linalg.solve(self._at(theta), gradient), memory


@dataclass(frozen=True, kw_only=True)
class CoordinateDescent(_Curved):
    """One parameter at a time, in turn: ``θ_i ← θ_i - ∇L_i / H_ii``, with i = step modulo p.

    On a bowl, each step sets its parameter to where it is best for the others.

    Parameters
    ----------
    hessian
        H, shape (p, p): one matrix, or a function of θ that gives it.

    Raises
    ------
    ValueError
        If H does not have the shape (p, p), or its diagonal is not positive.

    Notes
    -----
    Source: Wright (2015). On a bowl it solves ``H θ = c`` as Gauss and Seidel did.

    Examples
    --------
    >>> rule = CoordinateDescent(hessian=np.array([[2.0, 1.0], [1.0, 4.0]]))
    >>> rule.update(np.array([0.0, 0.0]), np.array([-2.0, -4.0]), (), 1)[0]
    array([0., 1.])
    """

    def update(
        self, theta: Floats, gradient: Floats, memory: Memory, step: int
    ) -> tuple[Floats, Memory]:
        """Set one parameter to where it is best."""
        i = step % theta.size
        curvature = self._at(theta)[i, i]
        if not curvature > 0:
            raise ValueError(f"the diagonal of hessian must be positive, got {curvature!r}")
        moved = theta.copy()
        moved[i] -= gradient[i] / curvature
        return moved, memory


@dataclass(frozen=True, kw_only=True)
class ConjugateGradients(_Curved):
    """Go along directions d that do not undo each other, ``d_jᵀ H d_k = 0``, as far as is best.

    The first direction is downhill. Each that follows is downhill plus a share of the one before:
    the squared gradient now, over that before. On a bowl with p parameters, p steps arrive, but for
    rounding.

    Parameters
    ----------
    hessian
        H, shape (p, p): one matrix, or a function of θ that gives it.

    Raises
    ------
    ValueError
        If H does not have the shape (p, p), or does not curve upwards along a direction.

    Notes
    -----
    Source: Hestenes and Stiefel (1952); the share is that of Fletcher and Reeves (1964).

    Examples
    --------
    >>> rule = ConjugateGradients(hessian=np.array([[2.0, 0.0], [0.0, 4.0]]))
    >>> theta, memory = np.array([0.0, 0.0]), rule.begin(np.array([0.0, 0.0]))
    >>> for step in range(2):
    ...     gradient = np.array([2.0, 4.0]) * (theta - 1.0)
    ...     theta, memory = rule.update(theta, gradient, memory, step)
    ...     print(theta.round(3))
    [0.556 1.111]
    [1. 1.]
    """

    def begin(self, theta: Floats) -> Memory:
        """Remember no direction, and a squared gradient that makes none of it count."""
        return (0.0 * theta, np.inf)

    def update(
        self, theta: Floats, gradient: Floats, memory: Memory, step: int
    ) -> tuple[Floats, Memory]:
        """Go along the next direction, to its lowest point."""
        squared = gradient @ gradient
        if squared == 0:
            return theta, memory  # there already
        direction = -gradient + squared / memory[1] * memory[0]
        curvature = direction @ self._at(theta) @ direction
        if not curvature > 0:
            raise ValueError(f"hessian must be positive definite, got dᵀ H d = {curvature!r}")
        length = -(gradient @ direction) / curvature
        return theta + length * direction, (direction, squared)
