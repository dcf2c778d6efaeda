"""The few icons in use, drawn here: the theme's own come with a script of half a megabyte.

A set of icons from npm would bring thousands of files to every machine, for the fifteen below.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from booksite.page import Page

# Strokes on a square of 16 by 16.
_DRAWINGS = {
    "angle-left": '<path d="M10 3 5 8l5 5"/>',
    "angle-right": '<path d="m6 3 5 5-5 5"/>',
    "arrow-up": '<path d="M8 14V2M3 7l5-5 5 5"/>',
    "bars": '<path d="M2 4h12M2 8h12M2 12h12"/>',
    "chevron-down": '<path d="m3 6 5 5 5-5"/>',
    "circle-half-stroke": (
        '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>'
    ),
    "download": '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M2 13.5h12"/>',
    "expand": '<path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/>',
    "file": '<path d="M3.5 1.5h5l4 4v9h-9zM8.5 1.5v4h4"/>',
    "file-pdf": '<path d="M4.5 6V1.5h7V6M4.5 11H2V6h12v5h-2.5M4.5 9.5h7v5h-7z"/>',  # a printer
    "list": '<path d="M6 4h8M6 8h8M6 12h8M2 4h.5M2 8h.5M2 12h.5"/>',
    "magnifying-glass": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 4 4"/>',
    "moon": '<path d="M13.5 9.5A6 6 0 1 1 6.5 2.5a5 5 0 0 0 7 7z"/>',
    "sun": (
        '<circle cx="8" cy="8" r="3"/><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15'
        'M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"/>'
    ),
    "xmark": '<path d="m3 3 10 10M13 3 3 13"/>',
}
# An icon that the theme comes to use one day is a dot until it is drawn.
_UNKNOWN = '<circle cx="8" cy="8" r="2"/>'


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Replace the theme's icons by drawings that stand in the page."""
    for icon in soup.select(
        ":is(i, span):is(.fa-solid, .fas, .fa-regular, .far, .fa-brands, .fab)"
    ):
        icon.replace_with(_drawing(icon))


def _drawing(icon: Tag) -> Tag:
    classes = list(icon.get_attribute_list("class"))
    name = next((str(c)[3:] for c in classes if str(c).removeprefix("fa-") in _DRAWINGS), "")
    strokes = _DRAWINGS.get(name, _UNKNOWN)
    markup = f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{strokes}</svg>'
    drawing = BeautifulSoup(markup, "html.parser").svg
    assert drawing
    kept = [str(c) for c in classes if c and not str(c).startswith("fa")]
    drawing["class"] = " ".join(["icon", *kept])
    if mode := icon.get("data-mode"):  # by which the theme finds the icon of the mode
        drawing["data-mode"] = str(mode)
    return drawing
