"""Exercises: the boxes of sphinx-exercise, titled in the manner of the book.

sphinx-exercise titles an exercise ``Exercise 7 (its name)``; here it is ``Exercise 7: its name``.
It wraps what stands in a box in a section, and gives all sections of a page one and the same id.

It keeps each solution for the whole build and the later ones, for its title, and with it the page
that it stands in. Here it keeps a copy that stands alone: every build reads what is kept.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx

from booksite.page import Page


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-read", _take_out)


def _take_out(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the boxes of the page that has just been read without the page."""
    kept: dict[str, dict[str, Any]] = getattr(app.env, "sphinx_exercise_registry", {})
    for box in (box for box in kept.values() if box["docname"] == app.env.docname):
        box["node"] = box["node"].deepcopy()
        for node in box["node"].findall():
            node.document = None


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Write the titles with a colon, and take the sections out of the boxes."""
    for section in soup.select(":is(.exercise, .solution) > section"):
        section.unwrap()
    for title in soup.select(".exercise > .admonition-title"):
        _rename(soup, title)


def _rename(soup: BeautifulSoup, title: Tag) -> None:
    """Put a name that stands in brackets behind a colon."""
    number = title.select_one(".caption-number")
    named = title.get_text().rstrip().endswith(")")
    if not number or not named:
        return
    number.string = f"{number.get_text(strip=True)}:"
    texts = [text for text in title.find_all(string=True) if text.parent is not number]
    texts[0].replace_with(texts[0].replace("(", "", 1))
    last = title.find_all(string=True)[-1]
    last.replace_with(last.rstrip().removesuffix(")"))
