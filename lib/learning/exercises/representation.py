"""Exercises on representation: the inputs, the answers, the known mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.exercises.checking import Case, Exercise, Mistake
from learning.exercises.draws import Draw, about_a_line


def _tent(left: float, peak: float, right: float) -> Draw:
    where = {"left": left, "peak": peak, "right": right}
    return lambda rng: {"x": np.sort(rng.uniform(left - 2, right + 2, 50)), **where}


def _places(k: int, m: int) -> Draw:
    return lambda rng: {"y": 8 + rng.normal(size=k * m).cumsum(), "k": k}


def _best_slope(x: Floats, y: Floats) -> Any:
    return np.linalg.lstsq(np.asarray(x, float)[:, None], y, rcond=None)[0][0]


def _stairs_error(y: Floats, k: int) -> Any:
    return np.sqrt(np.mean([np.var(piece) for piece in np.split(y, k)]))


EXERCISES: dict[str, Exercise] = {
    "lines.best_slope": Exercise(
        cases=(
            Case("fifty points", about_a_line(50)),
            Case("points on both sides of zero", about_a_line(9, low=-2, high=1)),
            Case("one point", about_a_line(1)),
            Case("whole numbers", lambda rng: {"x": np.arange(1, 7), "y": rng.integers(9, size=6)}),
        ),
        oracle=_best_slope,
        mistakes=(
            Mistake(
                "it averages the slopes to the single points, as if each said as much",
                lambda x, y: np.mean(y / x),
            ),
            Mistake(
                "its line passes through the mean of the points, which is not asked for",
                lambda x, y: np.mean(y) / np.mean(x),
            ),
            Mistake(
                "x and y have changed places in it: it makes the misses in x small",
                lambda x, y: y @ y / (x @ y),
            ),
            Mistake(
                "it divides by the squares of y, which are not what the slope is multiplied by",
                lambda x, y: x @ y / (y @ y),
            ),
        ),
    ),
    "net.tent": Exercise(
        cases=(
            Case("a tent with the sides one and one", _tent(1, 2, 3)),
            Case("a tent that is steep on the left", _tent(-1, -0.5, 2)),
            Case("a tent that is steep on the right", _tent(0, 4, 5)),
        ),
        oracle=lambda x, left, peak, right: np.interp(x, [left, peak, right], [0, 1, 0]),
        mistakes=(
            Mistake(
                "its weights are 1, -2 and 1 whatever the widths of the sides are",
                lambda x, left, peak, right: (
                    np.maximum(0, x - left) - 2 * np.maximum(0, x - peak) + np.maximum(0, x - right)
                ),
            ),
            Mistake(
                "it falls on beyond the right end",
                lambda x, left, peak, right: (
                    np.interp(x, [left, peak], [0, 1]) - np.maximum(0, x - peak) / (right - peak)
                ),
            ),
            Mistake(
                "after the peak it stays at one: a change of slope has to end one slope and begin "
                "the next",
                lambda x, left, peak, right: np.interp(x, [left, peak], [0, 1]),
            ),
        ),
    ),
    "capacity.stairs_error": Exercise(
        cases=(
            Case("eight pieces", _places(8, 50)),
            Case("a single piece", _places(1, 40)),
            Case("two places a piece", _places(20, 2)),
        ),
        oracle=_stairs_error,
        mistakes=(
            Mistake(
                "its pieces are not connected: neighbouring places went to different pieces",
                lambda y, k: np.sqrt(np.mean(np.var(y.reshape(-1, k), axis=0))),
            ),
            Mistake("it has one constant for all pieces", lambda y, k: np.std(y)),
            Mistake(
                "it averages the pieces' root mean squares, and should average before the root",
                lambda y, k: np.mean(np.std(y.reshape(k, -1), axis=1)),
            ),
            Mistake(
                "its constant is the median of a piece, which is best for another error",
                lambda y, k: np.sqrt(
                    np.mean((y.reshape(k, -1) - np.median(y.reshape(k, -1), axis=1)[:, None]) ** 2)
                ),
            ),
        ),
    ),
}
