"""HTML: its structure exact, its text as text, the pictures and videos inside it as such."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from nbtolerance.comparators import tables
from nbtolerance.comparators.arrays import written_out
from nbtolerance.comparators.base import Comparison, Json, require
from nbtolerance.comparators.elements import CHILD, Element, elements
from nbtolerance.comparators.identifiers import Numbered
from nbtolerance.comparators.registry import compare_embedded, condense_embedded
from nbtolerance.comparators.text import TEXT, TextComparator, clean, joined, tokens
from nbtolerance.tolerance import Tolerance, largest

# In JavaScript the lines of a payload may end in a backslash.
_DATA_URI = re.compile(
    r"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w=.-]+)*;base64,"
    r"(?P<payload>[A-Za-z0-9+/]+(?:\\?\n[A-Za-z0-9+/]+)*={0,2})"
)


@dataclass(frozen=True)
class MarkupComparator:
    """Compares HTML.

    Tags, their order and the names of their attributes are exact; text and the values of attributes
    are compared as printed text. Identifiers that are drawn at random (UUIDs, hexadecimal strings,
    pandas' style scopes) are numbered in the order of their appearance. What is embedded as a
    base64 ``data:`` URI is compared by the comparator of its media type.

    Parameters
    ----------
    text
        Compares texts and attributes.
    """

    text: TextComparator = TEXT

    def condense(self, data: Any) -> Json:
        """Take embedded media out: ``{"markup": html, "media": [{"media_type", "data"}, …]}``."""
        media: list[Json] = []

        def take_out(match: re.Match[str]) -> str:
            media_type, payload = match["type"], re.sub(r"\\?\n", "", match["payload"])
            media.append(condense_embedded(media_type, _data(media_type, payload)))
            return f"data:{media_type},{len(media)}"

        return {"markup": _DATA_URI.sub(take_out, joined(data)), "media": media}

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two pieces of markup; paths are those of the elements: ``/table[1]/tr[2]``.

        That of a table's cell is followed by what its row and its column are called.
        """
        for form in (expected, got):
            require(form, markup=str, media=list)
            for item in form["media"]:
                require(item, media_type=str)
                require({"data": None, **item}, data=object)
        a, b = elements(expected["markup"]), elements(got["markup"])
        alike = [element.shape for element in a] == [element.shape for element in b]
        found = (self._contents if alike else self._restructured)(a, b, tolerance)
        self._media(found, expected["media"], got["media"], tolerance)
        return found

    def _contents(self, a: list[Element], b: list[Element], tolerance: Tolerance) -> Comparison:
        found = Comparison()
        columns, names = _magnitudes(a), tables.cell_names(b)
        for old, new in zip(a, b, strict=True):
            for name, value in old.attributes.items():
                compared = self.text.compare(value, new.attributes[name], tolerance)
                found.add(compared, prefix=f"{new.path}/@{name}: ")
            where = new.path + names.get(tables.cell_of(new.path), "")
            column = columns.get(_column(new.path))
            within = tolerance.within(column) if column else tolerance
            prefix = f"{where}: " if where else ""
            found.add(self.text.compare(old.text, new.text, within), prefix=prefix)
        return found

    def _restructured(self, a: list[Element], b: list[Element], tolerance: Tolerance) -> Comparison:
        """Report the first element that differs, and whether the text differs as well."""
        pairs = zip_longest(a, b)
        old, new = next((x, y) for x, y in pairs if not (x and y and x.shape == y.shape))
        before, after = (" ".join(e.text for e in side).replace(CHILD, "") for side in (a, b))
        found = self.text.compare(before, after, tolerance)
        found.fail((new or old).path, "layout", str(old or "the end"), str(new or "the end"))
        return found

    def _media(
        self, found: Comparison, expected: list[Json], got: list[Json], tolerance: Tolerance
    ) -> None:
        types = [item["media_type"] for item in expected]
        if types != [item["media_type"] for item in got]:
            found.fail("media", "picture", types, [item["media_type"] for item in got])
            return
        for i, (media_type, a, b) in enumerate(zip(types, expected, got, strict=True), start=1):
            found.add(compare_embedded(a, b, tolerance), prefix=f"{media_type} {i}: ")


def _data(media_type: str, payload: str) -> str:
    """Return what Jupyter would send of a type: text as such, and bytes in base64."""
    if not (media_type.startswith("text/") or media_type.endswith("+xml")):
        return payload
    return base64.b64decode(payload).decode("utf8", "replace")


class ScriptComparator:
    """Compares scripts as text: random identifiers are numbered, arrays of bytes are read."""

    def condense(self, data: Any) -> Json:
        """Keep the text."""
        return TEXT.condense(data)

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two scripts."""
        a, b = (Numbered()(written_out(joined(script))) for script in (expected, got))
        return TEXT.compare(a, b, tolerance)


def _column(path: str) -> tuple[str, ...]:
    """Return the table of a cell, and which cell of its row it is; nothing outside of tables."""
    found = re.fullmatch(r"(.*/table\[\d+\]).*?/(t[dh]\[\d+\]).*", path)
    return found.groups() if found else ()


def _magnitudes(page: list[Element]) -> dict[tuple[str, ...], float]:
    """Return the largest float in each column of each table, to which its numbers belong."""
    columns: dict[tuple[str, ...], list[float]] = {}
    for element in page:
        if column := _column(element.path):
            printed = (t.value for t in tokens(clean(element.text)) if t.kind == "float")
            columns.setdefault(column, []).extend(printed)
    return {column: largest(numbers) for column, numbers in columns.items()}


MARKUP = MarkupComparator()
SCRIPT = ScriptComparator()
