"""Bring the store up to date: which chapters are stale, and why; run those and keep the result."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from nbtolerance.chapter import Chapter
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.fingerprint import (
    Fingerprint,
    digests,
    fingerprint,
)
from nbtolerance.machine import processors
from nbtolerance.progress import Progress
from nbtolerance.settings import Settings
from nbtolerance.store import Executed, Store

UNKNOWN_SECONDS = 5.0  # what a chapter that was never run is expected to take


@dataclass(frozen=True)
class Status:
    """Whether a chapter is fresh, and if not, what changed since it was run."""

    chapter: Chapter
    fingerprint: Fingerprint
    executed: Executed | None

    @property
    def changed(self) -> list[str]:
        """The names of what changed; ``["never executed"]`` where there is no earlier run.

        A run that was made elsewhere on purpose is held against the code alone: that its device
        and versions are not this machine's is why it was made there.
        """
        if self.executed is None:
            return ["never executed"]
        old, new = self.executed.fingerprint, self.fingerprint
        if self.executed.provenance.elsewhere:
            old, new = old.of_the_code(versions=False), new.of_the_code(versions=False)
        return old.changes(new)

    @property
    def fresh(self) -> bool:
        """Whether the stored outputs are those that running now would give."""
        return not self.changed


def status(chapter: Chapter, settings: Settings) -> Status:
    """Compare a chapter with its stored run."""
    executed = Store(settings.store_path).read(chapter.name)
    now = fingerprint(chapter, settings)
    if executed:
        now = now.with_files(digests(executed.fingerprint.files, settings.root))
    return Status(chapter, now, executed)


def ensure_executed(
    chapters: Iterable[Chapter],
    settings: Settings,
    *,
    fresh: bool = False,
    elsewhere: bool = False,
    scheduler: str = "",
    report: Callable[[str], None] = print,
) -> dict[str, Result]:
    """Execute the chapters that are stale, side by side, and return every chapter's run.

    Parameters
    ----------
    chapters
        The chapters.
    settings
        The book's settings.
    fresh
        Execute all of them, stale or not.
    elsewhere
        Mark what is executed as made to be carried to another machine.
    scheduler
        The address of a running dask scheduler; empty: the one that the environment variable
        ``NBTOLERANCE_SCHEDULER`` names, or else this machine.
    report
        Called with a line a chapter that was executed.

    Returns
    -------
    dict
        By chapter name, its run, or how it failed.

    Raises
    ------
    NoWorkerError
        If no worker may run a chapter.
    OSError
        If the store cannot be written to; what was good in it still is.
    """
    chapters = list(chapters)
    scheduler = scheduler or os.environ.get("NBTOLERANCE_SCHEDULER", "")
    states = [status(chapter, settings) for chapter in chapters]
    outdated = {now.executed.provenance.id for now in states if now.executed} if fresh else set()

    def done(now: Status) -> bool:
        return bool(now.executed and now.fresh and now.executed.provenance.id not in outdated)

    if not all(map(done, states)):
        store = Store(settings.store_path)
        with store.lock(lambda: report("another build is executing: waiting for it")):
            # It may have done the work meanwhile.
            states = [now if done(now) else status(now.chapter, settings) for now in states]
            stale = [now for now in states if not done(now)]
            ran = _run(stale, settings, store, elsewhere, scheduler, report)
    else:
        ran = {}
    return {now.chapter.name: ran.get(now.chapter.name) or _stored(now) for now in states}


def _stored(now: Status) -> Executed:
    assert now.executed is not None, f"{now.chapter.name} was neither stored nor run"
    return now.executed


def _run(
    stale: list[Status],
    settings: Settings,
    store: Store,
    elsewhere: bool,
    scheduler: str,
    report: Callable[[str], None],
) -> dict[str, Result]:
    if not stale:
        return {}
    # Here, not above: dask takes a moment to load, and most often nothing is stale.
    from nbtolerance.scheduling import Task, run_side_by_side

    tasks = [Task(now.chapter, fingerprint(now.chapter, settings), _expected(now)) for now in stale]
    results: dict[str, Result] = {}
    expected = {task.chapter.name: task.expected for task in tasks}
    with Progress(expected, report, settings.workers or processors()) as progress:
        for task, result in run_side_by_side(tasks, settings, scheduler, progress.started):
            name = task.chapter.name
            if isinstance(result, Executed):
                if elsewhere:
                    result = replace(result, provenance=replace(result.provenance, elsewhere=True))
                store.write(name, result)
            results[name] = result
            progress.finished(name, _describe(result))
    return results


def _expected(now: Status) -> float:
    """How long a chapter took the last time, in seconds."""
    return now.executed.provenance.seconds if now.executed else UNKNOWN_SECONDS


def _describe(result: Result) -> str:
    if isinstance(result, ExecutionError):
        return f"FAILED: {str(result).splitlines()[0]}"
    return f"executed in {result.provenance.seconds:.1f} s"
