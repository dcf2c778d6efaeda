"""PDF: how many pages, of which size, and how much is drawn on them."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from nbtolerance.comparators.base import BadOutputError, Comparison, Json, require
from nbtolerance.comparators.pictures import DRAWN_SIZE, payload
from nbtolerance.comparators.text import TEXT
from nbtolerance.tolerance import Tolerance

LARGEST = 10_000_000  # bytes of a stream that are read

_STREAM = re.compile(rb"\bstream\r?\n(.*?)\r?\nendstream\b", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b")
_BOX = re.compile(rb"/MediaBox\s*\[([^]]*)\]")
# The operators that draw: lines, curves, rectangles, text, pictures.
_DRAWS = re.compile(rb"(?<![\w/.-])(?:[mlcvyh]|re|Tj|TJ|Do|sh)(?![\w/])")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f\x80-\xff]")


class PdfComparator:
    """Compares PDF files: as many pages, of the same size, with as many strokes of each kind.

    Where a line runs and what a text says is not compared; the data of a figure is, beside it.
    """

    def condense(self, data: Any) -> Json:
        """Pages, their sizes, the number of drawing operators by name, a digest.

        Raises
        ------
        BadOutputError
            If it is no PDF file.
        """
        content = payload(data)
        if not content.startswith(b"%PDF-"):
            raise BadOutputError(f"a PDF file must begin with %PDF-, got {content[:8]!r}")
        parts = [_STREAM.sub(b"", content), *_streams(content)]
        drawn = Counter[str]()
        for part in parts[1:]:
            drawn.update(operator.decode() for operator in _DRAWS.findall(part))
        return {
            "sha256": hashlib.sha256(content).hexdigest(),
            "pages": sum(len(_PAGE.findall(part)) for part in parts),
            "sizes": [box.decode("latin1").split() for part in parts for box in _BOX.findall(part)],
            "drawn": dict(sorted(drawn.items())),
        }

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed files."""
        for form in (expected, got):
            require(form, pages=int, sizes=list, drawn=dict)
        found = Comparison(looked_at=1)
        for key in ("pages", "drawn"):
            if expected[key] != got[key]:
                found.fail(key, "picture", expected[key], got[key])
        if not TEXT.compare(str(expected["sizes"]), str(got["sizes"]), DRAWN_SIZE).passed:
            found.fail("sizes", "picture", expected["sizes"], got["sizes"])
        if not got["pages"]:
            found.fail("pages", "picture", "a page", "none")
        return found


def _streams(content: bytes) -> Iterator[bytes]:
    """Yield the streams of a file that are text: what is drawn, and objects that are packed."""
    for stream in _STREAM.findall(content):
        try:
            unpacked = zlib.decompressobj().decompress(stream, LARGEST)
        except zlib.error:
            unpacked = stream
        if not _BINARY.search(unpacked):
            yield unpacked
