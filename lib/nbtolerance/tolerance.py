"""Tolerances: how far a number may be from its reference, and who allowed it."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from nbtolerance.marked import Marked, MarkError, short


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be from the one it is compared with.

    A number passes when ``|got - expected| <= atol + rtol * |expected| + scale * magnitude``, where
    the magnitude is the largest one of what the number belongs to: the array, or the axis of a
    figure. Sums that cancel leave rounding noise of that size instead of zero. A number that stands
    alone belongs to nothing, and has no magnitude.

    Parameters
    ----------
    rtol, atol, scale
        The relative and the absolute part, and the share of the magnitude: finite and not negative.
    why
        The reason, required by the reader of the front matter wherever a tolerance is looser than
        the book's default.
    source
        Where it is written, for failure reports: ``"gradient-descent.md: tolerance.gd.fit"``.
    """

    rtol: float = 1.0e-6
    atol: float = 0.0
    scale: float = field(default=1.0e-12, kw_only=True)
    why: str = ""
    source: str = "the built-in default"

    def __post_init__(self) -> None:
        for key in NUMBERS:
            value = getattr(self, key)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{self.source}: {key} must be finite and >= 0, got {value!r}")

    def __str__(self) -> str:
        return f"rtol {self.rtol:g}, atol {self.atol:g}, scale {self.scale:g} by {self.source}"

    def allowed(self, expected: float, magnitude: float = 0.0) -> float:
        """Return what may differ: ``atol + rtol * |expected| + scale * magnitude``."""
        return self.atol + self.rtol * abs(expected) + self.scale * magnitude

    def within(self, magnitude: float) -> Tolerance:
        """Return the tolerance of numbers that belong to something of a known magnitude."""
        atol = min(self.allowed(0.0, magnitude), sys.float_info.max)
        return replace(self, atol=atol, scale=0.0)


def largest(numbers: Iterable[float]) -> float:
    """Return the largest finite magnitude among numbers; 0 where there is none."""
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)


NUMBERS = tuple(one.name for one in fields(Tolerance) if one.type == "float")


@dataclass(frozen=True)
class Tolerances:
    """What a chapter's front matter allows: a default, and by name of a quantity or a cell."""

    default: Tolerance = Tolerance()
    named: Mapping[str, Tolerance] = field(default_factory=dict)

    def of(self, name: str) -> Tolerance:
        """Return the tolerance of ``a.b.c``: its own, that of ``a.b``, of ``a``, or the default."""
        while name:
            if name in self.named:
                return self.named[name]
            name = name.rpartition(".")[0]
        return self.default


def read_tolerances(front: Marked, file: str) -> Tolerances:
    """Read the ``tolerance`` table of a chapter's front matter.

    ::

        tolerance:
          default:     {rtol: 1.0e-6}
          gd.loss_log: {rtol: 1.0e-4, why: float32 sums are added in another order on a GPU}

    Parameters
    ----------
    front
        The front matter; without such a table, the built-in default holds throughout.
    file
        The chapter's file name, by which people know where a tolerance is written.

    Returns
    -------
    Tolerances
        A number that an entry leaves out is the default's.

    Raises
    ------
    MarkError
        If a key is unknown, a value is not a number >= 0, or a tolerance that is looser than the
        default does not say why.
    """
    table = front.get("tolerance")
    if table is None:
        return Tolerances()
    if not isinstance(table, dict):
        raise front.error("a table of names", "tolerance")
    default = Tolerance()
    if "default" in table:
        default = _read_one(front, file, "default", default)
    named = {n: _read_one(front, file, n, default) for n in table if n != "default"}
    return Tolerances(default, named)


def _read_one(front: Marked, file: str, name: str, default: Tolerance) -> Tolerance:
    path = ("tolerance", name)
    where, line = ".".join(path), front.line(*path)
    entry = front.get(*path)
    if not isinstance(entry, dict):
        raise front.error(f"a table with {', '.join(NUMBERS)}, why", *path)
    unknown = entry.keys() - {*NUMBERS, "why"}
    if unknown:
        raise MarkError(line, f"{where}: unknown key {min(map(short, unknown))}")
    numbers = {key: _number(front, *path, key) for key in NUMBERS if key in entry}
    why = front.require(str, "a text", *path, "why") or ""
    if any(value > getattr(default, key) for key, value in numbers.items()) and not why:
        raise MarkError(line, f"{where} is looser than the default: it needs a `why`")
    source = f"{file}:{line}: {where}" if path in front.lines else f"{file}: {where}"
    return replace(default, **numbers, why=why, source=source)


def _number(front: Marked, *path: str) -> float:
    value = front.get(*path)
    # YAML reads 1e-6, without a point, as a string: say so instead of guessing.
    if type(value) not in (int, float):
        raise front.error("a number (1.0e-6)", *path)
    if not 0 <= value <= sys.float_info.max:
        raise front.error("finite and >= 0", *path)
    return float(value)
