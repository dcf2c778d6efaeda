"""What a page weighs: the bytes that a host which compresses text would send for it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

# What hosts compress. Pictures, films and woff2 fonts are compressed already.
TEXT = frozenset({".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".md", ".xml", ".ttf"})


@lru_cache(maxsize=4096)
def _compressed(file: Path, changed: int) -> int:
    """Return the gzipped size; `changed` makes the cache forget a file that was rewritten."""
    return len(gzip.compress(file.read_bytes(), mtime=0))


def sent_bytes(file: Path) -> int:
    """Return how many bytes a host sends for a file.

    Parameters
    ----------
    file
        A file of the site.

    Returns
    -------
    int
        The gzipped size of text, the plain size of everything else, in bytes.
    """
    if file.suffix in TEXT:
        return _compressed(file, file.stat().st_mtime_ns)
    return file.stat().st_size


def total_bytes(files: Iterable[Path]) -> int:
    """Return how many bytes a host sends for all of some files, each of them once."""
    return sum(sent_bytes(file) for file in set(files))
