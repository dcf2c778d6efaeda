"""Run one chapter, from its first cell to its last, in a kernel of its own."""

from __future__ import annotations

import contextlib
import copy
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from nbtolerance.chapter import Chapter, markers
from nbtolerance.failures import ExecutionError
from nbtolerance.fingerprint import Fingerprint, digests
from nbtolerance.settings import Settings
from nbtolerance.store import Executed, Provenance

DEATHS = 2  # so many times a chapter may lose its kernel before that is its own fault


def run(
    chapter: Chapter,
    depends_on: Fingerprint,
    settings: Settings,
    environment: Mapping[str, str] | None = None,
) -> Executed:
    """Run a chapter.

    Parameters
    ----------
    chapter
        The chapter.
    depends_on
        Its fingerprint; the data files that it reads are added to it.
    settings
        The book's settings.
    environment
        Variables that the kernel has beside, or other than, this process.

    Raises
    ------
    ExecutionError
        If a cell raises, takes longer than the time limit, or its kernel does not start or dies
        twice.
    """
    start = time.monotonic()
    for _ in range(DEATHS):
        notebook = _with_nbclient_tags(chapter)
        failure, read, memory = _execute(notebook, chapter, settings, environment or {})
        if _stopping.is_set() or not isinstance(failure, DeadKernelError):
            break
    executed = Executed(notebook, depends_on.with_files(read), _provenance(start, memory, settings))
    if failure:
        raise ExecutionError(
            chapter, _last_started(notebook), _say(failure, _limit(chapter, settings)), executed
        )
    return executed


_stopping = threading.Event()


@contextlib.contextmanager
def kernels_end_with_us() -> Iterator[None]:
    """Stop the kernels that this process has started when it is interrupted.

    A thread that waits for a kernel cannot be interrupted, but it ends with its kernel.
    """
    _stopping.clear()
    try:
        yield
    except BaseException:
        _stopping.set()
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "ipykernel_launcher" in child.cmdline():
                    child.kill()
        raise


def _execute(
    notebook: Any, chapter: Chapter, settings: Settings, environment: Mapping[str, str]
) -> tuple[Exception | None, dict[str, str], int]:
    """Run a notebook in place; returns how it failed, what it read, and its memory in bytes."""
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        log = Path(folder, "read")
        client = NotebookClient(
            notebook,
            config=_transport(Path(folder)),
            timeout=_limit(chapter, settings),
            allow_errors=chapter.page.allow_errors,
            kernel_name=notebook.metadata["kernelspec"]["name"],
            resources={"metadata": {"path": _working_folder(chapter, folder)}},
            extra_arguments=["--ext=nbtolerance.recorder", "--HistoryManager.enabled=False"],
            shutdown_kernel="immediate",  # its last cell has ended: nothing is left to wait for
        )
        failure = None
        try:
            # In a context of its own: Jupyter leaves its event loop in the context that it runs in,
            # from which threads that run chapters side by side would all take the same.
            Context().run(client.execute, env={**_environment(log, settings), **environment})
        # RuntimeError: of a kernel that died before it answered, and DeadKernelError.
        except (CellExecutionError, CellTimeoutError, NoSuchKernel, RuntimeError) as error:
            failure = error
        names = sorted(set(log.read_text("utf8").splitlines())) if log.exists() else []
        note = Path(folder, "memory")
        memory = int(note.read_text("utf8") or 0) if note.exists() else 0
    return failure, digests(names, settings.root), memory


def _working_folder(chapter: Chapter, otherwise: str) -> str:
    """The chapter's own folder; on a machine that has not got the book, a temporary one."""
    return str(chapter.path.parent) if chapter.path.parent.is_dir() else otherwise


def _environment(log: Path, settings: Settings) -> dict[str, str]:
    root = {"NBTOLERANCE_ROOT": str(settings.root), "NBTOLERANCE_READ": str(log)}
    return {**os.environ, "PYTHONHASHSEED": "0", **root}


def _transport(sockets: Path) -> Config:
    """Talk to the kernel through files where the system can: no port is open to other users."""
    config = Config()
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(sockets / "ipc")
    return config


def _limit(chapter: Chapter, settings: Settings) -> int:
    return chapter.page.timeout or settings.timeout


def _say(failure: Exception, limit: int) -> str:
    if isinstance(failure, CellExecutionError):
        return f"raised {failure.ename}: {failure.evalue}\n{failure.traceback}"
    if isinstance(failure, DeadKernelError):
        return f"lost its kernel {DEATHS} times: the process died"
    if isinstance(failure, NoSuchKernel):
        return f"needs the kernel {failure.name!r}, which is not installed"
    if isinstance(failure, RuntimeError):
        return f"could not be run: {failure}"
    return f"took longer than the {limit} s a cell may take"


# What nbval's markers mean to nbclient, which knows tags of its own.
_TAGS = {"skip": "skip-execution", "check_exception": "raises-exception"}


def _with_nbclient_tags(chapter: Chapter) -> Any:
    """A copy of the notebook in which nbval's markers, in tags and comments, are nbclient's."""
    notebook = copy.deepcopy(chapter.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            options = markers(cell)
            tags = [tag for option, tag in _TAGS.items() if options.get(option)]
            if tags:
                cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), *tags})
    return notebook


def _last_started(notebook: Any) -> int:
    """The number of the last code cell that was begun."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [n for n, cell in enumerate(code) if "execution" in cell.metadata]
    return max(started, default=0)


def _provenance(start: float, memory: int, settings: Settings) -> Provenance:
    return Provenance(
        settings.describe_device(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - start, 3),
        memory=memory,
    )
