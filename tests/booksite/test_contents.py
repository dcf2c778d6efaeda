from __future__ import annotations

import pytest

from .conftest import Build, code, text


@pytest.mark.parametrize(("headings", "listed"), [(2, False), (3, True)])
def test_few_headings_need_no_list(build: Build, headings: int, listed: bool) -> None:
    soup = build(text("\n\n".join(f"## Heading {i}" for i in range(headings)))).soup()
    assert bool(soup.select("#pst-secondary-sidebar")) == listed
    assert bool(soup.select(".secondary-toggle")) == listed
    assert not soup.select("#jb-print-toc")


def test_a_figure_over_the_full_width_takes_the_lists_place(build: Build) -> None:
    figure = code("draw()")
    figure.metadata["tags"] = ["full-width"]
    soup = build(figure, text("## One\n\n## Two\n\n## Three")).soup()
    assert not soup.select("#pst-secondary-sidebar")
    assert soup.select(".wide")
