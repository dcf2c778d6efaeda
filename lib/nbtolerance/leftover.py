"""What belongs to no chapter: the references and stored runs of chapters that are gone."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nbtolerance.reference import devices
from nbtolerance.settings import Settings
from nbtolerance.store import Store

# The keys by which a file is known as one of ours, whatever its version.
_REFERENCE = {"format", "chapter", "code", "provenance", "cells"}
_RUN = {"format", "notebook", "fingerprint", "provenance", "digest"}
_UNFINISHED = re.compile(r"\..+\.json\.[0-9a-f]{32}")  # what `write_whole` left when it was killed


def leftovers(names: Iterable[str], settings: Settings) -> list[Path]:
    """Find the references and stored runs that belong to no chapter.

    Parameters
    ----------
    names
        The names of all pages that are there.
    settings
        The book's settings.

    Raises
    ------
    BadReferenceError
        If the references' folder cannot be read, or one in it is not named after a kind of device.
    """
    folders = {settings.references_path / device: _REFERENCE for device in devices(settings)}
    folders[settings.store_path] = _RUN
    known = set(names)
    return [
        path
        for folder, keys in folders.items()
        for path in sorted(folder.rglob("*.json"))
        if path.relative_to(folder).with_suffix("").as_posix() not in known and _has(keys, path)
    ]


def _has(keys: set[str], path: Path) -> bool:
    """Whether a file is JSON with these keys; we write no links."""
    try:
        entry = None if path.is_symlink() else json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and keys <= entry.keys()


def prune(
    names: Iterable[str], settings: Settings, report: Callable[[str], None] = print
) -> list[Path]:
    """Remove what belongs to no chapter, and the folders that are empty then.

    It waits for a build that is at work, whose unfinished files are its own.

    Parameters
    ----------
    names
        The names of all pages that are there.
    settings
        The book's settings.
    report
        Called with a line where it waits for a build.

    Returns
    -------
    list of Path
        The files that were removed.

    Raises
    ------
    BadReferenceError
        As `leftovers`; nothing was removed then.
    OSError
        If a file cannot be removed.
    """
    roots = [settings.store_path, settings.references_path]
    with Store(settings.store_path).lock(report):
        files = [*leftovers(names, settings), *(f for root in roots for f in _unfinished(root))]
        for file in files:
            file.unlink(missing_ok=True)
        folders = {folder for file in files for folder in file.parents if _is_inside(folder, roots)}
        for folder in sorted(folders, reverse=True):  # the innermost first
            with contextlib.suppress(OSError):  # it is not empty
                folder.rmdir()
    return files


def _unfinished(folder: Path) -> Iterator[Path]:
    found = (path for path in folder.rglob(".*") if _UNFINISHED.fullmatch(path.name))
    return (path for path in found if path.is_file())


def _is_inside(folder: Path, roots: Iterable[Path]) -> bool:
    return any(folder != root and folder.is_relative_to(root) for root in roots)
