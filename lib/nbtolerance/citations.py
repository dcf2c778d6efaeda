"""A page that cites another page's number is written again when that page is read again.

MyST-NB keeps what a page glues in a file of the build, and puts it in where it is cited when the
citing page is written. Sphinx knows nothing of this, and would leave the old number standing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from myst_nb.ext.glue.crossref import read_glue_cache
from myst_nb.ext.glue.utils import PendingGlueReference
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector


class Citations(EnvironmentCollector):
    """Which pages cite what other pages glue."""

    def __init__(self) -> None:
        self.again: set[str] = set()  # the pages that this build reads again, or that are gone

    def get_outdated_docs(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Begin a build."""
        self.again = set()
        read_glue_cache.cache_clear()
        return []

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget what a page cites and glues, before it is read again or since it is gone."""
        self.again.add(docname)
        _cited(env).pop(docname, None)
        folder = Path(env.mystnb_config.output_folder)  # type: ignore[attr-defined]  # MyST-NB's
        # MyST-NB writes it only where there is something glued, and would leave the old one.
        (folder / f"{docname}.glue.json").unlink(missing_ok=True)

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note what a page cites."""
        pages = {node.refdoc for node in doctree.findall(PendingGlueReference)}
        if pages:
            _cited(app.env)[app.env.docname] = pages

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process has read."""
        read = _cited(other)
        _cited(env).update({page: read[page] for page in docnames if page in read})

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the pages that are to be written since one that they cite was read."""
        return [page for page, cited in _cited(env).items() if cited & self.again]


def _cited(env: BuildEnvironment) -> dict[str, set[str]]:
    cited: dict[str, set[str]] = env.__dict__.setdefault("nbtolerance_cited", {})
    return cited
