from __future__ import annotations

import pytest

from .conftest import Build, text


def test_a_page_offers_its_source(build: Build) -> None:
    book = build(text("Words."))
    (link,) = book.soup().select(".origin a")
    assert link.has_attr("download")
    assert "Words." in (book.out / str(link["href"])).read_text(encoding="utf-8")


def test_the_repository_is_named_where_one_is_given(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOK_SOURCE", "https://code.example/book")
    links = build(text("Words.")).soup().select(".origin a")
    assert links[-1]["href"] == "https://code.example/book"
    assert not links[-1].has_attr("download")
