"""Oracles: WCAG's contrast ratio, and CIE 1976's colour difference.

What a reader sees who lacks one kind of cone is computed with the matrices that Machado, Oliveira
and Fernandes (2009) publish for full severity, which act on linear RGB.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from booksite import palette

THEMES = {"light": 0, "dark": 1}

SIGHTS = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue cones": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# sRGB's primaries and white (IEC 61966-2-1) in CIE XYZ.
XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
)
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> NDArray[np.float64]:
    """A colour as linear RGB, shape (3,)."""
    c = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB as CIE L*a*b*."""
    t = XYZ @ rgb.clip(0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, sight: NDArray[np.float64]) -> float:
    """How far apart two colours look; readers tell colours apart from 2.3 on."""
    return float(np.linalg.norm(lab(sight @ linear(one)) - lab(sight @ linear(other))))


def luminance(colour: str) -> float:
    return float(XYZ[1] @ linear(colour))


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
        *((thing, 4.5) for thing in palette.THINGS),
    ],
)
def test_colours_stand_out_from_their_ground(name: str, least: float, theme: str) -> None:
    number = THEMES[theme]
    for ground in ("ground", "raised"):
        colour, behind = palette.COLOURS[name][number], palette.COLOURS[ground][number]
        assert contrast(colour, behind) >= least


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # WCAG's own example
    assert difference("#ffffff", "#000000", np.eye(3)) == pytest.approx(100.0, abs=0.01)
    # Red and green, of one lightness: far apart for most, and close without green cones.
    red, green = "#a05a2c", "#767000"
    assert difference(red, green, np.eye(3)) > 25
    assert difference(red, green, SIGHTS["no green cones"]) < 10


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("sight", "least"),
    [
        ("all cones", 25.0),
        ("no red cones", 15.0),
        ("no green cones", 15.0),
        ("no blue cones", 12.0),
    ],
)
def test_things_stay_apart_for_every_reader(sight: str, least: float, theme: str) -> None:
    colours = {thing: palette.COLOURS[thing][THEMES[theme]] for thing in palette.THINGS}
    for one, other in combinations(colours, 2):
        apart = difference(colours[one], colours[other], SIGHTS[sight])
        assert apart >= least, (one, other)


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
    for name in ("FIRST", "SECOND", "THIRD"):
        assert getattr(plots, name) in lights
    for thing in palette.THINGS:
        assert getattr(plots, thing.upper()) == palette.COLOURS[thing][0]


def test_the_style_sheet_has_both_themes() -> None:
    sheet = palette.style_sheet()
    for colours in palette.COLOURS.values():
        assert all(colour in sheet for colour in colours)
    for thing in palette.THINGS:
        assert f".colour-{thing} {{\n  color: var(--book-{thing});\n}}" in sheet
