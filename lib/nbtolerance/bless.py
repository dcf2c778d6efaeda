"""Accept new outputs as the reference, and print what changed."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nbtolerance.chapter import Chapter
from nbtolerance.check import Output, check_run
from nbtolerance.comparators import BadOutputError, explain
from nbtolerance.engines import engine
from nbtolerance.engines.task import Task
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
from nbtolerance.refusal import REFUSED, NbToleranceError, sentence
from nbtolerance.settings import Settings
from nbtolerance.settling import ready
from nbtolerance.status import Status
from nbtolerance.store import Executed

WHAT_HELPS = (
    "what helps: a seed; where the spread is as it should be, a tolerance with its why; or a tag "
    "on the cell: nbtolerance-ignore-times, or nbval-ignore-output"
)


class BlessRefusedError(NbToleranceError):
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
        Why it must be written; empty where the existing one will do.
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
        except NbToleranceError as error:
            yield _refuse(chapter, error)
    repeated = {} if once else _repeat(candidates, settings)
    for one in candidates:
        try:
            _require_the_same(one, repeated.get(one.chapter.name))
            yield from _accept(one, settings, everything=everything)
        except REFUSED as error:
            yield _refuse(one.chapter, error)


def _refuse(chapter: Chapter, error: Exception) -> BlessRefusedError:
    name = shlex.quote(chapter.name)
    return BlessRefusedError(f"nothing blessed for {name}: {sentence(error)}")


def _repeat(candidates: Iterable[_Candidate], settings: Settings) -> dict[str, Result]:
    """Run again what is new, beside what is stored; what reads what another writes, after it.

    What was made elsewhere cannot be run alike here.
    """
    new = (one for one in candidates if one.new and not one.executed.provenance.elsewhere)
    left = [Status(one.chapter, one.executed, []) for one in new]
    results: dict[str, Result] = {}
    while left:
        tasks = [Task(one.chapter) for one in ready(left)]
        done = engine()(tasks, settings, lambda name: None)
        results |= {task.chapter.name: result for task, result in done}
        left = [one for one in left if one.chapter.name not in results]
    return results


def _examine(chapter: Chapter, run: Result, settings: Settings) -> _Candidate:
    """Make a candidate of a run, if it can be a reference at all."""
    if isinstance(run, ExecutionError):
        raise BlessRefusedError(run)
    device = run.provenance.device.kind
    try:  # to read it back as the check will
        made = parse(render(chapter, run), device, reference_path(chapter, device, settings))
    except (ValueError, OverflowError, RecursionError) as error:
        raise BlessRefusedError(f"the check could not compare its outputs: {error}") from None
    if wrong := list(_failed(chapter, made, made.outputs)):
        raise BlessRefusedError("\n  ".join(["the check could not compare it", *wrong]))
    reasons, new = _reasons(chapter, made, settings)
    return _Candidate(chapter, run, made, reasons, new)


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
    return [*reasons, *_failed(chapter, old, made.outputs, " moved")], old.code != chapter.code


def _failed(
    chapter: Chapter, old: Reference, outputs: Sequence[list[Output]], how: str = ":"
) -> Iterator[str]:
    """Say what fails when outputs are held against a reference as the check does."""
    for row in check_run(chapter, old, outputs):
        if not row.comparison.passed:
            yield f"{row.name}{how}"
            yield from (f"  {line}" for line in explain(row.comparison))


def _require_the_same(one: _Candidate, repeated: Result | None) -> None:
    """Refuse a chapter whose second run is not like its first."""
    if repeated is None:
        return
    if isinstance(repeated, ExecutionError):
        raise BlessRefusedError(f"its second run failed: {repeated}")
    try:
        wrong = list(_failed(one.chapter, one.reference, condense(repeated)))
    except BadOutputError as error:
        raise BlessRefusedError(f"the check could not compare its second run: {error}") from None
    if wrong:
        said = ["two runs of it differ, so no later run would pass", *wrong, WHAT_HELPS]
        anyway = f"to bless it all the same: {bless_command(one.chapter.name, '--once')}"
        raise BlessRefusedError("\n  ".join([*said, anyway]))


def _accept(one: _Candidate, settings: Settings, *, everything: bool) -> Iterator[str]:
    name = shlex.quote(one.chapter.name)
    if one.reasons or everything:
        yield f"{name}: {write(one.chapter, one.executed, settings)}"
        yield from (f"  {reason}" for reason in one.reasons)
    else:
        yield f"{name}: within tolerance, kept"
