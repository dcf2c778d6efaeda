"""The blessed references: what each chapter's outputs were when someone looked and agreed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbtolerance.chapter import Chapter
from nbtolerance.comparators import BadOutputError, condense_outputs
from nbtolerance.comparators.outputs import whole
from nbtolerance.files import write_whole
from nbtolerance.machine import Device
from nbtolerance.records import read_json, read_record, require
from nbtolerance.refusal import NbToleranceError
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

FORMAT = 1


class BadReferenceError(NbToleranceError):
    """A reference cannot be used; the message names the file and the command that mends it."""


@dataclass(frozen=True)
class Reference:
    """The blessed outputs of one chapter on one device.

    ``outputs`` has, for each code cell, the list of its condensed outputs.
    """

    device: str
    path: Path
    code: str
    provenance: dict[str, Any]
    outputs: list[list[dict[str, Any]]]


def condense(executed: Executed) -> list[list[dict[str, Any]]]:
    """Return the outputs of a run, cell by cell, in the form that a reference keeps."""
    state = executed.widget_state
    return [condense_outputs(cell.outputs, state) for cell in executed.code_cells]


def bless_command(name: str, *options: str) -> str:
    """Return what a person types to accept the outputs of one chapter, and of no other."""
    words = [*options, *(["--"] if name.startswith("-") else []), name]
    return f"python -m nbtolerance bless {shlex.join(words)}"


def reference_path(chapter: Chapter, device: str, settings: Settings) -> Path:
    """Return the file of a chapter's reference for a kind of device (``cpu``, ``cuda``)."""
    return settings.references_path / device / f"{chapter.name}.json"


def devices(settings: Settings) -> list[str]:
    """Return the kinds of device that there are references for.

    Raises
    ------
    BadReferenceError
        If the references' folder cannot be read, or one in it is not named after a kind of device.
    """
    folder = settings.references_path
    try:
        found = [p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"{folder} must be a folder that can be read: {error.strerror}"
        raise BadReferenceError(message) from None
    for name in found:
        try:
            Device(name)
        except ValueError as error:
            message = f"{folder / name} must be called after a device, or lie elsewhere: {error}"
            raise BadReferenceError(message) from None
    return sorted(found)


def references(chapter: Chapter, settings: Settings) -> Iterator[Reference]:
    """All references of a chapter, one a device.

    Raises
    ------
    BadReferenceError
        If one of them cannot be read.
    """
    found = (read(chapter, device, settings) for device in devices(settings))
    return (reference for reference in found if reference)


def read(chapter: Chapter, device: str, settings: Settings) -> Reference | None:
    """Read the reference of a chapter for a kind of device; nothing where there is none.

    Raises
    ------
    BadReferenceError
        If the file cannot be read, or does not hold what `write` writes.
    """
    path = reference_path(chapter, device, settings)
    try:
        return parse(path.read_text("utf8"), device, path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadReferenceError(
            f"{path} cannot be read: {reason}: restore it from version control, or on a machine "
            f"with {device} make it anew: {bless_command(chapter.name)}"
        ) from None


def parse(text: str, device: str, path: Path) -> Reference:
    """Read a reference from its text, of which nothing is taken for granted.

    Raises
    ------
    ValueError
        If it is not JSON, or not what `render` gives; the message names the place, the rule and
        the value.
    RecursionError
        If it is nested too deep to be read.
    """
    entry = read_json(text)
    blessed = read_record(_Blessed, entry, "the file")
    outputs = [_outputs(number, cell.outputs) for number, cell in enumerate(blessed.cells)]
    return Reference(device, path, blessed.code, entry["provenance"], outputs)


def _outputs(number: int, outputs: object) -> list[dict[str, Any]]:
    try:
        return whole(outputs)
    except BadOutputError as error:
        raise ValueError(f"cell {number}: {error}") from None


@dataclass(frozen=True)
class _Cell:
    cell: int
    outputs: Any
    name: str = ""


@dataclass(frozen=True)
class _Made:
    """Where and when a reference was made."""

    device: Device
    date: str
    python: str
    processors: str
    packages: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        datetime.fromisoformat(self.date)  # it names what it cannot read


@dataclass(frozen=True)
class _Blessed:
    """What the file of a reference holds."""

    format: int
    chapter: str
    code: str
    provenance: _Made
    cells: tuple[_Cell, ...]

    def __post_init__(self) -> None:
        require(self.format == FORMAT, f"its format must be {FORMAT}", self.format)


def write(chapter: Chapter, executed: Executed, settings: Settings) -> Path:
    """Make a run the reference of its chapter on its device; returns the file."""
    path = reference_path(chapter, executed.provenance.device.kind, settings)
    write_whole(path, render(chapter, executed))
    return path


def render(chapter: Chapter, executed: Executed) -> str:
    """Return the text of the reference that a run makes."""
    entry = {
        "format": FORMAT,
        "chapter": chapter.name,
        "code": chapter.code,
        "provenance": _provenance(executed),
        "cells": [
            {"cell": cell.number, **({"name": cell.name} if cell.name else {}), "outputs": outputs}
            for cell, outputs in zip(chapter.cells, condense(executed), strict=True)
        ],
    }
    return compact(entry) + "\n"


def _provenance(executed: Executed) -> dict[str, Any]:
    depends_on, run = executed.fingerprint, executed.provenance
    environment = depends_on.environment  # threads and instruction sets
    return {
        "device": asdict(run.device),
        "date": run.date,
        "python": depends_on.python,
        "processors": str(depends_on.processors),
        "packages": dict(depends_on.packages),
        **({"environment": dict(environment)} if environment else {}),
    }


def is_made_as(reference: Reference, executed: Executed) -> bool:
    """Whether a run's code, device, processors, packages and environment are a reference's."""
    made = {**reference.provenance, **_provenance(executed), "date": ""}
    same = {**reference.provenance, "date": ""} == made
    return same and reference.code == executed.fingerprint.code


def compact(value: Any, indent: str = "") -> str:
    """JSON with sorted keys, in which a list of plain values stays on one line.

    A reference is read in diffs: a loss log is then one line that changed, not ten.
    """
    inner = indent + " "
    if isinstance(value, dict) and value:
        rows = [f"{json.dumps(k)}: {compact(v, inner)}" for k, v in sorted(value.items())]
        return "{\n" + ",\n".join(inner + row for row in rows) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return "[\n" + ",\n".join(inner + compact(v, inner) for v in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
