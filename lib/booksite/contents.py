"""A page's own contents, at its right: left out where they help nobody.

Few headings need no list, and a figure over the full width (a cell with the tag ``full-width``)
needs the room. The list that the theme makes for paper goes too: on paper, headings are at hand.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

from booksite.page import Page

FEWEST = 3  # headings that are worth a list
WIDE = "tag_full-width"
# By which the theme knows, from a page's front matter, that there is no list.
_REMOVE = "html_theme.sidebar_secondary.remove"


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("html-page-context", _decide)


def _decide(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell the theme to leave the list out where it helps nobody."""
    if doctree is None:
        return
    headings = list(doctree.findall(nodes.section))[1:]  # but for the page's title
    is_wide = any(WIDE in box["classes"] for box in doctree.findall(nodes.container))
    if is_wide or len(headings) < FEWEST:
        context["meta"] = {**(context.get("meta") or {}), _REMOVE: True}


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Drop the list for paper, and what the theme does for a list that is not there."""
    for contents in soup.select("#jb-print-toc"):
        contents.decompose()
    if soup.select_one("#pst-secondary-sidebar"):
        return
    for button in soup.select(".secondary-toggle"):
        button.decompose()
    for box in soup.select(f".{WIDE}"):  # the theme's script would hide the list beside it
        names = ["wide" if name == WIDE else name for name in box.get_attribute_list("class")]
        box["class"] = " ".join(map(str, names))
