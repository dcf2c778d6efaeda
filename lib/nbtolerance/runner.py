"""Run one chapter, from its first cell to its last, in a kernel of its own."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from nbtolerance.chapter import Chapter, markers
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.fingerprint import after, before
from nbtolerance.kernel import CellFaultError, Kernel, said_at_death
from nbtolerance.kernelspec import made_of
from nbtolerance.named import Named
from nbtolerance.settings import Settings
from nbtolerance.stopping import stopped_by, stopping
from nbtolerance.store import Executed, Provenance
from nbtolerance.used import Used, read_log
from nbtolerance.watching import FOLDER, LOG, PLACES, WORDS, Places
from nbtolerance.workplace import private_folder

ATTEMPTS = 2  # a chapter whose kernel dies in each of them is at fault itself

# What IPython's kernels are told, and no others would understand.
OPTIONS = ["--ext=nbtolerance.recorder", "--HistoryManager.enabled=False"]

SILENT = logging.Logger("nbclient", logging.CRITICAL + 1)  # what it would say, the result says


def run(
    chapter: Chapter, settings: Settings, environment: Mapping[str, str] | None = None
) -> Result:
    """Run a chapter; not in the main thread, which alone can be interrupted.

    Parameters
    ----------
    chapter
        The chapter.
    settings
        The book's settings.
    environment
        Variables that the kernel has beside, or other than, this process.

    Returns
    -------
    Executed or ExecutionError
        The second if a cell raises, takes longer than the time limit, or has too large an output,
        or if its kernel does not start or dies twice. It has the run up to there.
    """
    known = before(chapter, settings)
    start = time.monotonic()
    for _ in range(ATTEMPTS):
        notebook = _with_nbclient_tags(chapter)
        failure, used = _execute(notebook, chapter, settings, environment or {})
        if stopping() or not isinstance(failure, _KernelDiedError):
            break
    made = Provenance(
        known.device,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - start, 3),
        memory=used.memory,
        unseen=used.unseen,
    )
    executed = Executed(notebook, after(known, chapter, used, settings.root), made)
    if failure:
        return ExecutionError(chapter, _last_started(notebook), str(failure), executed)
    return executed


class _RunError(Exception):
    """A notebook was not executed to its end; the message says why."""


class _KernelDiedError(_RunError):
    """Its kernel died."""


def _execute(
    notebook: Any, chapter: Chapter, settings: Settings, environment: Mapping[str, str]
) -> tuple[_RunError | None, Used]:
    """Run a notebook in place; returns how it failed, and what it used."""
    with private_folder() as folder:
        places = {"root": str(settings.root), "store": str(settings.store_path)}
        (folder / PLACES).write_text(json.dumps(places), "utf8")
        named = Named(chapter, Places(str(folder), **places))
        watched = not made_of(chapter.kernel)
        limit = chapter.page.timeout or settings.timeout
        kernel = Kernel(
            notebook,
            config=_connection(folder, files=watched),
            log=SILENT,
            timeout=limit,
            allow_errors=chapter.page.allow_errors,
            kernel_name=chapter.kernel,
            resources={"metadata": {"path": _working_folder(chapter, folder)}},
            extra_arguments=OPTIONS if watched else [],
            raise_on_iopub_timeout=True,  # rather than to go on without some outputs,
            iopub_timeout=30,  # however busy the machine is
            shutdown_kernel="immediate",  # its last cell has ended: nothing is left to wait for
        )
        own = {"PYTHONHASHSEED": "0", FOLDER: str(folder)}
        words = folder / WORDS
        failure = None
        try:
            asyncio.run(_stoppable(kernel, {**os.environ, **own, **environment}, words))
        except Exception as error:  # one faulty chapter never stops the others
            failure = _failure(error, kernel, words, limit)
        except asyncio.CancelledError:
            failure = _RunError("was stopped")
        return failure, read_log(folder / LOG, settings.root) or named.used()


async def _stoppable(kernel: Kernel, environment: dict[str, str], words: Path) -> None:
    """Execute, unless this process ends meanwhile."""
    task = asyncio.current_task()
    assert task is not None
    with stopped_by(partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)):
        if not stopping():
            with words.open("ab") as last:  # what it says otherwise is among the outputs
                await kernel.async_execute(env=environment, stdout=subprocess.DEVNULL, stderr=last)


def _working_folder(chapter: Chapter, otherwise: Path) -> str:
    """Return the chapter's own folder; on a machine that has not got the book, a temporary one."""
    return str(chapter.path.parent if chapter.path.parent.is_dir() else otherwise)


def _connection(folder: Path, *, files: bool) -> Config:
    """Talk to the kernel through files where it can: no port is open to other users.

    Many kernels know ports only. What they are told there is signed with a key that is in a file.
    """
    config = Config()
    config.KernelManager.connection_file = str(folder / "kernel.json")
    short = len(str(folder)) < 90  # the system takes some 100 characters
    if files and short and sys.platform != "win32":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(folder / "ipc")
    return config


def _failure(error: Exception, kernel: Kernel, words: Path, limit: int) -> _RunError:
    if kernel.fault or isinstance(error, CellFaultError):
        return _RunError(kernel.fault or error)
    if isinstance(error, CellExecutionError):
        # Not every kernel names its errors.
        return _RunError(f"raised {error.ename or 'an error'}: {error.evalue}\n{error.traceback}")
    if isinstance(error, DeadKernelError):
        said = said_at_death(kernel.process, words)
        return _KernelDiedError(f"lost its kernel {ATTEMPTS} times: {said}")
    if isinstance(error, NoSuchKernel):
        named = f"needs the kernel {error.name!r}, which is not installed"
        return _RunError(f"{named}; to take python3 instead: pytest --nbval-current-env")
    if isinstance(error, CellTimeoutError):
        return _RunError(f"took longer than the {limit} s a cell may take")
    said = f"{type(error).__name__}: {error}; {said_at_death(kernel.process, words)}"
    return _RunError(f"could not be run: {said}")


# What nbval's markers mean to nbclient, which knows tags of its own.
_TAGS = {"skip": "skip-execution", "check_exception": "raises-exception"}


def _with_nbclient_tags(chapter: Chapter) -> Any:
    """Return a copy of the notebook in which nbval's marks, tags or comments, are nbclient's."""
    notebook = copy.deepcopy(chapter.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            options = markers(cell)
            tags = [tag for option, tag in _TAGS.items() if options.get(option)]
            if tags:
                cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), *tags})
    return notebook


def _last_started(notebook: Any) -> int:
    """Return the number of the last code cell that was begun."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [n for n, cell in enumerate(code) if "execution" in cell.metadata]
    return max(started, default=0)
