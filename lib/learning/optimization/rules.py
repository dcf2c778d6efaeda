"""Rules: what a search makes of a gradient. Each is a frozen value of two pure functions.

``begin(theta)`` returns what the rule remembers before the first step, and ``update`` the next
parameters and the next memory. Nothing is changed in place. Parameters θ and gradients have shape
(p,), as NumPy arrays or as tensors; the conventions, and the defaults, are torch.optim's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

from learning.optimization.schedules import Rate, rate_at

Memory = tuple[Any, ...]


class Rule(Protocol):
    """How a step depends on the gradient, and on what is remembered of earlier ones."""

    def begin(self, theta: Any) -> Memory:
        """Return the memory before the first step."""

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Return the parameters and the memory after step number `step`, counted from 0."""


@dataclass(frozen=True, kw_only=True)
class _Rated:
    """What all rules have: a learning rate, and numbers that are in their ranges."""

    rate: Rate

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, value in vars(self).items():
            if callable(value):
                continue  # a schedule
            rule = _RANGES.get(name, "finite and at least 0")
            in_range = {"from 0 to 1": value <= 1, "from 0 to below 1": value < 1}
            if not (value >= 0 and in_range.get(rule, value < inf)):
                raise ValueError(f"{name} must be {rule}, got {value!r}")

    def begin(self, theta: Any) -> Memory:
        """Remember one vector, zero before the first gradient."""
        return (0.0 * theta,)


# A share of 1 never forgets, which is worth looking at; Adam would divide by 1 - 1.
_RANGES = {"beta": "from 0 to 1", "beta1": "from 0 to below 1", "beta2": "from 0 to below 1"}


@dataclass(frozen=True, kw_only=True)
class Descent(_Rated):
    """Gradient descent: ``θ ← θ - rate ∇L``.

    Parameters
    ----------
    rate
        The learning rate η: a positive number, or a function of the step.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    Source: Cauchy (1847).

    Examples
    --------
    >>> Descent(rate=0.5).update(np.array([1.0]), np.array([4.0]), (), 0)
    (array([-1.]), ())
    """

    def begin(self, theta: Any) -> Memory:
        """Remember nothing."""
        return ()

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Take one step downhill."""
        return theta - rate_at(self.rate, step) * gradient, memory


@dataclass(frozen=True, kw_only=True)
class Momentum(_Rated):
    """A ball with friction: ``v ← beta v + ∇L``, ``θ ← θ - rate v``.

    With ``nesterov``, the step is along ``∇L + beta v``. With ``beta = 1`` nothing is forgotten,
    which is what happens when gradients are not set to zero between steps.

    Parameters
    ----------
    rate
        The learning rate η: a positive number, or a function of the step.
    beta
        The share of the velocity that is kept, from 0 to 1.
    nesterov
        Whether to look ahead.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    Source: Polyak (1964); Nesterov (1983); in the form of Sutskever et al. (2013).

    Examples
    --------
    Two steps with the same gradient: the second is longer.

    >>> rule, theta, memory = Momentum(rate=0.5, beta=0.5), np.array([1.0]), (np.array([0.0]),)
    >>> for step in range(2):
    ...     theta, memory = rule.update(theta, np.array([4.0]), memory, step)
    ...     print(theta)
    [-1.]
    [-4.]
    """

    beta: float = 0.9
    nesterov: bool = False

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Let the gradient push, and move with the velocity."""
        velocity = self.beta * memory[0] + gradient
        along = gradient + self.beta * velocity if self.nesterov else velocity
        return theta - rate_at(self.rate, step) * along, (velocity,)


