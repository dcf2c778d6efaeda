"""Fitted parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learning.report.html import render
from learning.report.quantity import Number, finite, plain, short, words


@dataclass(frozen=True)
class Fit:
    """Hold fitted parameters by name.

    Parameters
    ----------
    parameters
        Each parameter's name and value.

    Examples
    --------
    >>> print(Fit({"a": 2.5, "b": 7.0}).to_text())
    a = 2.5
    b = 7
    """

    parameters: Mapping[str, float]
    kind = "fit"

    def to_json(self) -> dict[str, Any]:
        """Return ``{name: value, ...}``."""
        return {key: finite(value) for key, value in self.parameters.items()}

    def to_text(self) -> str:
        """Return a line a parameter."""
        return "\n".join(f"{key} = {short(value)}" for key, value in self.parameters.items())

    def to_html(self, name: str, unit: str | None) -> str:
        """Return all parameters in a line."""
        shown = [(key, repr(plain(v)), short(v)) for key, v in self.parameters.items()]
        return render("fit", name=name, words=words(name), parameters=shown, unit=unit)

    def parts(self) -> dict[str, Number]:
        """Name every parameter."""
        return dict(self.parameters)
