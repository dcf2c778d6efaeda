from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from .conftest import Book, Build, text

HOME = "https://books.example/shelf/book"
WORDS = text(
    "Is a line enough? Here it is, and $x^2$ is not.\n\n```{index} overfitting\n```\n\nMore."
)


def named(soup: BeautifulSoup) -> dict[str, str]:
    tags = soup.select("meta[name], meta[property]")
    return {str(t.get("name") or t["property"]): str(t["content"]) for t in tags}


def linked_data(book: Book) -> dict[str, Any]:
    script = book.soup().select_one('script[type="application/ld+json"]')
    assert script
    assert script.string
    data: dict[str, Any] = json.loads(script.string)
    return data


def test_a_page_says_what_it_is_about_and_nothing_of_an_unknown_address(build: Build) -> None:
    book = build(WORDS)
    said = named(book.soup())
    assert said["description"] == "Is a line enough? Here it is, and x² is not. More."
    assert said["og:description"] == said["description"]
    assert not {"og:url", "og:image", "twitter:card"} & set(said)
    assert not book.soup().select("link[rel=canonical]")
    assert "url" not in linked_data(book)
    assert not (book.out / "sitemap.xml").exists()
    assert "Sitemap" not in (book.out / "robots.txt").read_text("utf-8")
    assert HOME not in (book.out / "llms.txt").read_text("utf-8")


def test_a_page_whose_address_is_known_says_it(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOK_ADDRESS", HOME)
    book = build(WORDS)
    said = named(book.soup())
    assert said["og:url"] == linked_data(book)["url"] == f"{HOME}/index.html"
    assert said["og:image"] == f"{HOME}/_static/booksite/card.png"
    assert (book.out / "_static/booksite/card.png").is_file()
    assert said["twitter:card"] == "summary_large_image"
    (canonical,) = book.soup().select("link[rel=canonical]")
    assert canonical["href"] == f"{HOME}/index.html"
    places = ElementTree.parse(book.out / "sitemap.xml").findall(".//{*}loc")
    assert [place.text for place in places] == [f"{HOME}/index.html"]
    assert f"Sitemap: {HOME}/sitemap.xml" in (book.out / "robots.txt").read_text("utf-8")
    assert f"({HOME}/index.html): Is a line enough?" in (book.out / "llms.txt").read_text("utf-8")
    missing = book.soup("404")
    addresses = [str(t.get("href") or t.get("src")) for t in missing.select("[href], [src]")]
    assert all(a.startswith(("/shelf/book/", "#", "https://")) for a in addresses)
    (form,) = missing.select("main form")
    assert form["action"] == "/shelf/book/search.html"


def test_what_is_in_the_index_is_found_and_sphinx_search_is_off(build: Build) -> None:
    book = build(WORDS)
    assert not book.warnings
    script = (book.out / "_static/booksite/sections.js").read_text("utf-8")
    (page,) = json.loads(script.removeprefix("const PAGES = ").rstrip(";\n"))
    assert page["sections"] == [
        ["", "A page", "overfitting", "Is a line enough? Here it is, and x² is not. More."]
    ]
    assert not (book.out / "searchindex.js").exists()
    scripts = [str(s["src"]) for s in book.soup("search").select("script[src]")]
    assert not [s for s in scripts if "searchtools" in s or "searchindex" in s]
    assert all((book.out / s.partition("?")[0]).is_file() for s in scripts)
    assert named(book.soup("search"))["robots"] == "noindex"
    assert "index.html" in str(book.soup("search").select_one(".bd-search-container noscript"))


def test_linked_data_cannot_end_its_script(build: Build) -> None:
    book = build(text("It ends here: `</script>`."))
    assert linked_data(book)["description"] == "It ends here: </script>."
