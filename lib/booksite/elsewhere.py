"""A chapter to be taken elsewhere: as a notebook, as a script, and with all that it needs.

There, Jupyter and the book's library are enough: nothing of what makes the pages is needed. The
first cell installs the library where it is missing, and what the chapter reads from the book's
folders lies beside the notebook.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

from booksite import resolved
from booksite.evidence import Evidence
from booksite.firstcell import Needs, first_cell
from booksite.library import FOLDER, library
from booksite.page import Page
from booksite.plain import plain
from booksite.repository import repository

SOURCES = "_sources"
EXTRAS = "requires"  # in a chapter's front matter: the library's extras that it needs
_NAMED = re.compile(r"""(?<=["'])(?!/)[\w./-]+(?=["'])""")  # it may be a file that a cell reads
FIRST = "first"  # the id of the first cell
_FOLDED = {"hide-input", "hide-cell"}


@dataclass(frozen=True)
class Download:
    """A file that a page offers: what it is, as its foot and its menu say it, and where it lies."""

    words: str
    kind: str
    path: str


def downloads(page: Page, known: Evidence | None) -> list[Download]:
    """Write what a page offers besides its source; nothing where it has no executed notebook.

    Parameters
    ----------
    page
        The page.
    known
        What is known of its chapter.
    """
    if not known or not known.executed:
        return []
    taken = Taken(page.name, known, page.builder.app)
    executed, blank = _json(taken.notebook(outputs=True)), _json(taken.notebook(outputs=False))
    stem = f"{SOURCES}/{page.name}"
    written = {
        Download("notebook with outputs", ".ipynb", f"{stem}.ipynb"): executed,
        Download("notebook without outputs", ".ipynb, to run", f"{stem}-to-run.ipynb"): blank,
        Download("script", ".py", f"{stem}.py"): taken.script().encode(),
        Download("a .zip with all that it needs", ".zip", f"{stem}.zip"): taken.archive(executed),
    }
    for download, content in written.items():
        _write(page.folder / download.path, content)
    for file in taken.files.values():
        _write(page.folder / SOURCES / taken.place(file), file.read_bytes())
    return list(written)


def _json(notebook: Any) -> bytes:
    return str(nbformat.writes(notebook)).encode()  # type: ignore[no-untyped-call]  # no types


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@dataclass(frozen=True)
class Taken:
    """What is made of a chapter for other places.

    Parameters
    ----------
    page
        The name of its page.
    known
        What is known of it; it was executed.
    app
        What builds the site.
    """

    page: str
    known: Evidence
    app: Sphinx

    @cached_property
    def files(self) -> dict[str, Path]:
        """The files of the book that its code reads, as the code names them."""
        code = "\n".join(cell.source for cell in self.known.chapter.cells)
        named = {name: self.known.chapter.path.parent / name for name in _NAMED.findall(code)}
        return {name: path.resolve() for name, path in named.items() if path.is_file()}

    def place(self, file: Path) -> str:
        """Return a file's path in the book's repository."""
        return file.relative_to(Path(self.app.confdir).resolve()).as_posix()

    def notebook(self, *, outputs: bool) -> Any:
        """Return it as a notebook that any Jupyter opens, with its outputs or without."""
        assert self.known.executed
        read = self.known.executed.nodes()
        cells = list(self._cells(read.cells, outputs=outputs))
        if needs := self._needs():
            code = new_code_cell(first_cell(needs, notebook=True), id=FIRST)  # type: ignore[no-untyped-call]
            cells.insert(cells[0].cell_type == "markdown", code)
        kept = ("kernelspec", "language_info", *["widgets"] * outputs)
        metadata = {key: read.metadata[key] for key in kept if key in read.metadata}
        return new_notebook(cells=cells, metadata=metadata)  # type: ignore[no-untyped-call]

    def script(self) -> str:
        """Return it as a script of Python, with its prose as comments."""
        import jupytext  # here, not above: it takes a moment, and a build may write no page

        notebook, needs = self.notebook(outputs=False), self._needs()
        notebook.metadata = {"jupytext": {"notebook_metadata_filter": "-all"}}
        for cell in notebook.cells:
            cell.metadata = {}
            if cell.id == FIRST and needs:
                cell.source = first_cell(needs, notebook=False)
        return str(jupytext.writes(notebook, fmt="py:percent"))

    def archive(self, notebook: bytes) -> bytes:
        """Return a .zip of a folder with the notebook and all that it needs."""
        name, wheel = self.page.rpartition("/")[2], library(self.app)
        beside = [*self.files.values(), *([wheel.wheel] if wheel else [])]
        contents = {f"{name}.ipynb": notebook} | {file.name: file.read_bytes() for file in beside}
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for file, content in contents.items():
                # Without a date, so that the same files become the same archive.
                place = zipfile.ZipInfo(f"{name}/{file}")
                place.external_attr = 0o644 << 16  # whoever unpacks it may read it
                archive.writestr(place, content, zipfile.ZIP_DEFLATED)
        return whole.getvalue()

    def _cells(self, cells: list[Any], *, outputs: bool) -> Iterator[Any]:
        """Yield its cells, with a caption below each that draws a figure."""
        words = resolved.of(self.page, self.app)
        for cell in cells:
            if cell.cell_type == "code":
                yield self._code(cell, outputs=outputs)
                text, name = words.caption(cell.metadata), f"{cell.id[:50]}-caption"
            else:
                text, name = cell.source, cell.id
            if text:
                text = plain(text, words.roles, words.directives)
                yield new_markdown_cell(text, id=name)  # type: ignore[no-untyped-call]

    def _code(self, cell: Any, *, outputs: bool) -> Any:
        tags = cell.metadata.get("tags", [])
        metadata: dict[str, Any] = {"tags": tags} if tags else {}
        if _FOLDED & set(tags):
            metadata["jupyter"] = {"source_hidden": True}
        beside = {name: file.name for name, file in self.files.items()}
        source = _NAMED.sub(lambda name: beside.get(name[0], name[0]), cell.source)
        kept = {"outputs": cell.outputs, "execution_count": cell.execution_count} if outputs else {}
        return new_code_cell(source, id=cell.id, metadata=metadata, **kept)  # type: ignore[no-untyped-call]

    def _needs(self) -> Needs | None:
        """Return what its first cell installs and fetches; None where the book has no library."""
        wheel = library(self.app)
        if not wheel:
            return None
        known = repository(self.app.config)
        home = str(self.app.config.html_baseurl).rstrip("/")
        from_site = f"{home}/{FOLDER}/{wheel.wheel.name}" if home else ""
        return Needs(
            wheel.package,
            wheel.name,
            wheel.wheel.name,
            known.package(wheel.place) if known else from_site,
            self.known.chapter.notebook.metadata.get(EXTRAS, []),
            {file.name: self._address(home, self.place(file)) for file in self.files.values()},
        )

    def _address(self, home: str, place: str) -> str:
        """Return from where a file is fetched: the site, else the repository."""
        known = repository(self.app.config)
        return f"{home}/{SOURCES}/{place}" if home else known.raw(place) if known else ""
