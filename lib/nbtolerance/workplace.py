"""A private folder for a run while it lasts: for its kernel's sockets, and for what it notes.

With the folder goes whatever the run has started. What a killed process left behind, the next that
executes removes: a lock, which the system takes back from the dead, tells whose folder still lives.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from nbtolerance.watching import FOLDER

_PREFIX = "nbtolerance-"
_LOCK = "lock"


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder that only this user can look into; it goes at the end, with all processes."""
    folder, lock = _locked_folder()
    try:
        yield folder
    finally:
        _clear(folder)
        lock.release()


def sweep() -> None:
    """Remove what killed processes of this user have left behind."""
    for folder in filter(_is_ours, Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")):
        with contextlib.suppress(OSError, Timeout), FileLock(folder / _LOCK, blocking=False):
            _clear(folder)  # nobody has it any more


def _is_ours(folder: Path) -> bool:
    try:
        return not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
    except FileNotFoundError:  # its owner has just removed it
        return False


def _locked_folder() -> tuple[Path, FileLock]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # nobody else may look into it
        lock = FileLock(folder / _LOCK, blocking=False)
        with contextlib.suppress(OSError, Timeout):  # another process has just swept it away
            lock.acquire()
            if folder.exists():
                return folder, lock


def _clear(folder: Path) -> None:
    """End the processes that have a folder in their environment, and remove it."""
    ended = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(FOLDER) == str(folder):
                process.kill()
                ended.append(process)
    psutil.wait_procs(ended, timeout=5)  # else they may still write there
    shutil.rmtree(folder, ignore_errors=True)
