"""Hold one run of a chapter against its references, cell by cell and quantity by quantity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.comparators import Comparison, compare_outputs
from nbtolerance.comparators.outputs import QUANTITY
from nbtolerance.failures import Result
from nbtolerance.reference import Reference
from nbtolerance.store import Executed
from nbtolerance.tolerance import Tolerance

Output = dict[str, Any]  # a condensed output


@dataclass(frozen=True)
class Row:
    """One quantity, or one nameless output, held against one reference.

    ``worst`` of the comparison is the entry that came nearest to its limit. ``expected`` and
    ``got`` are the condensed outputs that were compared.
    """

    name: str
    device: str
    tolerance: Tolerance
    comparison: Comparison
    expected: list[Output]
    got: list[Output]
    chapter: str
    cell: int

    def as_json(self) -> dict[str, Any]:
        """The row of ``check.json``."""
        worst = self.comparison.worst
        return {
            "name": self.name,
            "chapter": self.chapter,
            "cell": self.cell,
            "device": self.device,
            "passed": self.comparison.passed,
            "numbers": self.comparison.numbers,
            "looked_at": self.comparison.looked_at,
            "expected": worst and worst.expected,
            "got": worst and worst.got,
            "difference": worst.difference if worst else 0.0,
            "allowed": worst and worst.allowed,
            "rtol": self.tolerance.rtol,
            "atol": self.tolerance.atol,
            "scale": self.tolerance.scale,
            "why": self.tolerance.why,
        }


def check_cell(
    chapter: Chapter, cell: Cell, reference: Reference, expected: list[Output], got: list[Output]
) -> list[Row]:
    """Compare the outputs of one cell, in order, with those of a reference.

    Returns
    -------
    list of Row
        One an output; a single one when their number differs.
    """

    def tolerance_for(output: Output) -> Tolerance:
        return chapter.tolerances.of(output_name(output, cell))

    def row(left: list[Output], right: list[Output], named: Output) -> Row:
        name = output_name(named, cell) or f"{chapter.name} cell {cell.number}"
        comparison = compare_outputs(left, right, tolerance_for)
        tolerance, place = tolerance_for(named), (chapter.name, cell.number)
        return Row(name, reference.device, tolerance, comparison, left, right, *place)

    if len(expected) != len(got):
        return [row(expected, got, {})]
    rows = [row([left], [right], left) for left, right in zip(expected, got, strict=True)]
    return _with_parts(rows)


def _with_parts(rows: list[Row]) -> list[Row]:
    """Count what is glued from a quantity for the prose, ``gd.fit.a``, as a part of ``gd.fit``."""
    whole = {row.name: row for row in rows}
    kept = []
    for row in rows:
        parts = row.name.split(".")
        above = (".".join(parts[:end]) for end in range(1, len(parts)))
        parent = next((whole[name] for name in above if name in whole), None)  # the topmost
        if parent:
            parent.comparison.add(row.comparison)
        else:
            kept.append(row)
    return kept


def output_name(output: Output, cell: Cell) -> str:
    """What a tolerance is given for: the quantity's name, the glued one, or else the cell's."""
    quantity = output.get("data", {}).get(QUANTITY) or {}
    return str(quantity.get("name") or output.get("name") or cell.name)


def reported(executed: Executed) -> Iterator[str]:
    """The names of the quantities that a run reported, in order, with repetitions."""
    for cell in executed.code_cells:
        for output in cell.outputs:
            quantity = output.get("data", {}).get(QUANTITY)
            if quantity:
                yield str(quantity["name"])


def owners(results: Mapping[str, Result]) -> dict[str, list[str]]:
    """Which chapters report each quantity, a chapter as often as it does."""
    found: dict[str, list[str]] = {}
    for chapter, result in results.items():
        if isinstance(result, Executed):
            for name in reported(result):
                found.setdefault(name, []).append(chapter)
    return found


def name_faults(chapter: Chapter, owned: dict[str, list[str]]) -> Iterator[str]:
    """Say which of a chapter's quantities are reported twice, or have a tolerance but no report.

    Parameters
    ----------
    chapter
        The chapter.
    owned
        What `owners` found in the whole run.
    """
    names = sorted(name for name, chapters in owned.items() if chapter.name in chapters)
    for name in names:
        if owned[name].count(chapter.name) > 1:
            yield f"{chapter.path.name}: quantity {name} is reported twice"
        others = sorted(set(owned[name]) - {chapter.name})
        if others:
            both = " and by ".join([chapter.name, *others])
            yield f"{chapter.path.name}: quantity {name} is reported by {both}"
    known = {*names, *(cell.name for cell in chapter.cells)}
    for name, tolerance in chapter.tolerances.named.items():
        if name not in known and not any(k.startswith(f"{name}.") for k in known):
            there = ", ".join(names) or "none"
            yield f"{tolerance.source}: no cell reports {name} (reported: {there})"