@dataclass(frozen=True, kw_only=True)
class AdaGrad(_Rated):
    """A rate for each parameter: ``s ← s + ∇L²``, ``θ ← θ - rate ∇L / (√s + epsilon)``.

    Parameters
    ----------
    rate
        The learning rate η: a positive number, or a function of the step.
    epsilon
        Keeps the division finite where no gradient has been yet.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    Source: Duchi, Hazan and Singer (2011).

    Examples
    --------
    The first step has the length of the rate, however large the derivative is:

    >>> rule, theta = AdaGrad(rate=0.5), np.array([1.0, 1.0])
    >>> rule.update(theta, np.array([4.0, -400.0]), rule.begin(theta), 0)[0]
    array([0.5, 1.5])
    """

    epsilon: float = 1e-10

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Divide each derivative by the root of all its squares so far."""
        squares = memory[0] + gradient**2
        scaled = gradient / (squares**0.5 + self.epsilon)
        return theta - rate_at(self.rate, step) * scaled, (squares,)


@dataclass(frozen=True, kw_only=True)
class RMSProp(_Rated):
    """AdaGrad that forgets: ``s ← beta s + (1 - beta) ∇L²``.

    Parameters
    ----------
    rate
        The learning rate η: a positive number, or a function of the step.
    beta
        The share of the squares that is kept, from 0 to 1.
    epsilon
        Keeps the division finite where no gradient has been yet.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    Source: Tieleman and Hinton (2012), lecture 6.5.

    Examples
    --------
    >>> rule, theta = RMSProp(rate=0.5, beta=0.75), np.array([1.0, 1.0])
    >>> rule.update(theta, np.array([4.0, -400.0]), rule.begin(theta), 0)[0].round(6)
    array([0., 2.])
    """

    beta: float = 0.99
    epsilon: float = 1e-8

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Divide each derivative by the root of the recent mean of its squares."""
        squares = self.beta * memory[0] + (1.0 - self.beta) * gradient**2
        scaled = gradient / (squares**0.5 + self.epsilon)
        return theta - rate_at(self.rate, step) * scaled, (squares,)


@dataclass(frozen=True, kw_only=True)
class Adam(_Rated):
    """Momentum and RMSProp at once, both corrected for having started at 0.

    ``m ← beta1 m + (1 - beta1) ∇L``, ``s ← beta2 s + (1 - beta2) ∇L²``, and with
    ``c1 = 1 - beta1^t``, ``c2 = 1 - beta2^t`` at the t-th step (t = 1, 2, …),
    ``θ ← (1 - rate decay) θ - rate (m / c1) / (√(s / c2) + epsilon)``.

    Parameters
    ----------
    rate
        The learning rate η: a positive number, or a function of the step.
    beta1, beta2
        The shares that are kept of the gradients and of their squares, from 0 to below 1.
    epsilon
        Keeps the division finite where no gradient has been yet.
    decay
        How strongly each parameter is drawn towards 0, beside the gradient: AdamW.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    Source: Kingma and Ba (2015); Loshchilov and Hutter (2019) for the decay.

    Examples
    --------
    >>> rule, theta = Adam(rate=0.5), np.array([1.0, 1.0])
    >>> rule.update(theta, np.array([4.0, -400.0]), rule.begin(theta), 0)[0].round(6)
    array([0.5, 1.5])
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    def begin(self, theta: Any) -> Memory:
        """Start from no gradients and no squares."""
        return (0.0 * theta, 0.0 * theta)

    def update(self, theta: Any, gradient: Any, memory: Memory, step: int) -> tuple[Any, Memory]:
        """Move along the mean gradient, each parameter in units of its typical size."""
        rate = rate_at(self.rate, step)
        mean = self.beta1 * memory[0] + (1.0 - self.beta1) * gradient
        squares = self.beta2 * memory[1] + (1.0 - self.beta2) * gradient**2
        c1, c2 = 1.0 - self.beta1 ** (step + 1), 1.0 - self.beta2 ** (step + 1)
        scaled = (mean / c1) / ((squares / c2) ** 0.5 + self.epsilon)
        return (1.0 - rate * self.decay) * theta - rate * scaled, (mean, squares)
