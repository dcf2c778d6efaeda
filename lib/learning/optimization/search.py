"""Searches: ways to find parameters that make a loss small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from learning.arrays import Floats, is_tensor
from learning.optimization.rules import Rule
from learning.optimization.trajectory import Log, Trajectory


def minimize(
    f: Callable[..., Any],
    start: Any,
    rule: Rule,
    *,
    steps: int,
    batches: Sequence[Any] | None = None,
    gradient: Callable[..., Any] | None = None,
    log_every: int = 1,
) -> Trajectory:
    """Make a function small, step by step: the loop of the whole book.

    Parameters
    ----------
    f
        ``f(theta)`` is a single number to be made small; with batches, ``f(theta, rows)`` is the
        same on some of the points. `learning.objective.objective` makes such a function.
    start
        The parameters to begin with, shape (p,): a NumPy array or a tensor. It is not changed.
    rule
        What to make of a gradient: `Descent`, `Momentum`, `Adam`, …
    steps
        How many updates to make; at least 1.
    batches
        The rows that each step looks at, shape (steps, m), such as `draw_batches` draws; without
        them, every step looks at all points.
    gradient
        ``gradient(theta)``, or ``gradient(theta, rows)``, shape (p,). Without it, torch
        differentiates f, for which start must be a tensor.
    log_every
        How often to record: at steps 0, log_every, 2 log_every, …; at least 1.

    Returns
    -------
    What was recorded. The loss is that on all points, before the step's update.

    Raises
    ------
    ValueError
        If steps or log_every is less than 1, there are too few batches, or start is no tensor
        and there is no gradient.

    Examples
    --------
    >>> from learning.optimization import Descent
    >>> run = minimize(
    ...     lambda theta: ((theta - 3.0) ** 2).sum(), np.array([0.0]), Descent(rate=0.25), steps=4,
    ...     gradient=lambda theta: 2.0 * (theta - 3.0),
    ... )
    >>> run.parameters.ravel()
    array([0.   , 1.5  , 2.25 , 2.625])
    """
    _check(start, steps, batches, gradient, log_every)
    differentiate = _autograd(f) if gradient is None else _by_hand(gradient)
    theta, memory, log = start, rule.begin(start), Log()
    for step in range(steps):
        rows = () if batches is None else (batches[step],)
        loss, slope = differentiate(theta, *rows)
        if step % log_every == 0:
            log.add(step, f(theta) if loss is None or rows else loss, theta)
        theta, memory = rule.update(theta, slope, memory, step)
    return log.finish(theta)


def _check(start: Any, steps: int, batches: Any, gradient: Any, log_every: int) -> None:
    for name, value in (("steps", steps), ("log_every", log_every)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value!r}")
    if batches is not None and len(batches) < steps:
        raise ValueError(f"there must be a batch for each of {steps} steps, got {len(batches)}")
    if gradient is None and not is_tensor(start):
        kind = type(start).__name__
        raise ValueError(f"start must be a tensor where no gradient is given, got {kind}")


def _autograd(f: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Return a function that gives the loss, and its gradient by torch."""
    import torch

    def differentiate(theta: Any, *rows: Any) -> tuple[Any, Any]:
        leaf = theta.detach().requires_grad_()
        loss = f(leaf, *rows)
        (slope,) = torch.autograd.grad(loss, leaf)
        return loss.detach(), slope

    return differentiate


def _by_hand(gradient: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    return lambda theta, *rows: (None, gradient(theta, *rows))


def random_search(
    loss: Callable[[float, float], float],
    *,
    low: tuple[float, float],
    high: tuple[float, float],
    candidates: int,
    generator: np.random.Generator,
) -> tuple[Floats, float]:
    """Try parameters at random and keep the best.

    Parameters
    ----------
    loss
        Takes two parameters and returns a number.
    low, high
        The corners of the box from which candidates are drawn uniformly.
    candidates
        How many to try; at least 1.
    generator
        Where the candidates come from.

    Returns
    -------
    The best candidate, shape (2,), and its loss.

    Raises
    ------
    ValueError
        If candidates is less than 1.

    Examples
    --------
    >>> best, loss = random_search(
    ...     lambda a, b: (a - 3.0) ** 2 + (b - 8.0) ** 2, low=(0.0, 0.0), high=(10.0, 10.0),
    ...     candidates=1000, generator=np.random.default_rng(0),
    ... )
    >>> best.round(1), round(loss, 2)
    (array([2.9, 7.9]), 0.02)
    """
    if candidates < 1:
        raise ValueError(f"candidates must be at least 1, got {candidates!r}")
    tried = generator.uniform(low, high, size=(candidates, 2))
    losses = [loss(a, b) for a, b in tried.tolist()]
    best = int(np.argmin(losses))
    return tried[best], float(losses[best])
