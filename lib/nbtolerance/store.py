"""The executed chapters: one file a chapter, written whole or not at all.

A file holds the executed notebook, the fingerprint of what it depended on, where and when it ran,
and a digest of the notebook, so that a damaged file is noticed and executed again. It is replaced
when the chapter is executed again, so the store never grows beyond the book.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from filelock import FileLock, Timeout
from nbformat.v4.rwbase import rejoin_lines
from nbformat.validator import ValidationError, get_validator

from nbtolerance.chapter import digest_code
from nbtolerance.files import write_whole
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.machine import CPU, Device
from nbtolerance.records import DEEPEST, depth, read_json, read_record, require

WIDGETS = "application/vnd.jupyter.widget-state+json"

FORMAT = 2
LOCK = ".lock"
HUGE = 1e15  # seconds, or bytes


class DamagedWarning(UserWarning):
    """A stored run cannot be used: its chapter is executed again."""


@dataclass(frozen=True)
class Provenance:
    """Where and when a run was made.

    Parameters
    ----------
    device
        The device it ran on.
    date
        When it ended, in ISO 8601.
    seconds, memory
        How long it took, and the most memory that its kernel held, in bytes; 0: not known.
    elsewhere
        Whether it was made to be carried to a machine with another device or other versions.
    worker
        The address of the dask worker that ran it; empty: this process.
    unseen
        What it did that could not be watched, and that may change unnoticed.
    id
        Chance, so that two runs are told apart without a clock.
    """

    device: Device = CPU
    date: str = "1970-01-01T00:00:00+00:00"
    seconds: float = 0.0
    memory: int = 0
    elsewhere: bool = False
    worker: str = ""
    unseen: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        for key in ("seconds", "memory"):
            value = getattr(self, key)
            require(0 <= value < HUGE, f"provenance.{key} must be between 0 and {HUGE:g}", value)
        datetime.fromisoformat(self.date)  # it names what it cannot read


@dataclass(frozen=True)
class Executed:
    """A chapter that was run.

    Parameters
    ----------
    notebook
        The nbformat notebook with its outputs.
    fingerprint
        What they depend on; empty for a notebook that came with its outputs.
    provenance
        Where and when it was run.
    """

    notebook: dict[str, Any]
    fingerprint: Fingerprint = field(default_factory=Fingerprint)
    provenance: Provenance = field(default_factory=Provenance)

    @functools.cached_property
    def code_cells(self) -> list[Any]:
        """The code cells with their outputs."""
        return [cell for cell in self.nodes().cells if cell.cell_type == "code"]

    def nodes(self) -> Any:
        """Return a copy of the notebook as nbformat has it, each text in one piece."""
        return rejoin_lines(nbformat.from_dict(self.notebook))  # type: ignore[no-untyped-call]

    @property
    def widget_state(self) -> dict[str, Any]:
        """The state of the widgets in the notebook, by model id."""
        widgets = self.notebook["metadata"].get("widgets", {})
        state: dict[str, Any] = widgets.get(WIDGETS, {}).get("state", {})
        return dict(state)


def read_executed(entry: object) -> Executed:
    """Read a stored run, of which nothing is taken for granted.

    Raises
    ------
    ValueError
        If it is not what `Store.write` writes, or its outputs belong to other code; the message
        says where.
    """
    deep, deepest = depth(entry), DEEPEST + 10  # an output lies some levels below the top
    require(deep <= deepest, f"it must be at most {deepest} deep", deep)
    stored = read_record(_Stored, entry, "the file")
    require(stored.format == FORMAT, f"its format must be {FORMAT}", stored.format)
    require(stored.digest == _digest(stored.notebook), "its digest must fit", stored.digest)
    _check_notebook(dict(stored.notebook))
    # Its outputs become nodes when they are asked for: most often it is only seen to be fresh.
    notebook = nbformat.NotebookNode(stored.notebook)  # type: ignore[no-untyped-call]  # no types
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code = digest_code("".join(cell["source"]) for cell in cells)  # it may be a list of its lines
    require(code == stored.fingerprint.code, "its cells must be those it ran", code)
    return Executed(notebook, stored.fingerprint, stored.provenance)


@dataclass(frozen=True)
class _Stored:
    """What a file of the store holds."""

    format: int
    notebook: Mapping[str, Any]
    fingerprint: Fingerprint
    provenance: Provenance
    digest: str


def _check_notebook(notebook: dict[str, Any]) -> None:
    """Raise a ValueError where a notebook is not what nbformat and the widgets say it is."""
    try:
        get_validator(4, 5).validate(notebook)  # type: ignore[no-untyped-call]  # no types
    except ValidationError as error:
        raise ValueError(f"its notebook is none: {error.message}") from None
    state = notebook["metadata"].get("widgets", {})
    for key in (WIDGETS, "state"):
        require(isinstance(state, dict), "the widgets' state must be a table", state)
        state = state.get(key, {})
    models = isinstance(state, dict) and all(isinstance(m, dict) for m in state.values())
    require(models, "the widgets' models must be tables", state)


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
        """Return the file of a chapter."""
        return self.folder / f"{name}.json"

    def read(self, name: str) -> Executed | None:
        """Return the stored run of a chapter, or ``None`` where there is none that can be used."""
        path = self.path(name)
        try:
            return read_executed(read_json(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, OSError, RecursionError) as error:
            warn_once(f"{path} is not used: {error}")
            return None

    def names(self) -> list[str]:
        """Return the chapters that there are stored runs of."""
        files = (f for f in self.folder.rglob("*.json") if f.is_file())
        return [file.relative_to(self.folder).with_suffix("").as_posix() for file in files]

    def ids(self) -> list[str]:
        """Return the ids of all stored runs."""
        return [run.provenance.id for run in map(self.read, self.names()) if run]

    def write(self, name: str, executed: Executed) -> None:
        """Keep a run, in the place of any earlier one.

        Raises
        ------
        OSError
            If it cannot be written, with the file's name; an earlier run is then still there.
        """
        entry = {"format": FORMAT, **asdict(executed), "digest": _digest(executed.notebook)}
        write_whole(self.path(name), json.dumps(entry, indent=1))

    @contextlib.contextmanager
    def lock(self, report: Callable[[str], None]) -> Iterator[None]:
        """Hold the right to execute, so that two builds at once do the work once.

        ``report`` is told where another process holds it. The system takes it back from a
        process that dies.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            report("another build is executing: waiting for it")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


@functools.cache  # a build reads a run several times, and says once that it is damaged
def warn_once(said: str) -> None:
    """Warn of a run that cannot be used."""
    warnings.warn(said, DamagedWarning, 3)


def _digest(notebook: Any) -> str:
    return hashlib.sha256(json.dumps(notebook, sort_keys=True).encode()).hexdigest()
