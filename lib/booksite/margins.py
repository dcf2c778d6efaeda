"""The plot of margins: a dot a quantity, the further to the right the safer."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from booksite.evidence import Quantity
from booksite.html import render
from booksite.words import margin

_LEFT, _RIGHT, _WIDTH, _ROW, _TOP = 30, 700, 760, 9, 34


def draw(quantities: list[Quantity]) -> Markup:
    """Return the plot of what was compared, as an SVG described for readers who cannot see it.

    The axis is logarithmic, from 0.1 to the largest margin; what does not differ at all stands in a
    column of its own at the right. Where nothing differs, there is nothing to plot, and a sentence
    says so.
    """
    ordered = sorted(
        (quantity for quantity in quantities if quantity.worst),
        key=lambda quantity: quantity.margin,
    )
    decades = _decades(ordered)
    dots = [
        (
            _across(quantity.margin, decades),
            _TOP + _ROW * (place + 0.5),
            quantity.margin < 1,
            _said(quantity),
        )
        for place, quantity in enumerate(ordered)
    ]
    return render(
        "margins",
        width=_WIDTH,
        top=_TOP,
        height=_TOP + _ROW * len(ordered) + 12,
        ticks=list(_ticks(decades)),
        dots=dots,
        exact=sum(math.isinf(quantity.margin) for quantity in ordered),
        least=_said(ordered[0]) if ordered else "",
    )


def _said(quantity: Quantity) -> str:
    return f"{quantity.name}, {margin(quantity.margin)}"


def _decades(ordered: list[Quantity]) -> int:
    finite = [
        quantity.margin
        for quantity in ordered
        if not math.isinf(quantity.margin) and quantity.margin > 0
    ]
    return max(1, math.ceil(math.log10(max(finite, default=10.0))))


def _across(margin: float, decades: int) -> float:
    if math.isinf(margin):
        return _RIGHT + 30
    power = max(-1.0, math.log10(margin)) if margin > 0 else -1.0
    return _LEFT + (_RIGHT - _LEFT) * (power + 1) / (decades + 1)


def _ticks(decades: int) -> Iterator[tuple[float, str]]:
    for power in range(-1, decades + 1):
        yield _across(10.0**power, decades), f"{10.0**power:g}"
    yield _across(math.inf, decades), "exact"
