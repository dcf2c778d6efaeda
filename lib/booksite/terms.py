"""A term links to the glossary, which says what it means and where it is used.

A page links to a term by Sphinx's role ``{term}``; the link's title, shown on hover, is the first
sentence of the entry. Each entry lists the pages that link to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector


@dataclass(frozen=True)
class Terms:
    """What a page has of them.

    Parameters
    ----------
    used
        The terms that it links to, in lower case.
    said
        By the anchor of each entry of its glossary: the entry's first sentence.
    treated
        By the same: the page and the place there that the entry refers to, if it does.
    """

    used: frozenset[str] = frozenset()
    said: dict[str, str] = field(default_factory=dict)
    treated: dict[str, tuple[str, str]] = field(default_factory=dict)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_env_collector(Collector)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _with_new_entries)
    app.connect("doctree-resolved", _furnish)


def _terms(env: BuildEnvironment) -> dict[str, Terms]:
    pages: dict[str, Terms] = env.__dict__.setdefault("booksite_terms", {})
    return pages


def _said(env: BuildEnvironment) -> dict[str, str]:
    return {anchor: said for page in _terms(env).values() for anchor, said in page.said.items()}


def glossary(env: BuildEnvironment) -> str:
    """Return the name of the page with the glossary; empty where the book has none."""
    return next((page for page, terms in _terms(env).items() if terms.said), "")


def treated(env: BuildEnvironment, page: str) -> dict[str, tuple[str, str]]:
    """Return where each entry of a page's glossary is treated, by its anchor: page and place."""
    return _terms(env).get(page, Terms()).treated


class Collector(EnvironmentCollector):
    """Notes the terms of each page, also where several processes read the pages."""

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note those of the page that has just been read."""
        links = (x for x in doctree.findall(addnodes.pending_xref) if x["reftype"] == "term")
        used = frozenset(str(link["reftarget"]).lower() for link in links)
        said = {anchor: _sentence(text) for _, anchor, text in _entries(doctree)}
        treated = {anchor: place for _, anchor, text in _entries(doctree) for place in _seen(text)}
        if used or said:
            _terms(app.env)[app.env.docname] = Terms(used, said, treated)

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or is gone."""
        _terms(env).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process noted of the pages that it read."""
        _terms(env).update({page: t for page, t in _terms(other).items() if page in docnames})


def _entries(doctree: nodes.document) -> Iterator[tuple[str, str, nodes.definition]]:
    """Yield the term, the anchor and the definition of each entry of a page's glossary."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            for term in item.findall(nodes.term):
                yield term.rawsource, str(term["ids"][0]), item[-1]


def _seen(definition: nodes.definition) -> Iterator[tuple[str, str]]:
    """Yield the page and the place of each link into another page."""
    for link in definition.findall(addnodes.pending_xref):
        if link["reftype"] == "myst" and link.get("reftargetid"):
            yield str(link["reftarget"]), str(link["reftargetid"])


def _sentence(definition: nodes.definition) -> str:
    """Return the first sentence, as text."""
    return re.split(r"(?<=\.)\s", definition.astext(), maxsplit=1)[0]


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the glossaries when a page is new: it may use other terms than before."""
    new = added | changed | removed
    return [page for page, terms in _terms(env).items() if new and terms.said]


def _with_new_entries(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that use terms when the glossary says something else than before."""
    before = env.__dict__.get("booksite_said")
    env.__dict__["booksite_said"] = now = _said(env)
    return [page for page, terms in _terms(env).items() if terms.used and now != before]


def _furnish(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to a term its title, and each entry its pages."""
    said = _said(app.env)
    for word in doctree.findall(nodes.inline):
        link = word.parent
        if "std-term" in word["classes"] and isinstance(link, nodes.reference):
            anchor = link.get("refid") or str(link.get("refuri", "")).rpartition("#")[2]
            link["reftitle"] = said.get(anchor, "")
    for term, _, definition in _entries(doctree):
        if pages := _users(app.env, term):
            definition += _list(app, docname, pages)


def _users(env: BuildEnvironment, term: str) -> list[str]:
    """Return the pages that link to a term, in the order of the book."""
    terms = _terms(env)
    return [
        page for page in env.collect_relations() if term.lower() in terms.get(page, Terms()).used
    ]


def _list(app: Sphinx, docname: str, pages: list[str]) -> nodes.paragraph:
    line = nodes.paragraph("", "Used in ", classes=["term-pages"])
    for number, page in enumerate(pages):
        address = app.builder.get_relative_uri(docname, page)
        line += nodes.Text(", " if number else "")
        line += nodes.reference("", app.env.titles[page].astext(), internal=True, refuri=address)
    return line
