"""One output with three forms, which names its quantity.

`report` gives IPython text, HTML for the page, and full-precision JSON for what compares two
runs. The output's metadata name it the way that MyST-NB's glue roles look for, so that prose can
cite the value. Nothing is imported for that, and nothing is remembered: calling `report` twice
displays twice.
"""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import publish_display_data

from learning.report.quantity import QUANTITY, Number, Quantity, Single

GLUE_ONLY = "application/papermill.record/"


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
    quantity = value if isinstance(value, Quantity) else Single(value)
    shown = {"name": name, "kind": quantity.kind, "value": quantity.to_json(), "unit": unit}
    text, html = quantity.to_text(), quantity.to_html(name, unit)
    _emit(name, {QUANTITY: shown, "text/plain": text, "text/html": html})
    for part, number in quantity.parts().items():
        _emit(f"{name}.{part}", {f"{GLUE_ONLY}text/plain": Single(number).to_text()}, GLUE_ONLY)


def _emit(name: str, data: dict[str, Any], prefix: str = "") -> None:
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    display(data, metadata)


def display(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    """Show an output: in IPython in whichever form it likes, in a script as text.

    Parameters
    ----------
    data
        The output's forms, by their media types.
    metadata
        The output's metadata, which name it.
    """
    if InteractiveShell.initialized():
        publish_display_data(data, metadata)  # type: ignore[no-untyped-call]  # IPython has no types
    elif text := data.get("text/plain"):
        print(metadata["scrapbook"]["name"], text, sep="\n" if "\n" in text else " = ")
