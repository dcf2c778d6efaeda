"""Accept new outputs as the reference, and print what changed."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbtolerance.chapter import Cell, Chapter, markers
from nbtolerance.check import Output, Row, check_cell
from nbtolerance.comparators import BadOutputError, explain
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.reference import (
    BadReferenceError,
    Reference,
    bless_command,
    condense,
    parse,
    read,
    reference_path,
    render,
    write,
)
from nbtolerance.refresh import ensure_executed
from nbtolerance.repeat import run_again
from nbtolerance.settings import Settings
from nbtolerance.status import Status
from nbtolerance.store import Executed

WHAT_HELPS = (
    "what helps: a seed; where the spread is as it should be, a tolerance with its why; or the tag "
    "nbval-ignore-output on the cell"
)


class BlessRefusedError(Exception):
    """Blessing was refused; the message says why."""


@dataclass(frozen=True)
class _Candidate:
    """A run that may become the reference of its chapter.

    Parameters
    ----------
    chapter, executed
        The chapter and its run.
    reference
        What the reference would be.
    reasons
        Why it must be written; empty where the one that is there will do.
    new
        Whether there is no reference of this code yet.
    """

    chapter: Chapter
    executed: Executed
    reference: Reference
    reasons: list[str] = field(default_factory=list)
    new: bool = False


def bless(
    chapters: Iterable[Chapter], settings: Settings, *, everything: bool = False, once: bool = False
) -> Iterator[str | BlessRefusedError]:
    """Execute what is stale and rewrite the references that are missing, stale or moved.

    A chapter that is new, or has new code, is run twice. Where the two runs differ it is refused:
    no later run would pass either.

    Parameters
    ----------
    chapters
        The chapters.
    settings
        The book's settings.
    everything
        Rewrite all references, also those within tolerance.
    once
        Run new chapters once, and bless them whatever is random in them.

    Yields
    ------
    str or BlessRefusedError
        Lines that say what was rewritten and why, with old, new and difference; and for each
        chapter that is refused, why.

    Raises
    ------
    BlessRefusedError
        In CI, where nobody looks at what is accepted.
    """
    if os.environ.get("CI"):
        raise BlessRefusedError(
            "bless is for a person who looks at the values: refused because CI is set"
        )
    chapters = list(chapters)
    results = ensure_executed(chapters, settings)
    candidates: list[_Candidate] = []
    for chapter in chapters:
        try:
            candidates.append(_examine(chapter, results[chapter.name], settings))
        except BlessRefusedError as error:
            yield error
    repeated = {} if once else _repeat(candidates, settings)
    for one in candidates:
        try:
            _require_the_same(one, repeated)
            yield from _accept(one, settings, everything=everything)
        except BlessRefusedError as error:
            yield error


def _repeat(candidates: Iterable[_Candidate], settings: Settings) -> dict[str, Result]:
    """Run again what is new; what was made elsewhere cannot be run alike here."""
    new = (one for one in candidates if one.new and not one.executed.provenance.elsewhere)
    return run_again([Status(one.chapter, one.executed, []) for one in new], settings)


def _refuse(chapter: Chapter, reason: object) -> BlessRefusedError:
    return BlessRefusedError(f"nothing blessed for {shlex.quote(chapter.name)}: {reason}")


def _examine(chapter: Chapter, result: Result, settings: Settings) -> _Candidate:
    """Make a candidate of a run, if it can be a reference at all."""
    if isinstance(result, ExecutionError):
        raise _refuse(chapter, result)
    reference = _made_of(chapter, result, settings)
    for row in _moved(chapter, reference, reference.outputs):
        raise _refuse(chapter, _failed("the check could not compare it", row))
    reasons, new = _reasons(chapter, reference, settings)
    return _Candidate(chapter, result, reference, reasons, new)


def _made_of(chapter: Chapter, run: Executed, settings: Settings) -> Reference:
    """The reference that a run makes, read back as the check will read it."""
    device = run.provenance.device.kind
    try:
        return parse(render(chapter, run), device, reference_path(chapter, device, settings))
    except (ValueError, OverflowError, RecursionError) as error:
        raise _refuse(chapter, f"the check could not compare its outputs: {error}") from None


def _reasons(chapter: Chapter, made: Reference, settings: Settings) -> tuple[list[str], bool]:
    """Why the reference must be written, and whether there is none of this code yet."""
    try:
        old = read(chapter, made.device, settings)
    except BadReferenceError as error:
        return [str(error)], True
    if old is None:
        return [f"there was no reference for {made.device}"], True
    reasons = ["its code has changed"] if old.code != chapter.code else []
    there, here = len(old.outputs), len(chapter.cells)
    if there != here:
        reasons.append(f"it has {there} cells, the chapter {here}")
    for row in _moved(chapter, old, made.outputs):
        reasons += [f"{row.name} moved", *(f"  {line}" for line in explain(row.comparison))]
    return reasons, old.code != chapter.code


def _moved(chapter: Chapter, old: Reference, outputs: Sequence[list[Output]]) -> Iterator[Row]:
    """The rows that fail when outputs are held against a reference as the check does."""
    for cell, expected, got in zip(chapter.cells, old.outputs, outputs, strict=False):
        if _is_compared(cell):
            rows = check_cell(chapter, cell, old, expected, got)
            yield from (row for row in rows if not row.comparison.passed)


def _is_compared(cell: Cell) -> bool:
    marks = markers(cell)
    return marks.get("check", True) and not marks.get("skip", False)


def _failed(what: str, *rows: Row) -> str:
    lines = [what]
    for row in rows:
        lines += [f"  {row.name}:", *(f"    {line}" for line in explain(row.comparison))]
    return "\n".join(lines)


def _require_the_same(one: _Candidate, repeated: Mapping[str, Result]) -> None:
    """Refuse a chapter whose second run is not like its first."""
    chapter, result = one.chapter, repeated.get(one.chapter.name)
    if result is None:
        return
    if isinstance(result, ExecutionError):
        raise _refuse(chapter, f"its second run failed: {result}")
    try:
        rows = list(_moved(chapter, one.reference, condense(result)))
    except BadOutputError as error:
        raise _refuse(chapter, f"the check could not compare its second run: {error}") from None
    if rows:
        said = _failed("two runs of it differ, so no later run would pass", *rows)
        anyway = f"to bless it all the same: {bless_command(chapter.name, '--once')}"
        raise _refuse(chapter, f"{said}\n  {WHAT_HELPS}\n  {anyway}")


def _accept(one: _Candidate, settings: Settings, *, everything: bool) -> Iterator[str]:
    name = shlex.quote(one.chapter.name)
    if not one.reasons and not everything:
        yield f"{name}: within tolerance, kept"
        return
    try:
        yield f"{name}: {write(one.chapter, one.executed, settings)}"
    except OSError as error:
        raise _refuse(one.chapter, f"{error.filename}: {error.strerror}") from None
    yield from (f"  {reason}" for reason in one.reasons)
