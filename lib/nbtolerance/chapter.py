"""A chapter as it is written: its cells with their lines, its tolerances, how it is executed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from nbformat import ValidationError, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nbtolerance.frontmatter import (
    AS_USUAL,
    PageSettings,
    read_front_matter,
    read_metadata,
    read_settings,
)
from nbtolerance.markdown import CodeCell, read_page
from nbtolerance.marked import Marked, MarkError, read_yaml, short
from nbtolerance.notebook import notebook_of
from nbtolerance.settings import Settings
from nbtolerance.tolerance import Tolerances, read_tolerances


class ChapterFault(Exception):  # noqa: N818  # a fault of a chapter, as a list of them has it
    """A chapter cannot be read; its text is one sentence with the file and the line."""

    def __init__(self, path: Path, name: str, line: int, message: str) -> None:
        super().__init__(path, name, line, message)
        self.path, self.name, self.line, self.message = path, name, line, message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


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
    cells
        Its code cells.
    tolerances
        What its front matter allows.
    page
        How it is executed.
    nested
        The lines of code cells that stand inside of something: nobody executes them.
    """

    path: Path
    name: str
    text: str
    notebook: Any
    cells: tuple[Cell, ...]
    tolerances: Tolerances
    page: PageSettings = AS_USUAL
    nested: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """The digest of the code cells, in order: what the outputs belong to."""
        return digest_code(cell.source for cell in self.cells)

    @property
    def marks(self) -> tuple[str, ...]:
        """What changes how the code is executed, beside the code: ``2 raises-exception``."""
        marked = {f"kernel {self.kernel}"}
        if self.page.allow_errors:
            marked.add("allow_errors")
        for cell in self.cells:
            marked |= {f"{cell.number} {tag}" for tag in cell.tags if _EXECUTION.search(tag)}
        return tuple(sorted(marked))

    @property
    def kernel(self) -> str:
        """The name of the kernel that it is run in."""
        return str(self.notebook.metadata["kernelspec"]["name"])

    @property
    def tags(self) -> list[str]:
        """The tags in the chapter's front matter (``needs-gpu`` is one)."""
        return list(self.notebook.metadata.get("tags") or [])


_EXECUTION = re.compile("skip|exception")  # nbval's tags, and nbclient's


def digest_code(sources: Iterable[str]) -> str:
    """Return a short digest of code cells; cells that are only moved apart by prose keep it."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=4096)  # a build asks for each chapter from several sides
def chapter_from(text: str, path: Path, settings: Settings) -> Chapter:
    """Read a chapter from its text; the file need not be there.

    Raises
    ------
    ChapterFault
        If it cannot be read, or lies outside of the book's folder.
    """
    path, name = place(path, settings)
    try:
        page = read_page(text, settings.config.extensions)
        front = read_front_matter(page, text)
        made = _made(new_notebook, front, read_metadata(front))
        options = [_options(cell) for cell in page.cells]
        _check_breaks(page.breaks)
        notebook = notebook_of(text, path, page, options, settings.config.extensions)
        notebook.metadata = {**made.metadata, **notebook.metadata}
        if settings.kernel:
            kernel = {"name": settings.kernel, "display_name": settings.kernel}
            notebook.metadata["kernelspec"] = kernel
        cells = tuple(_cells(notebook, page.cells, options))
        tolerances = read_tolerances(front, path.name)
        how = read_settings(front, path, settings.config)
    except MarkError as error:
        raise ChapterFault(path, name, error.line, error.message) from None
    return Chapter(path, name, text, notebook, cells, tolerances, how, page.nested)


def _made(make: Callable[..., Any], read: Marked, metadata: dict[str, Any]) -> Any:
    """Make a notebook or a cell with metadata.

    Raises
    ------
    MarkError
        If it may not have them.
    """
    try:
        return make(metadata=from_dict(metadata))  # type: ignore[no-untyped-call]  # no types
    except ValidationError as error:
        path = [str(key) for key in error.absolute_path][1:]
        message = shorten(f"{'.'.join(path)} is not a notebook's: {error.message}", 300)
        raise MarkError(read.line(*path), message) from None


def _options(cell: CodeCell) -> Marked:
    """Read a code cell's options.

    Raises
    ------
    MarkError
        If they are no table, or one that is used is of the wrong type.
    """
    text, line = cell.options
    options = read_yaml(text, "the options of the cell", line)
    if options.value is None:
        return Marked({})
    if not isinstance(options.value, dict):
        raise MarkError(line, f"a cell's options must be `:key: value`, got {short(options.value)}")
    for table in (["mystnb"], ["mystnb", "figure"]):
        options.require(dict, "a table", *table)
    for text_ in (["name"], ["mystnb", "figure", "name"], ["load"]):
        options.require(str, "a text", *text_)
    tags = options.require(list, "a list of texts", "tags")
    if tags is not None and not all(isinstance(tag, str) for tag in tags):
        raise options.error("a list of texts", "tags")
    usual = options.value.keys() <= ({"mystnb", "tags"} if tags else {"mystnb"})
    if not usual or not _may_be_tags(tuple(tags or ())):
        _made(new_code_cell, options, options.value)
    return options


@functools.lru_cache(maxsize=4096)  # most cells have the same few, or none
def _may_be_tags(tags: tuple[str, ...]) -> bool:
    """Whether a cell may have these tags, and what nbformat has no rule for, such as `mystnb`."""
    try:
        new_code_cell(metadata=from_dict({"tags": list(tags)}))  # type: ignore[no-untyped-call]  # no types
    except ValidationError:
        return False
    return True


def _check_breaks(breaks: Iterable[CodeCell]) -> None:
    """Look at the metadata of prose, which stands after ``+++``; no JSON is MyST-NB's to tell."""
    for one in breaks:
        with contextlib.suppress(ValueError, RecursionError):
            metadata = json.loads(one.content or "{}")
            if isinstance(metadata, dict):
                _made(new_markdown_cell, Marked(metadata, first=one.line), metadata)


