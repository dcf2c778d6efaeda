"""Bring the store up to date: run the chapters that are stale, and keep the results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nbtolerance.chapter import Chapter
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.machine import processors
from nbtolerance.products import products
from nbtolerance.settings import Settings
from nbtolerance.settling import Settling
from nbtolerance.status import Status
from nbtolerance.stopping import orderly_end
from nbtolerance.store import Executed, Store
from nbtolerance.told import tell, told


def ensure_executed(
    chapters: Iterable[Chapter],
    settings: Settings,
    *,
    fresh: bool | Collection[str] = False,
    elsewhere: bool = False,
    scheduler: str = "",
    report: Callable[[str], None] = print,
    shared: Path | None = None,
) -> dict[str, Result]:
    """Execute the chapters that are stale, side by side, and return every chapter's run.

    A chapter that reads what another writes is executed after it, and again if that changed it.

    Parameters
    ----------
    chapters
        The chapters. Others are executed too where they are stale and wrote what these read.
    settings
        The book's settings.
    fresh
        Execute all of them, stale or not; or those whose stored runs have these ids, so that
        several processes that were asked at once do the work once.
    elsewhere
        Mark what is executed as made to be carried to another machine.
    scheduler
        The address of a running dask scheduler; empty: the one that the environment variable
        ``NBTOLERANCE_SCHEDULER`` names, or else this machine.
    report
        Called with a line a chapter that was executed.
    shared
        A folder of several processes that were asked at once, so that a chapter in
        which a cell fails is executed once.

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
    work = Settling(chapters, settings, None if fresh is True else fresh or ())
    if work.stale():
        store = Store(settings.store_path)
        with store.lock(report):
            work.read()  # it may have done the work meanwhile
            work.take_over(told(shared) if shared else {})
            run = partial(_run, settings=settings, address=scheduler, store=store, report=report)
            with orderly_end():
                work.settle(partial(run, elsewhere=elsewhere), report)
            if shared:
                tell(shared, work.failures())
            products(store)  # what is known of the runs that are new
    return work.results()


def _run(
    stale: Sequence[Status],
    *,
    settings: Settings,
    address: str,
    store: Store,
    elsewhere: bool,
    report: Callable[[str], None],
) -> dict[str, Result]:
    # Here, not above: they take a moment to load, and most often nothing is stale.
    from nbtolerance.engines import engine
    from nbtolerance.engines.task import Task
    from nbtolerance.progress import Progress

    tasks = [
        Task(one.chapter, one.executed.provenance.seconds) if one.executed else Task(one.chapter)
        for one in stale
    ]
    results: dict[str, Result] = {}
    expected = {task.chapter.name: task.expected for task in tasks}
    with Progress(expected, report, settings.workers or processors()) as progress:
        for task, result in engine(address)(tasks, settings, progress.started):
            name = task.chapter.name
            if isinstance(result, Executed):
                if elsewhere:
                    result = replace(result, provenance=replace(result.provenance, elsewhere=True))
                store.write(name, result)
            results[name] = result
            progress.finished(name, _describe(result))
    return results


def _describe(result: Result) -> str:
    if isinstance(result, ExecutionError):
        return f"FAILED: {str(result).splitlines()[0]}"
    return f"executed in {result.provenance.seconds:.1f} s"
