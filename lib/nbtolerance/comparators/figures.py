"""Figures: the data that was drawn, compared as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nbtolerance.comparators.base import Comparison, Json
from nbtolerance.comparators.text import TEXT
from nbtolerance.comparators.values import JsonComparator, Place, floats, indices, items
from nbtolerance.tolerance import Tolerance, largest

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
        inside, (_, expected, _) = self, place
        if isinstance(axes := expected.get("axis"), dict):
            inside = replace(self, along={n: _along(axis, tolerance) for n, axis in axes.items()})
        elif "norm" in expected:
            tolerance = replace(tolerance, scale=0.0)
        elif "mean_magnitude" in expected:  # the summary of an array, see `numbers`
            tolerance = tolerance.within(largest(floats(list(expected.values()))))
        super(FigureComparator, inside)._object(found, place, tolerance)

    def _entry(self, found: Comparison, place: Place, key: str, tolerance: Tolerance) -> None:
        _, expected, got = place
        points = ("points",) if "z" in self.along else _POINTS  # in space the others are projected
        if self.along and key in points and isinstance(expected, list) and isinstance(got, list):
            self._points(found, place, tolerance)
        else:
            self._node(found, place, self.along.get(_ALONG.get(key, ""), tolerance))

    def _points(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        """Compare pairs of x and y, or in space the array of x, that of y and that of z."""
        names = dict(enumerate("xyz"))
        for at, a, b in items(found, *place):
            name = names.get(at[0] if "z" in self.along else at[-1], "")
            within = self.along.get(name, tolerance)
            self._node(found, (place[0] + indices(at), a, b), within)


def _along(axis: Json, tolerance: Tolerance) -> Tolerance:
    record = axis if isinstance(axis, dict) else {}
    limits = record.get("limits") if record.get("scale") == "linear" else None
    return tolerance.within(largest(floats(limits)) if isinstance(limits, list) else 0.0)


# Titles, labels and legends may print numbers: they are compared as text.
FIGURE = FigureComparator(words=TEXT.compare)