def _cells(notebook: Any, written: Iterable[CodeCell], options: Iterable[Marked]) -> Iterator[Cell]:
    """Name the code cells, and give them their options as they were read here."""
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for number, (cell, there, read) in enumerate(zip(code, written, options, strict=True)):
        cell.metadata = from_dict(read.value)  # type: ignore[no-untyped-call]  # it has no types
        yield Cell(number, there.line, _cell_name(read), cell.source, dict(cell.metadata))


def _cell_name(options: Marked) -> str:
    """Return what a cell is called: by its own name, else by its figure's."""
    return str(options.get("name") or options.get("mystnb", "figure", "name") or "")


def markers(cell: Any) -> dict[str, bool]:
    """Return what nbval's marks say of a cell, in its tags and its comments, such as ``skip``."""
    # Here, not above: it loads pytest and coverage, and a build with nothing new needs neither.
    from nbval.plugin import find_comment_markers, find_metadata_tags

    return dict([*find_metadata_tags(cell.metadata), *find_comment_markers(cell.source)])


def plain_python(source: str) -> str:
    """Return a cell without IPython's magics; the body of a cell magic (``%%time``) is kept."""
    from IPython.core.inputtransformer2 import TransformerManager

    if source.lstrip().startswith("%%"):
        source = "\n" + source.lstrip().partition("\n")[2]
    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return manager.transform_cell(source)


def as_written(path: Path, settings: Settings) -> Path:
    """Return a path as it is below the book's folder, with its links, however it was reached."""
    path, book = Path(os.path.abspath(path)), settings.book_path
    if path.is_relative_to(book):
        return path
    real = os.path.realpath(book)
    above = (folder for folder in (path, *path.parents) if os.path.realpath(folder) == real)
    folder = next(above, None)
    return book / path.relative_to(folder) if folder else path


def place(path: Path, settings: Settings) -> tuple[Path, str]:
    """Return a chapter's path in the book as it is written there, and its name.

    Raises
    ------
    ChapterFault
        If it does not lie in the book's folder.
    """
    path, book = as_written(path, settings), settings.book_path
    if not path.is_relative_to(book):
        where = f"[tool.nbtolerance] book = {settings.book!r}, {book}"
        raise ChapterFault(path, path.stem, 1, f"a chapter must lie in the book's folder, {where}")
    return path, path.relative_to(book).with_suffix("").as_posix()
