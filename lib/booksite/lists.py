"""Lists of all pages for programs, and the page for an address that is none.

``llms.txt`` lists the pages with a line each, and links to their Markdown. ``sitemap.xml`` needs
whole addresses: it is written where the site's is known, and ``robots.txt`` names it then.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from bs4 import BeautifulSoup
from sphinx import addnodes
from sphinx.application import Sphinx

from booksite import search
from booksite.gathered import reproducibility
from booksite.html import render
from booksite.page import Page
from booksite.records import Record, records

MISSING = "404"  # what hosts of static sites show for an address that is none


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _write)


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Let the theme make the page for an address that is none, with its menu and search."""
    title = app.config.html_title or app.config.project
    body = render("missing", title=title, **search.ways(app.builder))
    yield MISSING, {"title": "Page not found", "body": body}, "page.html"


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Let the links of that page lead from the site's root, since it is shown at any depth."""
    root = urlsplit(str(page.builder.config.html_baseurl)).path
    if page.name != MISSING or not root:
        return
    for tag in soup.select("[href], [src], [action]"):
        for name in {"href", "src", "action"} & set(tag.attrs):
            parts = urlsplit(str(tag[name]))
            if parts.path and not parts.netloc and not parts.path.startswith("/"):
                tag[name] = root + str(tag[name]).removeprefix("./")


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    out, address = Path(app.outdir), str(app.config.html_baseurl)
    (out / "llms.txt").write_text(llms(app, records(app)), encoding="utf-8")
    robots = "User-agent: *\nAllow: /\n" + (f"Sitemap: {address}sitemap.xml\n" if address else "")
    (out / "robots.txt").write_text(robots, encoding="utf-8")
    (out / "sitemap.xml").unlink(missing_ok=True)
    if address:
        (out / "sitemap.xml").write_text(sitemap(address, records(app)), encoding="utf-8")


def sitemap(address: str, pages: list[Record]) -> str:
    """Return the list of pages that search engines read.

    Parameters
    ----------
    address
        Where the site stands, with a slash at its end.
    pages
        The pages of the book.
    """
    entries = "".join(
        f"<url><loc>{escape(address + page.name)}.html</loc></url>\n" for page in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def llms(app: Sphinx, pages: list[Record]) -> str:
    """Return the list of pages that language models read: by part, with a line each."""
    address, known = str(app.config.html_baseurl), {page.name: page for page in pages}
    first = known[str(app.config.root_doc)]
    lines = [f"# {app.config.html_title or app.config.project}", "", f"> {first.description}", ""]
    if feed := reproducibility(app.env):
        said = "Every number that the pages report, with its references and tolerances"
        lines += [f"{said}: [{feed}.json]({address}{feed}.json)", ""]
    for caption, names in _parts(app):
        lines += [f"## {caption}", ""]
        for page in (known[name] for name in names if name in known):
            said = f": {page.description}" if page.description else ""
            lines.append(f"- [{page.title}]({address}{_markdown(app, page.name)}){said}")
        lines.append("")
    return "\n".join(lines)


def _markdown(app: Sphinx, page: str) -> str:
    """Return the file with a page's Markdown, or the page where it is made from something else."""
    return f"{page}.md" if str(app.env.doc2path(page)).endswith(".md") else f"{page}.html"


def _parts(app: Sphinx) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the book: the caption, and the names of the pages."""
    root = str(app.config.root_doc)
    yield "First page", [root]
    for part in app.env.get_doctree(root).findall(addnodes.toctree):
        names = list(part["includefiles"])
        below = [inner for name in names for inner in app.env.toctree_includes.get(name, ())]
        yield part["caption"] or "Pages", names + below
