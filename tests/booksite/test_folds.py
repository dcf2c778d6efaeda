from __future__ import annotations

import pytest

from .conftest import Build, code, text

PRINTED = {"text/plain": "2"}
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


@pytest.mark.parametrize(
    ("tag", "name", "has_code", "has_output"),
    [
        ("hide-input", "Show the code", True, False),
        ("hide-output", "Show the output", False, True),
        ("hide-cell", "Show the code and its output", True, True),
    ],
)
def test_a_fold_is_named_by_what_is_in_it(
    build: Build, tag: str, name: str, has_code: bool, has_output: bool
) -> None:
    cell = code("1 + 1", PRINTED)
    cell.metadata["tags"] = [tag]
    (fold,) = build(cell).soup().select("article details")
    assert fold.summary
    assert fold.summary.get_text() == name
    assert not fold.summary.attrs
    assert bool(fold.select(".cell_input")) == has_code
    assert bool(fold.select(".cell_output")) == has_output
    assert not fold.has_attr("open")


@pytest.mark.parametrize("captioned", [True, False])
def test_the_code_of_a_figure_is_folded_below_it(build: Build, captioned: bool) -> None:
    cell = code("draw()", {"image/svg+xml": PICTURE}, alt="A line.")
    cell.metadata["tags"] = ["hide-input"]
    if captioned:
        cell.metadata["mystnb"]["figure"] = {"caption": "A line.", "name": "fig-line"}
    parts = build(cell).soup().select_one("article .cell").find_all(recursive=False)
    assert [part.name == "details" for part in parts] == [not captioned, captioned]


def test_an_admonition_folds_without_a_script(build: Build) -> None:
    (fold,) = build(text(":::{note}\n:class: dropdown\nIt is 3.\n:::")).soup().select("details")
    assert fold.summary
    assert fold.summary.get_text() == "Note"


@pytest.mark.parametrize("tag", ["hide-input", "hide-output"])
def test_a_page_with_folded_code_has_a_switch(build: Build, tag: str) -> None:
    cell = code("1 + 1", PRINTED)
    cell.metadata["tags"] = [tag]
    soup = build(cell).soup()
    switches = soup.select(".article-header-buttons button.show-code.pst-js-only")
    assert len(switches) == (tag == "hide-input")
    assert ("folds.js" in str(soup.head)) == (tag == "hide-input")
