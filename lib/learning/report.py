"""What a page prints, cites, and is checked for.

`report` hands a named quantity to IPython as one output with three forms: text, HTML for the page,
and full-precision JSON for whoever compares two runs. The output's metadata name it the way that
MyST-NB's glue roles look for, so that prose can cite the value. Nothing is imported for that, and
nothing is remembered: calling `report` twice displays twice.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol, runtime_checkable

import numpy as np
from IPython.display import display
from numpy.typing import NDArray

QUANTITY = "application/vnd.learning.quantity+json"
GLUE_ONLY = "application/papermill.record/"

Number = float  # an int, a NumPy scalar or a tensor without axes will do


@runtime_checkable
class Quantity(Protocol):
    """A value with more than one number in it, and a face of its own."""

    kind: str

    def to_json(self) -> Any:
        """Return the value as plain lists and dicts of floats, ints and strings."""

    def to_text(self) -> str:
        """Return the value as text for a terminal."""

    def to_html(self, name: str, unit: str | None) -> str:
        """Return the value as a piece of a page."""

    def parts(self) -> Mapping[str, Number]:
        """Return the single numbers that prose may cite, by the end of their name."""


@dataclass(frozen=True)
class LossLog:
    """Losses at steps of a run.

    Parameters
    ----------
    steps, losses
        Two sequences of the same length k, at least 1.

    Raises
    ------
    ValueError
        If the lengths differ or are 0.
    """

    steps: Sequence[int] | NDArray[np.int64]
    losses: Sequence[float] | NDArray[np.float64]
    kind = "loss_log"

    def __post_init__(self) -> None:
        """Check the lengths."""
        if len(self.steps) != len(self.losses) or len(self.steps) < 1:
            lengths = (len(self.steps), len(self.losses))
            raise ValueError(f"steps and losses must have one length, at least 1, got {lengths!r}")

    def to_json(self) -> dict[str, Any]:
        """Return ``{"steps": [...], "losses": [...]}``."""
        return {
            "steps": [int(step) for step in self.steps],
            "losses": [_finite(loss) for loss in self.losses],
        }

    def to_text(self) -> str:
        """Return a line a step."""
        rows = zip(self.steps, self.losses, strict=True)
        return "\n".join(f"step {step:6d}  loss {_short(loss)}" for step, loss in rows)

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a table with a row a step."""
        pairs = zip(self.steps, self.losses, strict=True)
        # With zeros at the end, so that the points stand below each other.
        rows = {f"{step:,}": [f"{float(loss):#.6g}"] for step, loss in pairs}
        return _table("Loss at each logged step", name, "step", [_with_unit("loss", unit)], rows)

    def parts(self) -> dict[str, Number]:
        """Name the first loss and the last."""
        return {"first": self.losses[0], "last": self.losses[-1]}


@dataclass(frozen=True)
class Fit:
    """Fitted parameters by name.

    Parameters
    ----------
    parameters
        Each parameter's name and value.
    """

    parameters: Mapping[str, float]
    kind = "fit"

    def to_json(self) -> dict[str, Any]:
        """Return ``{name: value, ...}``."""
        return {key: _finite(value) for key, value in self.parameters.items()}

    def to_text(self) -> str:
        """Return a line a parameter."""
        return "\n".join(f"{key} = {_short(value)}" for key, value in self.parameters.items())

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a table with a row a parameter."""
        rows = {key: [_short(value)] for key, value in self.parameters.items()}
        return _table("Parameters", name, "parameter", [_with_unit("value", unit)], rows)

    def parts(self) -> dict[str, Number]:
        """Name every parameter."""
        return dict(self.parameters)


@dataclass(frozen=True)
class Table:
    """Labelled rows of numbers.

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
        rows = {label: [_finite(value) for value in row] for label, row in self.rows.items()}
        return {"columns": list(self.columns), "rows": rows}

    def to_text(self) -> str:
        """Return a line a row, the columns in line."""
        body = [[label, *cells] for label, cells in self._shown().items()]
        lines = [[self.corner, *self.columns], *body]
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        )

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a table with a heading a row and a column, which scrolls where it is too wide."""
        caption = _with_unit(self.caption, unit)
        return (
            f'<div role="region" aria-label="{escape(caption)}" tabindex="0"'
            ' style="overflow-x: auto">\n'
            f"{_table(caption, name, self.corner, self.columns, self._shown())}\n</div>"
        )

    def parts(self) -> dict[str, Number]:
        """Name nothing."""
        return {}

    def _shown(self) -> dict[str, list[str]]:
        return {
            label: [format(float(v), spec) for v, spec in zip(row, self.formats, strict=True)]
            for label, row in self.rows.items()
        }


def report(name: str, value: Number | Quantity, *, unit: str | None = None) -> None:
    """Show a quantity, and make it citable and comparable under a name.

    Parameters
    ----------
    name
        ``chapter.quantity``, each in snake case, and used once in the whole book.
    value
        A single number, or a quantity such as a `LossLog` or a `Fit`.
    unit
        What the value is measured in, or None.

    Raises
    ------
    ValueError
        If the name is not of that form.
    TypeError
        If the value is neither a number nor a quantity.

    Notes
    -----
    The numbers that a quantity's `parts` names are emitted as well, for the prose only: they show
    neither on the page nor in Jupyter.
    """
    pieces = name.split(".")
    if len(pieces) < 2 or not all(p.isidentifier() and p == p.lower() for p in pieces):
        raise ValueError(f"a name must be chapter.quantity in snake case, got {name!r}")
    if isinstance(value, Quantity):
        kind, plain, text = value.kind, value.to_json(), value.to_text()
        html, parts = value.to_html(name, unit), value.parts()
    else:
        number = _number(value)
        kind, plain, text, parts = "number", _finite(number), repr(number), {}
        html = _paragraph(name, number, unit)
    quantity = {"name": name, "kind": kind, "value": plain, "unit": unit}
    _emit(name, {QUANTITY: quantity, "text/plain": text, "text/html": html})
    for part, number in parts.items():
        _emit(f"{name}.{part}", {f"{GLUE_ONLY}text/plain": repr(_number(number))}, GLUE_ONLY)


def _emit(name: str, data: dict[str, Any], prefix: str = "") -> None:
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    display(data, raw=True, metadata=metadata)  # type: ignore[no-untyped-call]


def _number(value: Any) -> int | float:
    """Turn what stands for one number into Python's own int or float."""
    if isinstance(value, numbers.Integral):
        return int(value)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"a value must be a number or a quantity, got {value!r}") from error


def _finite(value: Any) -> int | float | str:
    """Return a number as JSON can hold it: what is not finite becomes a string."""
    number = _number(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _short(value: Any) -> str:
    """Format a number for a reader: six digits that count."""
    number = _number(value)
    return f"{number:,}" if isinstance(number, int) else f"{number:.6g}"


def _with_unit(text: str, unit: str | None) -> str:
    return f"{text} ({unit})" if unit else text


def _paragraph(name: str, value: int | float, unit: str | None) -> str:
    after = f" {escape(unit)}" if unit else ""
    return (
        f'<p class="quantity"><code>{escape(name)}</code> = '
        f'<data value="{value!r}">{_short(value)}</data>{after}</p>'
    )


def _table(
    caption: str,
    name: str,
    corner: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[str]],
) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in (corner, *columns))
    if not corner:
        heads = heads.replace('<th scope="col"></th>', "<td></td>", 1)
    body = "\n".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for label, cells in rows.items()
    )
    return (
        f'<table class="table quantity">\n<caption>{escape(caption)} '
        f"<code>{escape(name)}</code></caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
