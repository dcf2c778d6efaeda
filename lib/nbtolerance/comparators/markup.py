"""HTML: its structure exact, its text as text, the pictures and videos inside it as such."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from nbtolerance.comparators.base import Comparison, Json, require
from nbtolerance.comparators.registry import compare_embedded, condense_embedded
from nbtolerance.comparators.text import TEXT, TextComparator, clean, joined, tokens
from nbtolerance.tolerance import Tolerance, largest

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

# In JavaScript the lines of a payload may end in a backslash.
_DATA_URI = re.compile(
    r"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w=.-]+)*;base64,"
    r"(?P<payload>[A-Za-z0-9+/]+(?:\\?\n[A-Za-z0-9+/]+)*={0,2})"
)

# Identifiers drawn anew in every run: UUIDs, long hexadecimal strings, and pandas' scoped styles.
_RANDOM_ID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|(?<![0-9a-f])(?=[0-9e]*[a-df])[0-9a-f]{16,}(?![0-9a-f])"
    r"|\bT_[0-9a-f]{5}(?![0-9a-f])"
)


_CHILD = "\ufffc"  # where something stands in a text that is none


@dataclass
class _Element:
    """An element of a page; in its text a mark stands for each of its children."""

    path: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def shape(self) -> tuple[str, ...]:
        return self.path, *sorted(self.attributes)

    def __str__(self) -> str:
        name = re.sub(r".*/|\[\d+\]", "", self.path)
        return f"<{' '.join([name, *sorted(self.attributes)])}>"


def tree(source: str) -> BeautifulSoup:
    """Read HTML or SVG as a browser would: whatever it is, it becomes a tree."""
    # Here, not above: a kernel that only extracts figure data has no need of it.
    from bs4 import BeautifulSoup, UnusualUsageWarning

    with warnings.catch_warnings(action="ignore", category=UnusualUsageWarning):
        return BeautifulSoup(source, "html.parser", multi_valued_attributes=None)


def _elements(markup: str) -> list[_Element]:
    """Return the elements of a page in their order, the page itself the first."""
    from bs4.element import PreformattedString, Script, Stylesheet, Tag

    ids: dict[str, str] = {}

    def mask(text: str) -> str:  # the ids are numbered, so that references to them stay checked
        return _RANDOM_ID.sub(lambda m: ids.setdefault(m[0], f"id-{len(ids)}"), text)

    page = tree(markup)
    found = {id(page): _Element("", {})}
    children = Counter[str]()
    for node in page.descendants:
        parent = found[id(node.parent)]
        if isinstance(node, Tag):
            step = f"{parent.path}/{node.name}"
            children[step] += 1
            attributes = {name: mask(str(value)) for name, value in node.attrs.items()}
            found[id(node)] = _Element(f"{step}[{children[step]}]", attributes)
            parent.text += f" {_CHILD} "
        elif not isinstance(node, PreformattedString):  # which is a comment or a declaration
            # In a style sheet or a script ids are referred to.
            parent.text += mask(str(node)) if isinstance(node, Script | Stylesheet) else str(node)
    return list(found.values())


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
            media.append(condense_embedded(media_type, payload))
            return f"data:{media_type},{len(media)}"

        return {"markup": _DATA_URI.sub(take_out, joined(data)), "media": media}

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two pieces of markup; paths are those of the elements: ``/table[1]/tr[2]``."""
        for form in (expected, got):
            require(form, markup=str, media=list)
            for item in form["media"]:
                require(item, media_type=str)
                require({"data": None, **item}, data=object)
        a, b = _elements(expected["markup"]), _elements(got["markup"])
        alike = [element.shape for element in a] == [element.shape for element in b]
        found = (self._contents if alike else self._restructured)(a, b, tolerance)
        self._media(found, expected["media"], got["media"], tolerance)
        return found

    def _contents(self, a: list[_Element], b: list[_Element], tolerance: Tolerance) -> Comparison:
        found = Comparison()
        columns = _magnitudes(a)
        for old, new in zip(a, b, strict=True):
            for name, value in old.attributes.items():
                compared = self.text.compare(value, new.attributes[name], tolerance)
                found.add(compared, prefix=f"{new.path}/@{name}: ")
            column = columns.get(_column(new.path))
            within = tolerance.within(column) if column else tolerance
            prefix = f"{new.path}: " if new.path else ""
            found.add(self.text.compare(old.text, new.text, within), prefix=prefix)
        return found

    def _restructured(
        self, a: list[_Element], b: list[_Element], tolerance: Tolerance
    ) -> Comparison:
        """Report the first element that differs, and whether the text differs as well."""
        pairs = zip_longest(a, b)
        old, new = next((x, y) for x, y in pairs if not (x and y and x.shape == y.shape))
        before, after = (" ".join(e.text for e in side).replace(_CHILD, "") for side in (a, b))
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


def _column(path: str) -> tuple[str, ...]:
    """Return the table of a cell, and which cell of its row it is; nothing outside of tables."""
    found = re.fullmatch(r"(.*/table\[\d+\]).*?/(t[dh]\[\d+\]).*", path)
    return found.groups() if found else ()


def _magnitudes(elements: list[_Element]) -> dict[tuple[str, ...], float]:
    """Return the largest float in each column of each table, to which its numbers belong."""
    columns: dict[tuple[str, ...], list[float]] = {}
    for element in elements:
        if column := _column(element.path):
            printed = (t.value for t in tokens(clean(element.text)) if t.kind == "float")
            columns.setdefault(column, []).extend(printed)
    return {column: largest(numbers) for column, numbers in columns.items()}


MARKUP = MarkupComparator()
