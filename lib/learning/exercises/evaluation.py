"""Exercises on evaluation: the inputs, the answers, the known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.exercises.checking import Case, Exercise, Mistake
from learning.exercises.draws import Draw, about_a_line


def _on_a_line(rng: np.random.Generator) -> Mapping[str, Any]:
    x = rng.uniform(size=9)
    return {"x": x, "y": 2 - 3 * x}


def _slipped(rng: np.random.Generator) -> Mapping[str, Any]:
    """Eleven points on about one line, of which two slipped."""
    points = {name: values.copy() for name, values in about_a_line(11)(rng).items()}
    points["x"][:2] += 10
    return points


def _twins(points: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the second point the x of the first."""
    x = points["x"].copy()
    x[1] = x[0]
    return {**points, "x": x}


def _scores(days: int, decimals: int = 9) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        y = (np.arange(days) % 3 == 0).astype(float)
        return {"scores": np.round(y + rng.normal(size=days), decimals), "y": y}

    return draw


def _design(n: int, p: int) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        columns = rng.uniform(-1, 1, n)[:, None] ** np.arange(p)
        return {"A": columns, "y": columns.sum(axis=1) + rng.normal(size=n)}

    return draw


def _noise_variance(x: Floats, y: Floats) -> Any:
    design = np.stack([x, np.ones(len(x))], axis=1)
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return residuals @ residuals / (len(x) - 2)


def _least_line(judge_of: Callable[[Floats], Any]) -> Callable[[Floats, Floats], Any]:
    """Of the lines through two points, find the one whose squared residuals are judged least."""

    def line(x: Floats, y: Floats) -> Any:
        pairs = [(i, j) for i, j in combinations(range(len(x)), 2) if x[i] != x[j]]
        slopes = [(y[i] - y[j]) / (x[i] - x[j]) for i, j in pairs]
        lines = [(a, y[i] - a * x[i]) for a, (i, _) in zip(slopes, pairs, strict=True)]
        return min(lines, key=lambda line: float(judge_of((line[0] * x + line[1] - y) ** 2)))

    return line


def _area(scores: Floats, y: Floats, *, tie: float = 0.5) -> Any:
    pairs = [(yes, no) for yes in scores[y == 1] for no in scores[y == 0]]
    return np.mean([1.0 if yes > no else tie if yes == no else 0.0 for yes, no in pairs])


def _left_out(columns: Floats, y: Floats) -> Any:
    errors = []
    for i in range(len(y)):
        rest = np.arange(len(y)) != i
        errors.append(columns[i] @ np.linalg.lstsq(columns[rest], y[rest], rcond=None)[0] - y[i])
    return np.mean(np.square(errors))


def _residuals_and_leverages(columns: Floats, y: Floats) -> tuple[Floats, Floats]:
    hat = columns @ np.linalg.pinv(columns)
    return hat @ y - y, np.diag(hat)


def _leverage_once(columns: Floats, y: Floats) -> Any:
    residuals, leverages = _residuals_and_leverages(columns, y)
    return np.mean(residuals**2 / (1 - leverages))


def _mean_leverage(columns: Floats, y: Floats) -> Any:
    residuals, leverages = _residuals_and_leverages(columns, y)
    return np.mean((residuals / (1 - leverages.mean())) ** 2)


EXERCISES: dict[str, Exercise] = {
    "mse.noise_variance": Exercise(
        cases=(
            Case("fifty points", about_a_line(50)),
            Case("three points", about_a_line(3)),
            Case("points far from zero", about_a_line(20, low=90, high=110)),
            Case("points that lie on a line", _on_a_line),
        ),
        oracle=_noise_variance,
        mistakes=(
            Mistake(
                "it divides by n, as if no parameter had been fitted",
                lambda x, y: _noise_variance(x, y) * (len(x) - 2) / len(x),
            ),
            Mistake(
                "it divides as if one parameter had been fitted",
                lambda x, y: _noise_variance(x, y) * (len(x) - 2) / (len(x) - 1),
            ),
            Mistake(
                "it is the variance about the mean, and not about the line",
                lambda x, y: np.var(y, ddof=1),
            ),
            Mistake(
                "it is the sum of the squares, which no number of points has divided",
                lambda x, y: _noise_variance(x, y) * (len(x) - 2),
            ),
        ),
    ),
    "losses.least_median_line": Exercise(
        cases=(
            Case("eleven points", about_a_line(11)),
            Case("eleven points of which two slipped", _slipped),
            Case("two points with the same x", lambda rng: _twins(about_a_line(9)(rng))),
        ),
        oracle=_least_line(np.median),
        mistakes=(
            Mistake("it judges a line by the mean of the squares", _least_line(np.mean)),
            Mistake("it judges a line by the largest square", _least_line(np.max)),
            Mistake(
                "it is the least squares line, which need not pass through any of the points",
                lambda x, y: np.polyfit(x, y, 1),
            ),
            Mistake(
                "it judges a line by the mean absolute residual",
                _least_line(lambda squares: np.sqrt(squares).mean()),
            ),
        ),
    ),
    "classification.area": Exercise(
        cases=(
            Case("forty days", _scores(40)),
            Case("rounded scores", _scores(40, decimals=0)),
            Case("one yes and one no", _scores(2)),
            Case(
                "scores that are all the same",
                lambda rng: {**_scores(9)(rng), "scores": np.ones(9)},
            ),
        ),
        oracle=_area,
        mistakes=(
            Mistake("it counts no tie", lambda scores, y: _area(scores, y, tie=0)),
            Mistake("it counts a tie in full", lambda scores, y: _area(scores, y, tie=1)),
            Mistake(
                "it counts the pairs that are in the wrong order",
                lambda scores, y: _area(-scores, y),
            ),
            Mistake(
                "it counts pairs, and does not divide by how many there are",
                lambda scores, y: _area(scores, y) * (y == 1).sum() * (y == 0).sum(),
            ),
            Mistake(
                "it divides by all pairs of days, also those of two yes or two no",
                lambda scores, y: _area(scores, y) * (y == 1).sum() * (y == 0).sum() / len(y) ** 2,
            ),
        ),
    ),
    "gen.leave_one_out": Exercise(
        cases=(
            Case("fifty points and a cubic", _design(50, 4)),
            Case("six points and five columns", _design(6, 5)),
            Case("a column of ones", _design(12, 1)),
        ),
        oracle=_left_out,
        mistakes=(
            Mistake(
                "it is the error on the points that were fitted, and no leverage is in it",
                lambda columns, y: np.mean(_residuals_and_leverages(columns, y)[0] ** 2),
            ),
            Mistake("it divides the squares by 1 - h once, and not the residuals", _leverage_once),
            Mistake("it gives all points the mean leverage", _mean_leverage),
        ),
    ),
}
