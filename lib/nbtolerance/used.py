"""What a run used, from the log that `nbtolerance.watching` wrote in its kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbtolerance.files import MISSING, THERE, state
from nbtolerance.records import read_record, require

UNWATCHED = "anything but the files that its code names"


@dataclass(frozen=True)
class Used:
    """What a run used.

    Parameters
    ----------
    files
        The files that it depends on, with their states when it first read them.
    products
        The files that it wrote and left there.
    memory
        The most memory that its kernel held, in bytes.
    unseen
        What it did that cannot be watched.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    memory: int = 0
    unseen: tuple[str, ...] = ()


def read_log(log: Path, root: Path) -> Used | None:
    """Read what was noted of a run that has ended; ``None`` where it was not watched.

    Parameters
    ----------
    log
        The log; one that cannot be read is none.
    root
        The folder that its paths are relative to.
    """
    try:
        lines = [_line(line) for line in log.read_text("utf8").splitlines()]
    except (OSError, ValueError):  # it has no log, or has spoilt it
        return None
    files, wrote = _files(lines)
    unseen = (_UNSEEN[what].format(name) for what, name, _ in lines if what in _UNSEEN)
    return Used(
        files | {path: state(os.path.join(root, path)) for path in files.keys() & wrote},
        {path: THERE for path in sorted(wrote) if (root / path).exists()},
        max((int(n) for what, n, _ in lines if what == "memory" and n.isdecimal()), default=0),
        tuple(dict.fromkeys(unseen)),
    )


def _line(text: str) -> tuple[str, str, str]:
    line = read_record(tuple[str, ...], json.loads(text), "a note")
    require(len(line) == 3, "a note must have three parts", line)
    return line[0], line[1], line[2]


_UNSEEN = {
    "started": "what the program {} read",
    "asked": "what {} answered",
    "fault": "what it opened where watching failed: {}",
}


def _files(lines: Iterable[tuple[str, str, str]]) -> tuple[dict[str, str], set[str]]:
    """Return what a run depends on, which is not what it made itself, and what it wrote."""
    read: dict[str, str] = {}
    named: dict[str, str] = {}
    wrote: set[str] = set()
    for what, path, condition in lines:
        new = what == "shared" and condition == MISSING  # a database that it made
        if what in ("read", "shared", "appeared") and path not in wrote and not new:
            read.setdefault(path, condition)
        elif what == "named":
            named.setdefault(path, condition)
        if what in ("wrote", "shared", "appeared"):
            wrote.add(path)
    return {path: c for path, c in named.items() if path not in wrote} | read, wrote
