"""The book's face elsewhere: the icon of a tab, and the card that a link to the book unfolds to.

Both are drawn here, from the palette: points, and the line among them. (sphinxext-opengraph would
draw a card for each page, with Matplotlib and its logo, and would still need the site's address.)
"""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image, ImageDraw, ImageFont
from sphinx.config import Config

from booksite.page import Page
from booksite.palette import COLOURS

CARD = (1200, 630)  # pixels, as those who show such cards ask for

# On a square of 32 by 32, y downwards.
_POINTS = [(6, 23), (11, 24), (14, 16), (20, 17), (23, 9), (27, 10)]
_LINE = ((3, 27), (29, 6))


def draw(folder: Path, *, config: Config) -> None:
    """Draw the icon, and the card where pages can name it, into a folder.

    Parameters
    ----------
    folder
        Where ``favicon.svg`` and ``card.png`` are written.
    config
        Of the site: its title is what the card says.
    """
    (folder / "favicon.svg").write_text(favicon(), encoding="utf-8")
    if config.html_baseurl:
        card(str(config.html_title or config.project)).save(folder / "card.png")


def favicon() -> str:
    """Return the icon as an SVG that suits a light tab and a dark one."""
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2.4"/>' for x, y in _POINTS)
    (x1, y1), (x2, y2) = _LINE
    light, dark = COLOURS["first"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f"<style>g{{fill:{light};stroke:{COLOURS['second'][0]}}}"
        f"@media (prefers-color-scheme:dark){{g{{fill:{dark};stroke:{COLOURS['second'][1]}}}}}"
        f'circle{{stroke:none}}</style><g><path d="M{x1} {y1}L{x2} {y2}" stroke-width="3"'
        f' stroke-linecap="round"/>{dots}</g></svg>\n'
    )


def card(title: str) -> Image.Image:
    """Return the card: the title, and the icon's drawing large beside it."""
    image = Image.new("RGB", CARD, COLOURS["ground"][1])
    pen = ImageDraw.Draw(image)
    scale, left, top = 15, 680, 75

    def place(x: float, y: float) -> tuple[float, float]:
        return left + scale * x, top + scale * y

    pen.line([place(*_LINE[0]), place(*_LINE[1])], fill=COLOURS["second"][1], width=14)
    for x, y in _POINTS:
        pen.circle(place(x, y), 24, fill=COLOURS["first"][1])
    lines, text = _in_lines(title, 14), COLOURS["ink"][1]
    font = ImageFont.load_default(84)
    start = (CARD[1] - 104 * len(lines)) / 2
    for number, line in enumerate(lines):
        pen.text((80, start + 104 * number), line, fill=text, font=font)
    return image


def _in_lines(title: str, longest: int) -> list[str]:
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= longest or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Name the icon and our own files in the page's head."""
    head = soup.head
    assert head
    for old in head.select('link[rel~="icon"]'):
        old.decompose()
    icon = {"rel": "icon", "type": "image/svg+xml", "href": page.static("booksite/favicon.svg")}
    head.append(soup.new_tag("link", attrs=icon))
    for name in ("tokens.css", "book.css"):
        sheet = {"rel": "stylesheet", "href": page.static(f"booksite/{name}")}
        head.append(soup.new_tag("link", attrs=sheet))
    # Before anything is painted, so that no page flashes in the wrong theme.
    first = {"src": page.static("booksite/mode.js"), "data-first": ""}
    head.insert(0, soup.new_tag("script", attrs=first))
    head.append(soup.new_tag("script", attrs={"src": page.static("booksite/book.js")}))
