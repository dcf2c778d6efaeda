"""A plain ``.ipynb`` notebook, as a chapter whose reference is what it has stored."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel, get_kernel_spec

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.failures import ExecutionError
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.runner import run
from nbtolerance.settings import Settings
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
    ToleranceError
        If the ``tolerance`` table of its metadata is wrong; the message names the file and the key.
    """
    stored = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    tolerances = read_tolerances(stored.metadata.get("tolerance"), path.name)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    cells = tuple(
        Cell(number, 1, str(cell.metadata.get("name") or ""), cell.source, dict(cell.metadata))
        for number, cell in enumerate(code)
    )
    chapter = Chapter(path, path.stem, "", _to_run(stored, kernel), cells, tolerances)
    return chapter, Executed(stored)


def run_notebook(chapter: Chapter, settings: Settings) -> Executed | ExecutionError:
    """Run a notebook in its own folder, through errors to its end; nothing is kept on the disk.

    Returns
    -------
    Executed or ExecutionError
        The second where the kernel died, a cell took too long (it has the run up to there), or the
        notebook names a kernel that this machine has not got.
    """
    try:
        get_kernel_spec(chapter.notebook.metadata["kernelspec"]["name"])
        return run(chapter, Fingerprint(), settings)
    except ExecutionError as error:
        return error
    except NoSuchKernel as error:
        reason = f"needs the kernel {error.name!r}, which is not installed: --nbval-current-env"
        return ExecutionError(chapter, 0, reason, Executed(chapter.notebook))


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
