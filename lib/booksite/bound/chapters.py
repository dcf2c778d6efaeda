"""The pages of the built site, as the chapters of a book."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

import yaml
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup
from sphinx_external_toc.parsing import parse_toc_yaml

from booksite import about

SITE = "_build/html"  # where `make book` puts the site
REFERENCE = "book/api/"  # to look up, on the site, and a fifth of all pages


class NotBuiltError(Exception):
    """A page of the table of contents is not in the built site."""


@dataclass(frozen=True)
class Chapter:
    """A page of the site.

    Parameters
    ----------
    name
        The page's path in the site, without ``.html``.
    part
        The part of the book that it belongs to; empty for the first page.
    article
        What the page says, without the menus around it. The modules of this package amend it.
    """

    name: str
    part: str
    article: Tag

    @property
    def slug(self) -> str:
        """The chapter's name, as a part of ids and the name of a file."""
        return self.name.replace("/", "-")

    @property
    def title(self) -> str:
        """The chapter's heading, as text."""
        heading = copy(self.article.h1) or Tag(name="h1")
        for link in heading.select(".headerlink"):
            link.decompose()
        return heading.get_text().strip()


@dataclass(frozen=True)
class Book:
    """A title page's words, and the chapters.

    Parameters
    ----------
    title, author, copyright
        As in ``_config.yml``.
    licence
        As the site's footer says it, in HTML.
    language
        Of the text, as a code: ``en``.
    site
        The address of the published site, with no slash at its end; empty where it is not known.
    chapters
        In the order of the table of contents.
    sheets
        The style sheets of their pages, each as its path in the site.
    """

    title: str
    author: str
    copyright: str
    licence: Markup
    language: str
    site: str
    chapters: Sequence[Chapter]
    sheets: Sequence[str]


def read(root: Path) -> Book:
    """Return the book that has been built in a folder, without the library's reference.

    Parameters
    ----------
    root
        The folder with ``_config.yml``, ``_toc.yml`` and the built site.

    Raises
    ------
    NotBuiltError
        If a page is not there.
    """
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    sphinx = settings.get("sphinx", {}).get("config", {})
    footer = sphinx.get("html_theme_options", {}).get("extra_footer", "")
    pages = [
        (name, part, _page(root / SITE, name))
        for name, part in contents(root)
        if not name.startswith(REFERENCE)
    ]
    return Book(
        title=str(settings.get("title", "")),
        author=str(settings.get("author", "")),
        copyright=str(settings.get("copyright", "")),
        licence=Markup(footer),
        site=os.environ.get(about.ADDRESS, "").rstrip("/"),
        language=str(sphinx.get("language", "en")),
        chapters=[Chapter(name, part, _article(soup, name)) for name, part, soup in pages],
        sheets=list(
            dict.fromkeys(sheet for name, _, soup in pages for sheet in _sheets(soup, name))
        ),
    )


def contents(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each page in ``_toc.yml``, in its order, and the part that it is of."""
    toc = parse_toc_yaml(root / "_toc.yml")

    def below(page: str, part: str) -> Iterator[tuple[str, str]]:
        yield page, part
        for tree in toc[page].subtrees:
            for item in map(str, tree.items):
                if item in toc:  # others are links
                    yield from below(item, tree.caption or part)

    return below(toc.root.docname, "")


def _page(site: Path, name: str) -> BeautifulSoup:
    file = site / f"{name}.html"
    if not file.is_file():
        raise NotBuiltError(f"{name} of _toc.yml must be a page of {site}: run `make book` first")
    return BeautifulSoup(file.read_bytes(), "html.parser")


def _article(soup: BeautifulSoup, name: str) -> Tag:
    if not soup.article:
        raise NotBuiltError(f"the page {name} must have an <article>, got none")
    return soup.article


def _sheets(soup: BeautifulSoup, name: str) -> Iterator[str]:
    for link in soup.select("head link[rel=stylesheet]"):
        yield place(str(link["href"]).partition("?")[0], name)


def place(address: str, page: str) -> str:
    """Return the path in the site of what a page names by a relative address."""
    return normpath(join(dirname(page), address))
