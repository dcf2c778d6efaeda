"""What a step costs: a model of three limits, and a count of what a step asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Roofline:
    """A machine, as far as the time of a step depends on it.

    A step takes ``floor + max(bytes / bandwidth, operations / speed)`` seconds: what it takes
    with no data, and then the larger of two times, since moving and computing go side by side.

    Parameters
    ----------
    floor
        Seconds of a step with no data: to call what it calls.
    bandwidth
        Bytes a second.
    speed
        Arithmetic operations a second.

    Raises
    ------
    ValueError
        If floor is negative, or bandwidth or speed is not positive.

    Notes
    -----
    Source: Williams, Waterman and Patterson (2009), whose model has the two roofs and no floor.

    Examples
    --------
    >>> machine = Roofline(floor=1e-6, bandwidth=8e9, speed=4e9)
    >>> machine.seconds(bytes=16_000, operations=6_000)
    3e-06
    >>> machine.limit(bytes=16_000, operations=6_000)
    'bytes'
    """

    floor: float
    bandwidth: float
    speed: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 0 <= self.floor < inf:
            raise ValueError(f"floor must be at least 0, got {self.floor!r}")
        for name in ("bandwidth", "speed"):
            if not 0 < getattr(self, name) < inf:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)!r}")

    def parts(self, *, bytes: float, operations: float) -> dict[str, float]:
        """Return the seconds of each limit by itself: floor, bytes and operations."""
        if not (bytes >= 0 and operations >= 0):
            given = f"{bytes!r} and {operations!r}"
            raise ValueError(f"bytes and operations must be at least 0, got {given}")
        moving, computing = bytes / self.bandwidth, operations / self.speed
        return {"floor": self.floor, "bytes": moving, "operations": computing}

    def seconds(self, *, bytes: float, operations: float) -> float:
        """Predict the time of a step that moves so many bytes and does so many operations."""
        parts = self.parts(bytes=bytes, operations=operations)
        return parts["floor"] + max(parts["bytes"], parts["operations"])

    def limit(self, *, bytes: float, operations: float) -> str:
        """Name the largest of the three parts: ``"floor"``, ``"bytes"`` or ``"operations"``."""
        parts = self.parts(bytes=bytes, operations=operations)
        return max(parts, key=lambda name: parts[name])


def work(step: Callable[[], Any]) -> tuple[int, int]:
    """Count what PyTorch is asked for: calls of its operations, and the bytes that they move.

    An operation reads its arguments and writes its result. A view of a tensor is a call that
    moves nothing. What a compiler fuses cannot be seen so: this counts a step as it is written.

    Parameters
    ----------
    step
        What is counted, run once.

    Returns
    -------
    The number of calls, and the bytes.

    Examples
    --------
    >>> import torch
    >>> x = torch.ones(1000, dtype=torch.float64)
    >>> work(lambda: (3 * x + 8).mean())
    (3, 40008)
    """
    from torch import Tensor
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves

    moved: list[int] = []

    class Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(self, f: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            out = f(*args, **(kwargs or {}))
            tensors = [t for t in tree_leaves((args, kwargs, out)) if isinstance(t, Tensor)]
            sizes = [t.untyped_storage().nbytes() for t in tensors]
            moved.append(0 if f.is_view else sum(sizes))
            return out

    with Counting():  # type: ignore[no-untyped-call]
        step()
    return len(moved), sum(moved)
