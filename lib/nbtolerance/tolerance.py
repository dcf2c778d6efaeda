"""Tolerances: how far a number may be from its reference, and who allowed it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from nbtolerance.marked import short
from nbtolerance.refusal import NbToleranceError


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
        """The largest difference that passes: ``atol + rtol * |expected| + scale * magnitude``."""
        return self.atol + self.rtol * abs(expected) + self.scale * magnitude

    def within(self, magnitude: float) -> Tolerance:
        """The tolerance of numbers that belong to something of a known magnitude."""
        atol = min(self.allowed(0.0, magnitude), sys.float_info.max)
        return replace(self, atol=atol, scale=0.0)


def largest(numbers: Iterable[float]) -> float:
    """The largest finite magnitude among numbers; 0 where there is none."""
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)


NUMBERS = tuple(one.name for one in fields(Tolerance) if one.type == "float")


class ToleranceError(NbToleranceError):
    """A chapter's tolerances are wrong; the message names the file, the key and the value."""

    def __init__(self, where: Place, rule: str) -> None:
        super().__init__(where, rule)
        self.line, self.message = where.line or 1, f"{where.key}{rule}"
        self.file = where.file

    def __str__(self) -> str:
        where, rule = self.args
        return f"{where}{rule}"


@dataclass(frozen=True)
class Place:
    """Where an entry stands, as people write it: ``lines.md:7: tolerance.lines.fit``."""

    file: str
    line: int
    key: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}" if self.line else f"{self.file}: {self.key}"


@dataclass(frozen=True)
class Tolerances:
    """What a chapter's front matter allows: a default, and by name of a quantity or a cell."""

    default: Tolerance = Tolerance()
    named: Mapping[str, Tolerance] = field(default_factory=dict)

    def of(self, name: str) -> Tolerance:
        """The tolerance of ``a.b.c``: its own, else that of ``a.b``, of ``a``, else the default."""
        while name:
            if name in self.named:
                return self.named[name]
            name = name.rpartition(".")[0]
        return self.default


def read_tolerances(
    table: object, file: str, line: Callable[..., int] = lambda *path: 0
) -> Tolerances:
    """Read the ``tolerance`` table of a chapter's front matter.

    ::

        tolerance:
          default:     {rtol: 1.0e-6}
          gd.loss_log: {rtol: 1.0e-4, why: float32 sums are added in another order on a GPU}

    Parameters
    ----------
    table
        The table as YAML gives it; ``None`` means that the built-in default holds throughout.
    file
        The chapter's file name, for messages.
    line
        Called with the keys that lead to an entry, gives its line, for messages; 0: it has none.

    Returns
    -------
    Tolerances
        A number that an entry leaves out is the default's.

    Raises
    ------
    ToleranceError
        If a key is unknown, a value is not a number >= 0, or a tolerance that is looser than the
        default does not say why.
    """
    if table is None:
        return Tolerances()
    whole = Place(file, line("tolerance"), "tolerance")
    if not isinstance(table, Mapping):
        raise ToleranceError(whole, f" must be a table of names, got {short(table)}")
    if not all(isinstance(name, str) for name in table):
        raise ToleranceError(whole, f" must have texts as names, got {short(list(table))}")
    read: dict[str, Tolerance] = {}
    default = Tolerance()
    for name in sorted(table, key=lambda key: key != "default"):  # the default first
        where = Place(file, line("tolerance", name), f"tolerance.{name}")
        read[name] = _read_one(table[name], default, where)
        default = read.get("default", default)
    read.pop("default", None)
    return Tolerances(default, read)


def _read_one(entry: object, default: Tolerance, where: Place) -> Tolerance:
    if not isinstance(entry, Mapping):
        known = ", ".join(NUMBERS)
        raise ToleranceError(where, f" must be a table with {known}, why, got {short(entry)}")
    unknown = {key for key in entry if key not in (*NUMBERS, "why")}
    if unknown:
        raise ToleranceError(where, f": unknown key {min(map(short, unknown))}")
    numbers = {key: _number(entry[key], key, where) for key in NUMBERS if key in entry}
    why = entry.get("why", "")
    if not isinstance(why, str):
        raise ToleranceError(where, f".why must be a text, got {short(why)}")
    if any(value > getattr(default, key) for key, value in numbers.items()) and not why:
        raise ToleranceError(where, " is looser than the default: it needs a `why`")
    return replace(default, **numbers, why=why, source=str(where))


def _number(value: object, key: str, where: Place) -> float:
    # YAML reads 1e-6, without a point, as a string: say so instead of guessing.
    if type(value) not in (int, float):
        raise ToleranceError(where, f".{key} must be a number (1.0e-6), got {short(value)}")
    try:
        number = float(value)  # type: ignore[arg-type]  # it is one of the two
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and number >= 0):
        raise ToleranceError(where, f".{key} must be finite and >= 0, got {short(value)}")
    return number
