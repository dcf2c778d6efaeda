"""The book's colours: one table, for pages, figures and interactive figures, in both themes.

Each thing that the book speaks of has one colour, in formulas, prose and figures: `THINGS`. They
stay apart for readers who do not tell red from green, or blue from yellow, and have a contrast of
at least 4.5 to their ground, as every colour that text is set in; the others have one of at least
3. The colours of curves that are none of these things are those of Wong (2011), in the dark theme
lighter relatives of them.

A figure is drawn once, as an SVG in the light colours. As it becomes part of a page, `recolour`
makes its twin for readers of the dark theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

THINGS = ("model", "slope", "intercept", "residual", "gradient", "minimum", "points")

# name: (light, dark)
COLOURS: Mapping[str, tuple[str, str]] = {
    "ground": ("#ffffff", "#14181f"),  # what text stands on
    "raised": ("#f4f6f8", "#1e242d"),  # code, boxes
    "ink": ("#1b232c", "#e3e8ee"),  # text
    "faint-ink": ("#56606b", "#a3aebb"),  # captions; the dots of data
    "edge": ("#9aa5b1", "#66717f"),  # borders that mean something; contours
    "hairline": ("#dddddd", "#333c47"),  # grids and rules
    "accent": ("#00568a", "#7cc4f5"),  # links, focus
    "first": ("#0072b2", "#56b4e9"),
    "second": ("#d55e00", "#f0883e"),
    "third": ("#008f6b", "#2cc59b"),
    "model": ("#0072b2", "#56b4e9"),  # a line, a point on the map, a path
    "slope": ("#7d157d", "#db67c3"),
    "intercept": ("#7c4ef1", "#9778eb"),
    "residual": ("#932f1d", "#f4774a"),
    "gradient": ("#926901", "#f9b237"),
    "minimum": ("#068046", "#57d69e"),
    "points": ("#56606b", "#a3aebb"),
}

# What figures are drawn with, besides the colours above: black text and axes on white.
_DRAWN: Mapping[str, str] = {"#000000": "ink", "#262626": "ink", "#ffffff": "ground"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")


def _darker() -> dict[str, str]:
    """Return, for each light colour that figures are drawn with, its dark relative."""
    pairs = dict(COLOURS.values())
    pairs |= {light: COLOURS[name][1] for light, name in _DRAWN.items()}
    return pairs


_DARKER = _darker()


def recolour(svg: str) -> str:
    """Return a drawing in the dark theme's colours.

    Parameters
    ----------
    svg
        A drawing in the light colours. A colour that is not of the palette stays as it is.

    Returns
    -------
    str
        The drawing. It is equal to `svg` if nothing in it is of the palette.
    """
    # SVG fills with black what is given no colour.
    svg = svg.replace("<svg ", f'<svg fill="{COLOURS["ink"][1]}" ', 1) if "<svg " in svg else svg
    return _HEX.sub(lambda found: _DARKER.get(_six_digits(found[0]), found[0]), svg)


def _six_digits(colour: str) -> str:
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def style_sheet() -> str:
    """Return the colours as CSS variables, ``--book-ink`` and so on, for both themes.

    What has the class ``colour-slope`` is set in the slope's colour, and so on for all `THINGS`.
    """
    return (
        f":root {{\n  color-scheme: light;\n{_variables(0)}}}\n"
        f'html[data-theme="dark"] {{\n  color-scheme: dark;\n{_variables(1)}}}\n'
        # Without JavaScript the theme stays undecided, and the reader's system decides.
        '@media (prefers-color-scheme: dark) {\nhtml[data-theme="auto"] {\n'
        f"  color-scheme: dark;\n{_variables(1)}}}\n}}\n"
        "@media print {\n:root, html[data-theme] {\n"
        f"  color-scheme: light;\n{_variables(0)}}}\n}}\n"
        + "".join(f".colour-{name} {{\n  color: var(--book-{name});\n}}\n" for name in THINGS)
    )


def _variables(theme: int) -> str:
    return "".join(f"  --book-{name}: {pair[theme]};\n" for name, pair in COLOURS.items())
