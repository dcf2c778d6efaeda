"""A number that the prose cites carries its name and its check, and links to its row.

What MyST-NB's role ``glue:text`` puts into the text is enclosed in a node that remembers the name.
As the page is written, that becomes a link with a tooltip, which shows on hover, on focus and on
touch.
"""

from __future__ import annotations

from collections.abc import Mapping

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole
from sphinx.application import Sphinx
from sphinx.writers.html import HTMLTranslator

from booksite import gathered
from booksite.evidence import Evidence, Quantity
from booksite.html import render
from booksite.page import Page
from booksite.words import check

SCRIPT = "booksite/citations.js"


class cited(nodes.Inline, nodes.TextElement):  # noqa: N801, docutils names its nodes so
    """A cited number; ``quantity`` is the name under which it was reported."""


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.setup_extension("myst_nb")
    app.add_role_to_domain("glue", "text", CitedNumber(), override=True)
    app.add_node(cited, html=(_open, _close))


class CitedNumber(PasteTextRole):
    """MyST-NB's role, whose number remembers its name."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number in a node of its own."""
        found, messages = super().run()
        name = self.text.rpartition("::")[2].partition(":")[0]
        return [cited("", "", node, quantity=name) for node in found], messages


def _open(writer: HTMLTranslator, node: nodes.Element) -> None:
    attributes = {"class": "cited", "data-cites": node["quantity"]}
    writer.body.append(writer.starttag(node, "span", "", **attributes))


def _close(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append("</span>")


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give each cited number its link and its tooltip."""
    app = page.builder.app
    target = gathered.reproducibility(app.env) if app.env else ""
    found = soup.select("article .cited")
    if not target or not found:
        return
    chapters = gathered.evidence(app)
    address = page.builder.get_relative_uri(page.name, target)
    for number, tag in enumerate(found):
        if owner := quantity_of(str(tag["data-cites"]), chapters):
            _furnish(tag, number, address, *owner)
    script = soup.new_tag("script", attrs={"src": page.static(SCRIPT)})
    (soup.head or soup).append(script)


def _furnish(tag: Tag, number: int, address: str, chapter: Evidence, quantity: Quantity) -> None:
    name, text = str(tag["data-cites"]), tag.get_text()
    html = render(
        "cited",
        name=name,
        row=f"{address}#{quantity.name}",
        id=f"check-{number}",
        text=text,
        exact=chapter.glued.get(name, text),
        unit=quantity.unit,
        check=check(quantity, chapter.verdicts.get(quantity.name, {})),
    )
    tag.clear()
    tag.append(BeautifulSoup(html, "html.parser"))


def quantity_of(name: str, chapters: Mapping[str, Evidence]) -> tuple[Evidence, Quantity] | None:
    """Return the chapter and the quantity of a name: ``gd.fit.a`` is a part of ``gd.fit``."""
    named = {
        quantity.name: (chapter, quantity)
        for chapter in chapters.values()
        for quantity in chapter.quantities
    }
    while name and name not in named:
        name = name.rpartition(".")[0]
    return named.get(name)
