"""The book for e-readers, as an EPUB 3: ``python -m booksite.bound.epub``.

Sphinx's own builder of EPUBs would make every page once more, by another theme, and what this
extension does to pages for a browser would have to be undone on each. So this packs the pages of
the site: formulas as MathML, no script, and every picture a file in the book.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from bs4 import Tag
from markupsafe import Markup
from PIL import Image

from booksite import brand
from booksite.bound.binding import EPUB, bound, in_parts
from booksite.bound.chapters import SITE, Book, Chapter
from booksite.html import render
from booksite.palette import COLOURS

INSIDE = "EPUB"  # the folder, in the archive, of all but what says where it is
SHEET = Path(__file__).with_name("ebook.css")
COVER = (1200, 1600)  # pixels
COVER_NAME = "cover.png"

_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    f'<rootfile full-path="{INSIDE}/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
_TYPES = {
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
# KaTeX puts it behind the name of a function, also where MathML allows a name and an index only.
_APPLICATION = "\N{FUNCTION APPLICATION}"
# HTML writes these in small letters, as it does all names; in XML they have capitals.
_OF_SVG = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
# Older e-readers do not show a WebP.
_AS_PNG = ".webp"


def main() -> None:
    """Pack the book that has been built in this folder."""
    file = bind(Path.cwd())
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def bind(root: Path) -> Path:
    """Pack the built book; returns the EPUB's path.

    Parameters
    ----------
    root
        The folder with ``_config.yml``, ``_toc.yml`` and the built site.
    """
    book = bound(root, files="")
    target = root / EPUB
    target.parent.mkdir(parents=True, exist_ok=True)
    files = {**texts(book), COVER_NAME: cover(book.title), **pictures(book.chapters, root / SITE)}
    package = render("epub_package", book=book, items=items(files), **_facts(book))
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        # The first, and not compressed: by it a reader knows what the file is.
        archive.writestr("mimetype", "application/epub+zip", ZIP_STORED)
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr(f"{INSIDE}/package.opf", _as_xml(package))
        for name, content in files.items():
            archive.writestr(f"{INSIDE}/{name}", content)
    return target


def _facts(book: Book) -> Mapping[str, str]:
    return {
        "identifier": uuid.uuid5(uuid.NAMESPACE_URL, book.title).urn,
        "modified": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def texts(book: Book) -> dict[str, str | bytes]:
    """Return the files with words: title page, contents, a page a chapter, and their style."""
    for chapter in book.chapters:
        _as_ebook(chapter.article)
    _across_files(book.chapters)
    parts = in_parts(book.chapters)
    pages = {
        "title": render("epub_title", book=book),
        "nav": render("epub_nav", parts=parts),
        **{chapter.slug: chapter.article.decode() for chapter in book.chapters},
    }
    titles = {chapter.slug: chapter.title for chapter in book.chapters}
    written = {
        f"{name}.xhtml": render(
            "epub_page", book=book, title=titles.get(name, book.title), body=Markup(body)
        )
        for name, body in pages.items()
    }
    return {"book.css": SHEET.read_bytes()} | {k: _as_xml(page) for k, page in written.items()}


def _as_xml(text: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _as_ebook(article: Tag) -> None:
    """Set formulas as MathML, and write drawings as XML wants them."""
    for formula in article.select(".katex"):
        if formula.math:
            formula.replace_with(formula.math.extract())
    for operator in article.select(":is(msub, msup, msubsup) > mo"):
        if operator.get_text() == _APPLICATION:
            operator.decompose()
    for number in article.select(".page-of"):
        number.decompose()
    for drawing in article.select("svg"):
        drawing["xmlns"] = "http://www.w3.org/2000/svg"
        for name in set(drawing.attrs) & set(_OF_SVG):
            drawing[_OF_SVG[name]] = drawing.attrs.pop(name)
    for picture in article.select("img[src]"):
        picture["src"] = re.sub(rf"{_AS_PNG}$", ".png", str(picture["src"]))


def _across_files(chapters: Sequence[Chapter]) -> None:
    """Let each link name the file in which its target stands now."""
    files = {
        str(tag["id"]): f"{chapter.slug}.xhtml"
        for chapter in chapters
        for tag in [chapter.article, *chapter.article.select("[id]")]
    }
    for chapter in chapters:
        for link in chapter.article.select('a[href^="#"]'):
            name = str(link["href"])[1:]
            link["href"] = f"{files[name]}#{name}"


def pictures(chapters: Iterable[Chapter], site: Path) -> dict[str, str | bytes]:
    """Return each picture that a chapter shows, by its name in the book."""
    found: dict[str, str | bytes] = {}
    for chapter in chapters:
        for picture in chapter.article.select("img[src]"):
            name = str(picture["src"])
            found[name] = found.get(name) or _content(site / name)
    return found


def _content(file: Path) -> bytes:
    if file.is_file():
        return file.read_bytes()
    return _png(Image.open(file.with_suffix(_AS_PNG)))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def cover(title: str) -> bytes:
    """Return the cover: the book's card, on a page of the same ground."""
    page = Image.new("RGB", COVER, COLOURS["ground"][1])
    card = brand.card(title)
    page.paste(card, (0, (page.height - card.height) // 2))
    return _png(page)


@dataclass(frozen=True)
class Item:
    """A file, as the package names it: its name, its type, and what is in it."""

    name: str
    type: str
    properties: str

    @property
    def id(self) -> str:
        """Its name, as an id may be."""
        return f"file-{self.name.replace('/', '-')}"


def items(files: Mapping[str, str | bytes]) -> Sequence[Item]:
    """Return an item for each file of a book."""
    return [
        Item(name, _TYPES[Path(name).suffix], _properties(name, content))
        for name, content in files.items()
    ]


def _properties(name: str, content: str | bytes) -> str:
    """Say what an e-reader must know of a file beforehand."""
    known = {"nav.xhtml": "nav", COVER_NAME: "cover-image"}
    if name in known:
        return known[name]
    page = content if isinstance(content, str) else ""
    return " ".join(kind for kind, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in page)


if __name__ == "__main__":
    main()
