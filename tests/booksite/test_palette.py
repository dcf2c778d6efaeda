from __future__ import annotations

import pytest

from booksite import palette

THEMES = {"light": 0, "dark": 1}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ink", 7.0),
        ("faint-ink", 4.5),
        ("accent", 4.5),
        ("first", 3.0),
        ("second", 3.0),
        ("third", 3.0),
        ("fourth", 3.0),
    ],
)
def test_colours_stand_out_from_their_ground(name: str, least: float, theme: str) -> None:
    number = THEMES[theme]
    for ground in ("ground", "raised"):
        colour, behind = palette.COLOURS[name][number], palette.COLOURS[ground][number]
        assert contrast(colour, behind) >= least


def test_a_drawing_changes_its_colours_and_nothing_else() -> None:
    svg = '<svg width="3"><path style="stroke: #0072B2; fill: #fff"/><path fill="#123456"/></svg>'
    ink, ground = palette.COLOURS["ink"][1], palette.COLOURS["ground"][1]
    assert palette.recolour(svg) == (
        f'<svg fill="{ink}" width="3"><path style="stroke: #56b4e9; fill: {ground}"/>'
        '<path fill="#123456"/></svg>'
    )


def test_the_colours_of_figures_are_in_the_palette() -> None:
    plots = pytest.importorskip("learning.plots")
    lights = {light for light, _ in palette.COLOURS.values()}
    for name in ("POINTS", "FIRST", "SECOND", "THIRD"):
        assert getattr(plots, name).lower() in lights


def test_the_style_sheet_has_both_themes() -> None:
    sheet = palette.style_sheet()
    for colours in palette.COLOURS.values():
        assert all(colour in sheet for colour in colours)
