"""A skeleton is a chapter: it keeps the style, builds without a warning, and replaces nothing."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from booksite.skeleton import SkeletonError, write
from tests.book import test_prose as style

from .conftest import REPOSITORY, SETTINGS

TOC = "parts:\n  - caption: P  # the first\n    chapters:\n      - file: book/part/one\n# the end\n"
ONE = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n# One\n"
INDEX = "# A book\n\n```{toctree}\npart/my-idea\n```\n"
INDEX += "```{glossary}\nmean squared error\n  A loss.\n```\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one chapter, and a skeleton beside it."""
    root = tmp_path_factory.mktemp("skeleton")
    (root / "book" / "part").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.nbtolerance]\n")
    (root / "_toc.yml").write_text(TOC)
    (root / "book" / "index.md").write_text(INDEX)
    (root / "book" / "part" / "one.md").write_text(ONE)
    shutil.copy(REPOSITORY / "book" / "chapter.md.jinja", root / "book")
    write(root, "part", "my-idea")
    return root


@pytest.fixture(scope="module")
def page(root: Path) -> Path:
    return root / "book" / "part" / "my-idea.md"


def test_it_keeps_the_style(page: Path) -> None:
    text = page.read_text("utf8")
    assert [check(text) for check in [*style.CHECKS, style.typed_numbers] if check(text)] == []
    style.test_a_chapter_has_five_to_eight_exercises_and_solutions_that_follow_them(page)
    assert "# My idea\n" in text
    assert {name.partition(".")[0] for name in style.reported(text)} == {"my_idea"}


def test_it_is_listed_last_in_its_part_and_nothing_else_changes(root: Path) -> None:
    line = "      - file: book/part/one\n"
    assert (root / "_toc.yml").read_text() == TOC.replace(
        line, line + line.replace("one", "my-idea")
    )


def test_it_builds_without_a_warning_and_shows_all_that_a_chapter_has(
    root: Path, tmp_path: Path
) -> None:
    settings = {
        **SETTINGS,
        "root_doc": "book/index",
        "exclude_patterns": ["book/part/one.md", "_build"],
        "extensions": [*SETTINGS["extensions"], "nbtolerance.sphinxext"],
        "nitpicky": True,
    }
    said = io.StringIO()
    with docutils_namespace():
        app = Sphinx(root, None, tmp_path, tmp_path / ".d", "html", settings, io.StringIO(), said)
        app.build()
    assert said.getvalue() == ""
    html = (tmp_path / "book" / "part" / "my-idea.html").read_text("utf8")
    article = BeautifulSoup(html, "html.parser").select_one("article")
    assert article
    for there in ("figure img", ".prediction", ".exercise + details.solution", 'a[href*="#term-"]'):
        assert article.select(there), there
    assert len(article.select(".exercise")) == 5
    assert "percent sign" not in article.get_text()


@pytest.mark.parametrize(
    ("part", "name", "sentence"),
    [
        ("port", "new", "PART must be one of part; got 'port'"),
        ("part", "New one", "NAME must be words of small letters and digits"),
        ("part", "../new", "NAME must be words of small letters and digits"),
        ("part", "one", "book/part/one.md is there already; got 'one'"),
        ("part", "index", "book/index.md is there already; got 'index'"),
    ],
)
def test_what_is_no_new_chapter_is_refused(root: Path, part: str, name: str, sentence: str) -> None:
    before = {file: file.read_bytes() for file in root.rglob("*.*") if file.is_file()}
    with pytest.raises(SkeletonError) as refused:
        write(root, part, name)
    assert sentence in str(refused.value)
    assert before == {file: file.read_bytes() for file in root.rglob("*.*") if file.is_file()}
