"""What a run used whose kernel cannot be watched, as far as the chapter's code names it.

Of a file that it names and that was there before, it is taken that it was read; of one that is new
or another afterwards, that the run made it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from nbtolerance.chapter import Chapter
from nbtolerance.files import THERE
from nbtolerance.used import UNWATCHED, Used
from nbtolerance.watching import Places
from nbtolerance.words import may_be_a_path

# In whatever language, a path stands in quotation marks or, as in a shell, between blanks.
_QUOTED = re.compile(r"\"([^\"]+)\"|'([^']+)'|`([^`]+)`")
_WORD = re.compile(r"[^\s\"'`()\[\]{}<>|&;,=]+")


def named_texts(source: str) -> Iterator[str]:
    """Yield what may be a path in code of any language."""
    for found in (*_QUOTED.finditer(source), *_WORD.finditer(source)):
        yield from filter(may_be_a_path, found.groups() or [found[0]])


class Named:
    """The files that a chapter names, as they are before it is run.

    Parameters
    ----------
    chapter
        The chapter, which is run in its own folder.
    places
        Which files count, and what they are called.
    """

    def __init__(self, chapter: Chapter, places: Places) -> None:
        self.places = places
        texts = {text for cell in chapter.cells for text in named_texts(cell.source)}
        paths = {chapter.path.parent / os.path.expanduser(text) for text in texts}
        self.paths = {name: path for path in paths if (name := places.name(path))}
        self.before = {name: _stamp(path) for name, path in self.paths.items()}

    def used(self) -> Used:
        """Return what the run used that has ended."""
        left = {name: stamp for name, path in self.paths.items() if (stamp := _stamp(path))}
        made = sorted(name for name, stamp in left.items() if stamp != self.before[name])
        read = sorted(left.keys() - made)
        return Used(
            {name: self.places.state(name) for name in read},
            dict.fromkeys(made, THERE),
            unseen=(UNWATCHED,),
        )


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes where a file is written; nothing where there is none."""
    if not os.path.isfile(path):
        return ()
    about = path.stat()
    return about.st_mtime_ns, about.st_size, about.st_ino
