"""The book as one PDF, printed by Chromium: ``python -m booksite.bound.pdf``.

Chromium makes the bookmarks from the headings, and numbers the pages. It cannot say on which page
something is: the book is printed once to learn that, and once more with the numbers filled in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from bs4 import BeautifulSoup
from markupsafe import Markup
from playwright.sync_api import Browser
from pypdf import PdfReader

from booksite.bound.binding import PDF, bound, in_parts
from booksite.bound.chapters import SITE, Chapter
from booksite.chromium import open_browser
from booksite.html import render

SHEET = Path(__file__).with_name("paper.css")


def main() -> None:
    """Print the book that has been built in this folder."""
    with open_browser() as browser:
        file = bind(Path.cwd(), browser)
    pages = len(PdfReader(file).pages)
    print(f"{file}: {pages} pages, {file.stat().st_size / 1e6:.1f} MB")


def bind(root: Path, browser: Browser) -> Path:
    """Print the built book; returns the PDF's path.

    Parameters
    ----------
    root
        The folder with ``_config.yml``, ``_toc.yml`` and the built site.
    browser
        Chromium.
    """
    target = root / PDF
    source = target.with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    pages: Mapping[str, int] = {}
    soup = document(root, target.parent)
    for _ in range(2):
        _fill_in(soup, pages)
        source.write_text(str(soup), encoding="utf-8")
        _print(source, target, browser)
        pages = page_numbers(target)
    return target


def document(root: Path, out: Path) -> BeautifulSoup:
    """Return the whole book as one HTML document, to be written into the folder `out`."""
    to_site = f"{os.path.relpath(root / SITE, out)}/"
    book = bound(root, files=to_site)
    html = render(
        "paper",
        book=book,
        sheets=[to_site + sheet for sheet in book.sheets] + [os.path.relpath(SHEET, out)],
        rules=[_page_rule(chapter) for chapter in book.chapters],
        parts=in_parts(book.chapters),
        drawing=to_site + "_static/booksite/favicon.svg",
    )
    soup = BeautifulSoup(html, "html.parser")
    for chapter in book.chapters:
        chapter.article["style"] = f"page: {chapter.slug}"
        soup.main.append(chapter.article)  # type: ignore[union-attr]  # the template has one
    return soup


def _page_rule(chapter: Chapter) -> Markup:
    """Return the rule of CSS that puts a chapter's title over its pages."""
    title = re.sub(r'[\\"<]', lambda found: f"\\{ord(found[0]):x} ", chapter.title)
    return Markup(f'@page {chapter.slug} {{ @top-left {{ content: "{title}" }} }}')


def _fill_in(soup: BeautifulSoup, pages: Mapping[str, int]) -> None:
    """Say on which page each thing is, where that is asked for."""
    for place in soup.select(".page-of"):
        place.string = str(pages.get(str(place["data-of"]), "000"))


def _print(source: Path, target: Path, browser: Browser) -> None:
    page = browser.new_page(color_scheme="light")
    page.goto(source.as_uri())
    page.emulate_media(media="print")
    page.evaluate("document.fonts.ready")
    page.pdf(path=target, prefer_css_page_size=True, outline=True, tagged=True)
    page.close()


def page_numbers(file: Path) -> dict[str, int]:
    """Return the page of each thing that a link of a PDF leads to, by its id; the first is 1."""
    reader = PdfReader(file)
    return {
        name.lstrip("/"): (reader.get_destination_page_number(target) or 0) + 1
        for name, target in reader.named_destinations.items()
    }


if __name__ == "__main__":
    main()
