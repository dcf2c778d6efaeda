"""Points that stay on the disk: columns of numbers in files, of which a piece is looked at."""

from __future__ import annotations

from itertools import pairwise
from os import PathLike
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.parallel.ranks import Mean

Path = str | PathLike[str]


def open_columns(x: Path, y: Path) -> tuple[Floats, Floats]:
    """Map two ``.npy`` files into memory: nothing is read until it is looked at.

    Parameters
    ----------
    x
        The file of the inputs, float64, shape (n,) or (n, d).
    y
        The file of the targets, float64, shape (n,).

    Returns
    -------
    Two arrays that cannot be written to, as `numpy.load` maps them.

    Raises
    ------
    ValueError
        If a file is missing or holds something else, or the two do not have one length.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/x.npy", np.arange(3.0))
    ...     open_columns(f"{folder}/x.npy", f"{folder}/x.npy")[0][1:]
    memmap([1., 2.])
    """
    inputs, targets = _mapped(x), _mapped(y)
    if inputs.ndim not in (1, 2) or targets.ndim != 1:
        shapes = f"{inputs.shape!r} and {targets.shape!r}"
        raise ValueError(f"x must have one or two axes and y must have one, got {shapes}")
    if len(inputs) != len(targets) or not len(inputs):
        lengths = f"{len(inputs)} and {len(targets)}"
        raise ValueError(f"x and y must have one length, at least 1, got {lengths} points")
    return inputs, targets


def _mapped(path: Path) -> Floats:
    try:
        column = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ValueError(f"there must be a .npy file of numbers, got {str(path)!r}") from error
    if not isinstance(column, np.ndarray) or column.dtype != np.float64:
        kind = getattr(column, "dtype", "several arrays")
        raise ValueError(f"the numbers must be float64, got {kind} in {str(path)!r}")
    return column


def in_pieces(mean: Mean, *, piece: int) -> Mean:
    """Compute a mean piece by piece, so that only one piece need be in memory.

    Parameters
    ----------
    mean
        ``mean(theta, rows)``, as for `average_over`; rows are a stretch, a slice.
    piece
        How many points to look at at a time; at least 1.

    Returns
    -------
    The same function, but for rounding. A batch, whose rows are an array, is one piece.

    Raises
    ------
    ValueError
        If piece is less than 1.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 6.0])
    >>> float(in_pieces(lambda theta, rows: x[rows].mean(), piece=2)(None, slice(0, 3)))
    3.0
    """
    if piece < 1:
        raise ValueError(f"piece must be at least 1, got {piece!r}")

    def streamed(theta: Any, rows: Any) -> Any:
        if not isinstance(rows, slice):
            return mean(theta, rows)
        ends = [*range(rows.start, rows.stop, piece), rows.stop]
        pieces = [slice(*pair) for pair in pairwise(ends)]
        total = sum((part.stop - part.start) * mean(theta, part) for part in pieces)
        return total / (rows.stop - rows.start)

    return streamed
