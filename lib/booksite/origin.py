"""Where a page comes from and can be taken: its files, the book's repository, other machines.

The files lie in the site itself, so that they can be had wherever it is served. What leads
elsewhere is a plain link, and is there only where its address is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from bs4 import BeautifulSoup, Tag

from booksite import whole
from booksite.elsewhere import Download, downloads
from booksite.gathered import evidence
from booksite.page import Page
from booksite.repository import repository


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Name a page's origins at its foot, and its files in the theme's menu of downloads."""
    source = soup.select_one("a.btn-download-source-button")
    offered = downloads(page, evidence(page.builder.app).get(page.name))
    if source:
        _add_to_menu(source, page, offered)
    files = [(file.words, page.to_root + file.path) for file in offered]
    files = [("source", str(source["href"])), *files] if source else files
    lines = [_line(soup, "Take this page along: ", files, download=True)]
    lines += _leading_out(soup, page, offered)
    if page.name == page.builder.config.root_doc:
        book = [(kind, page.to_root + file.name) for kind, file in whole.files(page.builder.app)]
        lines.append(_line(soup, "Take the whole book along: ", book, download=True))
    footer = soup.select_one(".bd-footer-content__inner")
    if footer:
        footer.insert(0, *[line for line in lines if line.a])


def _leading_out(soup: BeautifulSoup, page: Page, offered: Iterable[Download]) -> list[Tag]:
    """Return the lines that lead to other machines and to the repository, where it is known."""
    known = repository(page.builder.config)
    if not known:
        return []
    name = page.name.rpartition("/")[2]
    launches = known.launches(f"{name}.ipynb") if offered else {}
    file = page.builder.env.doc2path(page.name, base=False) if _is_written(page) else ""
    sources = {"edit its source": known.edit(str(file)) if file else ""}
    sources["the book's repository"] = known.address
    return [
        _line(soup, "Open it in: ", launches.items()),
        _line(soup, "Improve it: ", [(text, to) for text, to in sources.items() if to]),
    ]


def _is_written(page: Page) -> bool:
    """Tell whether somebody wrote the page: the theme makes some of its own."""
    return page.name in page.builder.env.found_docs


def _line(
    soup: BeautifulSoup, words: str, links: Iterable[tuple[str, str]], *, download: bool = False
) -> Tag:
    line = soup.new_tag("p", attrs={"class": "origin"}, string=words)
    for text, address in links:
        attributes = {"href": address} | ({"download": ""} if download else {})
        link = soup.new_tag("a", attrs=attributes, string=text)
        line.extend([" · ", link] if line.a else [link])
    return line


def _add_to_menu(source: Tag, page: Page, offered: Iterable[Download]) -> None:
    """Put the files below the source in the theme's menu."""
    last = source.find_parent("li")
    assert last
    for file in offered:
        entry = copy(last)
        for link in entry.select("a"):
            link.attrs |= {"href": page.to_root + file.path, "title": f"Download: {file.words}"}
        for text in entry.select(".btn__text-container"):
            text.string = file.kind
        last.insert_after(entry)
        last = entry
