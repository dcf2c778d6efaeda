"""A plain ``.ipynb`` notebook, as a chapter whose reference is what it has stored."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat

from nbtolerance.chapter import Cell, Chapter, ChapterFault
from nbtolerance.comparators.base import in_a_line
from nbtolerance.engines.task import Task
from nbtolerance.engines.threads import run_here
from nbtolerance.failures import Result
from nbtolerance.marked import Marked, MarkError
from nbtolerance.records import read_json
from nbtolerance.settings import Settings
from nbtolerance.stopping import orderly_end
from nbtolerance.store import Executed
from nbtolerance.tolerance import read_tolerances

# Makes nbclient go on with the next cell: what an error breaks later is to be seen as well.
GO_ON = "raises-exception"


def read_notebook(path: Path, *, kernel: str = "") -> tuple[Chapter, Executed]:
    """Read a notebook: what there is to run, and the run that it has stored.

    Parameters
    ----------
    path
        The file.
    kernel
        The kernel to run it in; empty: the one that it names.

    Raises
    ------
    ChapterFault
        If it is no notebook, or the ``tolerance`` table of its metadata is wrong.
    """
    try:
        return _read(path, kernel)
    except MarkError as error:
        raise ChapterFault(path, path.stem, error.line, error.message) from None
    except Exception as error:  # a file may hold anything, and nbformat says so in many ways
        said = f"is no notebook that nbformat can read: {in_a_line(error)}"
        raise ChapterFault(path, path.stem, 1, said) from error


def _read(path: Path, kernel: str) -> tuple[Chapter, Executed]:
    text = path.read_text("utf8")
    read_json(text)  # stricter than nbformat
    stored = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    tolerances = read_tolerances(Marked(stored.metadata), path.name)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    cells = tuple(
        Cell(number, 1, str(cell.metadata.get("name") or ""), cell.source, dict(cell.metadata))
        for number, cell in enumerate(code)
    )
    chapter = Chapter(path, path.stem, "", _to_run(stored, kernel), cells, tolerances)
    return chapter, Executed(stored)


def run_notebook(chapter: Chapter, settings: Settings) -> Result:
    """Run a notebook in its own folder, through errors to its end; nothing is kept on the disk.

    Returns
    -------
    Executed or ExecutionError
        The second where the kernel died, a cell took too long (it has the run up to there), or the
        notebook names a kernel that this machine has not got.
    """
    with orderly_end():
        ((_, result),) = run_here([Task(chapter)], settings)
    return result


def _to_run(stored: Any, kernel: str) -> Any:
    notebook = copy.deepcopy(stored)
    notebook.metadata.pop("widgets", None)  # the state of an earlier run
    spec = notebook.metadata.setdefault("kernelspec", {})
    spec["name"] = kernel or spec.get("name") or "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            tags = cell.metadata.get("tags")
            cell.metadata["tags"] = [*(tags if isinstance(tags, list) else []), GO_ON]
    return notebook
