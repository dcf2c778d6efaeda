"""How chapters have failed, told by one process of a check to the others.

A run that ends well is in the store. One that fails is not, and each of the processes that share a
check would execute it again. They read and write while they hold the lock of the store, in a folder
that is private to the user and to the check: what lies there is trusted.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from pathlib import Path

from nbtolerance.failures import ExecutionError

_FILE = "failures"


def told(folder: Path) -> dict[str, ExecutionError]:
    """Return how chapters have failed, by their names; nothing where the folder is elsewhere."""
    file = folder / _FILE
    if not (_is_ours(folder) and file.exists()):
        return {}
    found: dict[str, ExecutionError] = pickle.loads(file.read_bytes())
    return found


def _is_ours(folder: Path) -> bool:
    """Whether the folder is there and this user's: on another machine the name may be another's."""
    return folder.is_dir() and (not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid())


def tell(folder: Path, failures: Mapping[str, ExecutionError]) -> None:
    """Tell how chapters have failed; a process on another machine, without the folder, does not."""
    if failures and _is_ours(folder):
        new = folder / f"{_FILE}.new"  # this process may be killed
        new.write_bytes(pickle.dumps({**told(folder), **failures}))
        new.replace(folder / _FILE)
