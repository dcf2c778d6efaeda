"""The table of margins: how many quantities come how near to what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from markupsafe import Markup

from booksite.evidence import Quantity
from booksite.html import render
from booksite.words import margin

BOUNDS = (-math.inf, 1, 10, 100, 1000, 1_000_000, math.inf)
NAMED = 3  # of each row, those that come nearest


def table(quantities: list[Quantity]) -> Markup:
    """Return a row a range of margins, the smallest first; those that do not differ come last.

    Where nothing differs, there is nothing to count, and a sentence says so.
    """
    compared = sorted(
        (quantity for quantity in quantities if quantity.worst),
        key=lambda quantity: quantity.margin,
    )
    differ = [quantity for quantity in compared if math.isfinite(quantity.margin)]
    exact = ["no difference", str(len(compared) - len(differ)), ""]
    rows = [*_rows(differ), exact] if differ else []
    return render("margins", rows=rows, compared=len(compared))


def _rows(differ: list[Quantity]) -> Iterator[list[str]]:
    for low, high in pairwise(BOUNDS):
        there = [one for one in differ if low <= one.margin < high]
        nearest = ", ".join(f"{one.name} ({margin(one.margin)})" for one in there[:NAMED])
        yield [_between(low, high), str(len(there)), nearest]


def _between(low: float, high: float) -> str:
    if low < 1:
        return "below 1: too far apart"
    return f"{low:,} to {high:,}" if math.isfinite(high) else f"{low:,} and more"
