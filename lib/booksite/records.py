"""What is remembered of each page when it is written: its title, what it is about, its sections.

A page that has not changed is not written again. So its record is kept in a file beside Sphinx's
own memory of the page, and the search and the lists of pages are made from the records of all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from booksite import sections
from booksite.page import Page
from booksite.sections import Section


@dataclass(frozen=True)
class Record:
    """What is known of a page.

    Parameters
    ----------
    name
        The page's path without ``.html``.
    title, description
        What it is called, and one or two sentences on what it is about.
    sections
        Its text.
    """

    name: str
    title: str
    description: str
    sections: list[Section]


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Remember a page of the book; one that the theme makes has nothing to be found."""
    if not page.is_written:
        return
    article = soup.select_one("article") or soup
    found = sections.sections(article, _entries(page.builder.env, page.name))
    description = soup.select_one('meta[name="description"]')
    said = str(description["content"]) if description else ""
    record = Record(page.name, found[0].heading or page.title, said, found)
    file = _file(page.builder.app, page.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(record), ensure_ascii=False), encoding="utf-8")


def _entries(env: BuildEnvironment, page: str) -> dict[str, list[str]]:
    """Return the page's entries in the index, by the place that they lead to."""
    found: dict[str, list[str]] = {}
    for _, entry, place, *_ in env.get_domain("index").data["entries"].get(page, ()):
        found.setdefault(place, []).append(entry.partition(" (")[0].replace(";", ""))
    return found


def _file(app: Sphinx, page: str) -> Path:
    return Path(app.doctreedir, "records", f"{page}.json")


def records(app: Sphinx) -> list[Record]:
    """Return the record of every page that has been written, in the order of the book."""
    files = [_file(app, page) for page in _in_order(app.env, str(app.config.root_doc))]
    read = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    return [
        Record(r["name"], r["title"], r["description"], [Section(**s) for s in r["sections"]])
        for r in read
    ]


def _in_order(env: BuildEnvironment, page: str) -> Iterator[str]:
    yield page
    for below in env.toctree_includes.get(page, ()):
        yield from _in_order(env, below)
