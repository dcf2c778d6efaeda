r"""One colour a thing, in formulas and in prose; `palette.THINGS` names the things.

In formulas the letters of the notation are coloured wherever they stand; ``booksite_letters`` says
which of them is which thing. Macros such as ``\slope{s}`` colour what is none of these letters, and
roles such as ``{slope}`steeper``` colour words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinxcontrib import katex

from booksite.palette import THINGS

# Arguments that are no formula, or have a colour already.
_LEFT_ALONE = (
    r"\\begin\{[^{}]*\}(?:\{[^{}]*\})?",
    rf"\\(?:end|label|tag|text\w*|math[a-z]+|operatorname\*?|{'|'.join(THINGS)})\s*\{{[^{{}}]*\}}",
)
_COMMAND = r"\\(?:[a-zA-Z]+|.)"


class Coloured(SphinxRole):
    """Text in the colour of what its role is named after."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text as one node."""
        return [nodes.inline(self.rawtext, self.text, classes=[f"colour-{self.name}"])], []


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value("booksite_letters", {}, "env", (dict,))
    for thing in THINGS:
        app.add_role(thing, Coloured())
    macros = {f"\\{thing}": rf"\htmlClass{{colour-{thing}}}{{#1}}" for thing in THINGS}
    # A class in a formula is none of LaTeX's own commands.
    katex.KATEX_DEFAULT_OPTIONS |= {"macros": macros, "trust": True, "strict": False}
    app.connect("doctree-resolved", _colour_formulas)


def _colour_formulas(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format != "html":
        return
    for kind in (nodes.math, nodes.math_block):
        for formula in doctree.findall(kind):
            formula[:] = [nodes.Text(coloured(formula.astext(), app.config.booksite_letters))]


def coloured(formula: str, letters: Mapping[str, str]) -> str:
    r"""Return a formula with the macro of its thing around each letter that has one.

    Parameters
    ----------
    formula
        What stands between the dollars.
    letters
        The thing that a letter means, or a command and a letter such as ``\nabla L``.
    """
    written = [re.escape(letter).replace(r"\ ", r"\s*") for letter in letters]
    commands = [letter for letter in written if letter.startswith("\\")]
    others = [letter for letter in written if not letter.startswith("\\")]
    pattern = "|".join([*_LEFT_ALONE, *commands, _COMMAND, *others])
    things = {re.sub(r"\s", "", letter): thing for letter, thing in letters.items()}

    def colour(found: re.Match[str]) -> str:
        thing = things.get(re.sub(r"\s", "", found[0]))
        # In braces, so that it stays one argument: \frac ab, x^a.
        return f"{{\\{thing}{{{found[0]}}}}}" if thing else found[0]

    return re.sub(pattern, colour, formula, flags=re.DOTALL)
