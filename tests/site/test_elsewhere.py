"""What the built pages offer to be taken elsewhere: it is whole, and gives the same numbers there.

Elsewhere is a kernel that finds the library in the .zip, and can import nothing of what makes the
pages. It has the packages of this machine: a test that installed them anew would take minutes.
"""

from __future__ import annotations

import ast
import re
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from booksite.elsewhere import EXTRAS, FIRST
from booksite.evidence import Evidence, gather
from nbtolerance.check import check_run
from nbtolerance.reference import condense
from nbtolerance.settings import load_settings
from nbtolerance.store import Executed

from .conftest import REPOSITORY, Soups

QUICK = ("index", "representation/lines")

NOT_THERE = ("sphinx", "myst_nb", "myst_parser", "docutils", "jupytext", "booksite", "nbtolerance")
# What plain Jupyter cannot read: a role, a directive, and the mark of a right answer.
LEFT = re.compile(r"\{[a-z:]+\}`|^\W*[:`]{3,} *\{|✓", re.M)
# Python imports this module, where there is one, as it starts.
SITE = """
import sys

class NotThere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"{{name}} is not there")

sys.meta_path.insert(0, NotThere())
"""
WHERE = "import learning; print(learning.__file__)"


@pytest.fixture(scope="package")  # a page's tests come from many modules
def known() -> dict[str, Evidence]:
    """What is known of each chapter, by its page."""
    return {f"book/{each.name}.html": each for each in gather(load_settings(REPOSITORY))}


def offered(root: Path, soups: Soups, chapter: str) -> dict[str, Path]:
    """The files of itself that a page offers, by how their names end; the first has others, too."""
    links = soups[chapter].select(".origin a[download]")
    files = [((root / chapter).parent / str(link["href"])).resolve() for link in links]
    stem = Path(chapter).stem
    return {f.name.removeprefix(stem): f for f in files if f.name.startswith(stem)}


def test_a_page_offers_its_source_and_a_chapter_all_that_is_made_of_it(
    root: Path, soups: Soups, known: dict[str, Evidence], chapter: str
) -> None:
    files = offered(root, soups, chapter)
    assert list(files) == [".md", *[".ipynb", "-to-run.ipynb", ".py", ".zip"] * (chapter in known)]
    assert files[".md"].read_text("utf8").startswith(("---\n", "# "))
    assert len(soups[chapter].select(".dropdown-download-buttons a")) == len(files)
    if chapter in known:
        check_files(files, len(known[chapter].chapter.cells))


def check_files(files: dict[str, Path], cells: int) -> None:
    executed, blank = (
        nbformat.read(files[end], as_version=4) for end in (".ipynb", "-to-run.ipynb")
    )
    nbformat.validate(executed)
    assert any(cell.get("outputs") for cell in executed.cells)
    assert not any(cell.get("outputs") for cell in blank.cells)
    assert [cell.source for cell in executed.cells] == [cell.source for cell in blank.cells]
    code = [cell.source for cell in executed.cells if cell.cell_type == "code"]
    assert len(code) == 1 + cells
    assert not [source for source in code if re.search(r"""["']\.\./""", source)]
    prose = "\n".join(cell.source for cell in executed.cells if cell.cell_type == "markdown")
    assert not LEFT.search(re.sub(r"^```.*?^```", "", prose, flags=re.S | re.M))
    ast.parse(files[".py"].read_text("utf8"))


def test_what_chapters_require_the_library_has(root: Path, known: dict[str, Evidence]) -> None:
    (wheel,) = (root / "_static/library").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(metadata).decode()
    extras = set(re.findall(r"^Provides-Extra: (.*)$", text, re.M))
    required = {e for k in known.values() for e in k.chapter.notebook.metadata.get(EXTRAS, [])}
    assert required == extras == {"films", "torch"}
    installed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra)", text, re.M)
    assert set(installed) == {"numpy", "matplotlib", "anywidget", "array-api-compat", "jinja2"}


@pytest.mark.parametrize("name", QUICK)
def test_a_downloaded_chapter_gives_the_references_numbers_elsewhere(
    root: Path,
    soups: Soups,
    known: dict[str, Evidence],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    page = f"book/{name}.html"
    one = known[page]
    folder = unpack(offered(root, soups, page)[".zip"], tmp_path, one)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    (file,) = folder.glob("*.ipynb")
    notebook: Any = nbformat.read(file, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(WHERE))
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": folder}}).execute()
    assert notebook.cells.pop().outputs[0].text.startswith(str(tmp_path / "library"))
    notebook.cells = [cell for cell in notebook.cells if cell.id != FIRST]
    reported = {quantity.name for quantity in one.quantities}
    assert reported
    assert one.references
    for reference in one.references.values():
        rows = list(check_run(one.chapter, reference, condense(Executed(notebook))))
        agree = {row.name: row.comparison.passed for row in rows if row.name in reported}
        assert agree == dict.fromkeys(reported, True)


def unpack(file: Path, to: Path, known: Evidence) -> Path:
    """Unpack a chapter's .zip, and the library in it as pip would; returns the chapter's folder."""
    with zipfile.ZipFile(file) as archive:
        archive.extractall(to)
    folder = to / file.stem
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(to / "library")
    extras = known.chapter.notebook.metadata.get(EXTRAS, [])
    names = (*NOT_THERE, *{"torch"}.difference(extras))
    (to / "library/sitecustomize.py").write_text(SITE.format(names=names), encoding="utf8")
    return folder
