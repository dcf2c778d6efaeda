"""The whole book as one file, offered on the first page.

:mod:`booksite.bound` makes such files of the site, so they are there for a later build: one that is
there is copied into the site and linked at the foot of the first page, and no other is.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from booksite.bound.binding import EPUB, PDF

KINDS = {"PDF": PDF, "EPUB": EPUB}


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("env-get-outdated", first_page)
    app.connect("build-finished", copy)


def files(app: Sphinx) -> Iterator[tuple[str, Path]]:
    """Yield the kind and the path of each file that there is."""
    for kind, path in KINDS.items():
        file = Path(app.srcdir, path)
        if file.is_file():
            yield kind, file


def first_page(app: Sphinx, *_: object) -> list[str]:
    """Name the first page, to be written anew, where it offers other files than there are."""
    offered = {path for path in KINDS.values() if _in_site(app, Path(path)).is_file()}
    there = {KINDS[kind] for kind, _ in files(app)}
    return [str(app.config.root_doc)] if there != offered else []


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Let the site have the files that there are, and no others."""
    if exception or app.builder.format != "html":
        return
    for path in KINDS.values():
        _in_site(app, Path(path)).unlink(missing_ok=True)
    for _, file in files(app):
        shutil.copy2(file, _in_site(app, file))


def _in_site(app: Sphinx, file: Path) -> Path:
    return Path(app.outdir, file.name)
