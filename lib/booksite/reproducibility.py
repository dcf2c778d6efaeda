"""The parts of the reproducibility page: all quantities, all runs, all references.

``{evidence} quantities`` is a directive: what it shows is read from the store and the references,
so that no page types a number. The page that has the quantities is the one that all others link to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from docutils.parsers.rst.directives import choice
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.docutils import SphinxDirective

from booksite import gathered, margins, provenance
from booksite.evidence import RUN, Evidence, Quantity, margin_of
from booksite.html import render
from booksite.words import DEVICES, MISSING, allowed, difference, machine, margin, shown

SCRIPT = "booksite/reproducibility.js"

Chapters = Mapping[str, Evidence]  # by page


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("evidence", Shown)
    app.connect("html-page-context", _add_script)


class Shown(SphinxDirective):
    """Shows a part of all chapters' evidence: margins, quantities, runs or references."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the part as HTML, marked: its page is stale when any evidence is new."""
        part = choice(self.arguments[0], tuple(PARTS))
        place = Place(self.env.docname, self.env.app.builder)
        html = PARTS[part](gathered.evidence(self.env.app), place)
        return [nodes.raw("", html, format="html", **{gathered.TABLE: part})]


@dataclass(frozen=True)
class Place:
    """The page that shows a part."""

    name: str
    builder: Builder

    def to(self, page: str) -> str:
        """Return the address of another page from here."""
        return self.builder.get_relative_uri(self.name, page)

    def beside(self, kind: str) -> str:
        """Return the address of a file that is named like this page."""
        return f"{self.name.rpartition('/')[2]}.{kind}"


def list_margins(chapters: Chapters, place: Place) -> Markup:
    """Return how many quantities come how near."""
    return margins.table(
        [quantity for chapter in chapters.values() for quantity in chapter.quantities]
    )


def list_quantities(chapters: Chapters, place: Place) -> Markup:
    """Return a row a quantity, with a filter, an order and downloads."""
    pairs = [
        (page, quantity) for page, chapter in chapters.items() for quantity in chapter.quantities
    ]
    found = {device for chapter in chapters.values() for device in chapter.references}
    there = [device for device in DEVICES if device in found]
    absent = [name for device, name in DEVICES.items() if device not in there]
    return render(
        "quantities",
        parts=[
            (part, part or "first page")
            for part in sorted({quantity.part for _, quantity in pairs})
        ],
        columns=headings(there),
        rows=list(_rows(pairs, there, place)),
        absent=absent,
        downloads=[(kind.upper(), place.beside(kind)) for kind in ("json", "csv")],
    )


def _rows(
    pairs: list[tuple[str, Quantity]], there: list[str], place: Place
) -> Iterator[dict[str, Any]]:
    before = ""
    for page, quantity in pairs:
        # The foot of a chapter links to the first of its rows.
        first = provenance.row_anchor(quantity.chapter) if quantity.chapter != before else ""
        before = quantity.chapter
        yield {
            "name": quantity.name,
            "part": quantity.part,
            "margin": f"{quantity.margin:g}",
            "first": first,
            "link": f"{place.to(page)}#{provenance.anchor(quantity.name)}",
            "cells": cells(quantity, there),
        }


def headings(there: list[str]) -> list[str]:
    """Return the headings of the table of quantities, for the devices that have references."""
    between = [f"{' and '.join(DEVICES[d] for d in there)} differ by"] if len(there) > 1 else []
    references = [f"Reference, {DEVICES[device]}" for device in there]
    last = ["This site differs by", "Allowed", "Margin", "Why more than the default"]
    return ["Quantity", *references, *between, *last]


def cells(quantity: Quantity, there: list[str]) -> list[str]:
    """Return what a row of the table says after the quantity's name."""
    pair = ("cpu", "cuda")
    between = difference(quantity.worst.get(pair)) if pair in quantity.worst else MISSING
    runs = [d for (_, other), d in quantity.worst.items() if other == RUN and d]
    return [
        *(shown(quantity, device) for device in there),
        *([between] if len(there) > 1 else []),
        difference(min(runs, key=margin_of, default=None)) if quantity.worst else MISSING,
        allowed(quantity),
        margin(quantity.margin) if quantity.worst else MISSING,
        quantity.tolerance.why,
    ]


def list_references(chapters: Chapters, place: Place) -> Markup:
    """Return a row a reference: the machine and the versions that made it."""
    rows = [
        [chapter.name, DEVICES.get(device, device), *_made(reference.provenance)]
        for chapter in chapters.values()
        for device, reference in chapter.references.items()
    ]
    columns = ["Chapter", "Kind", "Machine", "Date", "Versions"]
    return render("table", caption="What made chapter reference", columns=columns, rows=rows)


def _made(made: Mapping[str, Any]) -> list[str]:
    packages = ", ".join(f"{name} {version}" for name, version in sorted(made["packages"].items()))
    return [
        made["device"]["name"],
        provenance.day(made["date"]),
        f"Python {made['python']}, {packages}",
    ]


def list_runs(chapters: Chapters, place: Place) -> Markup:
    """Return a row a chapter: how long it took, how much memory, on which machine, its status."""
    columns = ["Chapter", "Seconds", "Memory", "Machine", "Executed", "Status"]
    rows = [execution(chapter) for chapter in chapters.values()]
    return render("table", caption="The run behind chapter page", columns=columns, rows=rows)


def execution(chapter: Evidence) -> list[str]:
    """Return a chapter's row of the table of runs."""
    if chapter.executed is None:
        return [chapter.name, "", "", "", "", "not executed"]
    run = chapter.executed.provenance
    memory = f"{run.memory / 2**20:.0f} MiB" if run.memory else "not recorded"
    status = "fails its check" if chapter.failures else "passes its check"
    return [
        chapter.name,
        f"{run.seconds:.1f}",
        memory,
        machine(run.device),
        provenance.day(run.date) + (", elsewhere" if run.elsewhere else ""),
        status if chapter.references else "has no reference yet",
    ]


PARTS: Mapping[str, Callable[[Chapters, Place], Markup]] = {
    "margins": list_margins,
    gathered.QUANTITIES: list_quantities,
    "runs": list_runs,
    "references": list_references,
}


def _add_script(app: Sphinx, page: str, *_: Any) -> None:
    if app.env and page == gathered.reproducibility(app.env):
        app.add_js_file(SCRIPT)
