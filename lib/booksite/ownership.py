"""Every node of a page belongs to the document of that page.

What `eval-rst` makes, the reference of a library for one, still names the document that myst-parser
made to read it. The settings of that document hold Sphinx's whole environment, which would be
stored with each such page, and read again by every build.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-read", _adopt)


def _adopt(app: Sphinx, doctree: nodes.document) -> None:
    for node in doctree.findall():
        node.document = doctree
