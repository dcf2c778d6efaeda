"""Small books, built in this process from notebooks that bring their outputs: no kernel runs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

REPOSITORY = Path(__file__).resolve().parents[2]

SETTINGS: dict[str, Any] = {
    "project": "A small book",
    "language": "en",
    "extensions": ["sphinx_design", "sphinx_copybutton", "sphinx_exercise", "myst_nb", "booksite"],
    "html_theme": "sphinx_book_theme",
    "html_context": {"default_mode": "auto"},
    "html_theme_options": {"navbar_persistent": []},
    "nb_execution_mode": "off",
    "exercise_style": "solution_follow_exercise",
    "myst_enable_extensions": ["colon_fence", "dollarmath"],
    "myst_heading_anchors": 2,
    "booksite_packages": str(REPOSITORY),
}


@dataclass(frozen=True)
class Book:
    """What a build left."""

    out: Path
    warnings: list[str]
    failed: bool
    dependencies: Mapping[str, set[str]]

    def soup(self, page: str = "index") -> BeautifulSoup:
        text = (self.out / f"{page}.html").read_text(encoding="utf-8")
        return BeautifulSoup(text, "html.parser")


Build = Callable[..., Book]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build a book whose only page has some cells."""
    return builder(tmp_path)


def builder(folder: Path) -> Build:
    """Return what builds such a book in a folder."""

    def run(*cells: Any, widgets: dict[str, Any] | None = None) -> Book:
        source, out = folder / "source", folder / "html"
        source.mkdir(exist_ok=True)
        notebook = new_notebook(cells=[new_markdown_cell("# A page"), *cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python"}
        notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
        if widgets:
            state = {"version_major": 2, "version_minor": 0, "state": widgets}
            kind = "application/vnd.jupyter.widget-state+json"
            notebook.metadata["widgets"] = {kind: state}
        nbformat.write(notebook, source / "index.ipynb")
        said = io.StringIO()
        with docutils_namespace():
            app = Sphinx(
                source, None, out, folder / "trees", "html", SETTINGS, io.StringIO(), said,
                warningiserror=True, keep_going=True,
            )  # fmt: skip
            app.build()
        lines = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue()).splitlines()
        return Book(
            out,
            [line for line in lines if "WARNING" in line],
            bool(app.statuscode),
            app.env.dependencies,
        )

    return run


def code(source: str, data: dict[str, Any] | None = None, *, alt: str = "") -> Any:
    """A code cell with one output."""
    outputs = [new_output("display_data", data)] if data else []
    metadata = {"mystnb": {"image": {"alt": alt}}} if alt else {}
    return new_code_cell(source, outputs=outputs, metadata=metadata)


def text(markdown: str) -> Any:
    return new_markdown_cell(markdown)
