"""What can be reported: a quantity has a value as JSON, as text and as HTML, and citable parts."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from learning.report.html import render

QUANTITY = "application/vnd.nbtolerance.quantity+json"

Number = float  # an int, a NumPy scalar or a tensor without axes will do


@runtime_checkable
class Quantity(Protocol):
    """Declare what `report` asks of a value."""

    kind: str

    def to_json(self) -> Any:
        """Return the value as plain lists and dicts of floats, ints and strings."""

    def to_text(self) -> str:
        """Return the value as text for a terminal."""

    def to_html(self, name: str, unit: str | None) -> str:
        """Return the value as a piece of a page."""

    def parts(self) -> Mapping[str, Number]:
        """Return the single numbers that prose may cite, by the end of their name."""


@dataclass(frozen=True)
class Single:
    """Hold a single number."""

    value: Number
    kind = "number"

    def to_json(self) -> int | float | str:
        """Return the number."""
        return finite(self.value)

    def to_text(self) -> str:
        """Return the number with all its digits."""
        return repr(plain(self.value))

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a line: the quantity's name in words, and its value."""
        value = plain(self.value)
        return render(
            "number", name=name, words=words(name), exact=repr(value), value=short(value), unit=unit
        )

    def parts(self) -> dict[str, Number]:
        """Name nothing."""
        return {}


def plain(value: Any) -> int | float:
    """Return what stands for one number as Python's own int or float.

    Raises
    ------
    TypeError
        If the value does not stand for one number.
    """
    if isinstance(value, numbers.Integral):
        return int(value)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"a value must be a number or a quantity, got {value!r}") from error


def finite(value: Any) -> int | float | str:
    """Return a number as JSON can hold it: what is not finite becomes a string."""
    number = plain(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def short(value: Any) -> str:
    """Return a number for a reader: six significant digits."""
    number = plain(value)
    return f"{number:,}" if isinstance(number, int) else f"{number:.6g}"


def words(name: str) -> str:
    """Return the end of a quantity's name in words.

    >>> words("gd.large_eigenvalue")
    'large eigenvalue'
    """
    return name.rpartition(".")[2].replace("_", " ")
