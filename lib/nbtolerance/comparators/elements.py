"""HTML as a list of its elements, each with its place, its attributes and its text."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbtolerance.comparators.arrays import written_out
from nbtolerance.comparators.identifiers import Numbered

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

CHILD = "\ufffc"  # where something stands in a text that is none


@dataclass
class Element:
    """An element of a page; in its text a mark stands for each of its children."""

    path: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def shape(self) -> tuple[str, ...]:
        """What must be equal before texts are compared."""
        return self.path, *sorted(self.attributes)

    def __str__(self) -> str:
        name = re.sub(r".*/|\[\d+\]", "", self.path)
        return f"<{' '.join([name, *sorted(self.attributes)])}>"

    @property
    def words(self) -> str:
        """Its own text, in one line."""
        return " ".join(self.text.replace(CHILD, "").split())


def tree(source: str) -> BeautifulSoup:
    """Read HTML or SVG as a browser would: whatever it is, it becomes a tree."""
    # Here, not above: a kernel that only extracts figure data has no need of it.
    from bs4 import BeautifulSoup, UnusualUsageWarning

    with warnings.catch_warnings(action="ignore", category=UnusualUsageWarning):
        return BeautifulSoup(source, "html.parser", multi_valued_attributes=None)


def elements(markup: str) -> list[Element]:
    """Return the elements of a page in their order, the page itself the first."""
    from bs4.element import PreformattedString, Script, Stylesheet, Tag

    numbered = Numbered()
    page = tree(markup)
    found = {id(page): Element("", {})}
    children = Counter[str]()
    for node in page.descendants:
        parent = found[id(node.parent)]
        if isinstance(node, Tag):
            step = f"{parent.path}/{node.name}"
            children[step] += 1
            attributes = {name: numbered(str(value)) for name, value in node.attrs.items()}
            found[id(node)] = Element(f"{step}[{children[step]}]", attributes)
            parent.text += f" {CHILD} "
        elif not isinstance(node, PreformattedString):  # which is a comment or a declaration
            # In a style sheet or a script ids are referred to.
            code = isinstance(node, Script | Stylesheet)
            parent.text += numbered(written_out(str(node))) if code else str(node)
    return list(found.values())
