"""All quantities as JSON and CSV, beside the page that lists them."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booksite import gathered
from booksite.evidence import Evidence, Quantity, margin_of
from nbtolerance.files import write_whole


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("html-page-context", _write)


def _write(app: Sphinx, page: str, *_: Any) -> None:
    """Write the downloads as their page is written; it is new when they are."""
    if app.env and page == gathered.reproducibility(app.env):
        chapters, beside = list(gathered.evidence(app).values()), Path(app.outdir, page)
        write_whole(beside.with_name(f"{beside.name}.json"), as_json(chapters))
        write_whole(beside.with_name(f"{beside.name}.csv"), as_csv(records(chapters)))


def as_json(chapters: Iterable[Evidence]) -> str:
    """Return all quantities, comparisons and references as JSON."""
    chapters = list(chapters)
    whole = {
        "quantities": [
            {"name": q.name, "unit": q.unit, "chapter": q.chapter, "values": q.values}
            for chapter in chapters
            for q in chapter.quantities
        ],
        "comparisons": records(chapters),
        "references": [
            {"chapter": chapter.name, "device": device, **reference.provenance}
            for chapter in chapters
            for device, reference in chapter.references.items()
        ],
    }
    return json.dumps(whole, indent=1) + "\n"


def records(chapters: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return a flat record a quantity and a comparison, for download."""
    return [
        _record(q, pair) for chapter in chapters for q in chapter.quantities for pair in q.worst
    ]


def _record(quantity: Quantity, pair: tuple[str, str]) -> dict[str, Any]:
    worst, (a, b) = quantity.worst[pair], pair
    return {
        "chapter": quantity.chapter,
        "part": quantity.part,
        "quantity": quantity.name,
        "unit": quantity.unit,
        "expected_from": a,
        "got_from": b,
        "expected": worst.expected if worst else None,
        "got": worst.got if worst else None,
        "difference": worst.difference if worst else 0.0,
        "allowed": worst.allowed if worst else None,
        "margin": _finite(margin_of(worst)),
        "rtol": quantity.tolerance.rtol,
        "atol": quantity.tolerance.atol,
        "why": quantity.tolerance.why,
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
