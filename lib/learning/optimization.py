"""Searches: ways to find parameters that make a loss small. A run returns a `Trajectory`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """What a run has recorded.

    Parameters
    ----------
    steps
        Shape (k,): the steps at which something was recorded.
    losses
        Shape (k,): the loss at each of them, before that step's update.
    parameters
        Shape (k, p): the parameters at each of them, before that step's update.
    final
        Shape (p,): the parameters after the last update.
    """

    steps: NDArray[np.int64]
    losses: Floats
    parameters: Floats
    final: Floats


class _Recorder:
    """Collects what becomes a `Trajectory`."""

    def __init__(self, steps: int, log_every: int) -> None:
        for name, value in (("steps", steps), ("log_every", log_every)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value!r}")
        self.log_every = log_every
        self.rows: list[tuple[int, float, list[float]]] = []

    def wants(self, step: int) -> bool:
        return step % self.log_every == 0

    def add(self, step: int, loss: float, parameters: Sequence[float]) -> None:
        self.rows.append((step, float(loss), [float(p) for p in parameters]))

    def finish(self, parameters: Sequence[float]) -> Trajectory:
        steps, losses, visited = zip(*self.rows, strict=True)
        final = np.array([float(p) for p in parameters])
        return Trajectory(np.array(steps), np.array(losses), np.array(visited), final)


def gradient_descent(
    loss: Callable[..., torch.Tensor],
    start: Sequence[torch.Tensor],
    *,
    rate: float,
    steps: int,
    log_every: int = 1,
    zero_gradients: bool = True,
) -> Trajectory:
    """Go downhill: ``p ← p - rate * ∂loss/∂p``, for every parameter at once.

    Parameters
    ----------
    loss
        Takes the parameters and returns a tensor without axes.
    start
        The parameters to begin with, one tensor without axes each. They are copied, not changed.
    rate
        The learning rate: how far to go for a unit of gradient.
    steps, log_every
        How many updates to make, and how often to record: at steps 0, log_every, 2 log_every, …
    zero_gradients
        Whether to clear the gradients before each backward pass. Leaving it out is a mistake that
        the book makes on purpose.

    Raises
    ------
    ValueError
        If steps or log_every is less than 1.

    Notes
    -----
    Source: Cauchy (1847); the page on gradient descent.
    """
    import torch

    parameters = [p.detach().clone().requires_grad_() for p in start]
    gradients = [torch.zeros_like(p) for p in parameters]
    for p, gradient in zip(parameters, gradients, strict=True):
        p.grad = gradient  # where backward() adds what it finds
    recorder = _Recorder(steps, log_every)
    for step in range(steps):
        value = loss(*parameters)
        if recorder.wants(step):
            recorder.add(step, value.item(), [p.item() for p in parameters])
        if zero_gradients:
            for gradient in gradients:
                gradient.zero_()
        value.backward()  # type: ignore[no-untyped-call]  # torch's own lack
        with torch.no_grad():
            for p, gradient in zip(parameters, gradients, strict=True):
                p -= rate * gradient
    return recorder.finish([p.item() for p in parameters])


def stochastic_gradient_descent(
    loss: Callable[..., torch.Tensor],
    data: tuple[torch.Tensor, torch.Tensor],
    start: Sequence[torch.Tensor],
    *,
    rate: float,
    steps: int,
    batch_size: int,
    generator: np.random.Generator,
    log_every: int = 1,
) -> Trajectory:
    """Go downhill on a few points at a time.

    ``p ← p - rate * ∂loss(batch)/∂p``, where each batch is drawn anew, with replacement. What is
    recorded is the loss on all the data.

    Parameters
    ----------
    loss
        Takes x, y and the parameters, and returns a tensor without axes.
    data
        x and y, shape (n,) each, on one device.
    start
        The parameters to begin with, one tensor without axes each. They are copied, not changed.
    rate, steps, log_every
        As for `gradient_descent`.
    batch_size
        How many points a step looks at.
    generator
        Where the batches come from: all of them are drawn at once, before the first step.

    Raises
    ------
    ValueError
        If steps, log_every or batch_size is less than 1.

    Notes
    -----
    Source: Robbins and Monro (1951); the page on stochastic gradient descent.
    """
    import torch

    x, y = data
    batches = draw_batches(len(x), steps=steps, batch_size=batch_size, generator=generator)
    indices = torch.from_numpy(batches).to(x.device)  # (steps, batch_size)
    parameters = [p.detach().clone().requires_grad_() for p in start]
    recorder = _Recorder(steps, log_every)
    for step in range(steps):
        if recorder.wants(step):
            everywhere = loss(x, y, *(p.detach() for p in parameters)).item()
            recorder.add(step, everywhere, [p.item() for p in parameters])
        batch = indices[step]
        gradients = torch.autograd.grad(loss(x[batch], y[batch], *parameters), parameters)
        with torch.no_grad():
            for p, gradient in zip(parameters, gradients, strict=True):
                p -= rate * gradient
    return recorder.finish([p.item() for p in parameters])


def draw_batches(
    n: int, *, steps: int, batch_size: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Draw the batches of a run: indices from 0 to n - 1, shape (steps, batch_size).

    Every index is drawn by itself, with replacement, so that a batch's gradient is the full
    gradient on average.

    Raises
    ------
    ValueError
        If batch_size is less than 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size!r}")
    return generator.integers(n, size=(steps, batch_size))


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
    """
    right = 2.0 * np.array([(x * y).mean(), y.mean()])
    return np.asarray(np.linalg.solve(line_hessian(x), right))


def descend_line(
    x: Floats,
    y: Floats,
    *,
    start: tuple[float, float],
    rate: float,
    steps: int,
    log_every: int = 1,
) -> Trajectory:
    """Fit a line by gradient descent on its mean squared error, with the gradient by hand.

    Parameters
    ----------
    x, y
        The data, shape (n,) each.
    start
        The slope and the intercept to begin with.
    rate, steps, log_every
        As for `gradient_descent`.

    Raises
    ------
    ValueError
        If steps or log_every is less than 1.
    """
    a, b = start
    recorder = _Recorder(steps, log_every)
    for step in range(steps):
        if recorder.wants(step):
            recorder.add(step, ((a * x + b - y) ** 2).mean(), (a, b))
        slope_a, slope_b = line_gradient(a, b, x, y)
        a, b = a - rate * slope_a, b - rate * slope_b
    return recorder.finish((a, b))


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
    """
    if candidates < 1:
        raise ValueError(f"candidates must be at least 1, got {candidates!r}")
    tried = generator.uniform(low, high, size=(candidates, 2))
    losses = [loss(a, b) for a, b in tried.tolist()]
    best = int(np.argmin(losses))
    return tried[best], float(losses[best])
