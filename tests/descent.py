"""Gradient descent on the book's own problem, for tests that need a run to look at."""

from __future__ import annotations

from typing import Any

from learning.evaluation import mean_squared_error
from learning.objective import fit
from learning.optimization import Descent, Trajectory
from learning.representation import Line


def descend_line(
    x: Any, y: Any, *, start: tuple[float, float], rate: float, steps: int, log_every: int = 1
) -> Trajectory:
    """Fit a line from a start; on NumPy arrays with the gradient by hand, on tensors by torch."""
    rule, how = Descent(rate=rate), {"steps": steps, "log_every": log_every}
    return fit(Line(*start), mean_squared_error, x, y, rule, **how)[1]
