"""Exercises on all three together: the inputs, the answers, the known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.exercises.checking import Case, Exercise, Mistake
from learning.exercises.draws import Draw


def _centres(n: int, *, lonely: bool = False) -> Draw:
    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        points = rng.normal(size=(n, 2)) * [1, 3]
        centres = points[:3] + 0.1
        if lonely:
            centres[2] = [50, 50]
        return {"points": points, "centres": centres}

    return draw


def _moved(middle: Callable[..., Any], order: int = 2) -> Callable[[Floats, Floats], Any]:
    """Move each centre into the middle of its points; one that has none stays."""

    def move(points: Floats, centres: Floats) -> Any:
        own = [int(np.argmin([np.linalg.norm(p - c, order) for c in centres])) for p in points]
        having = [points[np.equal(own, k)] for k in range(len(centres))]
        return [middle(h, axis=0) if len(h) else c for h, c in zip(having, centres, strict=True)]

    return move


EXERCISES: dict[str, Exercise] = {
    "learners.move_centres": Exercise(
        cases=(
            Case("sixty points", _centres(60)),
            Case("as many points as centres", _centres(3)),
            Case("a centre without points", _centres(20, lonely=True)),
        ),
        oracle=_moved(np.mean),
        mistakes=(
            Mistake("it moves a centre to the median of its points", _moved(np.median)),
            Mistake("it adds a centre's points up and does not average them", _moved(np.sum)),
            Mistake(
                "it measures how near a centre is by absolute differences",
                _moved(np.mean, order=1),
            ),
        ),
    ),
}
