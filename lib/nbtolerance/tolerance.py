"""Tolerances: how far a number may be from its reference, and who allowed it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be from the one it is compared with.

    A number passes when ``|got - expected| <= atol + rtol * |expected|``.

    Parameters
    ----------
    rtol, atol
        The relative and the absolute part, both finite and not negative.
    why
        The reason, required by the reader of the front matter wherever a tolerance is looser than
        the book's default.
    source
        Where it is written, for failure reports: ``"gradient-descent.md: tolerance.gd.fit"``.
    """

    rtol: float = 1.0e-6
    atol: float = 0.0
    why: str = ""
    source: str = "the built-in default"

    def __post_init__(self) -> None:
        for key in ("rtol", "atol"):
            value = getattr(self, key)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{self.source}: {key} must be finite and >= 0, got {value!r}")

    def allowed(self, expected: float) -> float:
        """The largest difference that passes: ``atol + rtol * |expected|``."""
        return self.atol + self.rtol * abs(expected)


class ToleranceError(ValueError):
    """A chapter's tolerances are wrong; the message names the file, the key and the value."""


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


def read_tolerances(table: object, file: str, text: str = "") -> Tolerances:
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
    text
        The chapter's text, so that messages can give the line.

    Returns
    -------
    Tolerances
        A key that an entry leaves out, ``rtol`` or ``atol``, is the default's.

    Raises
    ------
    ToleranceError
        If a key is unknown, a value is not a number >= 0, or a tolerance that is looser than the
        default does not say why.
    """
    if table is None:
        return Tolerances()
    if not isinstance(table, Mapping):
        raise ToleranceError(f"{file}: tolerance must be a table of names, got {table!r}")
    read: dict[str, Tolerance] = {}
    default = Tolerance()
    for name in sorted(table, key=lambda key: key != "default"):  # the default first
        read[name] = _read_one(table[name], default, _place(file, text, name))
        default = read.get("default", default)
    read.pop("default", None)
    return Tolerances(default, read)


def _read_one(entry: object, default: Tolerance, source: str) -> Tolerance:
    if not isinstance(entry, Mapping):
        raise ToleranceError(f"{source} must be a table with rtol, atol, why, got {entry!r}")
    unknown = set(entry) - {"rtol", "atol", "why"}
    if unknown:
        raise ToleranceError(f"{source}: unknown key {min(map(str, unknown))!r}")
    for key in {"rtol", "atol"} & set(entry):
        # YAML reads 1e-6, without a point, as a string: say so instead of guessing.
        if type(entry[key]) not in (int, float):
            raise ToleranceError(f"{source}.{key} must be a number (1.0e-6), got {entry[key]!r}")
    why = entry.get("why", "")
    if not isinstance(why, str):
        raise ToleranceError(f"{source}.why must be a text, got {why!r}")
    rtol, atol = (entry.get(key, getattr(default, key)) for key in ("rtol", "atol"))
    if (rtol > default.rtol or atol > default.atol) and not why:
        raise ToleranceError(f"{source} is looser than the default: it needs a `why`")
    try:
        return Tolerance(rtol, atol, why, source)
    except ValueError as error:
        raise ToleranceError(str(error)) from None


def _place(file: str, text: str, name: object) -> str:
    """Where an entry stands, as people write it: ``lines.md:7: tolerance.lines.fit``."""
    starts = (number for number, line in enumerate(text.splitlines(), 1) if _entry(line, name))
    line = next(starts, None)
    return f"{file}:{line}: tolerance.{name}" if line else f"{file}: tolerance.{name}"


def _entry(line: str, name: object) -> bool:
    return line.strip().startswith(f"{name}:")
