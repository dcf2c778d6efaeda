"""Which files of a book are chapters, which cannot be read, and what of it nobody executes.

A chapter is a page that says that it is a notebook. One rule says which files are looked at, for
the check, the commands and the build alike: all of the book but what is hidden, installed or built.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbtolerance.chapter import Chapter, ChapterFault, as_written, chapter_from, place
from nbtolerance.frontmatter import CLAIM, is_notebook, read_front_matter
from nbtolerance.markdown import read_page
from nbtolerance.marked import MarkError
from nbtolerance.settings import Settings, SettingsError


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
    """Return the Markdown files that may be chapters: of the book, or those among ``paths``.

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
    """Yield the Markdown files below a path; a link to a folder ``above`` it is not followed."""
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
    """Whether neither a path nor a folder of the book that it lies in is passed over.

    Nor is a link to a folder that it lies in itself: what is in there has a shorter name.
    """
    path = as_written(path, settings)
    if not path.is_relative_to(settings.book_path):
        return True  # it is told that it lies elsewhere
    depth = len(path.relative_to(settings.book_path).parts)
    if any(_is_passed_over(folder, settings) for folder in (path, *path.parents)[:depth]):
        return False
    return os.path.realpath(path) not in map(os.path.realpath, path.parents[:depth])
