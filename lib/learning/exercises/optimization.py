"""Exercises on optimization: the inputs, the answers, the known mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.exercises.checking import Case, Exercise, Mistake
from learning.exercises.draws import Draw, about_a_line


def _bowl(p: int, *, on_an_axis: bool = False) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        root = rng.normal(size=(p, p)) + 2 * np.eye(p)
        hessian = root @ root.T
        gradient = np.linalg.eigh(hessian)[1][:, 0] if on_an_axis else rng.normal(size=p)
        return {"hessian": hessian, "gradient": gradient}

    return draw


def _drawn_rows(m: int) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        p = rng.uniform(0.2, 1, 20)
        p /= p.sum()
        rows = rng.choice(20, size=m, p=p)
        return {"gradients": rng.normal(size=(20, 2)), "p": p, "rows": rows}

    return draw


def _layer(days: int, *, far: float = 1) -> Draw:
    return lambda rng: {
        "x": far * rng.normal(size=(days, 4)),
        "W": rng.normal(size=(4, 4)),
        "c": rng.normal(size=4),
        "by_h": rng.normal(size=(days, 4)),
    }


def _line_and_points(n: int) -> Draw:
    return lambda rng: {"a": rng.normal(), "b": rng.normal(), **about_a_line(n)(rng)}


def _pieces(*sizes: int) -> Draw:
    return lambda rng: {"gradients": rng.normal(size=(len(sizes), 2)), "sizes": np.array(sizes)}


def _best_rate(hessian: Floats, gradient: Floats) -> Any:
    """Find where the parabola along the step is least, from three of its values."""
    back, here, ahead = (
        0.5 * step @ hessian @ step + gradient @ step
        for step in (gradient, 0 * gradient, -gradient)
    )
    return (back - ahead) / (2 * (back - 2 * here + ahead))


def _weighted(gradients: Floats, p: Floats, rows: Any) -> Any:
    return sum(gradients[i] / (len(p) * p[i]) for i in rows) / len(rows)


def _by_input(x: Floats, weights: Floats, c: Floats, by_h: Floats) -> Any:
    """Differentiate by each input, with a step along the imaginary axis, which rounds nothing."""
    by = np.empty_like(x)
    for place in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        by[place] = (np.tanh(moved @ weights + c) * by_h).sum().imag / 1e-30
    return by


def _line_gradient(a: float, b: float, x: Floats, y: Floats) -> Any:
    each = [(2 * (a * u + b - v) * u, 2 * (a * u + b - v)) for u, v in zip(x, y, strict=True)]
    return np.sum(each, axis=0) / len(x)


def _from_pieces(gradients: Floats, sizes: Any) -> Any:
    return np.repeat(gradients, sizes, axis=0).mean(axis=0)


EXERCISES: dict[str, Exercise] = {
    "gd.best_rate": Exercise(
        cases=(
            Case("bowls of two parameters", _bowl(2)),
            Case("bowls of ten", _bowl(10)),
            Case("a step along an axis of the bowl", _bowl(3, on_an_axis=True)),
            Case("a single parameter", _bowl(1)),
        ),
        oracle=_best_rate,
        mistakes=(
            Mistake("it is one over the right rate", lambda hessian, g: 1 / _best_rate(hessian, g)),
            Mistake(
                "it is the best rate for many steps, which does not know the gradient",
                lambda hessian, g: 2 / np.linalg.eigvalsh(hessian)[[0, -1]].sum(),
            ),
            Mistake(
                "it is safe for the steepest axis, and does not know the gradient",
                lambda hessian, g: 1 / np.linalg.eigvalsh(hessian)[-1],
            ),
            Mistake(
                "it is the length of the step, and not the rate",
                lambda hessian, g: _best_rate(hessian, g) * np.linalg.norm(g),
            ),
        ),
    ),
    "sgd.weighted_gradient": Exercise(
        cases=(
            Case("a batch of eight of twenty points", _drawn_rows(8)),
            Case("a batch of one", _drawn_rows(1)),
            Case("a batch larger than the data", _drawn_rows(60)),
        ),
        oracle=_weighted,
        mistakes=(
            Mistake(
                "it is the plain mean of the batch, which leans to the points that come often",
                lambda gradients, p, rows: gradients[rows].mean(axis=0),
            ),
            Mistake(
                "it multiplies by the probability: what comes often then counts twice",
                lambda gradients, p, rows: (gradients * len(p) * p[:, None])[rows].mean(axis=0),
            ),
            Mistake(
                "it estimates the sum over all points, and not the mean",
                lambda gradients, p, rows: (gradients / p[:, None])[rows].mean(axis=0),
            ),
            Mistake(
                "it scales the weights of each batch to the sum one, so it is biased",
                lambda gradients, p, rows: np.average(gradients[rows], axis=0, weights=1 / p[rows]),
            ),
        ),
    ),
    "backprop.by_input": Exercise(
        cases=(
            Case("five days", _layer(5)),
            Case("one day", _layer(1)),
            Case("inputs far from zero", _layer(3, far=100)),
        ),
        oracle=_by_input,
        mistakes=(
            Mistake(
                "the derivative of tanh is not in it: each unit passes back all that it gets",
                lambda x, weights, c, by_h: by_h @ weights.T,
            ),
            Mistake(
                "on the way back it multiplies by the matrix of the way there",
                lambda x, weights, c, by_h: (by_h * (1 - np.tanh(x @ weights + c) ** 2)) @ weights,
            ),
            Mistake(
                "its derivative of tanh takes the sum s where tanh(s) belongs",
                lambda x, weights, c, by_h: (by_h * (1 - (x @ weights + c) ** 2)) @ weights.T,
            ),
            Mistake(
                "it is the derivative by the weights",
                lambda x, weights, c, by_h: x.T @ (by_h * (1 - np.tanh(x @ weights + c) ** 2)),
            ),
        ),
    ),
    "cost.gradient": Exercise(
        cases=(
            Case("a thousand points", _line_and_points(1000)),
            Case("one point", _line_and_points(1)),
        ),
        oracle=_line_gradient,
        mistakes=(
            Mistake(
                "the intercept is not in its residual",
                lambda a, b, x, y: _line_gradient(a, 0, x, y),
            ),
            Mistake(
                "its second entry is a mean of residuals, without the factor of the first",
                lambda a, b, x, y: _line_gradient(a, b, x, y) / [1, 2],
            ),
            Mistake(
                "both its entries are multiplied by x",
                lambda a, b, x, y: [2 * np.mean((a * x + b - y) * x)] * 2,
            ),
        ),
    ),
    "machines.from_pieces": Exercise(
        cases=(
            Case("three pieces", _pieces(5, 3, 9)),
            Case("pieces of one size", _pieces(4, 4)),
            Case("one piece", _pieces(7)),
            Case("a piece without a point", _pieces(6, 0, 2)),
        ),
        oracle=_from_pieces,
        mistakes=(
            Mistake(
                "it lets each piece say as much, however many points it has",
                lambda gradients, sizes: gradients.mean(axis=0),
            ),
            Mistake(
                "it is the sum over all points, and not their mean",
                lambda gradients, sizes: sizes @ gradients,
            ),
            Mistake(
                "it divides by the number of pieces, and not of points",
                lambda gradients, sizes: sizes @ gradients / len(sizes),
            ),
            Mistake(
                "it adds the entries of each gradient, and not the gradients",
                lambda gradients, sizes: (gradients * sizes[:, None]).sum(axis=1) / sizes.sum(),
            ),
        ),
    ),
}
