"""Every quantity on every device, as a plot, a table, JSON and CSV; and every run.

``{reproducibility}`` and ``{executions}`` are directives without arguments: what they show is read
from the store and the references, so that no page types a number.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booksite import margins, provenance
from booksite.evidence import DEVICES, RUN, Evidence, Quantity, margin_of
from nbtolerance.comparators import Difference
from nbtolerance.files import write_whole

MISSING = "not yet measured"
SCRIPT = "booksite/reproducibility.js"

Rows = Iterable[list[str]]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("reproducibility", Reproducibility)
    app.add_directive("executions", Executions)
    app.connect("html-page-context", _complete)


class _Generated(SphinxDirective):
    """A directive that is replaced by HTML made from all chapters' evidence."""

    name_in_tables = ""

    def run(self) -> list[nodes.Node]:
        """Return the HTML, marked: its page is stale when any evidence is new."""
        known = provenance.evidence(self.env.app)
        marked = {"format": "html", provenance.TABLE: self.name_in_tables}
        return [nodes.raw("", self.html(known), **marked)]

    def html(self, known: dict[str, Evidence]) -> str:
        """Return what the directive shows."""
        raise NotImplementedError

    def address(self, page: str) -> str:
        """Return the address of another page from this one."""
        builder = self.env.app.builder
        return builder.get_relative_uri(self.env.docname, page) if builder else page


class Reproducibility(_Generated):
    """The plot of margins, the table of quantities, and the machines behind the references."""

    name_in_tables = provenance.REPRODUCIBILITY

    def html(self, known: dict[str, Evidence]) -> str:
        """Return plot, table and machines."""
        quantities = [(page, q) for page, one in known.items() for q in one.quantities]
        here = self.env.docname.rpartition("/")[2]
        downloads = " and ".join(
            f'<a href="{here}.{kind}" download>{kind.upper()}</a>' for kind in ("json", "csv")
        )
        rows = "".join(self._rows(quantities))
        return (
            f"{margins.draw([q for _, q in quantities])}"
            f"{_controls(sorted({q.part for _, q in quantities}))}"
            '<table class="table reproducibility" id="quantities"><caption>Every quantity; the '
            f"same as {downloads}</caption>{_head(_COLUMNS)}<tbody>{rows}</tbody></table>"
            f"{_machines(known.values())}"
        )

    def _rows(self, quantities: list[tuple[str, Quantity]]) -> Iterator[str]:
        begun = set()
        for page, one in quantities:
            first = one.chapter not in begun
            begun.add(one.chapter)
            # The foot of a chapter links to the first of its rows.
            mark = f'<a id="{escape(provenance.row_anchor(one.chapter))}"></a>' if first else ""
            link = f"{self.address(page)}#{provenance.anchor(one.name)}"
            yield (
                f'<tr id="{escape(one.name)}" data-part="{escape(one.part)}" '
                f'data-margin="{one.margin:g}"><th scope="row">{mark}'
                f'<a href="{escape(link)}"><code>{escape(one.name)}</code></a></th>'
                + "".join(f"<td>{escape(cell)}</td>" for cell in cells(one))
                + "</tr>"
            )


_COLUMNS = ["Quantity", "Part", *DEVICES, *("cpu to cuda", "References to this run")]
_COLUMNS += ["Allowed", "Margin", "Why"]


def cells(one: Quantity) -> list[str]:
    """Return what a row of the table says after the quantity's name."""
    between = one.worst.get(("cpu", "cuda"))
    measured = ("cpu", "cuda") in one.worst
    runs = [d for (_, other), d in one.worst.items() if other == RUN and d]
    return [
        one.part,
        *(shown(one, device) for device in DEVICES),
        _difference(between) if measured else MISSING,
        _difference(min(runs, key=margin_of, default=None)),
        allowed(one),
        margin(one.margin) if one.worst else MISSING,
        one.tolerance.why or "the chapter's default",
    ]


def shown(one: Quantity, device: str) -> str:
    """Return a value on a device: a number as it is, of many numbers the one that is compared."""
    if device not in one.values:
        return MISSING
    value = one.values[device]
    numbers = list(_numbers(value))
    if len(numbers) == 1:
        return f"{numbers[0]:.9g} {one.unit}".strip()
    if not numbers:
        return str(value)[:40]
    return f"{len(numbers)} numbers, {min(numbers):.6g} to {max(numbers):.6g} {one.unit}".strip()


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):  # an integer beyond all that is compared
            yield float(value)


def _difference(worst: Difference | None) -> str:
    if worst is None:
        return "none"
    if worst.difference is None:
        return f"{worst.cause}: {worst.expected!r}, {worst.got!r}"[:80]
    return f"{worst.difference:.2g}" if worst.difference else "none"


def allowed(one: Quantity) -> str:
    """Return a tolerance: ``1e-06 of the value``, ``0.01``, or both."""
    rtol, atol = one.tolerance.rtol, one.tolerance.atol
    parts = [f"{rtol:g} of the value" if rtol else "", f"{atol:g}" if atol else ""]
    return " + ".join(filter(None, parts)) or "nothing"


