"""The first page offers the bound book, as long as it is there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from booksite.bound.binding import EPUB, PDF
from booksite.whole import copy, first_page

from .conftest import Book, Build, text


def offered(book: Book) -> list[str]:
    """What the foot of the first page leads to besides its own source; each must be there."""
    found = [str(link["href"]) for link in book.soup().select(".origin a")]
    assert all((book.out / address).is_file() for address in found)
    return found[1:]


def test_what_is_bound_is_offered_while_it_is_there(build: Build, tmp_path: Path) -> None:
    pdf, epub = tmp_path / "source" / PDF, tmp_path / "source" / EPUB
    for file in (pdf, epub):
        file.parent.mkdir(parents=True)
    pdf.touch()
    book = build(text("Words."))
    assert offered(book) == [pdf.name]

    app: Any = SimpleNamespace(
        srcdir=tmp_path / "source",
        outdir=book.out,
        config=SimpleNamespace(root_doc="index"),
        builder=SimpleNamespace(format="html"),
    )
    assert first_page(app) == []
    pdf.rename(epub)
    assert first_page(app) == ["index"]
    copy(app, None)
    assert first_page(app) == []
    assert (book.out / epub.name).is_file()
    assert not (book.out / pdf.name).exists()
