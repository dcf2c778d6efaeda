"""Hold one run of a chapter against its references, cell by cell and quantity by quantity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from nbtolerance.chapter import Cell, Chapter, markers
from nbtolerance.comparators import BadOutputError, Comparison, compare_outputs, times
from nbtolerance.comparators.outputs import QUANTITY, whole
from nbtolerance.marked import short
from nbtolerance.reference import Reference
from nbtolerance.store import Executed
from nbtolerance.tolerance import Tolerance

Output = dict[str, Any]  # a condensed output


@dataclass(frozen=True)
class Row:
    """One quantity, or another output of a cell, held against one reference.

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
        """Return the row of ``check.json``."""
        worst = self.comparison.worst
        parts = [
            (self, ("name", "chapter", "cell", "device")),
            (self.comparison, ("passed", "numbers", "looked_at")),
            (worst, ("expected", "got", "difference", "allowed")),
            (self.tolerance, ("rtol", "atol", "scale", "why")),
        ]
        row = {name: getattr(part, name, None) for part, names in parts for name in names}
        return row if worst else row | {"difference": 0.0}


def check_run(
    chapter: Chapter, reference: Reference, outputs: Sequence[list[Output]]
) -> Iterator[Row]:
    """Hold the outputs of a run, cell by cell, against a reference; marks may say of a cell no."""
    for cell, expected, got in zip(chapter.cells, reference.outputs, outputs, strict=False):
        if is_compared(cell):
            yield from check_cell(chapter, cell, reference, expected, got)


def is_compared(cell: Cell) -> bool:
    """Whether the check looks at a cell; nbval's marks, in tags and comments, may say no."""
    marks = markers(cell)
    return marks.get("check", True) and not marks.get("skip", False)


def check_cell(
    chapter: Chapter, cell: Cell, reference: Reference, expected: list[Output], got: list[Output]
) -> list[Row]:
    """Compare the outputs of one cell, in order, with those of a reference.

    Returns
    -------
    list of Row
        One an output; a single one when their number differs, or they are not lists of outputs.
        An output that cannot be compared fails.
    """

    def tolerance_for(output: Output) -> Tolerance:
        return chapter.tolerances.of(output_name(output, cell))

    def row(left: Any, right: Any, named: Output) -> Row:
        try:
            for output in (*whole(left), *whole(right)):
                quantity_name(output)
            name, tolerance = output_name(named, cell), tolerance_for(named)
            comparison = compare_outputs(left, right, tolerance_for)
        except BadOutputError as error:
            name, tolerance = cell.name, chapter.tolerances.of(cell.name)
            comparison = Comparison.failed(
                "", "unknown", "an output that can be compared", str(error)
            )
        name, place = name or f"{chapter.name} cell {cell.number}", (chapter.name, cell.number)
        return Row(name, reference.device, tolerance, comparison, left, right, *place)

    lists = isinstance(expected, list) and isinstance(got, list)
    if lists and times.TAG in cell.tags:
        expected, got = times.ignoring_times(expected), times.ignoring_times(got)
    if not lists or len(expected) != len(got):
        return [row(expected, got, {})]
    rows = [row([left], [right], left) for left, right in zip(expected, got, strict=True)]
    return _with_parts(rows)


def _with_parts(rows: list[Row]) -> list[Row]:
    """Count what is glued from a quantity for the prose, ``gd.fit.a``, as a part of ``gd.fit``."""
    by_name = {row.name: row for row in rows}
    kept = []
    for row in rows:
        parts = row.name.split(".")
        above = (".".join(parts[:end]) for end in range(1, len(parts)))
        parent = next((by_name[name] for name in above if name in by_name), None)  # the topmost
        if parent:
            parent.comparison.add(row.comparison)
        else:
            kept.append(row)
    return kept


def output_name(output: Output, cell: Cell) -> str:
    """Return what a tolerance is given for: the quantity's name, the glued one, or the cell's."""
    stream = output.get("output_type") == "stream"  # whose own name is stdout or stderr
    return quantity_name(output) or (not stream and _text(output.get("name"))) or cell.name


def quantity_name(output: Output) -> str:
    """Return the name of the quantity that an output reports; empty where it reports none.

    Raises
    ------
    BadOutputError
        If it reports what is no quantity.
    """
    data = output.get("data")
    if not isinstance(data, dict) or QUANTITY not in data:
        return ""
    quantity = data[QUANTITY]
    name = _text(quantity.get("name")) if isinstance(quantity, dict) else ""
    if not name:
        raise BadOutputError(
            f"a quantity must be a table with a text as name, got {short(quantity)}"
        )
    return name


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def reported(executed: Executed) -> Iterator[str]:
    """Yield the names of the quantities that a run reported, in order, with repetitions."""
    for cell in executed.code_cells:
        for output in cell.outputs:
            with suppress(BadOutputError):  # which the check of its cell says
                (read,) = whole([output])
                if name := quantity_name(read):
                    yield name


def glued(executed: Executed) -> set[str]:
    """Return the names under which a run glued what the prose cites."""
    marks = (o.get("metadata", {}).get("scrapbook") for c in executed.code_cells for o in c.outputs)
    return {_text(mark.get("name")) for mark in marks if isinstance(mark, dict)} - {""}


def owners(runs: Mapping[str, object]) -> dict[str, list[str]]:
    """Which chapters report each quantity, a chapter as often as it does.

    Parameters
    ----------
    runs
        By chapter, its run; what is no run, but says why there is none, is passed over.
    """
    found: dict[str, list[str]] = {}
    for chapter, run in runs.items():
        if isinstance(run, Executed):
            for name in reported(run):
                found.setdefault(name, []).append(chapter)
    return found


def name_faults(
    chapter: Chapter, owned: Mapping[str, list[str]], shown: Iterable[str] = ()
) -> Iterator[str]:
    """Say which of a chapter's quantities are reported twice, or have a tolerance but no report.

    Parameters
    ----------
    chapter
        The chapter.
    owned
        What `owners` found in the whole run.
    shown
        What else a tolerance may be given for: the names that the chapter glued.
    """
    names = sorted(name for name, chapters in owned.items() if chapter.name in chapters)
    for name in names:
        if owned[name].count(chapter.name) > 1:
            yield f"{chapter.path.name}: quantity {name} is reported twice"
        others = sorted(set(owned[name]) - {chapter.name})
        if others:
            both = " and by ".join([chapter.name, *others])
            yield f"{chapter.path.name}: quantity {name} is reported by {both}"
    known = {*names, *shown, *(cell.name for cell in chapter.cells)}
    for name, tolerance in chapter.tolerances.named.items():
        if name not in known and not any(k.startswith(f"{name}.") for k in known):
            there = ", ".join(names) or "none"
            yield f"{tolerance.source}: no cell reports {name} (reported: {there})"
