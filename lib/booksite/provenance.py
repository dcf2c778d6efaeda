"""The foot of a chapter: when, where and with what it was executed, and whether it agrees.

All of it comes from the stored run and the references, and the date from the execution: a book that
is built twice from one store has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

from booksite.evidence import DEVICES, Evidence, chapters, digest, gather, page_of
from booksite.page import Page
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.settings import load_settings

REPRODUCIBILITY = "reproducibility"  # the directive of that name says which page it is on
TABLE = "booksite-table"  # the attribute of what a directive made, with the directive's name


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("builder-inited", _forget_evidence)
    app.add_env_collector(Tables)
    # After nbtolerance, which executes what is stale on the same event.
    app.connect("env-get-outdated", _outdated, priority=900)


def evidence(app: Sphinx) -> dict[str, Evidence]:
    """Return what is known of each chapter, by the name of its page; read once a build."""
    known: dict[str, Evidence] | None = getattr(app, "booksite_evidence", None)
    if known is None:
        found = gather(load_settings(Path(app.srcdir)))
        known = {page_of(one.chapter, Path(app.srcdir)): one for one in found}
        app.booksite_evidence = known  # type: ignore[attr-defined]
    return known


def tables(env: BuildEnvironment) -> dict[str, str]:
    """Return the pages on which the tables of all chapters stand, by the directive's name."""
    pages: dict[str, str] = env.__dict__.setdefault("booksite_tables", {})
    return pages


class Tables(EnvironmentCollector):
    """Notes which pages have such tables, also where several processes read the pages."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the page that has just been read, if it has one."""
        for node in doctree.findall(nodes.raw):
            if TABLE in node:
                tables(app.env)[node[TABLE]] = app.env.docname

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or is gone."""
        for name in [name for name, page in tables(env).items() if page == docname]:
            del tables(env)[name]

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process noted of the pages that it read."""
        tables(env).update({n: page for n, page in tables(other).items() if page in docnames})


def _forget_evidence(app: Sphinx) -> None:
    app.__dict__.pop("booksite_evidence", None)


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the pages whose evidence is new: chapters', and those that show all of it."""
    settings = load_settings(Path(app.srcdir))
    pages = {page_of(c, Path(app.srcdir)): digest(c, settings) for c in chapters(settings)}
    before: dict[str, str] = env.__dict__.setdefault("booksite_digests", {})
    stale = [page for page in pages if pages[page] != before.get(page)]
    if pages != before:
        stale += tables(env).values()
    env.__dict__["booksite_digests"] = pages
    return [page for page in stale if page in env.found_docs]


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give a chapter its foot, and every quantity that it shows an anchor."""
    app = page.builder.app
    article = soup.select_one("article")
    known = evidence(app).get(page.name)
    if not article or not known or not known.executed:
        return
    for quantity in known.quantities:
        _mark(article, quantity.name)
    target = tables(app.env).get(REPRODUCIBILITY, "")
    link = page.builder.get_relative_uri(page.name, target) if target else ""
    article.append(BeautifulSoup(foot(known, link), "html.parser"))


def _mark(article: Tag, name: str) -> None:
    """Put a quantity's anchor where it is shown, or else on the cell that reports it."""
    shown = [t for t in article.select("[data-quantity]") if t["data-quantity"] == name]
    cells = [c for c in article.select("div.cell") if f'"{name}"' in c.get_text()]
    # A cell may be hidden with all that it shows: then the page itself is the place.
    if shown:
        shown[0]["id"] = anchor(name)
    else:
        mark = BeautifulSoup(f'<span id="{escape(anchor(name))}"></span>', "html.parser")
        (cells or [article])[0].insert(0, mark)


def anchor(quantity: str) -> str:
    """Return the id of a quantity on its chapter's page: ``quantity-gd.fit``."""
    return f"quantity-{quantity}"


def row_anchor(chapter: str) -> str:
    """Return the id of the first of a chapter's rows on the reproducibility page."""
    return f"chapter-{chapter.replace('/', '-')}"


def foot(known: Evidence, link: str) -> str:
    """Return a chapter's foot as HTML.

    Parameters
    ----------
    known
        What is known of the chapter, which was executed.
    link
        The address of the reproducibility page; empty where the book has none.
    """
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in _facts(known, link)
    )
    return (
        '<section class="provenance" aria-label="How this page was computed">'
        f"<p>How this page was computed</p><dl>{items}</dl></section>"
    )


def _facts(known: Evidence, link: str) -> Iterator[tuple[str, str]]:
    assert known.executed is not None
    run = known.executed.provenance
    elsewhere = ", elsewhere, and carried here" if run.elsewhere else ""
    yield "Executed", f"{escape(day(run.date))}, in {run.seconds:.1f} s{elsewhere}"
    yield "Device", escape(str(run.device))
    yield "Versions", escape(", ".join(versions(known.executed.fingerprint)))
    yield "Check", verdict(known, link)


def day(date: str) -> str:
    """Return a run's date as people write it, to the minute, in universal time."""
    return f"{datetime.fromisoformat(date):%Y-%m-%d %H:%M} UTC"


def versions(fingerprint: Fingerprint) -> Iterator[str]:
    """Name Python and the packages that the chapter uses, each with its version."""
    yield f"Python {fingerprint.python}"
    for package, version in sorted(fingerprint.packages.items()):
        yield f"{package} {version}"


def verdict(known: Evidence, link: str) -> str:
    """Say, as HTML, whether a run agrees with the references, and which there are."""
    text = escape(_verdict(known))
    rows = f"{link}#{row_anchor(known.chapter.name)}" if known.quantities else link
    return f'<a href="{escape(rows)}">{text}</a>' if link else text


def _verdict(known: Evidence) -> str:
    if not known.references:
        return "there is no reference yet"
    if known.failures:
        return f"fails: {'; '.join(known.failures)}"
    against = " and ".join(known.references)
    missing = [device for device in DEVICES if device not in known.references]
    rest = f"; {', '.join(missing)} not yet measured" if missing else ""
    return f"passes, within its tolerances, against {against}{rest}"
