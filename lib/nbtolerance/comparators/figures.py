"""Figures: the data that was drawn, compared as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nbtolerance.comparators.base import Comparison, Json
from nbtolerance.comparators.text import TEXT
from nbtolerance.comparators.values import JsonComparator, Place, floats, indices, items
from nbtolerance.tolerance import Tolerance, largest

# What is always there, but not in the references of earlier versions, which pass without it.
LATER = ("colours", "legend colours", "limits", "sizes", "stretches", "u", "v", "view")

# Of 255. Noise may move a value by a step of its colour map; two colours are further apart.
COLOUR_STEP = 8

_ALONG = {"x": "x", "y": "y", "z": "z", "width": "x", "height": "y"}
_POINTS = ("points", "vertices", "corners", "ends", "at", "target")


@dataclass(frozen=True)
class FigureComparator(JsonComparator):
    """Compares the data of figures as JSON; what is drawn along an axis has its limits' magnitude.

    So noise that nobody can see at a linear axis passes. At any other axis, or in colours that do
    not follow the values evenly, small numbers can be seen: there no number has a magnitude.

    Parameters
    ----------
    along
        The tolerances of what is drawn along the axes ``x``, ``y`` and ``z`` at hand.
    """

    along: Mapping[str, Tolerance] = field(default_factory=dict)

    def _object(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        inside, (path, expected, got) = self, place
        known = {key: entry for key, entry in got.items() if key in expected or key not in LATER}
        if isinstance(axes := expected.get("axis"), dict):
            inside = replace(self, along={n: _along(axis, tolerance) for n, axis in axes.items()})
        elif "norm" in expected:
            tolerance = replace(tolerance, scale=0.0)
        elif "mean_magnitude" in expected:  # the summary of an array, see `numbers`
            tolerance = tolerance.within(largest(floats(list(expected.values()))))
        super(FigureComparator, inside)._object(found, (path, expected, known), tolerance)

    def _entry(self, found: Comparison, place: Place, key: str, tolerance: Tolerance) -> None:
        _, expected, got = place
        points = ("points",) if "z" in self.along else _POINTS  # in space the others are projected
        if self.along and key in points and isinstance(expected, list) and isinstance(got, list):
            self._points(found, place, tolerance)
        else:
            self._node(found, place, self.along.get(_ALONG.get(key, ""), tolerance))

    def _unequal(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, *both = place
        before, after = (_rgba(text) for text in both)
        if before is None or after is None:
            super()._unequal(found, place, tolerance)
        elif any(abs(a - b) > COLOUR_STEP for a, b in zip(before, after, strict=True)):
            found.fail(path, "value", *both)

    def _points(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        """Compare pairs of x and y, or in space the array of x, that of y and that of z."""
        names = dict(enumerate("xyz"))
        for at, a, b in items(found, *place):
            name = names.get(at[0] if "z" in self.along else at[-1], "")
            within = self.along.get(name, tolerance)
            self._node(found, (place[0] + indices(at), a, b), within)


def _rgba(text: Json) -> bytes | None:
    """Return the red, green, blue and alpha of ``"#1f77b4ff"``; none of what is no colour."""
    is_colour = isinstance(text, str) and re.fullmatch("#[0-9a-f]{8}", text)
    return bytes.fromhex(text[1:]) if is_colour else None


def _along(axis: Json, tolerance: Tolerance) -> Tolerance:
    record = axis if isinstance(axis, dict) else {}
    limits = record.get("limits") if record.get("scale") == "linear" else None
    return tolerance.within(largest(floats(limits)) if isinstance(limits, list) else 0.0)


# Titles, labels and legends may print numbers: they are compared as text.
FIGURE = FigureComparator(words=TEXT.compare)
