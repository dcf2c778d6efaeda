"""The page at the site's root, which leads to the book's first page.

The table of contents writes one that holds nothing else; browsers then ask for an icon that is not
there, and a reader whose browser does not follow sees nothing.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from booksite.html import render


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("build-finished", write, priority=900)  # after the one that is replaced


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the page, unless the book has one of its own there."""
    first = str(app.config.root_doc)
    if exception or app.builder.format != "html" or first == "index":
        return
    page = render(
        "root",
        address=app.builder.get_target_uri(first),
        title=app.config.html_title,
        language=app.config.language,
    )
    Path(app.outdir, "index.html").write_text(f"{page}\n", encoding="utf-8")
