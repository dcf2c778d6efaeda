from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from .conftest import Build, code, text


def png() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def view(model: str = "one") -> dict[str, Any]:
    return {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": model,
        }
    }


def widget(**state: Any) -> dict[str, Any]:
    return {"one": {"model_name": "AnyModel", "model_module": "anywidget", "state": state}}


def test_a_figure_with_an_alt_passes(build: Build) -> None:
    book = build(code("draw()", {"image/png": png()}, alt="Dots that rise."))
    assert not book.warnings
    assert not book.failed
    assert book.soup().select_one("article img")["alt"] == "Dots that rise."  # type: ignore[index]


def test_a_figure_without_one_fails_the_build_and_its_cell_is_named(build: Build) -> None:
    book = build(code("1 + 1"), code("draw(points)", {"image/png": png()}))
    assert book.failed
    (warning,) = book.warnings
    for part in ("index.ipynb", "code cell 1 (draw(points))", "a figure", "image: {alt"):
        assert part in warning


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ('<video controls src="film.mp4"></video>', "<video>"),
        ('<img src="data:image/png;base64,AAAA">', "<img>"),
        ("<canvas></canvas>", "<canvas>"),
        ('<iframe src="about:blank"></iframe>', "<iframe>"),
        ("<svg></svg>", "<svg>"),
        ('<video aria-label="  " src="film.mp4"></video>', "<video>"),
    ],
)
def test_html_without_a_text_fails_the_build(build: Build, html: str, what: str) -> None:
    book = build(code("show()", {"text/html": html}))
    assert book.failed
    assert what in book.warnings[0]


@pytest.mark.parametrize(
    "html",
    [
        '<video aria-label="A line rises." src="film.mp4"></video>',
        '<svg role="img" aria-label="A line."></svg>',
        '<svg aria-hidden="true"></svg>',
        "<p>words</p>",
    ],
)
def test_html_with_a_text_passes(build: Build, html: str) -> None:
    assert not build(code("show()", {"text/html": html})).warnings


def test_a_widget_without_a_text_fails_the_build(build: Build) -> None:
    book = build(code("fit", view()), widgets=widget())
    assert book.failed
    assert "code cell 0 (fit) shows a widget" in book.warnings[0]


def test_a_widget_takes_the_text_of_its_cell_or_its_own(build: Build) -> None:
    book = build(code("fit", view(), alt="Fit a line."), widgets=widget(alt="Something else."))
    assert not book.warnings
    assert book.soup().select_one(".widget-frame")["aria-label"] == "Fit a line."  # type: ignore[index]
    book = build(code("fit", view()), widgets=widget(alt="Fit a line yourself."))
    assert not book.warnings
    frame = book.soup().select_one(".widget-frame")
    assert frame
    assert frame["aria-label"] == "Fit a line yourself."


def test_a_picture_in_the_text_needs_one_too(build: Build) -> None:
    assert "the page shows a figure" in build(text("![](missing.png)")).warnings[-1]
