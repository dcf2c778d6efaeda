"""HTML: its structure exact, its text as text, the pictures and videos inside it as such."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from nbtolerance.comparators.base import Comparison, Json, require
from nbtolerance.comparators.registry import compare_embedded, condense_embedded
from nbtolerance.comparators.text import TEXT, TextComparator, clean, joined, tokens
from nbtolerance.tolerance import Tolerance, largest

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

_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")


@dataclass
class _Tag:
    name: str  # "td", or "/td" where it ends
    path: str
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(sorted(self.attributes))


class _Reader(HTMLParser):
    """Reads markup as tags, and the text in each gap: before the first, after each."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[_Tag] = []
        self.texts = [""]
        # Name and path of each element that is open, and how many children of each name it has.
        self._open = [("", "", Counter[str]())]
        self._ids: dict[str, str] = {}
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _, parent, children = self._open[-1]
        children[tag] += 1
        path = f"{parent}/{tag}[{children[tag]}]"
        attributes = {name: self._mask(value or "") for name, value in attrs}
        self._add(_Tag(tag, path, attributes))
        if not _VOID.fullmatch(tag):
            self._open.append((tag, path, Counter()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if not _VOID.fullmatch(tag):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._add(_Tag(f"/{tag}", self._open[-1][1]))
        starts = [i for i, (name, *_) in enumerate(self._open) if name == tag]
        if starts:  # what was left open inside ends too
            del self._open[starts[-1] :]

    def handle_data(self, data: str) -> None:
        hidden = self.cdata_elem is not None  # a style sheet or a script, where ids are referred to
        self.texts[-1] += self._mask(data) if hidden else data

    def _add(self, tag: _Tag) -> None:
        self.tags.append(tag)
        self.texts.append("")

    def _mask(self, text: str) -> str:
        """Number random ids in the order in which they appear, so that references stay checked."""
        return _RANDOM_ID.sub(
            lambda m: self._ids.setdefault(m.group(), f"id-{len(self._ids)}"), text
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
        a, b = _Reader(expected["markup"]), _Reader(got["markup"])
        if [tag.shape for tag in a.tags] == [tag.shape for tag in b.tags]:
            found = self._contents(a, b, tolerance)
        else:
            found = self._restructured(a, b, tolerance)
        self._media(found, expected["media"], got["media"], tolerance)
        return found

    def _contents(self, a: _Reader, b: _Reader, tolerance: Tolerance) -> Comparison:
        found = Comparison()
        for left, right in zip(a.tags, b.tags, strict=True):
            for name, value in left.attributes.items():
                other = right.attributes[name]
                compared = self.text.compare(value, other, tolerance)
                found.add(compared, prefix=f"{right.path}/@{name}: ")
        paths = ["", *(tag.path for tag in b.tags)]
        columns = _magnitudes(paths, a.texts)
        for path, old, new in zip(paths, a.texts, b.texts, strict=True):
            column = columns.get(_column(path))
            within = tolerance.within(column) if column else tolerance
            found.add(self.text.compare(old, new, within), prefix=f"{path}: " if path else "")
        return found

    def _restructured(self, a: _Reader, b: _Reader, tolerance: Tolerance) -> Comparison:
        """Report the first tag that differs, and whether the text differs as well."""
        pairs = enumerate(zip(a.tags, b.tags, strict=False))
        shorter = min(len(a.tags), len(b.tags))
        first = next((i for i, (x, y) in pairs if x.shape != y.shape), shorter)
        found = self.text.compare(" ".join(a.texts), " ".join(b.texts), tolerance)
        path = (b.tags if first < len(b.tags) else a.tags)[first].path
        found.fail(path, "layout", _describe(a.tags, first), _describe(b.tags, first))
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
    """The table of a cell, and which cell of its row it is; nothing outside of tables."""
    found = re.fullmatch(r"(.*/table\[\d+\]).*?/(t[dh]\[\d+\]).*", path)
    return found.groups() if found else ()


def _magnitudes(paths: list[str], texts: list[str]) -> dict[tuple[str, ...], float]:
    """The largest float in each column of each table: what the numbers of the column belong to."""
    columns: dict[tuple[str, ...], list[float]] = {}
    for path, text in zip(paths, texts, strict=True):
        if column := _column(path):
            printed = (token.value for token in tokens(clean(text)) if token.kind == "float")
            columns.setdefault(column, []).extend(printed)
    return {column: largest(numbers) for column, numbers in columns.items()}


def _describe(tags: list[_Tag], i: int) -> str:
    if i >= len(tags):
        return "the end"
    tag = tags[i]
    return f"<{' '.join([tag.name, *sorted(tag.attributes)])}>"


MARKUP = MarkupComparator()
