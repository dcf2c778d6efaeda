"""A chapter as it is written: its cells with their lines, and its tolerances."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

from nbtolerance.settings import Settings, SettingsError
from nbtolerance.tolerance import Tolerances, read_tolerances


@dataclass(frozen=True)
class Cell:
    """One code cell: its number among the code cells (from 0), its first line in the file."""

    number: int
    line: int
    name: str
    source: str
    metadata: dict[str, Any]

    @property
    def tags(self) -> list[str]:
        """The cell's tags."""
        return list(self.metadata.get("tags") or [])


@dataclass(frozen=True)
class Chapter:
    """A MyST notebook.

    Parameters
    ----------
    path
        The file.
    name
        Its path in the book without the suffix, with ``/``: ``optimization/gradient-descent``.
    text
        What the file says.
    notebook
        The notebook, not executed.
    tolerances
        What its front matter allows.
    """

    path: Path
    name: str
    text: str
    notebook: Any
    cells: tuple[Cell, ...]
    tolerances: Tolerances

    @property
    def code(self) -> str:
        """The digest of the code cells, in order: what the outputs belong to."""
        return digest_code(cell.source for cell in self.cells)

    @property
    def tags(self) -> list[str]:
        """The tags in the chapter's front matter (``needs-gpu`` is one)."""
        return list(self.notebook.metadata.get("tags") or [])


def digest_code(sources: Iterable[str]) -> str:
    """A short digest of code cells; cells that are only moved apart by prose keep it."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def read_chapter(path: Path, settings: Settings) -> Chapter:
    """Read a chapter from its file.

    Raises
    ------
    ToleranceError
        If the front matter's tolerances are wrong; the message names the file and the key.
    """
    return chapter_from(path.read_text("utf8"), path, settings)


@functools.lru_cache(maxsize=256)  # a build asks for each chapter from several sides
def chapter_from(text: str, path: Path, settings: Settings) -> Chapter:
    """Read a chapter from its text; the file need not be there."""
    if not path.is_relative_to(settings.book_path):
        place = f"[tool.nbtolerance] book = {settings.book!r}, {settings.book_path}"
        raise SettingsError(f"a chapter must lie in the book's folder ({place}), got {path}")
    notebook = parse(text, path)
    name = path.relative_to(settings.book_path).with_suffix("").as_posix()
    cells = tuple(_code_cells(notebook))
    table = notebook.metadata.get("tolerance")
    return Chapter(path, name, text, notebook, cells, read_tolerances(table, path.name, text))


def parse(text: str, path: Path) -> Any:
    """Turn the text of a chapter into a notebook whose metadata keeps each cell's line.

    The language is Python unless the chapter says otherwise, so that its code is coloured on the
    page and run by a Python kernel.
    """
    notebook = read_myst_markdown_notebook(text, add_source_map=True, path=path)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "python3"})
    notebook.metadata.setdefault("language_info", {"name": "python"})
    return notebook


def markers(cell: Any) -> dict[str, bool]:
    """What nbval's marks say of a cell, in its tags and its comments, such as ``skip``."""
    # Here, not above: it loads pytest and coverage, and a build with nothing new needs neither.
    from nbval.plugin import find_comment_markers, find_metadata_tags

    return dict([*find_metadata_tags(cell.metadata), *find_comment_markers(cell.source)])


def plain_python(source: str) -> str:
    """A cell without IPython's magics; the body of a cell magic such as ``%%time`` is kept."""
    from IPython.core.inputtransformer2 import TransformerManager

    if source.lstrip().startswith("%%"):
        source = "\n" + source.lstrip().partition("\n")[2]
    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return manager.transform_cell(source)


def find_chapters(settings: Settings, paths: Iterable[Path] = ()) -> list[Chapter]:
    """Read all chapters of the book in the order of their names, or those among ``paths``."""
    wanted = list(paths) or [settings.book_path]
    files = sorted({file for path in wanted for file in _markdown_files(path)})
    return [read_chapter(file, settings) for file in files if is_chapter(file)]


def is_chapter(file: Path) -> bool:
    """Whether a file is a MyST notebook, and not only Markdown."""
    with file.open(encoding="utf8") as lines:
        return file.suffix == ".md" and is_myst_markdown_notebook(lines)


def _markdown_files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        # What begins with a dot or an underline is hidden or built: an environment, a site.
        found = ((file, file.relative_to(path).parts) for file in path.rglob("*.md"))
        yield from (f.resolve() for f, parts in found if not any(p[0] in "._" for p in parts))
    else:
        yield path.resolve()


def _code_cells(notebook: Any) -> Iterator[Cell]:
    number = 0
    for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        if cell.cell_type == "code":
            yield Cell(number, line, _cell_name(cell.metadata), cell.source, dict(cell.metadata))
            number += 1


def _cell_name(metadata: Any) -> str:
    """A cell is called by its own name, else by its figure's."""
    figure = (metadata.get("mystnb") or {}).get("figure") or {}
    return str(metadata.get("name") or figure.get("name") or "")
