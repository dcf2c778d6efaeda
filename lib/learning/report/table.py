"""Labelled rows of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learning.report.html import render
from learning.report.quantity import Number, finite


@dataclass(frozen=True)
class Table:
    """Hold labelled rows of numbers.

    Parameters
    ----------
    caption
        What the table shows.
    columns
        The k columns' headings.
    rows
        Each row's label and its k numbers.
    formats
        How a reader sees each column: k format specifications, such as ".4f".
    corner
        The heading of the labels.

    Raises
    ------
    ValueError
        If a row or the formats do not have k entries.
    """

    caption: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[float]]
    formats: Sequence[str]
    corner: str = ""
    kind = "table"

    def __post_init__(self) -> None:
        """Check the lengths."""
        lengths = {len(row) for row in self.rows.values()} | {len(self.formats)}
        if lengths != {len(self.columns)}:
            raise ValueError(
                f"rows and formats must have {len(self.columns)} entries, got {sorted(lengths)!r}"
            )

    def to_json(self) -> dict[str, Any]:
        """Return ``{"columns": [...], "rows": {label: [...], ...}}``."""
        rows = {label: [finite(value) for value in row] for label, row in self.rows.items()}
        return {"columns": list(self.columns), "rows": rows}

    def to_text(self) -> str:
        """Return a line a row, the columns aligned."""
        body = [[label, *cells] for label, cells in self._shown().items()]
        lines = [[self.corner, *self.columns], *body]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a table with a heading a row and a column, which scrolls where it is too wide."""
        caption = f"{self.caption} ({unit})" if unit else self.caption
        columns, rows = list(self.columns), self._shown()
        corner = self.corner
        return render(
            "table", name=name, caption=caption, corner=corner, columns=columns, rows=rows
        )

    def parts(self) -> dict[str, Number]:
        """Name nothing."""
        return {}

    def _shown(self) -> dict[str, list[str]]:
        return {
            label: [_format(float(v), spec) for v, spec in zip(row, self.formats, strict=True)]
            for label, row in self.rows.items()
        }


def _format(value: float, spec: str) -> str:
    return format(value, spec).replace("inf", "∞")
