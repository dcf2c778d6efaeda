"""Run chapters side by side with dask: on this machine's cores, or on a running cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster, as_completed, get_worker
from distributed.scheduler import KilledWorker

from nbtolerance.chapter import Chapter, chapter_from
from nbtolerance.failures import ExecutionError, NoWorkerError, Result
from nbtolerance.fingerprint import Fingerprint, digests, fingerprint
from nbtolerance.machine import processors
from nbtolerance.runner import kernels_end_with_us, run
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

GPU_TAG = "needs-gpu"
TOPIC = "nbtolerance"


@dataclass(frozen=True)
class Task:
    """A chapter to run: what it depends on here, and how long it took the last time, in seconds."""

    chapter: Chapter
    depends_on: Fingerprint
    expected: float


@dataclass(frozen=True)
class Refused:
    """A worker's answer where it has other code than the book: its outputs would be another's."""

    worker: str
    differences: list[str]


def run_side_by_side(
    tasks: list[Task], settings: Settings, scheduler: str = "", on_start: Any = None
) -> Iterator[tuple[Task, Result]]:
    """Run chapters, the longest first, and yield each as it is done.

    Parameters
    ----------
    tasks
        The chapters. One that is tagged ``needs-gpu`` holds a worker's resource ``GPU`` while it
        runs, so that two of them never share a GPU's memory.
    settings
        The book's settings.
    scheduler
        The address of a running dask scheduler; empty: this machine's cores, one chapter a core.
    on_start
        Called with a chapter's name when a worker begins it.

    Raises
    ------
    NoWorkerError
        If there is no worker, or each has another version of the library, or none has a GPU.
    """
    with _client(scheduler, settings) as client:
        if on_start:
            client.subscribe_topic(TOPIC, lambda event: on_start(event[1]))
        # In this order too: a worker that is free does not wait for the next to be submitted.
        longest_first = sorted(tasks, key=lambda task: -task.expected)
        futures = {_submit(client, task, settings, set()): task for task in longest_first}
        refused: set[str] = set()
        completed = as_completed(futures)
        for future in completed:
            task = futures.pop(future)
            outcome = _believed(_outcome(future, task), settings)
            if not isinstance(outcome, Refused):
                yield task, outcome
                continue
            refused.add(outcome.worker)
            again = _submit(client, task, settings, refused, outcome.differences)
            futures[again] = task
            completed.add(again)


@contextlib.contextmanager
def _client(scheduler: str, settings: Settings) -> Iterator[Client]:
    """Connect to a cluster, or start one: a single worker in this process, a thread a core."""
    if scheduler:
        with Client(scheduler, timeout=10) as client:
            yield client
        return
    gpus = 1 if settings.describe_device().kind != "cpu" else 0
    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=settings.workers or processors(),
            processes=False,  # each chapter has a process of its own anyway: its kernel
            resources={"GPU": gpus},
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
        kernels_end_with_us(),
    ):
        yield client


def _submit(
    client: Client,
    task: Task,
    settings: Settings,
    refused: set[str],
    differences: list[str] | None = None,
) -> Any:
    workers = _allowed_workers(client, task, refused, differences or [])
    return client.submit(
        run_on_worker,
        task.chapter.name,
        task.chapter.text,
        task.depends_on,
        settings,
        key=f"{task.chapter.name}-{task.chapter.code}-{len(refused)}-{os.urandom(4).hex()}",
        pure=False,
        priority=task.expected,
        resources={"GPU": 1} if GPU_TAG in task.chapter.tags else None,
        workers=workers,
    )


def _allowed_workers(
    client: Client, task: Task, refused: set[str], differences: list[str]
) -> list[str] | None:
    """The workers that may run a chapter; ``None`` where any may, also one that joins later."""
    known = client.scheduler_info(n_workers=-1)["workers"]
    needs_gpu = GPU_TAG in task.chapter.tags
    if needs_gpu and not any(w["resources"].get("GPU") for w in known.values()):
        raise NoWorkerError(f"{task.chapter.name} needs a GPU, and no worker has one")
    if not refused:
        return None
    left = sorted(set(known) - refused)
    if not left:
        names = ", ".join(sorted(refused))
        raise NoWorkerError(
            f"{task.chapter.name}: every worker has other code than the book ({names}); "
            f"they differ in {', '.join(differences)}"
        )
    return left


def run_on_worker(
    name: str, text: str, depends_on: Fingerprint, settings: Settings
) -> Executed | ExecutionError | Refused:
    """Run a chapter where dask has sent it, if the code there is the book's."""
    chapter = chapter_from(text, Path(settings.book_path, f"{name}.md"), settings)
    worker = get_worker()
    here = fingerprint(chapter, settings)
    differences = depends_on.of_the_code().changes(here.of_the_code())
    if differences:
        return Refused(worker.address, differences)
    worker.log_event(TOPIC, name)
    try:
        executed = run(chapter, here, settings)
    except ExecutionError as error:
        return error
    # Another device, on purpose: somebody chose the cluster.
    elsewhere = bool(depends_on.changes(here))
    made = replace(executed.provenance, elsewhere=elsewhere, worker=worker.address)
    return replace(executed, provenance=made)


def _believed(outcome: Result | Refused, settings: Settings) -> Result | Refused:
    """Refuse a run that read other data files than this machine has."""
    if isinstance(outcome, Executed):
        ran = outcome.fingerprint
        differences = ran.changes(ran.with_files(digests(ran.files, settings.root)))
        if differences:
            return Refused(outcome.provenance.worker, differences)
    return outcome


def _outcome(future: Any, task: Task) -> Result | Refused:
    try:
        outcome: Result | Refused = future.result()
    except KilledWorker as error:
        nothing = Executed(task.chapter.notebook, task.depends_on)
        return ExecutionError(task.chapter, 0, f"lost every worker that ran it: {error}", nothing)
    return outcome
