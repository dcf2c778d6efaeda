"""What the stored runs wrote, known without reading all of them again.

A chapter may read what another has written. Runs are large, so what each wrote is kept beside them
in one small file, with the size and the time of the run's own: only one that is new there is read.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from nbtolerance.files import write_whole
from nbtolerance.records import read_json, read_record
from nbtolerance.store import Store

FILE = ".products"


@dataclass(frozen=True)
class _Run:
    """A stored run: its file's size and time of change, in ns, and the files that it wrote."""

    size: int
    changed: int
    wrote: tuple[str, ...]


def products(store: Store) -> dict[str, frozenset[str]]:
    """Return by chapter the files that its stored run wrote; a run that cannot be read wrote none.

    What is kept is brought up to date; where that cannot be written, the next call reads again.
    """
    known = _kept(store)
    here = {name: _look_at(store, name, known.get(name)) for name in store.names()}
    if here != known:
        text = json.dumps({name: asdict(run) for name, run in here.items()}, indent=1)
        with contextlib.suppress(OSError):
            write_whole(store.folder / FILE, text)
    return {name: frozenset(run.wrote) for name, run in here.items()}


def _kept(store: Store) -> Mapping[str, _Run]:
    try:
        text = (store.folder / FILE).read_bytes()
        return read_record(Mapping[str, _Run], read_json(text), "products")  # type: ignore[type-abstract]
    except (OSError, ValueError, RecursionError):  # it is made anew
        return {}


def _look_at(store: Store, name: str, kept: _Run | None) -> _Run:
    there = store.path(name).stat()
    if kept and (kept.size, kept.changed) == (there.st_size, there.st_mtime_ns):
        return kept
    run = store.read(name)
    wrote = tuple(sorted(run.fingerprint.products)) if run else ()
    return _Run(there.st_size, there.st_mtime_ns, wrote)
