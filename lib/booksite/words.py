"""What the pages say of a quantity and its check, in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from booksite.evidence import RUN, Quantity
from nbtolerance.comparators import Difference
from nbtolerance.machine import Device

# A machine is named by the best that it has: most chapters compute on the processor of either.
DEVICES = {"cpu": "CPU", "cuda": "GPU machine"}
MISSING = "not yet measured"
NOTHING = "nothing"


def check(quantity: Quantity, verdict: Mapping[str, bool]) -> str:
    """Say whether a quantity agrees with its references, and how nearly.

    Parameters
    ----------
    quantity
        The quantity.
    verdict
        By device, whether it agrees with that device's reference; no entry where it was not
        compared.
    """
    if not verdict:
        return "Not checked against a reference."
    wrong = [device for device, agrees in verdict.items() if not agrees]
    if wrong:
        return f"Differs from its reference from {devices(wrong)} by more than is allowed."
    how = "exactly" if allowed(quantity) == NOTHING else f"to {allowed(quantity)}"
    return f"Checked against its reference from {devices(verdict)}, {how}."


def devices(kinds: Iterable[str]) -> str:
    """Name kinds of machines as people do: ``a CPU and a GPU machine``."""
    return " and ".join(f"a {DEVICES.get(kind, kind)}" for kind in kinds)


def machine(device: Device) -> str:
    """Name what a run was made on: ``NVIDIA H200 (GPU machine)``."""
    return f"{device.name} ({DEVICES.get(device.kind, device.kind)})"


def allowed(quantity: Quantity) -> str:
    """Return a tolerance: ``1e-6 of its value``, ``0.01``, or both; nothing for an integer."""
    if isinstance(quantity.values.get(RUN), int):
        return NOTHING
    rtol, atol = quantity.tolerance.rtol, quantity.tolerance.atol
    parts = [f"{brief(rtol)} of its value" if rtol else "", brief(atol) if atol else ""]
    return " + ".join(filter(None, parts)) or NOTHING


def brief(number: float) -> str:
    """Return a number as briefly as can be: ``1e-6``.

    >>> brief(2e-6), brief(0.01)
    ('2e-6', '0.01')
    """
    return re.sub(r"e([+-])0*", r"e\1", f"{number:g}").replace("e+", "e")


def shown(quantity: Quantity, device: str) -> str:
    """Return a value on a device: a number as it is, of many numbers how many and their range."""
    if device not in quantity.values:
        return MISSING
    value = quantity.values[device]
    numbers = list(_numbers(value))
    if len(numbers) == 1:
        return f"{numbers[0]:.9g} {quantity.unit}".strip()
    if not numbers:
        return str(value)[:40]
    return (
        f"{len(numbers)} numbers, {min(numbers):.6g} to {max(numbers):.6g} {quantity.unit}".strip()
    )


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):  # an integer beyond all that is compared
            yield float(value)


def difference(worst: Difference | None) -> str:
    """Return the difference that came nearest to what is allowed."""
    if worst is None:
        return "none"
    if worst.difference is None:
        return f"{worst.cause}: {worst.expected!r}, {worst.got!r}"[:80]
    return f"{worst.difference:.2g}" if worst.difference else "none"


def margin(value: float) -> str:
    """Return a margin as the check's table has it: ``exact`` or ``12×``."""
    return "exact" if math.isinf(value) else f"{value:.3g}×"
