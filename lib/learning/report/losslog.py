"""Losses at steps of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.report.chart import course, draw
from learning.report.html import render
from learning.report.quantity import Number, finite, plain, short


@dataclass(frozen=True)
class LossLog:
    """Hold the losses at some steps of a run.

    Parameters
    ----------
    steps, losses
        Two sequences of the same length k, at least 1.

    Raises
    ------
    ValueError
        If the lengths differ or are 0.

    Examples
    --------
    >>> print(LossLog([0, 1000], [88.5, 0.25]).to_text())
    step      0  loss 88.5
    step   1000  loss 0.25
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
            "losses": [finite(loss) for loss in self.losses],
        }

    def to_text(self) -> str:
        """Return a line a step."""
        rows = zip(self.steps, self.losses, strict=True)
        return "\n".join(f"step {step:6d}  loss {short(loss)}" for step, loss in rows)

    def to_html(self, name: str, unit: str | None) -> str:
        """Return a small chart, and the values in a fold."""
        steps, losses = [int(s) for s in self.steps], [float(plain(v)) for v in self.losses]
        points = list(zip(steps, losses, strict=True))
        return render(
            "log",
            name=name,
            unit=unit,
            chart=draw(steps, losses),
            ends=[(f"{step:,}", short(loss)) for step, loss in (points[0], points[-1])],
            course=course(losses),
            # With zeros at the end, so that the decimal points stand below each other.
            rows=[(f"{step:,}", f"{loss:#.6g}") for step, loss in points],
        )

    def parts(self) -> dict[str, Number]:
        """Name the first loss and the last."""
        return {"first": self.losses[0], "last": self.losses[-1]}
