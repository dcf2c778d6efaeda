"""Accept new outputs as the reference, and print what changed."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbtolerance.chapter import Chapter
from nbtolerance.check import Row, check_cell
from nbtolerance.comparators import explain
from nbtolerance.failures import ExecutionError
from nbtolerance.reference import (
    BadReferenceError,
    Reference,
    condense,
    devices,
    read,
    reference_path,
    write,
)
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import Settings
from nbtolerance.store import Executed


class BlessRefusedError(Exception):
    """Blessing was refused; the message says why."""


def bless(chapters: Iterable[Chapter], settings: Settings, *, everything: bool) -> Iterator[str]:
    """Execute what is stale and rewrite the references that are missing, stale or moved.

    Parameters
    ----------
    chapters
        The chapters.
    settings
        The book's settings.
    everything
        Rewrite all references, also those within tolerance.

    Yields
    ------
    str
        Lines that say what was rewritten and why, with old, new and difference.

    Raises
    ------
    BlessRefusedError
        In CI, where nobody looks at what is accepted, and for a chapter that fails.
    """
    if os.environ.get("CI"):
        raise BlessRefusedError(
            "bless is for a person who looks at the values: refused because CI is set"
        )
    chapters = list(chapters)
    results = ensure_executed(chapters, settings)
    for chapter in chapters:
        result = results[chapter.name]
        if isinstance(result, ExecutionError):
            raise BlessRefusedError(f"nothing blessed for {chapter.name}: {result}")
        reasons = list(_reasons(chapter, result, settings))
        if reasons or everything:
            yield f"{shlex.quote(chapter.name)}: {write(chapter, result, settings)}"
            yield from (f"  {reason}" for reason in reasons)
        else:
            yield f"{shlex.quote(chapter.name)}: within tolerance, kept"


def _reasons(chapter: Chapter, executed: Executed, settings: Settings) -> Iterator[str]:
    """Why the reference of the run's device must be rewritten; nothing where it need not."""
    device = executed.provenance.device.kind
    path = reference_path(chapter, device, settings)
    if not path.is_file():
        yield f"there was no reference for {device}"
        return
    try:
        reference = read(path, device)
    except BadReferenceError as error:
        yield str(error)
        return
    if reference.code != chapter.code:
        yield "its code has changed"
    there, here = len(reference.outputs), len(chapter.cells)
    if there != here:
        yield f"it has {there} cells, the chapter {here}"
    for row in _moved(chapter, executed, reference):
        yield f"{row.name} moved"
        yield from (f"  {line}" for line in explain(row.comparison))


def _moved(chapter: Chapter, executed: Executed, reference: Reference) -> Iterator[Row]:
    outputs = condense(executed)
    for cell, expected, got in zip(chapter.cells, reference.outputs, outputs, strict=False):
        rows = check_cell(chapter, cell, reference, expected, got)
        yield from (row for row in rows if not row.comparison.passed)


def orphans(names: Iterable[str], settings: Settings) -> list[Path]:
    """References that belong to no chapter."""
    known = set(names)
    found = []
    for device in devices(settings):
        folder = settings.references_path / device
        found += [
            path
            for path in sorted(folder.rglob("*.json"))
            if path.relative_to(folder).with_suffix("").as_posix() not in known
        ]
    return found
