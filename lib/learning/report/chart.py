"""The chart of a loss log: where its curve, its ticks and its dots stand, and its course in words.

The loss has a logarithmic axis where all losses are positive and span a factor of ten, and a linear
one otherwise. A loss that is not finite has no place on the chart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from learning.report.quantity import short

# In units of the drawing, which are pixels where there is room.
LEFT, RIGHT, TOP, BOTTOM = 60.0, 350.0, 12.0, 122.0
MOST_DOTS, MOST_TICKS = 24, 5

Scale = Callable[[float], float]
CHANGE = 0.01  # smaller relative changes are not called a rise or a fall


@dataclass(frozen=True)
class Chart:
    """Hold a chart's places, in units of the drawing.

    Parameters
    ----------
    scale
        ``"logarithmic"`` or ``"linear"``.
    curve
        The finite losses, in order: x and y.
    dots
        The same where they are few enough to be told apart, with what each says.
    ticks
        The y and the label of each grid line.
    """

    scale: str
    curve: Sequence[tuple[float, float]]
    dots: Sequence[tuple[float, float, str]]
    ticks: Sequence[tuple[float, str]]


def draw(steps: Sequence[int], losses: Sequence[float]) -> Chart:
    """Place the losses, shape (k,), over their steps, shape (k,)."""
    there = [(s, v) for s, v in zip(steps, losses, strict=True) if math.isfinite(v)]
    values = [v for _, v in there]
    logarithmic = bool(values) and min(values) > 0 and max(values) >= 10 * min(values)
    marks = _decades(values) if logarithmic else sorted({f(values) for f in (min, max) if values})
    measure: Scale = math.log10 if logarithmic else float
    across = _scale([float(s) for s in steps], LEFT, RIGHT)
    up = _scale([measure(m) for m in marks], BOTTOM, TOP)
    curve = [(across(s), up(measure(v))) for s, v in there]
    said = [f"step {s:,}: {short(v)}" for s, v in there]
    dots = [(x, y, text) for (x, y), text in zip(curve, said, strict=True)]
    return Chart(
        "logarithmic" if logarithmic else "linear",
        curve,
        dots if len(dots) <= MOST_DOTS else dots[:: max(1, len(dots) - 1)],
        [(up(measure(m)), f"{m:.4g}") for m in marks],
    )


def _decades(values: Sequence[float]) -> list[float]:
    """Return powers of ten that enclose positive values, five at the most."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    stride = math.ceil((high - low) / (MOST_TICKS - 1))
    return [10.0**power for power in range(low, high + stride, stride)]


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    """Return the line that takes the least value to start and the largest to end."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low == high:
        return lambda value: (start + end) / 2
    return lambda value: start + (end - start) * (value - low) / (high - low)


def course(losses: Sequence[float]) -> str:
    """Say in a sentence how losses, shape (k,), go on from the first.

    >>> course([4.0, 2.0, 1.0])
    'It falls all the way.'
    """
    values = [v for v in losses if math.isfinite(v)]
    if not values:
        return "No loss is finite."
    lost = len(losses) - len(values)
    missing = f" Not finite, and not on the chart: {lost} of {len(losses)}." if lost else ""
    rises = any(b - a > CHANGE * abs(a) for a, b in pairwise(values))
    falls = any(a - b > CHANGE * abs(a) for a, b in pairwise(values))
    if rises and falls:
        return (
            f"It goes up and down between {short(min(values))} and {short(max(values))}.{missing}"
        )
    if rises or falls:
        return f"It {'rises' if rises else 'falls'} all the way.{missing}"
    return f"It hardly changes.{missing}"
