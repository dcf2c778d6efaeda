"""A least squares problem on the disk, as the ranks of a run share it."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from learning.arrays import Floats, to_numpy
from learning.evaluation import mean_squared_error
from learning.objective import gradient_by_hand, objective
from learning.parallel.columns import Path, in_pieces, open_columns
from learning.parallel.ranks import Mean
from learning.representation import Line, Linear


@dataclass(frozen=True)
class Problem:
    """What is to be made small, and by what a checkpoint will know it again.

    Parameters
    ----------
    mean
        The loss and then its gradient, shape (1 + p,), a mean over rows.
    n
        How many points there are.
    p
        How many parameters.
    name
        The model, the number of points and of inputs, and a checksum of some of the points.

    Examples
    --------
    >>> Problem(lambda theta, rows: theta, 13, 2, {"model": "Line"}).n
    13
    """

    mean: Mean
    n: int
    p: int
    name: dict[str, Any]


def least_squares_on_disk(x: Path, y: Path, *, piece: int, device: Any = None) -> Problem:
    """Return the least squares problem of a line, or of a weighted sum, on points in two files.

    Parameters
    ----------
    x, y
        As for `open_columns`.
    piece
        How many points may be in memory at a time.
    device
        Which of torch's devices computes; without it, NumPy does.

    Raises
    ------
    ValueError
        As `open_columns` and `in_pieces`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/x.npy", np.arange(3.0))
    ...     problem = least_squares_on_disk(f"{folder}/x.npy", f"{folder}/x.npy", piece=2)
    ...     problem.mean(np.array([1.0, 1.0]), slice(0, 3))
    array([1., 2., 2.])
    """
    inputs, targets = open_columns(x, y)
    d = 1 if inputs.ndim == 1 else inputs.shape[1]
    model = Line(0.0, 0.0) if inputs.ndim == 1 else Linear(np.zeros(d), 0.0)
    mean = in_pieces(_loss_and_gradient(model, inputs, targets, device), piece=piece)
    n, checksum = len(targets), 0
    for column in (inputs, targets):
        checksum = zlib.crc32(np.array(column[:: max(1, n // 1000)]).tobytes(), checksum)
    name = {"model": type(model).__name__, "points": n, "inputs": d, "checksum": checksum}
    return Problem(mean, n, d + 1, name)


def _loss_and_gradient(model: Any, x: Any, y: Any, device: Any) -> Mean:
    if device is not None:
        x, y = _Moved(x, device), _Moved(y, device)
    f = objective(model, mean_squared_error, x, y)
    gradient = gradient_by_hand(model, mean_squared_error, x, y)

    def mean(theta: Floats, rows: Any) -> Floats:
        at = theta if device is None else _move(theta, device)
        return np.append(to_numpy(f(at, rows)), to_numpy(gradient(at, rows)))

    return mean


@dataclass(frozen=True)
class _Moved:
    """A column in main memory, whose rows are moved to a device when they are asked for."""

    column: Floats
    device: Any

    def __getitem__(self, rows: Any) -> Any:
        return _move(self.column[rows], self.device)


def _move(numbers: Floats, device: Any) -> Any:
    import torch

    return torch.from_numpy(np.array(numbers)).to(device)


def own_gpu() -> Any:
    """Return the GPU of this rank.

    Raises
    ------
    ValueError
        If the machine has fewer GPUs than ranks.

    Examples
    --------
    >>> own_gpu()  # doctest: +SKIP
    device(type='cuda', index=0)
    """
    import torch

    local, there = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if local >= there:
        raise ValueError(f"there must be a GPU for each rank of a machine, got {there}")
    torch.cuda.set_device(local)
    return torch.device("cuda", local)
