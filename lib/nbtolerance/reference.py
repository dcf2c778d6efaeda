"""The blessed references: what each chapter's outputs were when someone looked and agreed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbtolerance.chapter import Chapter
from nbtolerance.comparators import condense_outputs
from nbtolerance.files import write_whole
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

FORMAT = 1


class BadReferenceError(Exception):
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
    """The outputs of a run, cell by cell, in the form that a reference keeps."""
    state = executed.widget_state
    return [condense_outputs(cell.outputs, state) for cell in executed.code_cells]


def reference_path(chapter: Chapter, device: str, settings: Settings) -> Path:
    """The file of a chapter's reference for a kind of device (``cpu``, ``cuda``)."""
    return settings.references_path / device / f"{chapter.name}.json"


def devices(settings: Settings) -> list[str]:
    """The kinds of device that there are references for."""
    folder = settings.references_path
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def references(chapter: Chapter, settings: Settings) -> Iterator[Reference]:
    """All references of a chapter, one a device.

    Raises
    ------
    BadReferenceError
        If one of them cannot be read.
    """
    for device in devices(settings):
        path = reference_path(chapter, device, settings)
        if path.is_file():
            yield read(path, device)


def read(path: Path, device: str) -> Reference:
    """Read a reference.

    Raises
    ------
    BadReferenceError
        If the file is truncated, not JSON, or not of this format.
    """
    try:
        entry = json.loads(path.read_text("utf8"))
        if entry["format"] != FORMAT:
            raise ValueError(f"its format is {entry['format']!r}, not {FORMAT}")
        outputs = [cell["outputs"] for cell in entry["cells"]]
        return Reference(device, path, entry["code"], entry["provenance"], outputs)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadReferenceError(
            f"{path} cannot be read ({error!r}): restore it from version control, or bless again "
            f"with: python -m nbtolerance bless --all"
        ) from error


def write(chapter: Chapter, executed: Executed, settings: Settings) -> Path:
    """Make a run the reference of its chapter on its device; returns the file."""
    device = executed.provenance.device.kind
    path = reference_path(chapter, device, settings)
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
    write_whole(path, compact(entry) + "\n")
    return path


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
