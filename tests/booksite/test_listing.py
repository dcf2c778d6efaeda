from __future__ import annotations

from .conftest import Build, text


def test_a_listing_shows_the_lines_that_work(build: Build) -> None:
    listing = (
        build(text("```{listing} learning.data.noisy_line\n```")).soup().select_one(".listing")
    )
    assert listing
    shown = listing.select_one("pre")
    assert shown
    assert shown.get_text().startswith("def noisy_line(n, *, generator, slope=SLOPE")
    assert "raise" not in shown.get_text()
    assert shown.select(".k"), "its syntax is highlighted"


def test_a_listing_leads_to_the_reference(build: Build) -> None:
    reference = "```{py:function} learning.data.noisy_line(n)\nIt draws.\n```"
    book = build(text(f"```{{listing}} learning.noisy_line\n```\n\n{reference}"))
    (link,) = book.soup().select(".listing a")
    assert link["href"] == "#learning.data.noisy_line"
    assert link.get_text() == "learning.data.noisy_line"


def test_an_unknown_name_fails_the_build(build: Build) -> None:
    book = build(text("```{listing} learning.data.noisy_lines\n```"))
    assert book.failed
    (warning,) = book.warnings
    assert "index.ipynb" in warning
    assert "listing must name a function" in warning
    assert "got 'learning.data.noisy_lines'" in warning


def test_a_page_is_read_again_when_the_library_changes(build: Build) -> None:
    book = build(text("```{listing} learning.data.noisy_line\n```"))
    assert any(str(file).endswith("learning/data/line.py") for file in book.dependencies["index"])
