"""``{listing} learning.optimization.minimize``: the lines of the library that do the work.

They are read from the library that is installed, so that a page never shows another state of it.
What is left out stands in the library's reference, to which a link leads.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from booksite import source

LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("listing", Listing)


class Listing(SphinxDirective):
    """Shows what a function, a class or a method of a library does."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the lines, with a link to the rest below them."""
        try:
            thing = source.find(self.arguments[0])
        except LookupError as error:
            place = self.get_location()
            LOGGER.warning("listing %s", error, location=place, type="booksite", subtype="listing")
            return []
        self.env.note_dependency(str(Path(inspect.getfile(thing)).resolve()))
        code = source.essence(thing)
        block = nodes.literal_block(code, code, language="python")
        box = nodes.container("", block, self._rest(thing), classes=["listing"])
        self.set_source_info(block)
        return [box]

    def _rest(self, thing: object) -> nodes.paragraph:
        name = source.public_name(thing)
        reference = addnodes.pending_xref(
            "", nodes.literal(name, name), refdomain="py", reftype="obj", reftarget=name,
            refdoc=self.env.docname, refwarn=True, refspecific=False,
        )  # fmt: skip
        reference.source, reference.line = self.get_source_info()
        return nodes.paragraph("", "The rest: ", reference, classes=["listing-rest"])
