"""Checkpoints: what a run needs to go on, written whole or not at all."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from learning.arrays import Floats


@dataclass(frozen=True)
class Checkpoint:
    """Where a run stands.

    Parameters
    ----------
    step
        How many updates have been made.
    theta
        The parameters, shape (p,).
    memory
        What the rule remembers: arrays of shape (p,).

    Examples
    --------
    >>> Checkpoint(0, np.array([1.0, 2.0]), ()).step
    0
    """

    step: int
    theta: Floats
    memory: tuple[Floats, ...]


def save(path: Path, checkpoint: Checkpoint, *, run: Mapping[str, Any]) -> None:
    """Write a checkpoint, whole or not at all.

    Parameters
    ----------
    path
        The file, whose folder exists.
    checkpoint
        Where the run stands.
    run
        Which run it is, in words and numbers: `load` refuses another's.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Path(folder) / "c.npz", Checkpoint(5, np.array([2.0]), ()), run={"n": 13})
    ...     load(Path(folder) / "c.npz", run={"n": 13})
    Checkpoint(step=5, theta=array([2.]), memory=())
    """
    memory: dict[str, Any] = {f"memory{i}": value for i, value in enumerate(checkpoint.memory)}
    held = io.BytesIO()
    np.savez(held, run=json.dumps(run), step=checkpoint.step, theta=checkpoint.theta, **memory)
    write_whole(path, held.getvalue())


def write_whole(path: Path, content: bytes) -> None:
    """Give a file new content, in one act: whoever reads it finds the old or the new.

    Parameters
    ----------
    path
        The file, whose folder exists.
    content
        What it is to hold.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "file", b"new")
    ...     (Path(folder) / "file").read_bytes()
    b'new'
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    with open(unfinished, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    if os.name == "posix":  # the new name, too, must reach the disk
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def load(path: Path, *, run: Mapping[str, Any] | None = None) -> Checkpoint | None:
    """Read a checkpoint, of a certain run if one is named.

    Parameters
    ----------
    path
        The file.
    run
        Which run it must be of; without it, any.

    Returns
    -------
    The checkpoint, or None if there is none yet.

    Raises
    ------
    ValueError
        If the file is no checkpoint, or one of another run.

    Examples
    --------
    >>> load(Path("nowhere.npz"), run={}) is None
    True
    """
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as held:
            was = json.loads(str(held["run"]))
            memory = tuple(held[f"memory{i}"] for i in range(len(held.files) - 3))
            found = Checkpoint(int(held["step"]), held["theta"], memory)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"there must be a whole checkpoint, got {str(path)!r}") from error
    _check_run(path, was, was if run is None else run)
    return found


def _check_run(path: Path, was: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    for name in {**run, **was}:
        if was.get(name) != run.get(name):
            raise ValueError(
                f"the checkpoint must be of this run, whose {name} is {run.get(name)!r}, "
                f"got {was.get(name)!r} in {str(path)!r}"
            )