def margin(value: float) -> str:
    """Return a margin as the check's table has it: ``exact`` or ``12x``."""
    return "exact" if math.isinf(value) else f"{value:.3g}×"


def _head(columns: list[str]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    return f"<thead><tr>{heads}</tr></thead>"


def _controls(parts: list[str]) -> str:
    """Return the filter and the order; without a script they stay hidden, and all is shown."""
    named = ((escape(part), escape(part or "first page")) for part in parts)
    options = "".join(f'<option value="{part}">{name}</option>' for part, name in named)
    return (
        '<p class="reproducibility-controls" hidden><label>Part <select data-filter="part">'
        f'<option value="*">all</option>{options}</select></label> '
        '<label>Order <select data-order><option value="book">of the book</option>'
        '<option value="margin">smallest margin first</option></select></label> '
        '<span role="status"></span></p>'
    )


def _machines(known: Iterable[Evidence]) -> str:
    rows = [
        [one.chapter.name, device, *_machine(one.references[device].provenance)]
        if device in one.references
        else [one.chapter.name, device, MISSING, "", ""]
        for one in known
        for device in DEVICES
    ]
    columns = ["Chapter", "Reference", "Machine", "Date", "Versions"]
    return table("The machine and the versions behind each reference", columns, rows)


def _machine(made: dict[str, Any]) -> list[str]:
    packages = ", ".join(f"{name} {version}" for name, version in sorted(made["packages"].items()))
    return [
        made["device"]["name"],
        provenance.day(made["date"]),
        f"Python {made['python']}, {packages}",
    ]


def table(caption: str, columns: list[str], rows: Rows) -> str:
    """Return a table whose rows' first cells head them."""
    body = "".join(
        f'<tr><th scope="row">{escape(head)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for head, *rest in rows
    )
    return (
        f'<table class="table reproducibility"><caption>{escape(caption)}</caption>'
        f"{_head(columns)}<tbody>{body}</tbody></table>"
    )


class Executions(_Generated):
    """A row a chapter: how long it took, how much memory, on which device, and its status."""

    name_in_tables = "executions"

    def html(self, known: dict[str, Evidence]) -> str:
        """Return the table."""
        columns = ["Chapter", "Seconds", "Memory", "Device", "Executed", "Status"]
        return table("The chapters' runs", columns, (execution(one) for one in known.values()))


def execution(one: Evidence) -> list[str]:
    """Return a chapter's row of the table of runs."""
    if one.executed is None:
        return [one.chapter.name, "", "", "", "", "not executed"]
    run = one.executed.provenance
    memory = f"{run.memory / 2**20:.0f} MiB" if run.memory else "not recorded"
    status = "fails its check" if one.failures else "passes its check"
    return [
        one.chapter.name,
        f"{run.seconds:.1f}",
        memory,
        str(run.device),
        provenance.day(run.date) + (", elsewhere" if run.elsewhere else ""),
        status if one.references else "has no reference yet",
    ]


def records(known: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return a flat record a quantity and a comparison, for download."""
    return [_record(q, pair) for one in known for q in one.quantities for pair in q.worst]


def _record(one: Quantity, pair: tuple[str, str]) -> dict[str, Any]:
    worst, (a, b) = one.worst[pair], pair
    return {
        "chapter": one.chapter,
        "part": one.part,
        "quantity": one.name,
        "unit": one.unit,
        "expected_from": a,
        "got_from": b,
        "expected": worst.expected if worst else None,
        "got": worst.got if worst else None,
        "difference": worst.difference if worst else 0.0,
        "allowed": worst.allowed if worst else None,
        "margin": _finite(margin_of(worst)),
        "rtol": one.tolerance.rtol,
        "atol": one.tolerance.atol,
        "why": one.tolerance.why,
    }


def _finite(value: float) -> float | None:
    """Return a margin as JSON can have it: ``None`` where nothing differs."""
    return None if math.isinf(value) else value


def _no_formula(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula, which it would run when opened."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Return records as CSV with a line of names."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["quantity"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _no_formula(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _complete(app: Sphinx, page: str, *_: Any) -> None:
    """Give the page of all quantities its script and its downloads; it is new when they are."""
    if app.env and page == provenance.tables(app.env).get(provenance.REPRODUCIBILITY):
        app.add_js_file(SCRIPT)
        _write_downloads(Path(app.outdir, page), list(provenance.evidence(app).values()))


def _write_downloads(page: Path, known: list[Evidence]) -> None:
    rows = records(known)
    whole = {
        "quantities": [
            {"name": q.name, "unit": q.unit, "chapter": q.chapter, "values": q.values}
            for one in known
            for q in one.quantities
        ],
        "comparisons": rows,
        "references": [
            {"chapter": one.chapter.name, "device": device, **reference.provenance}
            for one in known
            for device, reference in one.references.items()
        ],
    }
    write_whole(page.with_name(f"{page.name}.json"), json.dumps(whole, indent=1) + "\n")
    write_whole(page.with_name(f"{page.name}.csv"), as_csv(rows))
