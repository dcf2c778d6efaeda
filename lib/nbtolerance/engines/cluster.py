"""Run chapters on many machines, through a running dask scheduler.

A worker has a copy of the book of its own, which may be another: what it ran is believed if every
module that the run read is the same as here. Where its data are others, the chapter stays stale.
"""

from __future__ import annotations

import gc
import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Client, as_completed, get_worker
from distributed.scheduler import KilledWorker

from nbtolerance.chapter import chapter_from
from nbtolerance.engines.task import Task, longest_first
from nbtolerance.failures import ExecutionError, NoWorkerError, Result
from nbtolerance.fingerprint import Fingerprint, name_of, now, own_modules
from nbtolerance.runner import run
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

TOPIC = "nbtolerance"


@dataclass(frozen=True)
class Refused:
    """A worker has other code than the book: its outputs would be another's."""

    worker: str
    differences: list[str]


def run_there(
    address: str, tasks: Sequence[Task], settings: Settings, started: Callable[[str], None]
) -> Iterator[tuple[Task, Result]]:
    """Run tasks on the workers of a scheduler, which hold a resource ``GPU`` for some.

    Raises
    ------
    NoWorkerError
        If there is no worker, or each has another version of the library, or none has a GPU.
    """
    with _client(address) as client:
        client.subscribe_topic(TOPIC, lambda event: started(event[1]))
        # In this order too: a worker that is free does not wait for the next to be submitted.
        futures = {_submit(client, task, settings, {}): task for task in longest_first(tasks)}
        refusals: dict[str, list[str]] = {}
        completed = as_completed(futures)
        for future in completed:
            task = futures.pop(future)
            outcome = _outcome(future, task, settings)
            if not isinstance(outcome, Refused):
                yield task, outcome
                continue
            refusals[outcome.worker] = outcome.differences
            again = _submit(client, task, settings, refusals)
            futures[again] = task
            completed.add(again)


def _client(address: str) -> Client:
    try:
        return Client(address, timeout=10)
    except (OSError, TypeError, ValueError) as error:  # of an address, of TLS
        said = str(error)
    # What is left of the client closes itself as it is collected. Where that is when Python ends,
    # it waits for 20 s for a thread that is gone, and then shows a traceback.
    gc.collect()
    raise NoWorkerError(f"the scheduler {address} cannot be reached: {said}")


def _submit(client: Client, task: Task, settings: Settings, refusals: dict[str, list[str]]) -> Any:
    name = task.chapter.name
    return client.submit(
        run_on_worker,
        name,
        task.chapter.text,
        settings,
        dict(task.environment),
        key=f"{name}-{task.chapter.code}-{os.urandom(4).hex()}",
        pure=False,
        priority=task.expected,
        resources={"GPU": 1} if task.needs_gpu else None,
        workers=_allowed_workers(client, task, refusals),
    )


def _allowed_workers(
    client: Client, task: Task, refusals: dict[str, list[str]]
) -> list[str] | None:
    """Return the workers that may run a chapter; ``None`` where any may, even a later one."""
    known = client.scheduler_info(n_workers=-1)["workers"]
    if not known:
        raise NoWorkerError(f"{task.chapter.name} cannot be run: the scheduler has no worker")
    if task.needs_gpu and not any(w["resources"].get("GPU") for w in known.values()):
        raise NoWorkerError(f"{task.chapter.name} needs a GPU, and no worker has one")
    left = sorted(set(known) - set(refusals))
    if refusals and not left:
        names = ", ".join(sorted(refusals))
        differences = ", ".join(sorted({d for found in refusals.values() for d in found}))
        raise NoWorkerError(
            f"{task.chapter.name}: every worker has other code than the book ({names}); "
            f"they differ in {differences}"
        )
    return left if refusals else None


def run_on_worker(name: str, text: str, settings: Settings, environment: dict[str, str]) -> Result:
    """Run a chapter where dask has sent it."""
    worker = get_worker()
    worker.log_event(TOPIC, name)
    chapter = chapter_from(text, Path(settings.book_path, f"{name}.md"), settings)
    result = run(chapter, settings, environment)
    if isinstance(result, ExecutionError):
        made = replace(result.partial.provenance, worker=worker.address)
        partial = replace(result.partial, provenance=made)
        return ExecutionError(chapter, result.number, result.reason, partial)
    return replace(result, provenance=replace(result.provenance, worker=worker.address))


def _outcome(future: Any, task: Task, settings: Settings) -> Result | Refused:
    """Return what became of a chapter; refused where the worker has other modules."""
    try:
        result: Result = future.result()
    except KilledWorker as error:
        reason = f"lost every worker that ran it: {error}"
        return ExecutionError(task.chapter, 0, reason, Executed(task.chapter.notebook))
    except Exception as error:  # whatever a worker raises that cannot read what it was sent
        said = " ".join(str(error).split())
        raise NoWorkerError(
            f"{task.chapter.name} was not run by a worker: scheduler and workers must have the "
            f"nbtolerance that this machine has ({type(error).__name__}: {said})"
        ) from None
    executed = result.partial if isinstance(result, ExecutionError) else result
    there = _at_home(executed.fingerprint, settings.root)
    here = now(there, task.chapter, settings)
    changed = there.of_the_code().changes(here.of_the_code())
    # Other data may have been written by another chapter since: then this one is run again.
    if differences := [name for name in changed if name[:5] != "file " or name[-3:] == ".py"]:
        return Refused(executed.provenance.worker, differences)
    if isinstance(result, ExecutionError):
        return result
    # Another device, on purpose: somebody chose the cluster.
    made = replace(executed.provenance, elsewhere=bool(there.changes(here)))
    return replace(executed, fingerprint=there, provenance=made)


def _at_home(there: Fingerprint, root: Path) -> Fingerprint:
    """Return a worker's fingerprint with the files of its modules named as they are here."""
    moved = {}
    for name, place in own_modules(there.files).items():
        spec = importlib.util.find_spec(name) if os.path.isabs(place) else None
        if spec and spec.origin:
            file = Path(spec.origin)
            moved[place] = name_of(file.parent if file.stem == "__init__" else file, root)
    return replace(there, files={_renamed(path, moved): s for path, s in there.files.items()})


def _renamed(path: str, moved: dict[str, str]) -> str:
    for place, here in moved.items():
        if path == place or path.startswith(f"{place}/"):
            return here + path.removeprefix(place)
    return path
