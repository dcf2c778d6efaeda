"""What a step on many machines costs: a model of three terms, with constants that are yours."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, kw_only=True)
class Machines:
    """What the model asks about a cluster of equal machines.

    Parameters
    ----------
    speed
        Arithmetic operations a second, of one machine.
    latency
        Seconds from sending a message without content until it has arrived.
    bandwidth
        Bytes a second that a machine can send, while it receives as many.

    Raises
    ------
    ValueError
        If speed or bandwidth is not positive, or latency is negative.

    Examples
    --------
    >>> Machines(speed=1e10, latency=5e-5, bandwidth=1e9).latency
    5e-05
    """

    speed: float
    latency: float
    bandwidth: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name in ("speed", "bandwidth"):
            if not 0 < getattr(self, name) < inf:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)!r}")
        if not 0 <= self.latency < inf:
            raise ValueError(f"latency must be at least 0, got {self.latency!r}")


def step_time(
    machines: Machines,
    *,
    points: int,
    parameters: int,
    ranks: int,
    operations: float = 6.0,
    width: int = 8,
) -> tuple[float, float, float]:
    """Predict the seconds of a step of gradient descent with a ring all-reduce.

    Arithmetic ``operations · points · parameters / (ranks · speed)``; latency
    ``2 (ranks - 1) · latency``; bytes ``2 (ranks - 1) / ranks · parameters · width / bandwidth``.
    Nothing is done at the same time as something else.

    Parameters
    ----------
    machines
        The cluster.
    points
        How many points a step looks at, on all machines together.
    parameters
        How many numbers the gradient has.
    ranks
        How many machines; at least 1.
    operations
        Arithmetic operations for each point and parameter: two forward and four back.
    width
        Bytes of a number.

    Returns
    -------
    The seconds for arithmetic, for latency and for bytes.

    Raises
    ------
    ValueError
        If points, parameters or ranks is less than 1.

    Examples
    --------
    >>> cluster = Machines(speed=6e9, latency=1e-4, bandwidth=8e8)
    >>> step_time(cluster, points=10_000, parameters=200, ranks=2)
    (0.001, 0.0002, 2e-06)
    """
    for name, value in (("points", points), ("parameters", parameters), ("ranks", ranks)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value!r}")
    arithmetic = operations * points * parameters / (ranks * machines.speed)
    moved = 2 * (ranks - 1) / ranks * parameters * width
    return arithmetic, 2 * (ranks - 1) * machines.latency, moved / machines.bandwidth


def break_even(
    machines: Machines, *, parameters: int, ranks: int, operations: float = 6.0, width: int = 8
) -> float:
    """Say from how many points a step on many machines takes less time than on one.

    ``2 speed (ranks · latency / parameters + width / bandwidth) / operations``.

    Parameters
    ----------
    machines, parameters, operations, width
        As for `step_time`.
    ranks
        How many machines; at least 2.

    Returns
    -------
    The number of points at which both take the same time.

    Raises
    ------
    ValueError
        If ranks is less than 2, or parameters less than 1.

    Examples
    --------
    >>> cluster = Machines(speed=6e9, latency=1e-4, bandwidth=8e8)
    >>> round(break_even(cluster, parameters=200, ranks=2))
    2020
    """
    if ranks < 2 or parameters < 1:
        raise ValueError(
            f"ranks must be at least 2 and parameters at least 1, got {ranks!r} and {parameters!r}"
        )
    for_one = ranks * machines.latency / parameters + width / machines.bandwidth
    return 2 * machines.speed * for_one / operations
