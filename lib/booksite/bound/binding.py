"""Chapters become a book: one after the other, each after the same steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from booksite.bound import links, solutions, still
from booksite.bound.chapters import Book, Chapter, read

NAME = "components-of-learning"
PDF, EPUB = f"_build/pdf/{NAME}.pdf", f"_build/epub/{NAME}.epub"


def bound(root: Path, *, files: str) -> Book:
    """Return the built book as it is bound, with the solutions at its back.

    Parameters
    ----------
    root
        The folder with ``_config.yml``, ``_toc.yml`` and the built site.
    files
        What comes before a path in the site, in the address of a picture: ``../html/``.
    """
    book = read(root)
    for chapter in book.chapters:
        page = f"{book.site}/{chapter.name}.html" if book.site else ""
        still.make_still(chapter.article, page)
    links.make_internal(book.chapters, site=book.site, files=files)
    back = solutions.gather(book.chapters)
    return replace(book, chapters=[*book.chapters, *([back] if back else [])])


def in_parts(chapters: Sequence[Chapter]) -> Sequence[tuple[str, Sequence[Chapter]]]:
    """Return the chapters by the part that they belong to."""
    groups = groupby(chapters, lambda chapter: chapter.part)
    return [(part, list(group)) for part, group in groups]
