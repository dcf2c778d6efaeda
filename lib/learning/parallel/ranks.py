"""Ranks: the processes of a run, numbered from 0, and the sum over all of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import numpy as np

from learning.arrays import Floats
from learning.parallel.shards import shard

Mean = Callable[..., Any]

# Where the ranks of one machine meet, a file; without it, at the address that torchrun tells.
MEETING = "LEARNING_MEETING"
PATIENCE = timedelta(minutes=5)  # for a rank that does not come


class Ranks(Protocol):
    """The processes that share a run, as one of them sees it."""

    @property
    def rank(self) -> int:
        """Return the number of this process, from 0."""

    @property
    def size(self) -> int:
        """Return how many processes there are."""

    def total(self, numbers: Floats) -> Floats:
        """Return the sum over all ranks, the same on each; every rank must call it."""


@dataclass(frozen=True)
class Alone:
    """A run on one process.

    Parameters
    ----------
    rank
        The process's number.
    size
        How many there are.

    Examples
    --------
    >>> Alone().total(np.array([1.0, 2.0]))
    array([1., 2.])
    """

    rank: int = 0
    size: int = 1

    def total(self, numbers: Floats) -> Floats:
        """Return the numbers."""
        return numbers


@dataclass(frozen=True)
class _Group:
    """The processes that torchrun has started; sums are made by gloo, or by nccl on GPUs."""

    rank: int
    size: int
    device: Any

    def total(self, numbers: Floats) -> Floats:
        """Add up, by all-reduce."""
        import torch
        import torch.distributed as dist

        summed = torch.from_numpy(np.array(numbers, dtype=np.float64)).to(self.device)
        dist.all_reduce(summed)
        return summed.cpu().numpy()


@contextlib.contextmanager
def joined(device: Any = None) -> Iterator[Ranks]:
    """Join the ranks that torchrun has started, or be alone where it has started none.

    Parameters
    ----------
    device
        The GPU of this rank, on which nccl adds up; without it, gloo does, in main memory.

    Examples
    --------
    >>> with joined() as ranks:
    ...     print(ranks)
    Alone(rank=0, size=1)
    """
    if "WORLD_SIZE" not in os.environ:
        yield Alone()
        return
    import torch.distributed as dist

    rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    where: dict[str, Any] = {"init_method": "env://"}
    if meeting := os.environ.get(MEETING):  # a new file each time: the old one knows the dead
        url = f"file://{meeting}.{os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}"
        where = {"init_method": url, "rank": rank, "world_size": size}
    backend = "gloo" if device is None else "nccl"
    dist.init_process_group(backend, timeout=PATIENCE, **where)
    try:
        yield _Group(rank, size, device or "cpu")
    finally:
        dist.destroy_process_group()


def average_over(ranks: Ranks, mean: Mean, n: int) -> Mean:
    """Turn a mean over some points into the mean over all, computed by all ranks together.

    Each rank computes the mean over its own shard, times the size of the shard; the sum over the
    ranks is divided by the number of all points. The shards may be unequal.

    Parameters
    ----------
    ranks
        Who computes.
    mean
        ``mean(theta, rows)``: a gradient, shape (p,), or another mean over the points of rows,
        such as `learning.objective.gradient_by_hand` returns.
    n
        How many points there are, on all ranks together.

    Returns
    -------
    A function of theta and, if a step looks at some points only, of all the rows of its batch; the
    same on each rank. It is a ``gradient`` for `learning.optimization.minimize`.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 6.0])
    >>> gradient = average_over(Alone(), lambda theta, rows: theta - x[rows].mean(keepdims=True), 3)
    >>> gradient(np.array([4.0])), gradient(np.array([4.0]), np.array([0, 1]))
    (array([1.]), array([2.5]))
    """

    def average(theta: Any, rows: Any = None) -> Any:
        m = n if rows is None else len(rows)
        mine = shard(m, ranks=ranks.size, rank=ranks.rank)
        part = mean(theta, mine if rows is None else rows[mine])
        return ranks.total((mine.stop - mine.start) * part) / m

    return average
