"""The search: over sections, in the reader's browser, with nothing that has to be fetched.

A script with the text of all sections is written beside the pages. MiniSearch makes an index of it
when somebody searches: it needs no WebAssembly, and also works on pages that are opened from a
folder. Words are reduced to their stems by what Sphinx has for the book's language. Sphinx's own
search is off: it ranks whole pages, and its excerpts begin with their menus.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.search import IndexBuilder

from booksite.gathered import chapter_pages
from booksite.html import render
from booksite.page import Page
from booksite.records import Record, records
from booksite.terms import glossary

PAGE = "search"
TEXTS = "booksite/sections.js"
# In this order; those before the last one make what it uses.
_SCRIPTS = ("vendor/minisearch/index.js", "booksite/stemmer.js", TEXTS, "booksite/search.js")
_FIRST = 1.0  # the weight of a chapter
_LAST = 0.3  # and of a page that lists rather than explains: the library's reference, the notation


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("builder-inited", _replace)
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _write)


def _replace(app: Sphinx) -> None:
    """Turn Sphinx's own search off."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]  # of the builders of HTML


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Let the theme make its page for searching."""
    yield PAGE, {}, "search.html"


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give the page for searching our scripts, and say what helps without them."""
    if page.name != PAGE or not soup.head:
        return
    for name in _SCRIPTS:
        soup.head.append(soup.new_tag("script", attrs={"src": page.static(name)}))
    for said in soup.select(".bd-search-container noscript"):
        said.replace_with(BeautifulSoup(render("unscripted", **ways(page.builder)), "html.parser"))


def ways(builder: Builder) -> dict[str, str]:
    """Return what leads to a page without a search: the first page, and the glossary if any."""
    terms = glossary(builder.env)
    return {
        "first": builder.get_target_uri(str(builder.config.root_doc)),
        "glossary": builder.get_target_uri(terms) if terms else "",
    }


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    static, chapters = Path(app.outdir, "_static"), chapter_pages(app.env)
    (static / TEXTS).write_text(texts(records(app), chapters), encoding="utf-8")
    (static / "booksite/stemmer.js").write_text(stemmer(app), encoding="utf-8")


def texts(pages: list[Record], chapters: set[str]) -> str:
    """Return a script that defines all sections.

    Parameters
    ----------
    pages
        The pages of the book.
    chapters
        The names of those that explain, and come first for that.
    """
    rows = [
        {
            "page": f"{page.name}.html",
            "title": page.title,
            "weight": _FIRST if page.name in chapters else _LAST,
            "sections": [[s.anchor, s.heading, "; ".join(s.terms), s.text] for s in page.sections],
        }
        for page in pages
    ]
    return f"const PAGES = {json.dumps(rows, ensure_ascii=False)};\n"


def stemmer(app: Sphinx) -> str:
    """Return a script with ``Stemmer`` and ``STOPWORDS``, for the language of the book."""
    index = IndexBuilder(app.env, str(app.config.language), {}, "")
    stopwords = json.dumps(sorted(index.lang.stopwords), ensure_ascii=False)
    return f"{index.get_js_stemmer_code()}\nconst STOPWORDS = new Set({stopwords});\n"
