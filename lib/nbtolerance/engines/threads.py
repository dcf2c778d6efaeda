"""Run chapters on this machine: each in a kernel, and in a thread that waits for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from nbtolerance.engines.task import Task, longest_first
from nbtolerance.failures import NoWorkerError, Result
from nbtolerance.machine import processors
from nbtolerance.runner import run
from nbtolerance.settings import Settings
from nbtolerance.stopping import runs_end_with_us
from nbtolerance.workplace import sweep

THREADS = "nbtolerance-run"


def run_here(
    tasks: Sequence[Task], settings: Settings, started: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[Task, Result]]:
    """Run tasks side by side, as many as there are cores or the settings say; see `Engine`."""
    if settings.describe_device().kind == "cpu":
        for task in tasks:
            if task.needs_gpu:
                raise NoWorkerError(f"{task.chapter.name} needs a GPU, and no worker has one")
    sweep()
    left = longest_first(tasks)
    workers = settings.workers or processors()
    running: dict[Future[Result], Task] = {}
    with _no_thread_left(), ThreadPoolExecutor(workers, THREADS) as pool, runs_end_with_us():
        while left or running:
            while len(running) < workers and (one := _next(left, running.values())):
                left.remove(one)
                started(one.chapter.name)
                running[pool.submit(run, one.chapter, settings, one.environment)] = one
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


@contextlib.contextmanager
def _no_thread_left() -> Iterator[None]:
    """Wait for all threads: the pool does not know of one that it was interrupted in starting."""
    try:
        yield
    finally:
        for thread in threading.enumerate():
            if thread.name.startswith(THREADS):
                thread.join()


def _next(left: Sequence[Task], running: Iterable[Task]) -> Task | None:
    """Return the first task that may begin now: one that needs the GPU waits until it is free."""
    busy = any(task.needs_gpu for task in running)
    return next((task for task in left if not (busy and task.needs_gpu)), None)
