"""What a comparator is, and what a comparison tells."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from nbtolerance.marked import short
from nbtolerance.records import DEEPEST, depth
from nbtolerance.refusal import NbToleranceError
from nbtolerance.tolerance import Tolerance

Json = Any  # dict | list | str | int | float | bool | None, nested


class BadOutputError(NbToleranceError, ValueError):
    """An output is not what its type says; the message is one sentence that says how."""


def require_shallow(data: Json) -> None:
    """Refuse JSON that is nested too deep to be compared.

    Raises
    ------
    BadOutputError
        If there are more than `DEEPEST` levels.
    """
    if depth(data) > DEEPEST:
        raise BadOutputError(f"JSON must not be nested more than {DEEPEST} levels deep")


def require(record: Json, **entries: type | tuple[type, ...]) -> None:
    """Refuse a form of an output that lacks one of some entries, or has it of another type.

    Raises
    ------
    BadOutputError
        With a sentence that names the entry.
    """
    for name, kind in entries.items():
        value = record.get(name) if isinstance(record, dict) else None
        if not isinstance(value, kind):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            rule = f"must have {name} as {' or '.join(k.__name__ for k in kinds)}"
            raise BadOutputError(f"an output {rule}, got {short(record)}")


def in_a_line(error: Exception) -> str:
    """Return what an error says, in one line of bounded length."""
    said = " ".join(str(error).split())[:300]
    return said if isinstance(error, BadOutputError) else f"{type(error).__name__}: {said}"


@dataclass(frozen=True)
class Difference:
    """One place where a result differs from its reference by more than is allowed.

    ``cause`` is one of ``value`` (a number moved), ``layout`` (the same numbers and words in
    another shape), ``words``, ``picture``, ``type``, ``missing`` (expected and not there),
    ``unexpected`` (there and not expected), ``unknown`` (nothing knows how to compare it),
    ``error``.
    """

    path: str  # "$.value.losses[3]" in JSON, "number 3, line 2" in text
    cause: str
    expected: Any
    got: Any
    difference: float | None = None
    allowed: float | None = None

    @property
    def margin(self) -> float:
        """How often the difference fits into what is allowed; infinite where there is none."""
        if self.difference == 0:
            return math.inf
        return (self.allowed or 0.0) / self.difference if self.difference else 0.0


@dataclass
class Comparison:
    """What comparing one output with its reference found, whether or not it passed.

    ``numbers`` counts the floats that were compared; ``worst`` is the one that came nearest to (or
    went furthest over) what was allowed, kept also when everything passes, so that a tolerance that
    is far too loose can be seen. ``looked_at`` counts the pictures and videos of which no data was
    compared: a small change in one is not seen.
    """

    differences: list[Difference] = field(default_factory=list)
    numbers: int = 0
    worst: Difference | None = None
    looked_at: int = 0

    @classmethod
    def failed(cls, path: str, cause: str, expected: Any, got: Any) -> Comparison:
        """Return a comparison that ends with its first difference."""
        return cls([Difference(path, cause, expected, got)])

    @property
    def passed(self) -> bool:
        """Whether nothing differs by more than is allowed."""
        return not self.differences

    def add(self, other: Comparison, prefix: str = "") -> None:
        """Take over everything another comparison found, its paths prefixed."""
        other = other.under(prefix) if prefix else other
        self.differences += other.differences
        self.numbers += other.numbers
        self.looked_at += other.looked_at
        self.worst = _nearer_the_limit(self.worst, other.worst)

    def under(self, prefix: str) -> Comparison:
        """Return the same findings, with every path prefixed."""

        def move(d: Difference) -> Difference:
            return replace(d, path=prefix + d.path)

        worst = self.worst and move(self.worst)
        return replace(self, differences=[move(d) for d in self.differences], worst=worst)

    def number(self, path: str, expected: float, got: float, allowed: float) -> None:
        """Compare two floats and record the outcome; NaN equals NaN, an infinity itself alone."""
        self.numbers += 1
        if not (math.isfinite(expected) and math.isfinite(got)):
            both_nan = math.isnan(expected) and math.isnan(got)
            if not (both_nan or expected == got):
                self.fail(path, "value", expected, got)
            return
        difference = abs(got - expected)
        here = Difference(path, "value", expected, got, difference, allowed)
        self.worst = _nearer_the_limit(self.worst, here)
        # What overflows is beyond any tolerance.
        if math.isinf(difference) or not difference <= allowed:
            self.differences.append(here)

    def integer(self, path: str, expected: int, got: int) -> None:
        """Compare two integers, which are counts, indices and labels: exactly."""
        if expected != got:
            apart = float(min(abs(got - expected), int(sys.float_info.max)))  # it may be too large
            self.differences.append(Difference(path, "value", expected, got, apart, allowed=0.0))

    def fail(self, path: str, cause: str, expected: Any, got: Any) -> None:
        """Record a difference that no tolerance covers."""
        self.differences.append(Difference(path, cause, expected, got))


def _nearer_the_limit(a: Difference | None, b: Difference | None) -> Difference | None:
    return min((d for d in (a, b) if d is not None), key=lambda d: d.margin, default=None)


class Comparator(Protocol):
    """Knows one media type: what its reference keeps, and when two of them agree.

    ``condense`` turns an output's data into the JSON that the reference keeps (text stays text, a
    picture becomes its size and a thumbnail). ``compare`` is given two condensed forms.
    """

    def condense(self, data: Any) -> Json:
        """Turn an output's data into what the reference keeps of it."""

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed forms."""
