"""The notebook that MyST-NB makes of a page, most often without reading the page once more.

Of prose and of code cells all is known once the page has been read; what else there may be is left
to MyST-NB.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import from_dict

from nbtolerance.markdown import CodeCell, Page, markdown_config
from nbtolerance.marked import Marked, MarkError

# What ends a line for Python, and not for Markdown: the prose of the page would be cut wrongly.
_OTHER_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

# What may be a date, or `=` alone: in options these are no texts to MyST-NB, and may be faults.
_NO_TEXT = re.compile(
    r"\d{4}-\d\d?-\d|(?:^|[-:?,\[{]|[&!]\S+)\s*=\s*(?:[:,\]}#]|$)", flags=re.MULTILINE
)


def notebook_of(
    text: str, path: Path, page: Page, options: Sequence[Marked], extensions: Iterable[str]
) -> Any:
    """Return the notebook that MyST-NB makes of a page, but for its front matter.

    Parameters
    ----------
    text
        The page.
    path
        Its file, which what it loads is sought beside.
    page
        What it is made of.
    options
        What each code cell's options say.
    extensions
        The extensions of MyST that are on.

    Raises
    ------
    MarkError
        If MyST-NB cannot read it, or would cut its lines in other places.
    """
    odd = _OTHER_LINE_ENDS.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise MarkError(line, f"MyST-NB would end a line at {odd[0]!a}: write it as an escape")
    if page.plain and all(map(_is_plain, page.cells, options)):
        return _of_parts(list(_parts(text.splitlines(), page)))
    return _by_mystnb(text, path, page, extensions)


def _is_plain(cell: CodeCell, options: Marked) -> bool:
    return "load" not in options.value and not _NO_TEXT.search(cell.options[0])


def _of_parts(parts: Sequence[tuple[int, dict[str, Any]]]) -> Any:
    cells = [{"id": uuid.uuid4().hex[:8], "metadata": {}, **cell} for _, cell in parts]
    lines = [line for line, _ in parts]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"source_map": lines}, "cells": cells}
    return from_dict(whole)  # type: ignore[no-untyped-call]  # it has no types


def _parts(lines: Sequence[str], page: Page) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield prose and code in turns, each with the line that MyST-NB has it begin in."""
    above = page.length
    for cell in page.cells:
        yield from _prose(lines, above, cell.line - 1)
        code = {"cell_type": "code", "source": cell.source}
        yield cell.line, {**code, "execution_count": None, "outputs": []}
        above = cell.last
    yield from _prose(lines, above, len(lines))


def _prose(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, dict[str, Any]]]:
    source = "\n".join(lines[start:end]).rstrip().lstrip("\n")
    if source:
        yield start, {"cell_type": "markdown", "source": source}


def _by_mystnb(text: str, path: Path, page: Page, extensions: Iterable[str]) -> Any:
    """Let MyST-NB read a page, but for its front matter, in the place of which stands nothing."""
    lines = text.split("\n")
    lines[: page.length] = {0: [], 2: ["", ""]}.get(
        page.length, ["---", "{}", *[""] * (page.length - 3), "---"]
    )
    config = markdown_config(extensions)
    try:
        return read_myst_markdown_notebook("\n".join(lines), config, add_source_map=True, path=path)
    # It raises what it happens to raise: of a file to `:load:`, of the metadata after `+++`.
    except Exception as error:
        message = " ".join(str(error).split()) or repr(error)
        found = re.search(r"at line (\d+)", message)
        raise MarkError(int(found[1]) if found else 1, message) from None
