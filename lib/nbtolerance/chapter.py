"""A chapter as it is written, and which files of a book are chapters.

A chapter is a page that says that it is a notebook. One rule says which files are looked at, for
the check, the commands and the build alike: all of the book but what is hidden, installed or built.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import Any

from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import ValidationError, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nbtolerance.frontmatter import (
    AS_USUAL,
    CLAIM,
    PageSettings,
    is_notebook,
    read_front_matter,
    read_metadata,
    read_settings,
)
from nbtolerance.markdown import CodeCell, Page, markdown_config, read_page
from nbtolerance.marked import Marked, MarkError, read_yaml, short
from nbtolerance.settings import Settings, SettingsError
from nbtolerance.tolerance import ToleranceError, Tolerances, read_tolerances


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
        marked = {"allow_errors"} if self.page.allow_errors else set()
        for cell in self.cells:
            marked |= {f"{cell.number} {tag}" for tag in cell.tags if _EXECUTION.search(tag)}
        return tuple(sorted(marked))

    @property
    def tags(self) -> list[str]:
        """The tags in the chapter's front matter (``needs-gpu`` is one)."""
        return list(self.notebook.metadata.get("tags") or [])


_EXECUTION = re.compile("skip|exception")  # nbval's tags, and nbclient's


def digest_code(sources: Iterable[str]) -> str:
    """A short digest of code cells; cells that are only moved apart by prose keep it."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=256)  # a build asks for each chapter from several sides
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
        notebook = _notebook(text, path, page, settings)
        notebook.metadata = {**made.metadata, **notebook.metadata}
        cells = tuple(_cells(notebook, page.cells, options))
        tolerances = read_tolerances(front.get("tolerance"), path.name, front.line)
        how = read_settings(front, path, settings.config)
    except MarkError as error:
        raise ChapterFault(path, name, error.line, error.message) from None
    except ToleranceError as error:
        raise ChapterFault(path, name, error.line, error.message) from None
    return Chapter(path, name, text, notebook, cells, tolerances, how, page.nested)


# What ends a line for Python, and not for Markdown: the prose of the page would be cut wrongly.
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _notebook(text: str, path: Path, page: Page, settings: Settings) -> Any:
    """Let MyST-NB read a page, but for its front matter, in the place of which stands nothing."""
    odd = _OTHER_LINE_ENDS.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise MarkError(line, f"MyST-NB would end a line at {odd[0]!a}: write it as an escape")
    lines = text.split("\n")
    lines[: page.length] = {0: [], 2: ["", ""]}.get(
        page.length, ["---", "{}", *[""] * (page.length - 3), "---"]
    )
    config = markdown_config(settings.config.extensions)
    try:
        return read_myst_markdown_notebook("\n".join(lines), config, add_source_map=True, path=path)
    # It raises what it happens to raise: of a file to `:load:`, of the metadata after `+++`.
    except Exception as error:
        message = " ".join(str(error).split()) or repr(error)
        place = re.search(r"at line (\d+)", message)
        raise MarkError(int(place[1]) if place else 1, message) from None


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
    _made(new_code_cell, options, options.value)
    return options


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
    for number, (cell, place, read) in enumerate(zip(code, written, options, strict=True)):
        cell.metadata = from_dict(read.value)  # type: ignore[no-untyped-call]  # it has no types
        yield Cell(number, place.line, _cell_name(read), cell.source, dict(cell.metadata))


def _cell_name(options: Marked) -> str:
    """A cell is called by its own name, else by its figure's."""
    return str(options.get("name") or options.get("mystnb", "figure", "name") or "")


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


@dataclass(frozen=True)
class Unchecked:
    """Code that is not executed, and so not checked: where, and why."""

    path: Path
    name: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: not checked: {self.reason}"


