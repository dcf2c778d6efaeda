"""Small foreign books, made in a temporary folder, that import nothing of `learning`."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from nbtolerance.commands import main

# It puts itself in the place of importlib.metadata for good. Were it imported first inside a test,
# `pytester` would take it out again, and no installed package would be found by the tests after it.
with contextlib.suppress(ImportError):
    import importlib_metadata  # noqa: F401

# Likewise what the checker imports when it needs it: `pytester` takes it out after each test, and
# each would import it again.
for module in (
    "IPython.core.inputtransformer2",
    "matplotlib.figure",
    "nbtolerance.engines.threads",
    "nbtolerance.progress",
    "nbtolerance.session",
    "nbtolerance.stored.collector",
):
    importlib.import_module(module)

FRONT = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n"

QUANTITY = """
from IPython.display import display
def report(name, value):
    data = {"application/vnd.learning.quantity+json": {"name": name, "value": value}}
    display({**data, "text/plain": repr(value)}, raw=True)
"""
TWO = "report('one.x', 2.0)"


def import_path(folder: Path) -> str:
    """What ``PYTHONPATH`` must be for a process to import from a folder, and all it does now."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))


class Book:
    """A book in a folder of its own, and the commands that one runs on it."""

    def __init__(self, root: Path, pytester: pytest.Pytester | None = None) -> None:
        self.root = root
        self.pytester = pytester
        (root / "pyproject.toml").write_text("[tool.nbtolerance]\ntimeout = 60\n")

    def chapter(self, name: str, *cells: str, tolerance: str = "", front: str = "") -> Path:
        """Write a chapter of code cells; a cell that starts with ``:`` has options."""
        blocks = [f"```{{code-cell}} python\n{dedent(cell).strip()}\n```\n" for cell in cells]
        table = f"tolerance:\n{tolerance}\n" if tolerance else ""
        path = self.root / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{FRONT}{front}{table}---\n# {name}\n\n" + "\nprose\n\n".join(blocks))
        return path

    def check(self, *options: str) -> pytest.RunResult:
        """Run ``pytest --nbval book``."""
        return self.pytester.runpytest("--nbval", "book", *options)

    def check_in_two_processes(self) -> pytest.RunResult:
        """Run ``pytest --nbval book -n 2``."""
        return self.pytester.runpytest_subprocess("--nbval", "book", "-n", "2")

    def command(self, *words: str) -> pytest.RunResult:
        """Run ``python -m nbtolerance`` as a person would, in a process of its own."""
        return self.pytester.run(sys.executable, "-m", "nbtolerance", *words)

    def bless(self, *words: str) -> None:
        """Accept the outputs there are, as ``python -m nbtolerance bless --once`` does."""
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("CI", raising=False)
            assert main(["bless", "--once", *words]) == 0

    def reference(self, name: str, device: str = "cpu") -> Path:
        """The file of a chapter's reference."""
        return self.root / "tests" / "reference" / device / f"{name}.json"

    def stored(self, name: str) -> Path:
        """The file of a chapter's stored run."""
        return self.root / "_build" / "executed" / f"{name}.json"


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Pytest's own; what it runs does without plugins that are not asked for and slow to load."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:anyio")
    return pytester


@pytest.fixture
def book(pytester: pytest.Pytester) -> Book:
    """An empty book."""
    return Book(pytester.path, pytester)


_opened: set[str] = set()


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str):
        _opened.add(arguments[0])


sys.addaudithook(_note_opened)  # for good: Python takes none back


@contextlib.contextmanager
def opened_in(folder: Path) -> Iterator[set[str]]:
    """Gather the files below a folder that are opened meanwhile, by whatever way."""
    found: set[str] = set()
    _opened.clear()
    yield found
    below = (Path(file) for file in _opened if Path(file).is_relative_to(folder))
    found |= {file.relative_to(folder).as_posix() for file in below}


@pytest.fixture(scope="session")
def blessed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a book whose only chapter, `one`, has been executed and blessed."""
    book = Book(tmp_path_factory.mktemp("blessed"))
    book.chapter("one", QUANTITY, TWO)
    with contextlib.chdir(book.root):
        book.bless()
    return book.root


@pytest.fixture
def blessed(book: Book, blessed_once: Path) -> Book:
    """A copy of that book: what is changed besides code needs no kernel."""
    shutil.copytree(blessed_once, book.root, dirs_exist_ok=True)
    return book
