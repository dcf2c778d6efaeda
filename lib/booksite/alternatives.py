"""Whatever is shown must also be said: pictures, films and widgets without a text are warned about.

A strict build (``-W``) fails. The warning names the chapter, the line and the cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util import logging

from booksite import widgets

LOGGER = logging.getLogger(__name__)

_HOW = "say what it shows in the cell's `mystnb: {image: {alt: ...}}`"
# What needs a text, where it stands as HTML, and the attributes that can hold one.
_NEEDS: dict[str, tuple[str, ...]] = {
    "img": ("alt",),
    "video": ("aria-label", "aria-labelledby", "title"),
    "audio": ("aria-label", "aria-labelledby", "title"),
    "canvas": ("aria-label", "aria-labelledby"),
    "iframe": ("title",),
    "svg": ("aria-label", "aria-labelledby", "aria-hidden"),
}


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("doctree-resolved", check)


def check(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Warn about each thing on a page that has no text alternative."""
    if app.builder.format != "html":
        return
    models = _models(app, page)
    cells = [n for n in doctree.findall(nodes.container) if n.get("nb_element") == "cell_code"]
    numbers = {id(node): number for number, cell in enumerate(cells) for node in cell.findall()}
    for what, node in _silent(doctree, models):
        text = f"shows {what} without a text alternative: {_how(what)}"
        number = numbers.get(id(node))
        if number is None:
            _warn(f"the page {text}", node)
        else:
            _warn(f"code cell {number} ({_first_line(cells[number])}) {text}", cells[number])


def _warn(text: str, node: nodes.Node) -> None:
    LOGGER.warning(text, location=node, type="booksite", subtype="alt")


def _how(what: str) -> str:
    return _HOW if what in ("a figure", "a widget") else "give it an aria-label"


def _models(app: Sphinx, page: str) -> widgets.Models:
    """Return the widgets of a page, from the script that MyST-NB will put into its head."""
    files = NbMetadataCollector.get_js_files(app.env, page)
    for _, attributes in files.values():
        if attributes.get("type") == widgets.STATE:
            return widgets.parse_models(attributes["body"])
    return {}


def _silent(doctree: nodes.document, models: widgets.Models) -> Iterator[tuple[str, nodes.Node]]:
    """Yield what has no text: what it is, and where."""
    for image in doctree.findall(nodes.image):
        if not str(image.get("alt", "")).strip():
            yield "a figure", image
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", ""):
            yield from ((what, raw) for what in _silent_html(raw.astext(), models))


def _silent_html(html: str, models: widgets.Models) -> Iterator[str]:
    soup = BeautifulSoup(html, "html.parser")
    for name, attributes in _NEEDS.items():
        for tag in soup.find_all(name):
            if not _has_text(tag, attributes):
                yield f"a <{name}>"
    for view in soup.select(f'script[type="{widgets.VIEW}"]'):
        named = view.parent and view.parent.get("aria-label")
        if not named and not widgets.alternative(view.string or "{}", models):
            yield "a widget"


def _has_text(tag: Tag, attributes: tuple[str, ...]) -> bool:
    return any(str(tag.get(name, "")).strip() for name in attributes)


def _first_line(cell: nodes.container) -> str:
    code = next(iter(cell.findall(nodes.literal_block)), None)
    return code.astext().strip().splitlines()[0] if code else "hidden"