@dataclass
class Found:
    """What was found in a book, all in the order of the names.

    Parameters
    ----------
    chapters
        The chapters.
    faults
        Those that cannot be read.
    unchecked
        Code that nobody executes: nested cells, pages that are no notebooks or are switched off.
    off
        The chapters that are switched off; they are among the unchecked too.
    ignored
        What settings say and nbtolerance does not do, a sentence each.
    """

    chapters: list[Chapter] = field(default_factory=list)
    faults: list[ChapterFault] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    off: list[Chapter] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The names of all pages here: what belongs to them is no orphan."""
        return {
            *(chapter.name for chapter in self.chapters),
            *(fault.name for fault in self.faults),
            *(page.name for page in self.unchecked),
        }

    def add(self, chapter: Chapter) -> None:
        """Add a chapter with what is to be said of it."""
        path, name, page = chapter.path, chapter.name, chapter.page
        (self.chapters if page.execute else self.off).append(chapter)
        if not page.execute:
            self.unchecked.append(Unchecked(path, name, page.line, page.not_executed))
        for line in chapter.nested:
            reason = "a code cell that stands inside of something else is not executed"
            self.unchecked.append(Unchecked(path, name, line, reason))
        self.ignored += [f"{path}:{line}: {sentence}" for line, sentence in page.ignored]


def find_chapters(settings: Settings, paths: Iterable[Path] = ()) -> Found:
    """Read all chapters of the book, or those among ``paths``, files and folders.

    A chapter that cannot be read keeps no other from being found.

    Raises
    ------
    SettingsError
        If the book's folder is not there.
    """
    found = Found(ignored=list(settings.config.ignored))
    for file in chapter_files(settings, paths):
        try:
            page = _look_at(file, settings)
        except ChapterFault as fault:
            found.faults.append(fault)
            continue
        if isinstance(page, Chapter):
            found.add(page)
        elif page:
            found.unchecked.append(page)
    return found


def is_chapter(file: Path, settings: Settings) -> bool:
    """Whether a file is a chapter that is executed, or one that cannot be read."""
    found = find_chapters(settings, [file])
    return bool(found.chapters or found.faults)


def read_chapter(path: Path, settings: Settings) -> Chapter:
    """Read a chapter from its file.

    Raises
    ------
    ChapterFault
        If it cannot be read.
    """
    return chapter_from(_read_text(path, settings), path, settings)


def _look_at(file: Path, settings: Settings) -> Chapter | Unchecked | None:
    """Read a file; nothing where it holds no code and does not say that it is a notebook.

    Raises
    ------
    ChapterFault
        If it is a chapter, as far as can be seen, and cannot be read.
    """
    text = _read_text(file, settings)
    if not _may_be_chapter(text):
        return None
    page, lines = None, []
    try:
        page = read_page(text, settings.config.extensions)
        lines = sorted([*(cell.line for cell in page.cells), *page.nested])
        if is_notebook(read_front_matter(page, text)):
            return chapter_from(text, file, settings)
    except MarkError as error:
        if page and page.length and not lines and not CLAIM.search(page.front):
            return None
        raise ChapterFault(*place(file, settings), error.line, error.message) from None
    if not lines or not as_written(file, settings).is_relative_to(settings.book_path):
        return None
    cells = f"{len(lines)} code cells" if lines[1:] else "a code cell"
    reason = f"{cells}, and no front matter with file_format: mystnb"
    return Unchecked(*place(file, settings), lines[0], reason)


def _may_be_chapter(text: str) -> bool:
    return "code-cell" in text or bool(CLAIM.search(text))


def _read_text(file: Path, settings: Settings) -> str:
    """Read a file as Sphinx does; nothing of one in another encoding that is no chapter.

    Raises
    ------
    ChapterFault
        If a chapter is not UTF-8, or the file cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ChapterFault(*place(file, settings), 1, message) from None
    try:
        text = data.decode("utf-8-sig")
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        wrong = data.index(b"\0")  # UTF-16 without a mark is full of them, and is valid UTF-8
    except UnicodeDecodeError as error:
        wrong = error.start
    if not _may_be_chapter(data.replace(b"\0", b"").decode("utf8", "replace")):
        return ""
    guess = ": it looks like UTF-16" if b"\0" in data else ""
    message = f"must be UTF-8, got the byte 0x{data[wrong]:02x} at offset {wrong}{guess}"
    raise ChapterFault(*place(file, settings), data.count(b"\n", 0, wrong) + 1, message)


def chapter_files(settings: Settings, paths: Iterable[Path] = ()) -> list[Path]:
    """The Markdown files that may be chapters: of the book, or those among ``paths``.

    What is hidden, installed or built is not looked into. Links are followed, and a file has the
    path of the link.

    Raises
    ------
    SettingsError
        If no paths are given and the book's folder is not there.
    """
    wanted = list(paths)
    if not wanted and not os.path.isdir(settings.book_path):
        where = f"{settings.root / 'pyproject.toml'}: tool.nbtolerance.book"
        raise SettingsError(f"{where} must be a folder, got {settings.book!r}, which is not there")
    given = (path for path in wanted or [settings.book_path] if is_looked_into(path, settings))
    return sorted({as_written(file, settings) for path in given for file in _files(path, settings)})


# Folders that hold what was built or installed.
_BUILT = {"_build", "_sources", "node_modules", "__pycache__"}
_INSTALLED = ("pyvenv.cfg", "conda-meta")


def _files(path: Path, settings: Settings, above: frozenset[str] = frozenset()) -> Iterator[Path]:
    """The Markdown files below a path; a link to a folder ``above`` it is not followed again."""
    if not _is(Path.is_dir, path):
        if path.suffix == ".md" and (_is(Path.is_file, path) or not _is(Path.exists, path)):
            yield path
        return
    real = os.path.realpath(path)
    if real in above:
        return
    try:
        entries = sorted(path.iterdir())
    except OSError:
        yield path  # reading it says what is wrong
        return
    for entry in entries:
        if not _is_passed_over(entry, settings):
            yield from _files(entry, settings, above | {real})


def _is(what: Callable[[Path], bool], path: Path) -> bool:
    try:
        return what(path)
    except OSError:  # of a folder that may not be looked into
        return False


def _is_passed_over(path: Path, settings: Settings) -> bool:
    if path.name.startswith(".") or path.name in _BUILT:
        return True
    store = settings.store_path
    if path.name == store.name and os.path.realpath(path) == os.path.realpath(store):
        return True
    return any(_is(Path.exists, path / name) for name in _INSTALLED)


def is_looked_into(path: Path, settings: Settings) -> bool:
    """Whether neither a path nor a folder of the book that it lies in is passed over."""
    path = as_written(path, settings)
    if not path.is_relative_to(settings.book_path):
        return True  # it is told that it lies elsewhere
    inside = path.relative_to(settings.book_path).parts
    return not any(_is_passed_over(f, settings) for f in (path, *path.parents)[: len(inside)])


def as_written(path: Path, settings: Settings) -> Path:
    """A path as it is below the book's folder, with the links there, however it was reached."""
    path, book = Path(os.path.abspath(path)), settings.book_path
    if path.is_relative_to(book):
        return path
    real = os.path.realpath(book)
    above = (folder for folder in (path, *path.parents) if os.path.realpath(folder) == real)
    folder = next(above, None)
    return book / path.relative_to(folder) if folder else path


def place(path: Path, settings: Settings) -> tuple[Path, str]:
    """A chapter's path in the book as it is written there, links and all, and its name.

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
