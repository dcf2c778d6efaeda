"""JSON, and so every reported quantity: structure exact, floats within the tolerance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nbtolerance.comparators.arrays import unpacked
from nbtolerance.comparators.base import Comparison, Json, require_shallow
from nbtolerance.marked import short
from nbtolerance.tolerance import Tolerance, largest

# JSON has no word for them; Jupyter sends them as these strings.
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

_TYPES: tuple[tuple[type, str], ...] = (
    (type(None), "null"),
    (bool, "boolean"),  # before int, of which it is a subclass
    (int, "integer"),
    (float, "float"),
    (dict, "object"),
    (list, "array"),
)

CompareWords = Callable[[str, str, Tolerance], Comparison]
Place = tuple[str, Json, Json]  # a path, what is expected there, and what is
Indices = tuple[int, ...]


def json_type(value: Json) -> str:
    """Return the JSON type of a value, with integers told from floats and booleans from both.

    The strings that stand for NaN and the infinities are floats.
    """
    if isinstance(value, str):
        return "float" if value in NOT_FINITE else "string"
    fitting = (name for type_, name in _TYPES if isinstance(value, type_))
    return next(fitting, type(value).__name__)


@dataclass(frozen=True)
class JsonComparator:
    """Compares JSON recursively.

    Keys, lengths, types, strings, booleans and integers are exact (``1`` is not ``1.0``, nor
    ``true``); floats are within the tolerance; NaN equals NaN and an infinity itself, also where
    they are written as strings. The order of keys does not count. The floats of an array, its
    nested arrays counted in, belong together, and have the largest of them as their magnitude. An
    array that was sent as bytes is one of numbers.

    Parameters
    ----------
    words
        Compares two strings that are not equal, where they may hold printed numbers; without it,
        such strings differ.
    """

    words: CompareWords | None = None

    def condense(self, data: Any) -> Json:
        """JSON is kept as it is.

        Raises
        ------
        BadOutputError
            If it is nested too deep.
        """
        require_shallow(data)
        return data

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two JSON values; paths start at ``$``.

        Raises
        ------
        BadOutputError
            If one of them is nested too deep.
        """
        for data in (expected, got):
            require_shallow(data)
        found = Comparison()
        self._node(found, ("$", expected, got), tolerance)
        return found

    def _node(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, expected, got = place[0], unpacked(place[1]), unpacked(place[2])
        place = path, expected, got
        kind = json_type(expected)
        if kind != json_type(got):
            # A NaN that becomes a word is written like any other string, hence the !r.
            said = f"{kind} {short(expected)}", f"{json_type(got)} {short(got)}"
            found.fail(path, "type", *said)
        elif kind == "object":
            self._object(found, place, tolerance)
        elif kind == "array":
            self._array(found, place, tolerance)
        elif kind == "float":
            a, b = _float(expected), _float(got)
            found.number(path, a, b, tolerance.allowed(a))
        elif kind == "integer":
            found.integer(path, expected, got)
        elif expected != got:
            self._unequal(found, place, tolerance)

    def _object(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, expected, got = place
        for key in sorted(expected.keys() | got.keys()):
            here = f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"
            if key not in got:
                found.fail(here, "missing", expected[key], None)
            elif key not in expected:
                found.fail(here, "unexpected", None, got[key])
            else:
                self._entry(found, (here, expected[key], got[key]), key, tolerance)

    def _entry(self, found: Comparison, place: Place, key: str, tolerance: Tolerance) -> None:
        """Compare what two objects have under a key; a subclass may know more of the key."""
        self._node(found, place, tolerance)

    def _array(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, expected, _ = place
        within = tolerance.within(largest(floats(expected)))
        for at, a, b in items(found, *place):
            allowed = within if json_type(a) == "float" else tolerance
            self._node(found, (path + indices(at), a, b), allowed)

    def _unequal(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, expected, got = place
        if self.words and isinstance(expected, str):
            found.add(self.words(expected, got, tolerance), prefix=f"{path}: ")
        else:
            cause = "words" if isinstance(expected, str) else "value"
            found.fail(path, cause, expected, got)


def items(
    found: Comparison, path: str, expected: list[Json], got: list[Json], at: Indices = ()
) -> Iterator[tuple[Indices, Json, Json]]:
    """Pair the items of two arrays, nested arrays unfolded, and report arrays of other lengths."""
    if len(expected) != len(got):
        cause = "missing" if len(expected) > len(got) else "unexpected"
        lengths = f"{len(expected)} items", f"{len(got)} items"
        found.fail(path + indices(at), cause, *lengths)
        return
    for i, (a, b) in enumerate(zip(expected, got, strict=True)):
        if isinstance(a, list) and isinstance(b, list):
            yield from items(found, path, a, b, (*at, i))
        else:
            yield (*at, i), a, b


def indices(at: Indices) -> str:
    """Where an item stands in an array, as paths write it: ``[3][0]``."""
    return "".join(f"[{i}]" for i in at)


def floats(array: Json) -> Iterator[float]:
    """Yield the floats of an array and of the arrays in it, but not of the objects in it."""
    for item in array:
        if isinstance(item, list):
            yield from floats(item)
        elif isinstance(item, float):
            yield item


def _float(value: float | str) -> float:
    return NOT_FINITE[value] if isinstance(value, str) else value
