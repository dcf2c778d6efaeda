"""What this machine has to execute with."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from nbtolerance.records import require


@dataclass(frozen=True)
class Device:
    """What chapters run on.

    Parameters
    ----------
    kind
        ``cpu``, ``cuda``, …: the references of a kind lie in a folder of that name.
    name
        What a person calls it: ``NVIDIA H100``.

    Raises
    ------
    ValueError
        If the kind is not made of a-z, 0-9, ``_`` and ``-``, or one of the two is no text.
    """

    kind: str = "cpu"
    name: str = "cpu"

    def __post_init__(self) -> None:
        named = isinstance(self.kind, str) and re.fullmatch("[a-z0-9_-]+", self.kind)
        require(bool(named), "a device's kind must be made of a-z, 0-9, _ and -", self.kind)
        require(isinstance(self.name, str), "a device's name must be a text", self.name)

    def __str__(self) -> str:
        return f"{self.kind} ({self.name})"


CPU = Device()


def processors() -> int:
    """How many processors this process may use."""
    available = getattr(os, "sched_getaffinity", None)
    return len(available(0)) if available else os.cpu_count() or 1
