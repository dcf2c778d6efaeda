"""A chapter of a small book, taken elsewhere: its run is written by hand, and no kernel runs."""

from __future__ import annotations

import ast
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

from booksite.firstcell import Needs, first_cell
from booksite.library import build
from nbtolerance.book import find_chapters
from nbtolerance.fingerprint import before
from nbtolerance.settings import load_settings
from nbtolerance.store import Executed, Store

from .conftest import SETTINGS

CHAPTER = """---
file_format: mystnb
kernelspec: {name: python3}
requires: [more]
---

# One

```{code-cell} python
---
mystnb:
  figure: {name: fig-one, caption: A figure of $x$.}
tags: [hide-input]
---
open("beside.csv"), open("../data/numbers.toml")
```

The loss is {glue:text}`one.loss:.2f` in {numref}`fig-one`; see {doc}`../index`.
"""
LIBRARY = """
[project]
name = "a-small-library"
version = "1.0"
optional-dependencies = {more = ["something"]}
[tool.setuptools.packages.find]
where = [".."]
include = ["small"]
"""
FILES = {
    "pyproject.toml": "[tool.nbtolerance]\n",
    "book/index.md": "# A book\n\n```{toctree}\npart/one\n```\n",
    "book/part/one.md": CHAPTER,
    "book/part/beside.csv": "1\n",
    "book/data/numbers.toml": "numbers = [1]\n",
    "lib/small/__init__.py": "",
    "lib/small/pyproject.toml": LIBRARY,
}
OURS = {
    "extensions": [*SETTINGS["extensions"], "nbtolerance.sphinxext"],
    "suppress_warnings": ["mystnb.unknown_mime_type"],
    "root_doc": "book/index",
    "exclude_patterns": ["html", "jupyter_execute"],
    "numfig": True,
    "booksite_library": "lib/small",
}
LOSS = {
    "output_type": "display_data",
    "data": {"text/plain": "0.125"},
    "metadata": {"scrapbook": {"name": "one.loss", "mime_prefix": ""}},
}
VARIABLES = ("BOOK_SOURCE", "BOOK_ADDRESS", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL")
WHEEL = "a_small_library-1.0-py3-none-any.whl"


@dataclass(frozen=True)
class Built:
    out: Path

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup((self.out / "book/part/one.html").read_text("utf8"), "html.parser")

    def offered(self) -> dict[str, bytes]:
        links = self.soup.select(".origin a[download]")
        files = [(self.out / "book/part" / str(link["href"])).resolve() for link in links]
        return {file.name: file.read_bytes() for file in files}

    def leading_out(self) -> dict[str, str]:
        links = self.soup.select(".origin a:not([download])")
        return {link.get_text(): str(link["href"]) for link in links}

    def notebook(self, name: str = "one.ipynb") -> Any:
        return nbformat.reads(self.offered()[name].decode(), as_version=4)


Make = Callable[..., Built]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Build the book with some environment variables; each build goes on from the last."""
    root = tmp_path_factory.mktemp("book")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    settings = load_settings(root)
    (chapter,) = find_chapters(settings).chapters
    notebook = json.loads(json.dumps(chapter.notebook))
    notebook["cells"][1]["outputs"] = [LOSS]
    Store(settings.store_path).write("part/one", Executed(notebook, before(chapter, settings)))

    def run(**variables: str) -> Built:
        with pytest.MonkeyPatch.context() as patch, docutils_namespace():
            for name in VARIABLES:
                patch.delenv(name, raising=False)
            for name, value in variables.items():
                patch.setenv(name, value)
            said, out = io.StringIO(), root / "html"
            options: Any = {"status": io.StringIO(), "warning": said}
            Sphinx(root, None, out, root / "trees", "html", SETTINGS | OURS, **options).build()
            assert "WARNING" not in said.getvalue()
        return Built(root / "html")

    return run


def test_a_chapter_can_be_taken_along(make: Make) -> None:
    built = make()
    names = ["one.md", "one.ipynb", "one-to-run.ipynb", "one.py", "one.zip"]
    assert list(built.offered()) == names
    menu = built.soup.select(".dropdown-download-buttons a.btn-download-source-button")
    assert [str(a["href"]).rpartition("/")[2] for a in menu] == names
    title, first, code, caption, prose = built.notebook().cells
    assert title.source == "# One"
    assert code.source == 'open("beside.csv"), open("numbers.toml")'
    assert code.outputs
    assert code.metadata.jupyter.source_hidden
    assert caption.source == "*Fig. 1.* A figure of $x$."
    assert prose.source == "The loss is 0.12 in Fig. 1; see *A book*."
    assert not [cell for cell in built.notebook("one-to-run.ipynb").cells if cell.get("outputs")]
    script = ast.unparse(ast.parse(built.offered()["one.py"]))
    assert "subprocess.run" in script
    assert script.endswith("(open('beside.csv'), open('numbers.toml'))")
    archive = zipfile.ZipFile(io.BytesIO(built.offered()["one.zip"]))
    assert archive.namelist() == [
        "one/one.ipynb",
        "one/beside.csv",
        "one/numbers.toml",
        f"one/{WHEEL}",
    ]
    assert "%pip install" in first.source


def test_where_no_address_is_known_nothing_leads_out(make: Make) -> None:
    built = make()
    assert not built.leading_out()
    assert not [a for a in built.soup.select("[href], [src]") if "//" in str(a.get("href"))]
    first = built.notebook().cells[1].source
    assert "http" not in first
    assert f'for name in ["beside.csv", "numbers.toml", *["{WHEEL}"] * missing]' in first


def test_on_github_a_page_leads_to_its_source_and_to_machines_that_run_it(make: Make) -> None:
    built = make(GITHUB_REPOSITORY="someone/a-book", GITHUB_SERVER_URL="https://github.com")
    home = "https://github.com/someone/a-book"
    assert built.leading_out() == {
        "Colab": "https://colab.research.google.com/github/someone/a-book/blob/notebooks/one.ipynb",
        "Binder": "https://mybinder.org/v2/gh/someone/a-book/notebooks?labpath=one.ipynb",
        "edit its source": f"{home}/edit/main/book/part/one.md",
        "the book's repository": home,
    }
    loading = built.soup.select("[src], link[rel~=stylesheet], link[rel~=preload]")
    assert not [tag for tag in loading if "//" in str(tag.get("src") or tag.get("href"))]
    first = built.notebook().cells[1].source
    assert f"git+{home}@main#subdirectory=lib/small" in first
    raw = "https://raw.githubusercontent.com/someone/a-book/main/book/data/numbers.toml"
    assert raw in first


def test_a_repository_elsewhere_is_named_and_no_link_is_guessed(make: Make) -> None:
    built = make(BOOK_SOURCE="https://code.example/book", GITHUB_REPOSITORY="someone/a-book")
    assert built.leading_out() == {"the book's repository": "https://code.example/book"}


def test_a_site_that_knows_where_it_stands_serves_what_is_missing(make: Make) -> None:
    built = make(BOOK_ADDRESS="https://book.example/")
    _, first, *_, prose = built.notebook().cells
    served = "_sources/book/data/numbers.toml", f"_static/library/{WHEEL}"
    assert [(built.out / file).is_file() for file in served] == [True, True]
    assert [f"https://book.example/{file}" in first.source for file in served] == [True, True]
    assert "[A book](https://book.example/book/index.html)" in prose.source


def test_the_wheel_is_built_again_only_when_the_library_changes(make: Make) -> None:
    wheel = make().out / "_static/library" / WHEEL
    built = wheel.stat().st_mtime_ns
    assert make().out
    assert wheel.stat().st_mtime_ns == built
    os.utime(wheel, (0, 0))
    assert make().out
    assert wheel.stat().st_mtime_ns >= built


def test_a_library_that_cannot_be_built_fails_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = 'no version'\n")
    with pytest.raises(ExtensionError, match=r"could not be built:[^$]*version"):
        build(tmp_path, tmp_path)


def test_the_first_cell_fetches_what_is_missing_and_only_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.txt").write_text("as it was")
    (tmp_path / "served.txt").write_text("as it is served")
    address = (tmp_path / "served.txt").as_uri()
    files = {"there.txt": address, "fetched.txt": address}
    exec(first_cell(Needs("json", "x", "x.whl", "", files=files), notebook=False))
    assert (tmp_path / "there.txt").read_text() == "as it was"
    assert (tmp_path / "fetched.txt").read_text() == "as it is served"


def test_the_first_cell_names_what_must_lie_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cell = first_cell(Needs("no_such_package", "x", "x.whl", ""), notebook=False)
    with pytest.raises(FileNotFoundError, match=r"x\.whl must lie beside this file"):
        exec(cell)
