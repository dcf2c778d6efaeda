"""The plot of margins: a dot a quantity, the further to the right the safer."""

from __future__ import annotations

import math
from html import escape

from booksite.evidence import Quantity

_LEFT, _RIGHT, _WIDTH, _ROW, _TOP = 30, 700, 760, 9, 34


def draw(quantities: list[Quantity]) -> str:
    """Return the plot as an SVG in the page, with a title and a description for who cannot see it.

    The axis is logarithmic, from 0.1 to the largest margin; what does not differ at all stands in a
    column of its own at the right.
    """
    if not quantities:
        return ""
    ordered = sorted(quantities, key=lambda one: one.margin)
    decades = _decades(ordered)
    height = _TOP + _ROW * len(ordered) + 12
    dots = "".join(_dot(place, one, decades) for place, one in enumerate(ordered))
    return (
        f'<figure class="margins"><svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(describe(ordered))}">{_axis(decades, height)}{dots}</svg>'
        "<figcaption>How often the largest difference fits into what is allowed, a dot a quantity. "
        "A dot left of the line at 1 would fail the check.</figcaption></figure>"
    )


def describe(ordered: list[Quantity]) -> str:
    """Say what the plot shows, in words."""
    exact = sum(math.isinf(one.margin) for one in ordered)
    first = ordered[0]
    least = (
        "" if math.isinf(first.margin) else f" The smallest is {first.margin:.3g}, {first.name}."
    )
    return (
        f"Dot plot of the margins of {len(ordered)} quantities; {exact} of them do not differ at "
        f"all.{least} The table below has every value."
    )


def _decades(ordered: list[Quantity]) -> int:
    finite = [one.margin for one in ordered if not math.isinf(one.margin) and one.margin > 0]
    return max(1, math.ceil(math.log10(max(finite, default=10.0))))


def _across(margin: float, decades: int) -> float:
    if math.isinf(margin):
        return _RIGHT + 30
    power = max(-1.0, math.log10(margin)) if margin > 0 else -1.0
    return _LEFT + (_RIGHT - _LEFT) * (power + 1) / (decades + 1)


def _dot(place: int, one: Quantity, decades: int) -> str:
    x, y = _across(one.margin, decades), _TOP + _ROW * (place + 0.5)
    failed = ' class="failed"' if one.margin < 1 else ""
    said = f"{one.name}: {'exact' if math.isinf(one.margin) else f'{one.margin:.3g}'}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"{failed}><title>{escape(said)}</title></circle>'
    )


def _axis(decades: int, height: int) -> str:
    ticks = [(10.0**power, f"{10.0**power:g}") for power in range(-1, decades + 1)]
    places = [*((_across(value, decades), label) for value, label in ticks)]
    places.append((_across(math.inf, decades), "exact"))
    return "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{height}"'
        f"{' class=' + chr(34) + 'limit' + chr(34) if label == '1' else ''}/>"
        f'<text x="{x:.1f}" y="{_TOP - 14}" text-anchor="middle">{label}</text>'
        for x, label in places
    )
