from __future__ import annotations

from pathlib import Path

from .conftest import Book, Build, text

INDEX = """```{toctree}
other
```

```{glossary}
overfitting
  To follow the points too closely.

risk
  See [](other.md#section).
```

```{eval-rst}
.. py:function:: fit()
```

```{show-index}
```"""


def other(tmp_path: Path, *subjects: str) -> None:
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    marks = "\n\n".join(f"## Section\n\n```{{index}} {subject}\n```" for subject in subjects)
    (source / "other.md").write_text(f"# Another page\n\n{marks}\n", encoding="utf-8")


def listed(book: Book) -> list[tuple[str, str, list[str]]]:
    """Return each subject with the letter that it stands below, and where its links lead."""
    assert not book.warnings
    lists = book.soup().select(".subjects ul")
    rows = [(one.find_previous("p", "rubric"), item) for one in lists for item in one.select("li")]
    return [
        (letter.get_text() if letter else "", item.get_text(" ", strip=True), hrefs(item))
        for letter, item in rows
    ]


def hrefs(item) -> list[str]:  # type: ignore[no-untyped-def]  # whatever bs4 has
    return [link["href"].partition("#")[0] or "here" for link in item.select("a")]


def test_the_index_lists_marks_and_terms_once_and_no_names(build: Build, tmp_path: Path) -> None:
    other(tmp_path, "SGD, Overfitting", "risk; empirical", "SGD")
    assert listed(build(text(INDEX))) == [
        ("O", "overfitting: A page , Another page", ["here", "other.html"]),
        ("R", "risk: A page , Another page", ["here", "other.html"]),
        ("R", "risk, empirical: Another page", ["other.html"]),
        ("S", "SGD: Another page", ["other.html"]),
    ]


def test_a_link_of_the_index_leads_to_its_mark(build: Build, tmp_path: Path) -> None:
    other(tmp_path, "SGD")
    book = build(text(INDEX))
    place = book.soup().select(".subjects a")[-1]["href"]
    page, _, anchor = str(place).partition("#")
    assert book.soup(page.removesuffix(".html")).find(id=anchor)


def test_the_index_follows_other_pages(build: Build, tmp_path: Path) -> None:
    other(tmp_path, "SGD")
    build(text(INDEX))
    other(tmp_path, "Adam")
    subjects = [subject for _, subject, _ in listed(build(text(INDEX)))]
    assert subjects == ["Adam: Another page", "overfitting: A page", "risk: A page , Another page"]
