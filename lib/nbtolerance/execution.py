"""Run the chapters that are stale, each in a kernel of its own, and keep what they gave."""

from __future__ import annotations

import copy
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbval.plugin import find_comment_markers, find_metadata_tags
from traitlets.config import Config

from nbtolerance.chapter import Chapter
from nbtolerance.fingerprint import Fingerprint, changes, fingerprint
from nbtolerance.settings import Settings
from nbtolerance.store import Executed, Store


class ExecutionError(Exception):
    """A chapter could not be run to its end; nothing of the run is kept in the store.

    Parameters
    ----------
    chapter
        The chapter.
    number
        The number of the code cell in which it ended.
    reason
        What happened, with the traceback where there is one.
    partial
        The run up to there.
    """

    def __init__(self, chapter: Chapter, number: int, reason: str, partial: Executed) -> None:
        self.chapter, self.number, self.reason, self.partial = chapter, number, reason, partial
        line = chapter.cells[number].line if chapter.cells else 1
        super().__init__(f"{chapter.path}:{line}: cell {number} of {chapter.name} {reason}")


@dataclass(frozen=True)
class Status:
    """Whether a chapter is fresh, and if not, what changed since it was run."""

    chapter: Chapter
    fingerprint: Fingerprint
    executed: Executed | None

    @property
    def changed(self) -> list[str]:
        """The names of what changed; ``["never executed"]`` where there is no earlier run."""
        if self.executed is None:
            return ["never executed"]
        return changes(self.executed.fingerprint, self.fingerprint)

    @property
    def fresh(self) -> bool:
        """Whether the stored outputs are those that running now would give."""
        return not self.changed


def status(chapter: Chapter, settings: Settings) -> Status:
    """Compare a chapter with its stored run."""
    executed = Store(settings.store_path).read(chapter.name)
    return Status(chapter, fingerprint(chapter, settings), executed)


Result = Executed | ExecutionError


def ensure_executed(
    chapters: Iterable[Chapter],
    settings: Settings,
    *,
    fresh: bool = False,
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
    report
        Called with a line a chapter that was executed.

    Returns
    -------
    dict
        By chapter name, its run, or how it failed.
    """
    results: dict[str, Result] = {}
    stale: list[Chapter] = []
    for chapter in chapters:
        now = status(chapter, settings)
        if now.executed and now.fresh and not fresh:
            results[chapter.name] = now.executed
        else:
            stale.append(chapter)
    for done, (name, result) in enumerate(_run_all(stale, settings, fresh), 1):
        results[name] = result
        report(f"[{done}/{len(stale)}] {_describe(name, result)}")
    return results


def _describe(name: str, result: Result) -> str:
    if isinstance(result, ExecutionError):
        return f"{name} FAILED: {str(result).splitlines()[0]}"
    return f"{name} executed in {result.provenance['seconds']:.1f} s"


def _run_all(
    chapters: list[Chapter], settings: Settings, fresh: bool
) -> Iterator[tuple[str, Result]]:
    if not chapters:
        return
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        futures = {pool.submit(_run_locked, c, settings, fresh): c.name for c in chapters}
        for future in as_completed(futures):
            yield futures[future], future.result()


def _run_locked(chapter: Chapter, settings: Settings, fresh: bool) -> Result:
    store = Store(settings.store_path)
    asked = time.time()
    with store.lock(chapter.name):
        now = status(chapter, settings)
        # Another build may have done the work while this one waited for the lock.
        if now.executed and now.fresh and not (fresh and now.executed.provenance["end"] < asked):
            return now.executed
        try:
            executed = run(chapter, now.fingerprint, settings)
        except ExecutionError as failure:
            return failure
        store.write(chapter.name, executed)
        return executed


def run(chapter: Chapter, depends_on: Fingerprint, settings: Settings) -> Executed:
    """Run a chapter from its first cell to its last in a new kernel.

    Raises
    ------
    ExecutionError
        If a cell raises, takes longer than the time limit, or its kernel dies.
    """
    notebook = _with_nbclient_tags(chapter)
    start = time.time()
    with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
        failure = _execute(notebook, chapter, settings, Path(sockets))
    executed = Executed(notebook, depends_on, _provenance(start, settings))
    if failure:
        raise ExecutionError(chapter, _last_started(notebook), failure, executed)
    return executed


def _execute(notebook: Any, chapter: Chapter, settings: Settings, sockets: Path) -> str:
    """Run a notebook in place; returns how it failed, empty where it did not."""
    client = NotebookClient(
        notebook,
        config=_transport(sockets),
        timeout=settings.timeout,
        kernel_name=notebook.metadata["kernelspec"]["name"],
        resources={"metadata": {"path": str(chapter.path.parent)}},
        extra_arguments=["--ext=nbtolerance.kernel", "--HistoryManager.enabled=False"],
        shutdown_kernel="immediate",  # its last cell has ended: nothing is left to wait for
    )
    try:
        client.execute(env={**os.environ, "PYTHONHASHSEED": "0"})
    except CellExecutionError as error:
        return f"raised {error.ename}: {error.evalue}\n{error.traceback}"
    except CellTimeoutError:
        return f"took longer than the {settings.timeout} s a cell may take"
    except DeadKernelError:
        return "lost its kernel: the process died"
    return ""


def _transport(sockets: Path) -> Config:
    """Talk to the kernel through files where the system can: no port is open to other users."""
    config = Config()
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets / "ipc")
    return config


# What nbval's markers mean to nbclient, which knows tags of its own.
_TAGS = {"skip": "skip-execution", "check_exception": "raises-exception"}


def _with_nbclient_tags(chapter: Chapter) -> Any:
    """A copy of the notebook in which nbval's markers, in tags and comments, are nbclient's."""
    notebook = copy.deepcopy(chapter.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            options = dict([*find_metadata_tags(cell.metadata), *find_comment_markers(cell.source)])
            tags = [tag for option, tag in _TAGS.items() if options.get(option)]
            if tags:
                cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), *tags})
    return notebook


def _last_started(notebook: Any) -> int:
    """The number of the last code cell that was begun."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [n for n, cell in enumerate(code) if "execution" in cell.metadata]
    return max(started, default=0)


def _provenance(start: float, settings: Settings) -> dict[str, Any]:
    end = time.time()
    return {
        "device": settings.describe_device(),
        "date": datetime.fromtimestamp(end, UTC).isoformat(timespec="seconds"),
        "end": end,
        "seconds": round(end - start, 3),
    }
