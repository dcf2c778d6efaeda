"""Which chapters the words of a command mean."""

from __future__ import annotations

import difflib
import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from nbtolerance.book import Found
from nbtolerance.chapter import Chapter
from nbtolerance.refusal import NbToleranceError

_PATTERN = re.compile(r"[*?[]")
MOST = 5  # names that a message lists


class UnknownChapterError(NbToleranceError):
    """A word fits no chapter; the message has the names that come closest."""


def select(found: Found, words: Sequence[str]) -> list[Chapter]:
    """Choose the chapters that are named; all of them where no words are given.

    Parameters
    ----------
    found
        What was found in the book.
    words
        Names of chapters, as they are; or patterns: ``'part/*'``.

    Raises
    ------
    UnknownChapterError
        If a word fits none.
    """
    names = [chapter.name for chapter in found.chapters]
    chosen = {name for word in words for name in _named(word, names, found)}
    return [one for one in found.chapters if not words or one.name in chosen]


def _named(word: str, names: Sequence[str], found: Found) -> list[str]:
    """Return the names that a word means; none where it fits only what cannot be read."""
    fitting = _fitting(word, names)
    if fitting or _fitting(word, [fault.name for fault in found.faults]):
        return fitting
    said = f"no chapter is called {shlex.quote(word)}"
    if _fitting(word, found.names):
        raise UnknownChapterError(f"{said}: the page of that name is not executed, see above")
    if _PATTERN.search(word):
        said = f"no chapter's name fits {shlex.quote(word)}"
    raise UnknownChapterError(f"{said}: {_closest(word, names)}")


def _fitting(word: str, names: Iterable[str]) -> list[str]:
    """Return the name itself, before it may be a pattern; an accent may be typed in two ways."""
    plain = {name: unicodedata.normalize("NFC", name) for name in names}
    word = unicodedata.normalize("NFC", word)
    exact = [name for name, said in plain.items() if said == word]
    if exact or not _PATTERN.search(word):
        return exact
    return [name for name, said in plain.items() if fnmatchcase(said, word)]


def _closest(word: str, names: Sequence[str]) -> str:
    plain = {name.casefold(): name for name in names}
    word = word.casefold()
    close = [plain[name] for name in difflib.get_close_matches(word, plain, n=MOST)]
    close += [name for said, name in plain.items() if word in said and name not in close]
    listed = ", ".join(shlex.quote(name) for name in (close or names)[:MOST])
    if close:
        return f"did you mean {listed}?"
    return f"there are {listed}{', …' if names[MOST:] else ''}" if names else "there are none"
