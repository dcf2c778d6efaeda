"""Where a page comes from: its source, the notebook that was executed, and the book's repository.

The first two lie in the site itself, so that they can be had wherever it is served. The repository
is where the environment variable ``BOOK_SOURCE`` says; without it, none is named.
"""

from __future__ import annotations

import os
from copy import copy

import nbformat
from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

from booksite.gathered import evidence
from booksite.page import Page

ADDRESS = "BOOK_SOURCE"


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value("booksite_source", os.environ.get(ADDRESS, ""), "html", (str,))


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Name a page's origins at its foot, and its notebook in the theme's menu of downloads."""
    source, notebook = soup.select_one("a.btn-download-source-button"), _notebook(page)
    if source and notebook:
        _add_to_menu(source, notebook)
    links = [
        _link(soup, "source", str(source["href"]) if source else "", download=True),
        _link(soup, "executed notebook", notebook, download=True),
        _link(soup, "the book's repository", str(page.builder.config.booksite_source)),
    ]
    footer = soup.select_one(".bd-footer-content__inner")
    if footer and any(links):
        line = soup.new_tag("p", attrs={"class": "origin"}, string="This page: ")
        for link in filter(None, links):
            line.extend([" · ", link] if line.a else [link])
        footer.insert(0, line)


def _link(soup: BeautifulSoup, text: str, address: str, *, download: bool = False) -> Tag | None:
    attributes = {"href": address} | ({"download": ""} if download else {})
    return soup.new_tag("a", attrs=attributes, string=text) if address else None


def _notebook(page: Page) -> str:
    """Write the notebook that was executed; returns its address, empty where there is none."""
    known = evidence(page.builder.app).get(page.name)
    if not known or not known.executed:
        return ""
    path = f"_sources/{page.name}.ipynb"
    file = page.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.from_dict(known.executed.notebook), file)  # type: ignore[no-untyped-call]  # no types
    return page.to_root + path


def _add_to_menu(source: Tag, notebook: str) -> None:
    """Put the notebook below the source in the theme's menu."""
    entry = source.find_parent("li")
    assert entry
    again = copy(entry)
    for link in again.select("a"):
        link.attrs |= {"href": notebook, "title": "Download the executed notebook"}
    for text in again.select(".btn__text-container"):
        text.string = ".ipynb"
    entry.insert_after(again)
