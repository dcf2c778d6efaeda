"""The evidence of this build: gathered once, and known to whichever page shows some of it.

A page is read again when what it shows of the evidence is new.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

from booksite.evidence import Evidence, chapters, digest, gather, page_of
from nbtolerance.settings import load_settings

TABLE = "booksite-table"  # the attribute of what shows all chapters' evidence: which part of it
QUANTITIES = "quantities"  # the part that has a row for each quantity


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("builder-inited", _forget)
    app.add_env_collector(Tables)
    # After nbtolerance, which executes what is stale on the same event.
    app.connect("env-get-outdated", _outdated, priority=900)


def evidence(app: Sphinx) -> dict[str, Evidence]:
    """Return what is known of each chapter, by the name of its page; read once a build."""
    chapters: dict[str, Evidence] | None = getattr(app, "booksite_evidence", None)
    if chapters is None:
        found = gather(load_settings(Path(app.srcdir)))
        chapters = {page_of(each.chapter, Path(app.srcdir)): each for each in found}
        app.booksite_evidence = chapters  # type: ignore[attr-defined]
    return chapters


def chapter_pages(env: BuildEnvironment) -> set[str]:
    """Return the names of the pages that are chapters; their evidence need not be read for that."""
    return set(_digests(env))


def reproducibility(env: BuildEnvironment) -> str:
    """Return the name of the page with all quantities; empty where the book has none."""
    return _tables(env).get(QUANTITIES, "")


def _digests(env: BuildEnvironment) -> dict[str, str]:
    """Return the digest of each chapter's evidence, by its page."""
    digests: dict[str, str] = env.__dict__.setdefault("booksite_digests", {})
    return digests


def _tables(env: BuildEnvironment) -> dict[str, str]:
    """Return the page that each part of all chapters' evidence stands on."""
    pages: dict[str, str] = env.__dict__.setdefault("booksite_tables", {})
    return pages


class Tables(EnvironmentCollector):
    """Notes which pages have such tables, also where several processes read the pages."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the page that has just been read, if it has one."""
        for node in doctree.findall(nodes.raw):
            if TABLE in node:
                _tables(app.env)[node[TABLE]] = app.env.docname

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or is gone."""
        for name in [name for name, page in _tables(env).items() if page == docname]:
            del _tables(env)[name]

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process noted of the pages that it read."""
        _tables(env).update({n: page for n, page in _tables(other).items() if page in docnames})


def _forget(app: Sphinx) -> None:
    app.__dict__.pop("booksite_evidence", None)


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages whose evidence is new: chapters', and those that show all of it."""
    settings = load_settings(Path(app.srcdir))
    pages = {page_of(c, Path(app.srcdir)): digest(c, settings) for c in chapters(settings)}
    before = _digests(env)
    stale = [page for page in pages if pages[page] != before.get(page)]
    if pages != before:
        stale += _tables(env).values()
    env.__dict__["booksite_digests"] = pages
    return [page for page in stale if page in env.found_docs]
