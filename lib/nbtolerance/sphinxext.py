"""The Sphinx extension: pages are rendered from the store, after what is stale has been executed.

Set MyST-NB's ``nb_execution_mode`` to ``off`` (Jupyter Book: ``execute_notebooks: "off"``) and add
``nbtolerance.sphinxext`` to the extensions.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from nbformat import from_dict
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from nbtolerance.book import Found, find_chapters
from nbtolerance.chapter import Chapter, ChapterFault, as_written, chapter_from
from nbtolerance.citations import Citations
from nbtolerance.comparators import drawn
from nbtolerance.comparators.outputs import EARLIER_QUANTITY, QUANTITY
from nbtolerance.failures import ExecutionError
from nbtolerance.frontmatter import PYTHON
from nbtolerance.refresh import ensure_executed
from nbtolerance.refusal import REFUSED, sentence
from nbtolerance.settings import Settings, load_settings
from nbtolerance.store import Executed, Store

# MyST-NB would warn that it cannot show them.
FOR_THE_CHECK = (QUANTITY, EARLIER_QUANTITY, drawn.MEDIA_TYPE)

READER = f"{__name__}.read_executed"

LOGGER = logging.getLogger(__name__)


class BookError(SphinxError):
    """A chapter cannot be shown; the message says which, where and why, in a sentence."""

    category = "Book error"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("env-get-outdated", execute_chapters)
    app.connect("env-purge-doc", _forget)
    app.add_env_collector(Citations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def execute_chapters(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Execute what is stale before any page is read; returns the pages whose outputs are new.

    Raises
    ------
    BookError
        If a chapter cannot be read, naming file and line; or if one fails, naming chapter, line and
        cell, with the traceback. No page has been written by then: the last good site stays.
    """
    try:
        settings = _settings(app)
        found, pages = _find(env, settings)
        results = _execute(found.chapters, settings)
    except REFUSED as error:
        raise BookError(sentence(error)) from None
    shown: dict[str, Any] = env.__dict__.setdefault("nbtolerance_shown", {})
    outdated = []
    for chapter in (*found.chapters, *found.off):
        page = pages[chapter.path]
        # MyST-NB picks the reader by the longest matching end of the path: the whole of it here. It
        # wants the reader's name, or it would refuse what a page says in its `mystnb` table.
        reader = (READER, {"path": chapter.path, "settings": settings}, False)
        env.mystnb_config.custom_formats[str(env.doc2path(page))] = reader  # type: ignore[attr-defined]
        shows = results[chapter.name].provenance if chapter.page.execute else None
        if shown.get(page) != shows:
            outdated.append(page)
            shown[page] = shows
    return outdated


def _settings(app: Sphinx) -> Settings:
    """Return the settings of the book, with what Sphinx knows better than a reader of its files."""
    settings = load_settings(Path(app.srcdir))
    config = replace(
        settings.config,
        exclude_patterns=tuple(app.config.nb_execution_excludepatterns),
        extensions=tuple(sorted(app.config.myst_enable_extensions)),
    )
    return replace(settings, config=config)


def _find(env: BuildEnvironment, settings: Settings) -> tuple[Found, dict[Path, str]]:
    """Return the chapters among the pages, and each page by its file.

    Raises
    ------
    BookError
        If a chapter cannot be read: its page would have no outputs.
    """
    pages = {as_written(Path(env.doc2path(page)), settings): page for page in env.found_docs}
    found = find_chapters(settings, pages)
    if found.faults:
        raise BookError("\n".join(map(str, found.faults)))
    for line in (*found.unchecked, *found.ignored):
        LOGGER.info("%s", line)
    return found, pages


def _execute(chapters: Iterable[Chapter], settings: Settings) -> dict[str, Executed]:
    # Sphinx has begun a line of its own, "updating environment:", when chapters are executed.
    breaks = chain(["\n"], repeat(""))
    results = ensure_executed(
        chapters, settings, report=lambda line: LOGGER.info("%s%s", next(breaks), line)
    )
    failures = [result for result in results.values() if isinstance(result, ExecutionError)]
    if failures:
        raise BookError("\n\n".join(map(str, failures)))
    return {name: run for name, run in results.items() if isinstance(run, Executed)}


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    if page not in env.found_docs:
        env.__dict__.get("nbtolerance_shown", {}).pop(page, None)


def read_executed(text: str, *, path: Path, settings: Settings) -> Any:
    """Read a chapter's text and give its cells the outputs of its stored run.

    One that is not executed has the outputs that it carries: none.

    Raises
    ------
    BookError
        If the outputs belong to other code than the text has.
    """
    try:
        chapter = chapter_from(text, path, settings)
    except ChapterFault as fault:
        raise BookError(str(fault)) from None
    notebook = copy.deepcopy(chapter.notebook)
    # What a page says of executing it has been done: MyST-NB has only to show it.
    how = {**(notebook.metadata.get("mystnb") or {}), "execution_mode": "off"}
    notebook.metadata["mystnb"] = how
    return _with_outputs(notebook, chapter, settings) if chapter.page.execute else notebook


def _with_outputs(notebook: Any, chapter: Chapter, settings: Settings) -> Any:
    executed = Store(settings.store_path).read(chapter.name)
    if not executed or executed.fingerprint.code != chapter.code:
        raise BookError(f"{chapter.path} changed while the book was being built: build again")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, run in zip(code, executed.code_cells, strict=True):
        cell.outputs = [output for output in map(_shown, run.outputs) if output is not None]
        cell.execution_count = run.execution_count
    if executed.fingerprint.kernel and notebook.metadata["language_info"] == PYTHON:
        notebook.metadata["language_info"] = {"name": _lexer(executed)}
    if "widgets" in executed.notebook["metadata"]:
        notebook.metadata["widgets"] = executed.notebook["metadata"]["widgets"]
    return notebook


def _lexer(executed: Executed) -> str:
    """Return what colours the code, by what its kernel said of itself."""
    said = executed.notebook["metadata"].get("language_info", {})
    for key in ("pygments_lexer", "name"):
        with contextlib.suppress(ClassNotFound):
            find_lexer_class_by_name(str(said.get(key)))
            return str(said[key])
    return "text"


def _shown(output: Any) -> Any:
    """Return an output without the data for the check; nothing where it is only that."""
    if "data" not in output:
        return output
    data = {kind: form for kind, form in output["data"].items() if kind not in FOR_THE_CHECK}
    return from_dict({**output, "data": data}) if data else None  # type: ignore[no-untyped-call]  # it has no types
