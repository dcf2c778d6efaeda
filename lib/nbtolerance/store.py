"""The executed chapters: one file a chapter, written whole or not at all.

A file holds the executed notebook, the fingerprint of what it depended on, where and when it ran,
and a digest of the notebook, so that a damaged file is noticed and executed again. It is replaced
when the chapter is executed again, so the store never grows beyond the book.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from filelock import FileLock, Timeout

from nbtolerance.files import write_whole
from nbtolerance.fingerprint import Fingerprint

FORMAT = 1


LOCK = ".lock"


class DamagedWarning(UserWarning):
    """A stored chapter could not be read and is executed again."""


@dataclass(frozen=True)
class Executed:
    """A chapter that was run.

    ``notebook`` is the nbformat notebook with its outputs, ``fingerprint`` what they depend on,
    ``provenance`` the device, versions, date and duration of the run.
    """

    notebook: dict[str, Any]
    fingerprint: Fingerprint
    provenance: dict[str, Any]

    @property
    def code_cells(self) -> list[Any]:
        """The code cells with their outputs."""
        cells = nbformat.from_dict(self.notebook).cells  # type: ignore[no-untyped-call]  # no types
        return [cell for cell in cells if cell.cell_type == "code"]

    @property
    def widget_state(self) -> dict[str, Any]:
        """The state of the widgets in the notebook, by model id."""
        widgets = self.notebook["metadata"].get("widgets", {})
        state: dict[str, Any] = widgets.get("application/vnd.jupyter.widget-state+json", {})
        return dict(state.get("state", {}))


class Store:
    """A folder of executed chapters.

    Parameters
    ----------
    folder
        Created when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file of a chapter."""
        return self.folder / f"{name}.json"

    def read(self, name: str) -> Executed | None:
        """The stored run of a chapter, or ``None`` where there is none that can be used."""
        path = self.path(name)
        try:
            entry = json.loads(path.read_bytes())
            intact = entry["format"] == FORMAT and entry["digest"] == _digest(entry["notebook"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            self._drop(path, repr(error))
            return None
        if not intact:
            self._drop(path, "its digest does not match its content")
            return None
        return Executed(entry["notebook"], entry["fingerprint"], entry["provenance"])

    def write(self, name: str, executed: Executed) -> None:
        """Keep a run, in the place of any earlier one.

        Raises
        ------
        OSError
            If it cannot be written, with the file's name; an earlier run is then still there.
        """
        entry = {"format": FORMAT, **asdict(executed), "digest": _digest(executed.notebook)}
        write_whole(self.path(name), json.dumps(entry, ensure_ascii=False, indent=1))

    @contextlib.contextmanager
    def lock(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold the right to execute, so that two builds at once do the work once.

        ``on_wait`` is called where another process holds it. The system takes it back from a
        process that dies.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            on_wait()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def prune(self, names: Iterable[str]) -> list[Path]:
        """Remove what belongs to no chapter among ``names``; returns the removed files.

        It waits for a build that is at work, whose unfinished files are its own.
        """
        keep = {self.folder / LOCK, *(self.path(name) for name in names)}
        with self.lock(lambda: None):
            removed = [p for p in self.folder.rglob("*") if p.is_file() and p not in keep]
            for path in removed:
                path.unlink(missing_ok=True)
        return removed

    def _drop(self, path: Path, reason: str) -> None:
        warnings.warn(f"{path} is damaged ({reason}): executing again", DamagedWarning, 3)
        path.unlink(missing_ok=True)


def _digest(notebook: Any) -> str:
    return hashlib.sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest()
