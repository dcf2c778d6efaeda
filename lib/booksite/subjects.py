"""The index: what the book treats, and where.

A page marks what a section is about by the directive ``{index}``. ``{show-index}`` lists all marks
and all terms of the glossary by their first letters; Jupyter Book 2 reads both directives. The
names of the library are left out: the reference lists them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from booksite.terms import treated

SHOWN = "show-index"  # also a key in a page's metadata, which Sphinx keeps up to date
CLASS = "subjects"

Subjects = dict[str, dict[str, str]]  # by subject: the pages that treat it, each with the anchor


class ShowIndex(SphinxDirective):
    """Lists the subjects of all pages."""

    def run(self) -> list[nodes.Node]:
        """Return the place, filled when all pages are read, and note that the page has it."""
        self.env.metadata[self.env.docname][SHOWN] = True
        return [nodes.container("", classes=[CLASS])]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive(SHOWN, ShowIndex)
    app.connect("env-updated", _with_new_subjects)
    app.connect("doctree-resolved", _fill)


def subjects(env: BuildEnvironment) -> Subjects:
    """Return the subjects of the book in the order of the alphabet, and of its pages."""
    order = {page: number for number, page in enumerate(env.collect_relations())}
    found: Subjects = {}
    spelled: dict[str, str] = {}
    for subject, page, anchor in _marks(env):
        places = found.setdefault(spelled.setdefault(subject.casefold(), subject), {})
        places.setdefault(page, anchor)
    return {
        subject: dict(sorted(found[subject].items(), key=lambda place: order[place[0]]))
        for subject in sorted(found, key=str.casefold)
    }


def _marks(env: BuildEnvironment) -> Iterator[tuple[str, str, str]]:
    """Yield each mark with its page and anchor; Sphinx marks the terms of a glossary.

    A term is treated where its entry says, too.
    """
    names = {(page, anchor) for *_, page, anchor, _ in env.get_domain("py").get_objects()}
    marked = env.get_domain("index").data["entries"]
    for page in env.collect_relations():
        for _, entry, anchor, *_ in marked.get(page, ()):
            if (page, anchor) not in names:
                places = [(page, anchor), treated(env, page).get(anchor)]
                yield from ((entry.replace(";", ","), *place) for place in places if place)


def _with_new_subjects(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages with the index when it says something else than before."""
    before = env.__dict__.get("booksite_subjects")
    env.__dict__["booksite_subjects"] = now = subjects(env)
    return [page for page in env.found_docs if now != before and SHOWN in env.metadata[page]]


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in doctree.findall(nodes.container):
        if CLASS in place["classes"]:
            found = subjects(app.env)
            for letter, group in groupby(found, key=lambda subject: subject[0].upper()):
                place += nodes.rubric("", letter)
                lines = ((subject, found[subject]) for subject in group)
                place += nodes.bullet_list("", *(_line(app, docname, *line) for line in lines))


def _line(app: Sphinx, docname: str, subject: str, places: dict[str, str]) -> nodes.list_item:
    line = nodes.paragraph("", f"{subject}: ")
    for number, (page, anchor) in enumerate(places.items()):
        address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        title = app.env.titles[page].astext()
        line += nodes.Text(", " if number else "")
        line += nodes.reference("", title, internal=True, refuri=address)
    return nodes.list_item("", line)
