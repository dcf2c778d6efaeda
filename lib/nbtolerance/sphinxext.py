"""The Sphinx extension: pages are rendered from the store, after what is stale has been executed.

Set MyST-NB's ``nb_execution_mode`` to ``off`` (Jupyter Book: ``execute_notebooks: "off"``) and add
``nbtolerance.sphinxext`` to the extensions.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from nbformat import from_dict
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from nbtolerance.chapter import digest_code, find_chapters, parse
from nbtolerance.comparators import figures
from nbtolerance.comparators.outputs import QUANTITY
from nbtolerance.failures import ExecutionError
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import Settings, load_settings
from nbtolerance.store import Store

# MyST-NB would warn that it cannot show them.
FOR_THE_CHECK = (QUANTITY, figures.MEDIA_TYPE)

LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-get-outdated", execute_chapters)
    app.connect("env-purge-doc", _forget)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def execute_chapters(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Execute what is stale before any page is read; returns the pages whose outputs are new.

    Raises
    ------
    ExtensionError
        If a chapter fails, naming chapter, line and cell, with the traceback. No page has been
        written by then: the last good site stays.
    """
    settings = load_settings(Path(app.srcdir))
    pages = {Path(env.doc2path(page)).resolve(): page for page in env.found_docs}
    chapters = find_chapters(settings, pages)
    # Sphinx has begun a line of its own, "updating environment:", when chapters are executed.
    breaks = chain(["\n"], repeat(""))
    results = ensure_executed(
        chapters, settings, report=lambda line: LOGGER.info("%s%s", next(breaks), line)
    )
    failures = [result for result in results.values() if isinstance(result, ExecutionError)]
    if failures:
        raise ExtensionError("\n\n".join(map(str, failures)))
    shown: dict[str, Any] = env.__dict__.setdefault("nbtolerance_shown", {})
    outdated = []
    for chapter in chapters:
        page = pages[chapter.path]
        provenance = results[chapter.name].provenance  # type: ignore[union-attr]  # none failed
        # MyST-NB picks the reader by the longest matching end of the path: the whole of it here.
        reader = partial(read_executed, path=chapter.path, name=chapter.name, settings=settings)
        env.mystnb_config.custom_formats[str(chapter.path)] = (reader, {}, False)  # type: ignore[attr-defined]
        if shown.get(page) != provenance:
            outdated.append(page)
            shown[page] = provenance
    return outdated


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    if page not in env.found_docs:
        env.__dict__.get("nbtolerance_shown", {}).pop(page, None)


def read_executed(text: str, *, path: Path, name: str, settings: Settings) -> Any:
    """Read a chapter's text and give its cells the outputs of its stored run.

    Raises
    ------
    ExtensionError
        If the outputs belong to other code than the text has.
    """
    notebook = parse(text, path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    executed = Store(settings.store_path).read(name)
    if not executed or executed.fingerprint.code != digest_code(c.source for c in code):
        raise ExtensionError(f"{path} changed while the book was being built: build again")
    for cell, run in zip(code, executed.code_cells, strict=True):
        cell.outputs = [output for output in map(_shown, run.outputs) if output is not None]
        cell.execution_count = run.execution_count
    if "widgets" in executed.notebook["metadata"]:
        notebook.metadata["widgets"] = executed.notebook["metadata"]["widgets"]
    return notebook


def _shown(output: Any) -> Any:
    """An output without the data that are there for the check; nothing where it is only that."""
    if "data" not in output:
        return output
    data = {kind: form for kind, form in output["data"].items() if kind not in FOR_THE_CHECK}
    return from_dict({**output, "data": data}) if data else None  # type: ignore[no-untyped-call]  # it has no types
