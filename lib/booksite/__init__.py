"""The Sphinx extension that makes the pages light, self-contained and accessible.

One module an idea. Before the pages are read, :mod:`~booksite.packages` installs what the browser
needs and :mod:`~booksite.assets` serves it; :mod:`~booksite.math` has KaTeX set the formulas, in
which :mod:`~booksite.colours` gives each thing its colour. While a page is read,
:mod:`~booksite.listing` shows the lines of the library that do the work,
:mod:`~booksite.predictions` lets the page ask before it answers, :mod:`~booksite.terms` links terms
with the glossary, :mod:`~booksite.subjects` makes the index,
:mod:`~booksite.alternatives` insists that every picture can be heard as well, and
:mod:`~booksite.ownership` keeps what is stored of the page small. As a page is written,
:mod:`~booksite.pages` hands it to the modules that amend it:
:mod:`~booksite.icons`, :mod:`~booksite.lines`, :mod:`~booksite.exercises`,
:mod:`~booksite.folds`, :mod:`~booksite.contents`, :mod:`~booksite.structure`,
:mod:`~booksite.unscripted`, :mod:`~booksite.media`, :mod:`~booksite.films`,
:mod:`~booksite.widgets`, :mod:`~booksite.provenance`, :mod:`~booksite.origin`,
:mod:`~booksite.brand`, :mod:`~booksite.about`, :mod:`~booksite.scripts` and
:mod:`~booksite.policy`. At the end :mod:`~booksite.trim` deletes what no page uses, and
:mod:`~booksite.front` writes the page at the site's root.

What a page says in words, :mod:`~booksite.sections` reads from it and :mod:`~booksite.records`
remembers. :mod:`~booksite.search` finds sections in that, and :mod:`~booksite.lists` lists the
pages for programs.

Of the site that has been built, :mod:`~booksite.bound` makes a PDF, with :mod:`~booksite.chromium`,
and an EPUB, which :mod:`~booksite.whole` offers on the first page. A new chapter is written by
:mod:`~booksite.skeleton`.

What is known of each chapter's run and its references is :mod:`~booksite.evidence`, which
:mod:`~booksite.gathered` gathers once a build. :mod:`~booksite.citations` gives it to the numbers
that the prose cites, :mod:`~booksite.provenance` sums it up at a chapter's foot, and
:mod:`~booksite.reproducibility` lists all of it, with a table of :mod:`~booksite.margins` and for
download by :mod:`~booksite.downloads`. :mod:`~booksite.words` says it in words, and
:mod:`~booksite.html` fills it into templates.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booksite import (
    about,
    alternatives,
    assets,
    citations,
    colours,
    contents,
    downloads,
    exercises,
    front,
    gathered,
    library,
    listing,
    lists,
    math,
    ownership,
    pages,
    predictions,
    repository,
    reproducibility,
    search,
    subjects,
    terms,
    trim,
    whole,
    widgets,
)

PARTS = (
    about,
    assets,
    math,
    colours,
    pages,
    alternatives,
    widgets,
    listing,
    exercises,
    predictions,
    ownership,
    contents,
    gathered,
    citations,
    repository,
    library,
    reproducibility,
    downloads,
    search,
    lists,
    terms,
    subjects,
    trim,
    whole,
    front,
)


def digest(folder: Path) -> str:
    """Return a digest of the files that make the pages."""
    files = sorted(f for f in folder.rglob("*") if f.suffix in (".py", ".js", ".css", ".jinja"))
    names = (file.relative_to(folder).as_posix().encode() for file in files)
    contents = (file.read_bytes() for file in files)
    return hashlib.sha256(b"\0".join([*names, *contents])).hexdigest()[:20]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    # The folder, relative to the sources, with package.json and package-lock.json.
    app.add_config_value("booksite_packages", ".", "html", (str,))
    # Set by no book: pages that another state of this package made are made again.
    app.add_config_value("booksite_digest", digest(Path(__file__).parent), "env", (str,))
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
