"""Identifiers that are drawn anew in every run, by which parts of a page refer to each other."""

from __future__ import annotations

import re

# UUIDs, long hexadecimal strings, and pandas' scoped styles.
_RANDOM = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|(?<![0-9a-f])(?=[0-9e]*[a-df])[0-9a-f]{16,}(?![0-9a-f])"
    r"|\bT_[0-9a-f]{5}(?![0-9a-f])"
)


class Numbered:
    """Numbers the identifiers of texts in the order in which they appear.

    So who refers to whom stays checked.

    Parameters
    ----------
    pattern
        What an identifier looks like.
    """

    def __init__(self, pattern: re.Pattern[str] = _RANDOM) -> None:
        self._pattern = pattern
        self._numbers: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return a text with numbers in the place of its identifiers: ``id-0``, ``id-1``, …."""
        return self._pattern.sub(
            lambda m: self._numbers.setdefault(m[0], f"id-{len(self._numbers)}"), text
        )
