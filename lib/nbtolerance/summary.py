"""What the check says at its end: the tolerances and margins, and what it has not seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from nbtolerance.files import write_whole

Row = dict[str, Any]  # a row of check.json


def print_summary(
    terminal: Any,
    rows: Sequence[Row],
    remarks: Mapping[tuple[str, str], int],
    unseen: Sequence[str],
    file: Path,
) -> None:
    """Print what was compared, and write it as JSON.

    Parameters
    ----------
    terminal
        Pytest's reporter.
    rows
        What was compared.
    remarks
        What else is to be said, with what it is said of (``"cell"``), and of how many.
    unseen
        What is not checked, and the settings that are ignored.
    file
        Where the rows are written to.
    """
    stored = [row for row in rows if "outcome" in row]
    remarked = [f"{text} ({n} {of}{'s' * (n > 1)})" for (text, of), n in sorted(remarks.items())]
    lines = [*table(row for row in rows if "outcome" not in row), *remarked]
    if rows or remarks:
        lines += _write(file, rows)
    _section(terminal, "tolerances", lines)
    _section(terminal, "not checked", [*unseen, f"({len(unseen)} in all)"] if unseen else [])
    if stored:
        from nbtolerance.stored.collector import outcomes

        _section(terminal, "stored notebooks", outcomes(stored))


def _write(file: Path, rows: Sequence[Row]) -> Iterator[str]:
    try:
        write_whole(file, json.dumps(rows, indent=1))
    except OSError as error:
        yield f"the rows were not written: {error}"


def _section(terminal: Any, title: str, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        if not number:
            terminal.section(title, sep="-")
        terminal.write_line(line)


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a line a quantity: where it is, what is allowed, what was seen, and the margin.

    A margin far above 1 is a tolerance that hides more than it needs to.
    """
    order = itemgetter("chapter", "cell", "name", "device")
    shown = sorted((row for row in rows if row["numbers"]), key=order)
    if not shown:
        return
    titles = ["quantity", *_PLACE[1:], *_ALLOWED, "largest", "margin", ""]
    lines = [titles, *map(_entries, shown)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, 4 * "<" + 6 * ">", widths, strict=True)
        yield "  ".join(f"{text:{side}{width}}" for text, side, width in cells).rstrip()


_PLACE, _ALLOWED = ("name", "chapter", "cell", "device"), ("rtol", "atol", "scale")


def _entries(row: Row) -> list[str]:
    place = [str(row[key]) for key in _PLACE]
    allowed = [f"{row[key]:.0e}" for key in _ALLOWED]
    passed = "" if row["passed"] else "FAILED"
    return [*place, *allowed, f"{row['difference']:.2e}", _margin(row), passed]


def _margin(row: Row) -> str:
    if not row["difference"]:
        return "exact"
    return f"{row['allowed'] / row['difference']:.3g}x"
