"""What a search leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats, to_numpy


@dataclass(frozen=True)
class Trajectory:
    """What a run has recorded.

    Parameters
    ----------
    steps
        Shape (k,): the steps at which something was recorded.
    losses
        Shape (k,): the loss on all points at each of them, before that step's update.
    parameters
        Shape (k, p): the parameters at each of them, before that step's update.
    final
        Shape (p,): the parameters after the last update.

    Examples
    --------
    >>> run = Trajectory(np.array([0]), np.array([9.0]), np.array([[1.0, 2.0]]), np.array([2.0, 4]))
    >>> run.parameters.shape, run.final
    ((1, 2), array([2., 4.]))
    """

    steps: NDArray[np.int64]
    losses: Floats
    parameters: Floats
    final: Floats


def steps_until(run: Trajectory, loss: float) -> float:
    """Say how many steps a run needed until its loss was small enough.

    Parameters
    ----------
    run
        What was recorded, at every step or at some.
    loss
        What is small enough.

    Returns
    -------
    The first recorded step with such a loss, or infinity if there is none.

    Examples
    --------
    >>> losses, nowhere = np.array([9.0, 4.0, 1.0, 2.0]), np.zeros((4, 2))
    >>> run = Trajectory(np.arange(4), losses, nowhere, nowhere[0])
    >>> steps_until(run, 4.0), steps_until(run, 0.5)
    (1.0, inf)
    """
    arrived = run.losses <= loss
    return float(run.steps[np.argmax(arrived)]) if arrived.any() else np.inf


class Log:
    """Collects what becomes a `Trajectory`.

    Examples
    --------
    >>> log = Log()
    >>> log.add(0, 9.0, [1.0, 2.0])
    >>> log.finish([1.5, 2.5]).final
    array([1.5, 2.5])
    """

    def __init__(self) -> None:
        self.rows: list[tuple[int, float, Floats]] = []

    def add(self, step: int, loss: Any, theta: Any) -> None:
        """Record a step: its loss, a single number, and its parameters, shape (p,)."""
        self.rows.append((step, float(loss), to_numpy(theta)))

    def finish(self, theta: Any) -> Trajectory:
        """Return all that was recorded, and the parameters after the last update."""
        steps, losses, visited = zip(*self.rows, strict=True)
        return Trajectory(np.array(steps), np.array(losses), np.array(visited), to_numpy(theta))
