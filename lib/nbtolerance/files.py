"""Files: written whole or not at all, and the state that they are in."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

MISSING, THERE = "missing", "there"

# What tools leave beside what people write.
LITTER = frozenset({"__pycache__", ".git", ".ipynb_checkpoints", "_build"})


def write_whole(path: Path, text: str) -> None:
    """Write a file so that readers see all of the old text or all of the new.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written to; the old file is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")  # two writers never share one
    try:
        with temporary.open("x", encoding="utf8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, f"cannot write: {error.strerror}", str(path)) from error
        raise


def state(path: str) -> str:
    """Return the state of a file: a digest of what it holds, or ``missing``.

    A path that ends in ``/`` is a folder, whose state is a digest of the names in it.
    """
    try:
        if path.endswith("/"):
            names = sorted(set(os.listdir(path)) - LITTER)
            return hashlib.sha256("\0".join(names).encode(errors="surrogateescape")).hexdigest()[
                :16
            ]
        if not os.path.isfile(path):  # nor a device, which may never end
            return MISSING
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError:
        return MISSING
