"""The loop of a run that may be killed: it goes on from the last checkpoint."""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learning.arrays import Floats
from learning.optimization import Rule
from learning.parallel.checkpoint import Checkpoint, load, save
from learning.parallel.ranks import Alone, Mean, Ranks, average_over

CHECKPOINT, LOG = "checkpoint.npz", "log.txt"


def train(
    mean: Mean,
    start: Floats,
    rule: Rule,
    *,
    steps: int,
    n: int,
    folder: Path,
    every: int,
    run: Mapping[str, Any],
    ranks: Ranks | None = None,
    batch: Callable[[int], Any] | None = None,
    before: Callable[[int], None] = lambda step: None,
) -> Checkpoint:
    """Take the steps of a run that its last checkpoint does not have yet.

    Every rank holds the same parameters and takes the same steps. Rank 0 keeps the checkpoints, and
    writes a line a step into a log: how often the run was started again, the step, and its loss.

    Parameters
    ----------
    mean
        ``mean(theta, rows)``: the loss and then the gradient, shape (1 + p,), a mean over the
        points of rows.
    start
        The parameters to begin with, shape (p,).
    rule
        What to make of a gradient.
    steps
        After how many updates the run has ended.
    n
        How many points there are.
    folder
        Where the checkpoint and the log are: a folder that all ranks can read.
    every
        After how many updates to write a checkpoint; the last step writes one, too.
    run
        Which run it is, in words and numbers.
    ranks
        Who computes; one process if nothing is said.
    batch
        ``batch(step)``: the rows that a step looks at, the same on each rank; all, without it.
    before
        Called with the number of each step before it is taken.

    Returns
    -------
    Where the run stands at its end.

    Raises
    ------
    ValueError
        If the checkpoint is of another run, or another rank sees another run or checkpoint.

    Examples
    --------
    >>> import tempfile
    >>> from learning.optimization import Descent
    >>> how = {"n": 2, "every": 2, "run": {}}
    >>> def mean(theta, rows):
    ...     return np.array([(theta[0] - 3.0) ** 2, 2.0 * (theta[0] - 3.0)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     half = train(mean, np.zeros(1), Descent(rate=0.25), steps=2, folder=Path(folder), **how)
    ...     train(mean, np.zeros(1), Descent(rate=0.25), steps=4, folder=Path(folder), **how).theta
    array([2.8125])
    """
    ranks = ranks or Alone()
    average = average_over(ranks, mean, n)
    at = load(folder / CHECKPOINT, run=run) or Checkpoint(0, start, rule.begin(start))
    _check_same(ranks, {**run, "step": at.step})
    with _log(folder / LOG, ranks) as log:
        for step in range(at.step, steps):
            before(step)
            found = average(at.theta, None if batch is None else batch(step))
            log(step, found[0])
            at = Checkpoint(step + 1, *rule.update(at.theta, found[1:], at.memory, step))
            if ranks.rank == 0 and ((step + 1) % every == 0 or step + 1 == steps):
                save(folder / CHECKPOINT, at, run=run)
    return at


def _check_same(ranks: Ranks, run: Mapping[str, Any]) -> None:
    """Check that all ranks agree: what each of them says is compared as one number."""
    said = np.array([float(zlib.crc32(json.dumps(run, sort_keys=True).encode()))])
    mean = ranks.total(said) / ranks.size
    if ranks.total((said - mean) ** 2) > 0:
        raise ValueError(
            "all ranks must see the same points, settings and checkpoint, "
            f"got something else on rank {ranks.rank} or another: {dict(run)!r}"
        )


@contextlib.contextmanager
def _log(path: Path, ranks: Ranks) -> Any:
    """Yield what writes a line a step, on rank 0; what is written outlives the process."""
    if ranks.rank > 0:
        yield lambda step, loss: None
        return
    again = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    with open(path, "a", encoding="ascii", buffering=1) as file:
        yield lambda step, loss: file.write(f"{again} {step} {float(loss)!r}\n")


def read_log(folder: str | os.PathLike[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    r"""Read which steps a run has taken. A step that was taken twice stands there twice.

    Parameters
    ----------
    folder
        The folder of the run.

    Returns
    -------
    Three arrays, an entry a step taken: how often all had been started again by then, the number of
    the step, and the loss before it.

    Raises
    ------
    ValueError
        If there is no log.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "log.txt").write_text("0 0 9.5\n0 1 4.0\n1 1 4.0\n")
    ...     read_log(folder)[1]
    array([0, 1, 1])
    """
    path = Path(folder) / LOG
    if not path.exists():
        raise ValueError(f"there must be a log of a run, got {str(path)!r}")
    again, steps, losses = np.loadtxt(path, ndmin=2).T
    return again.astype(np.int64), steps.astype(np.int64), losses
