from __future__ import annotations

from .conftest import Build, code

SOURCE = 'def twice(a):\n    """Double.\n\n    Once.\n    """\n    return 2 * a\n\n\ntwice(1)'


def test_every_line_of_code_is_an_element_that_knows_its_indent(build: Build) -> None:
    shown = build(code(SOURCE, {"text/plain": "  2\n"})).soup().select_one(".cell_input pre")
    assert shown
    lines = shown.select(":scope > .line")
    assert shown.get_text() == SOURCE + "\n"
    assert [line.get_text() for line in lines] == f"{SOURCE}\n".splitlines(keepends=True)
    assert [line.get("style") for line in lines[:2]] == [None, "--indent:4"]


def test_what_is_printed_is_left_alone(build: Build) -> None:
    soup = build(code("f()", {"text/plain": "  2\n"})).soup()
    assert soup.select(".cell_output pre")
    assert not soup.select(".cell_output .line")
