"""What sphinx-exercise makes of an exercise, and the site of that, shown on one page."""

from __future__ import annotations

import pickle

import pytest

from .conftest import Book, builder, text


def asked(label: str, title: str) -> str:
    return f":::{{exercise}} {title}\n:label: {label}\n\nHow *far*?\n:::\n"


def solved(label: str) -> str:
    return f":::{{solution}} {label}\n:class: dropdown\n\nSo far.\n:::\n"


TITLES = {"ex-a": "why two (or $y$)?", "ex-b": "", "ex-c": "(in brackets)"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    pairs = [asked(label, title) + "\n" + solved(label) for label, title in TITLES.items()]
    page = "\n".join([*pairs, "{ref}`ex-a`"])
    return builder(tmp_path_factory.mktemp("exercises"))(text(page))


def test_an_exercise_shows_its_number_and_the_name_that_it_was_given(book: Book) -> None:
    soup = book.soup()
    for tex in soup.select(".katex-html, annotation"):
        tex.decompose()
    titles = [" ".join(p.get_text().split()) for p in soup.select(".exercise > p.admonition-title")]
    assert titles == ["Exercise 1: why two (or y)?", "Exercise 2", "Exercise 3: (in brackets)"]
    assert [box["id"] for box in soup.select(".exercise")] == list(TITLES)
    (link,) = soup.select('article a[href="#ex-a"]')
    assert link.get_text() == "Exercise 1"
    assert not book.warnings


def test_a_solution_is_folded_below_its_exercise(book: Book) -> None:
    folds = book.soup().select(".exercise + details.solution:not([open])")
    assert [fold.summary.get_text() for fold in folds if fold.summary] == ["Solution"] * 3


def test_boxes_share_no_id_and_bring_no_style_of_their_own(book: Book) -> None:
    names = [tag["id"] for tag in book.soup().select("article [id]")]
    assert len(names) == len(set(names))
    assert "exercise.css" not in str(book.soup().head)
    assert not (book.out / "_static" / "exercise.css").exists()


def test_what_is_kept_for_later_builds_has_no_page_with_it(book: Book) -> None:
    with (book.out.parent / "trees" / "environment.pickle").open("rb") as file:
        kept = pickle.load(file).sphinx_exercise_registry
    assert set(kept) >= set(TITLES)
    assert {box["type"] for box in kept.values()} == {"exercise", "solution"}
    for box in kept.values():
        assert box["node"].parent is None
        assert box["node"].children[0].astext()
        assert {node.document for node in box["node"].findall()} == {None}
