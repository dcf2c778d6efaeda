"""What the cells of a table on a page are called: by their row and by their column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from nbtolerance.comparators.elements import Element

WIDEST = 1_000  # columns that one heading may span

_CELL = re.compile(r"(?P<row>(?P<table>.*/table\[\d+\]).*?/tr\[\d+\])/t[dh]\[\d+\]")


def cell_of(path: str) -> str:
    """Return the path of the cell that something stands in; empty outside of tables."""
    found = _CELL.match(path)
    return found[0] if found else ""


def cell_names(elements: Iterable[Element]) -> dict[str, str]:
    """Return what each cell is called, by its path: `` (row b, column price)``.

    A row without a heading, and a column without one, are called by their numbers.
    """
    tables: dict[str, dict[str, list[Element]]] = {}
    for element in elements:
        if cell := _CELL.fullmatch(element.path):
            rows = tables.setdefault(cell["table"], {})
            rows.setdefault(cell["row"], []).append(element)
    return {path: name for rows in tables.values() for path, name in _names(rows)}


def _names(rows: dict[str, list[Element]]) -> Iterator[tuple[str, str]]:
    heads = [list(_above(cells)) for cells in rows.values() if all(map(_is_heading, cells))]
    above = [", ".join(filter(None, words)) for words in zip_longest(*heads, fillvalue="")]
    for path, cells in rows.items():
        values = [cell for cell in cells if not _is_heading(cell)]
        row = ", ".join(cell.words for cell in cells if _is_heading(cell)) or _number(path)
        # The headings of the rows stand to the left, and those of several rows only in the first.
        columns = above[-len(values) :] if len(above) >= len(values) else []
        for number, (cell, words) in enumerate(zip_longest(values, columns, fillvalue=None), 1):
            if cell:
                yield cell.path, f" (row {row}, column {words or number})"


def _above(cells: Iterable[Element]) -> Iterator[str]:
    """Yield what a row of headings says above each column."""
    for cell in cells:
        span = cell.attributes.get("colspan", "1")
        yield from [cell.words] * (min(int(span), WIDEST) if span.isdecimal() else 1)


def _is_heading(cell: Element) -> bool:
    return cell.path.rpartition("/")[2].startswith("th[")


def _number(path: str) -> str:
    return path.rpartition("[")[2].rstrip("]")
