from __future__ import annotations

from bs4 import BeautifulSoup

from booksite.policy import policy

from .conftest import Build, code, text


def directives(html: str) -> dict[str, str]:
    said = policy(BeautifulSoup(html, "html.parser"))
    return {d.partition(" ")[0]: d.partition(" ")[2] for d in said.split("; ")}


def test_a_page_of_words_may_load_scripts_styles_and_pictures_of_the_site() -> None:
    plain = directives("<p>Words.</p>")
    assert plain["default-src"] == "'none'"
    assert plain["script-src"] == plain["style-src"] == "'self'"
    assert not {"font-src", "media-src", "connect-src", "style-src-attr"} & set(plain)


def test_more_is_allowed_only_where_it_is_needed() -> None:
    assert directives("<video></video>")["media-src"] == "'self'"
    assert directives('<p style="color: red">')["style-src-attr"] == "'unsafe-inline'"
    assert directives('<div class="widget-frame">')["script-src"] == "'self' blob:"
    assert directives('<i class="katex">')["font-src"] == "'self'"


def test_the_policy_stands_before_all_that_it_rules(build: Build) -> None:
    book = build(text("Words, and $x$."), code("1 + 1"))
    for page in ("index", "search", "404"):
        head = book.soup(page).head
        assert head
        encoding, first, *_ = head.find_all(True)
        assert encoding.get("charset") == "utf-8"
        assert first.get("http-equiv") == "Content-Security-Policy"
        assert not book.soup(page).select("style, link[rel=next]")
