"""Two chapters of the built site, bound as a PDF and as an EPUB."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urldefrag
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from pypdf import PdfReader

from booksite.bound import epub, pdf

# One has figures of every kind and the other a film; both have exercises.
CHAPTERS = {
    "book/representation/lines": "Points and a line",
    "book/optimization/visualizing": "Visualizing gradient descent",
}
PAPER = 627  # CSS pixels: an A4 page without its margins
CLIPPED = """() => [...document.querySelectorAll("main *, nav *")]
  .filter((e) => !e.closest(".math, .visually-hidden")) // they hold what only is read aloud
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible"
    || e.matches("pre, table, img, figure, p") && e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def book(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a book of two chapters, which the site has built."""
    folder = tmp_path_factory.mktemp("bound")
    (folder / "_build").mkdir()
    (folder / "_build" / "html").symlink_to(root)
    shutil.copy(Path(__file__).parents[2] / "_config.yml", folder)
    first, second = CHAPTERS
    parts = [{"caption": "A part", "chapters": [{"file": second}]}]
    toc = json.dumps({"format": "jb-book", "root": first, "parts": parts})  # which is YAML, too
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(book: Path, browser: Browser) -> Path:
    return pdf.bind(book, browser)


def test_the_pdf_has_its_chapters_and_then_their_solutions(printed: Path) -> None:
    reader = PdfReader(printed)
    named = [entry for entry in reader.outline if not isinstance(entry, list)]
    titles = [str(entry.title) for entry in named]
    assert titles == [*CHAPTERS.values(), "Solutions of the exercises"]
    begins = [reader.get_destination_page_number(entry) for entry in named]
    text = [page.extract_text() for page in reader.pages]
    assert all(title in text[page] for title, page in zip(titles, begins, strict=True))
    # The contents give the pages that the reader turns to.
    contents = [line.rsplit(maxsplit=1) for line in text[1].splitlines() if " " in line]
    stated = {title: number for title, number in contents if title in titles}
    assert stated == {t: str(p + 1) for t, p in zip(titles, begins, strict=True)}


def test_nothing_of_the_pdf_is_cut_off(printed: Path, browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": PAPER, "height": 900}, color_scheme="dark")
    tab.emulate_media(media="print")
    tab.goto(printed.with_suffix(".html").as_uri())
    assert tab.evaluate(CLIPPED) == []
    missing = "[...document.images].filter((i) => !i.naturalWidth).map((i) => i.src)"
    assert tab.evaluate(missing) == []
    tab.close()


def test_links_between_chapters_stay_in_the_pdf(printed: Path) -> None:
    soup = BeautifulSoup(printed.with_suffix(".html").read_text("utf8"), "html.parser")
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    inside = [str(link["href"])[1:] for link in soup.select('a[href^="#"]')]
    assert set(inside) <= set(ids)
    assert not soup.select('a[href]:not([href^="#"], [href^="http"])')
    assert any(link.startswith("book-optimization") for link in inside)
    assert (
        len(soup.select(".exercise .to-solution")) == len(soup.select("#solutions .solution")) > 5
    )
    assert not soup.select("article:not(#solutions) .solution")
    reader = PdfReader(printed)
    targets = {name.lstrip("/") for name in reader.named_destinations}
    assert set(inside) <= targets


def test_the_film_and_live_figures_stand_still(printed: Path) -> None:
    soup = BeautifulSoup(printed.with_suffix(".html").read_text("utf8"), "html.parser")
    assert not soup.select("script, video, details, .widget-live")
    assert len(soup.select("figure .widget-frame img")) == len(soup.select(".widget-frame")) > 1
    (poster,) = soup.select(".film img")
    assert poster["alt"]
    assert (
        "Plays on the book’s site"
        in soup.select_one("#book-optimization-visualizing--fig-film").get_text()
    )


@pytest.fixture(scope="module")
def packed(book: Path) -> Iterator[ZipFile]:
    with ZipFile(epub.bind(book)) as archive:
        yield archive


def test_the_epub_says_first_what_it_is(packed: ZipFile) -> None:
    first = packed.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert packed.read(first) == b"application/epub+zip"


def test_all_files_of_the_epub_are_in_its_manifest(packed: ZipFile) -> None:
    package = ElementTree.fromstring(packed.read("EPUB/package.opf"))
    items = {item.attrib["id"]: item.attrib["href"] for item in package.findall(".//{*}item")}
    names = {name.removeprefix("EPUB/") for name in packed.namelist() if name.startswith("EPUB/")}
    assert {*items.values()} == names - {"package.opf"}
    spine = [items[entry.attrib["idref"]] for entry in package.findall(".//{*}itemref")]
    assert [PurePosixPath(name).stem for name in spine] == [
        "title", "nav", "book-representation-lines", "book-optimization-visualizing", "solutions",
    ]  # fmt: skip


def test_the_epub_is_xml_with_no_script_and_leads_nowhere_else(packed: ZipFile) -> None:
    pages = {
        name.removeprefix("EPUB/"): ElementTree.fromstring(packed.read(name))
        for name in packed.namelist()
        if name.endswith(".xhtml")
    }
    ids = {
        name: {e.attrib["id"] for e in page.iter() if "id" in e.attrib}
        for name, page in pages.items()
    }
    for page in pages.values():
        kinds = {element.tag.rpartition("}")[2] for element in page.iter()}
        assert not kinds & {"script", "video", "details"}
        for picture in page.findall(".//{*}img"):
            assert f"EPUB/{picture.attrib['src']}" in packed.namelist()
        for link in page.findall(".//{*}a"):
            file, anchor = urldefrag(link.get("href", "https:"))
            assert file.startswith("https:") or file in pages
            assert file not in pages or not anchor or anchor in ids[file]
    assert sum(len(page.findall(".//{*}math")) for page in pages.values()) > 20
