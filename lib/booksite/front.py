"""The page at the site's root, which leads to the book's first page.

The table of contents writes one that holds nothing else; browsers then ask for an icon that is not
there, and a reader whose browser does not follow sees nothing.
"""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="">
<title></title>
<link rel="icon" type="image/svg+xml" href="_static/booksite/favicon.svg">
</head>
<body><p><a></a></p></body>
</html>
"""


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("build-finished", write, priority=900)  # after the one that is replaced


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the page, unless the book has one of its own there."""
    first = str(app.config.root_doc)
    if exception or app.builder.format != "html" or first == "index":
        return
    soup = BeautifulSoup(_PAGE, "html.parser")
    address, title = app.builder.get_target_uri(first), str(app.config.html_title)
    assert soup.html
    assert soup.title
    assert soup.a
    soup.html["lang"] = app.config.language
    soup.title.string = soup.a.string = title
    soup.a["href"] = address
    for refresh in soup.select("meta[http-equiv]"):
        refresh["content"] = f"0; url={address}"
    Path(app.outdir, "index.html").write_text(str(soup), encoding="utf-8")
