"""``python -m learning.parallel``: least squares by gradient descent, on one process or many."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from learning.arrays import Floats
from learning.optimization import Adam, Descent, Momentum, Rule
from learning.parallel.checkpoint import load
from learning.parallel.launch import launch
from learning.parallel.problem import least_squares_on_disk, own_gpu
from learning.parallel.ranks import joined
from learning.parallel.training import CHECKPOINT, train

RULES: dict[str, Callable[..., Rule]] = {"descent": Descent, "momentum": Momentum, "adam": Adam}

ABOUT = "Least squares by gradient descent: on one process, or under torchrun on many."
EPILOG = """\
on this machine, as three processes that nobody outside it can reach:
  python -m learning.parallel --ranks 3 --x x.npy --y y.npy --folder run --rate 0.5 --steps 100

on a cluster, on each of four machines, in a folder that all of them can read and write:
  torchrun --nnodes 4 --nproc-per-node 8 --max-restarts 3 --rdzv-backend c10d --rdzv-id run1 \\
    --rdzv-endpoint FIRST-MACHINE:29400 -m learning.parallel --x x.npy --y y.npy --folder run ...
There, torchrun listens at all addresses of the first machine, and each rank at one of its own. They
ask for no password and encrypt nothing: use a network that only you can reach.

The result is in the folder: checkpoint.npz (step, theta) and log.txt (restarts, step, loss). A run
that is started again goes on from its checkpoint. The exit status is 2 where a run is refused, and
1 where a rank has lost the others.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or start ranks that run.

    Parameters
    ----------
    arguments
        What the command is given, as ``--help`` lists it; those of this process if nothing is said.

    Returns
    -------
    The exit status: 0, 2 where the run is refused, 1 where a rank has lost the others, or 130 where
    it was interrupted.

    Examples
    --------
    >>> main("--x no.npy --y no.npy --folder . --rate 1 --steps 1".split())  # tells why, too
    2
    """
    options = _parser().parse_args(arguments)
    try:
        _start(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except RuntimeError as error:  # another rank has died
        print(f"failed: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m learning.parallel",
        description=ABOUT,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--x", required=True, help="inputs: a .npy file of float64, shape (n,) or (n, d)")
    add("--y", required=True, help="targets: a .npy file of float64, shape (n,)")
    add("--folder", required=True, type=Path, help="where the checkpoint and the log are kept")
    add("--rate", required=True, type=float, help="the learning rate")
    add("--steps", required=True, type=int, help="how many updates the whole run has")
    add("--rule", choices=RULES, default="descent", help="what to make of a gradient")
    # Not --start: torchrun would take that, wherever it stands, for a short --start-method.
    add("--begin", metavar="=A,B", help="where to begin: slopes, then intercept (0)")
    add("--batch-size", type=int, help="points a step, on all ranks, drawn with replacement (all)")
    add("--seed", type=int, default=0, help="of the batches (0)")
    add("--every", type=int, default=100, help="updates from checkpoint to checkpoint (100)")
    add("--piece", type=int, default=65_536, help="points in memory at a time (65536)")
    add("--device", choices=("cpu", "cuda"), default="cpu", help="cuda: a GPU for each rank (cpu)")
    add("--ranks", type=int, help="start so many processes here; under torchrun, demand so many")
    add("--max-restarts", type=int, default=0, help="with --ranks: as torchrun's (0)")
    add("--kill", metavar="RANK:STEP", help="rehearse: kill a rank before a step, the first time")
    return parser


def _start(options: argparse.Namespace) -> None:
    begun = os.environ.get("WORLD_SIZE")
    device = own_gpu() if options.device == "cuda" else None
    problem = least_squares_on_disk(options.x, options.y, piece=options.piece, device=device)
    _check(options, problem.n, begun)
    start, rule = _numbers(options.begin, problem.p), RULES[options.rule](rate=options.rate)
    run = {**problem.name, "rule": repr(rule), "start": start.tolist()}
    run |= {"batch size": options.batch_size, "seed": options.seed}
    if options.ranks and begun is None:
        load(options.folder / CHECKPOINT, run=run)  # another run's is refused here
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # not to leave the ranks behind
        print(launch(**vars(options)), end="")
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    how = {"steps": options.steps, "every": options.every, "folder": options.folder, "run": run}
    how |= {"n": problem.n, "batch": _batch(options, problem.n)}
    with joined(device) as ranks:
        how |= {"ranks": ranks, "before": _killer(options.kill, ranks.rank)}
        ends = train(problem.mean, start, rule, **how)
        if ranks.rank == 0:
            first = ends.theta[:8].tolist()
            print(f"{ends.step} steps, ranks: {ranks.size}, parameters: {first}")


def _check(options: argparse.Namespace, n: int, begun: str | None) -> None:
    """Check what nothing else checks."""
    batch = n if options.batch_size is None else options.batch_size
    for name, value in (("steps", options.steps), ("every", options.every), ("batch-size", batch)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value!r}")
    size = int(begun or 1) if options.ranks is None else options.ranks
    if begun is not None and size != int(begun):
        raise ValueError(f"ranks must be as many as torchrun has started, {begun}, got {size!r}")
    if not 1 <= size <= batch:
        raise ValueError(f"ranks must be from 1 to the points of a step, {batch}, got {size!r}")
    _killer(options.kill, 0)


def _numbers(given: str | None, p: int) -> Floats:
    try:
        start = np.zeros(p) if given is None else np.array([*map(float, given.split(","))])
    except ValueError as error:
        raise ValueError(f"begin must be numbers with commas between, got {given!r}") from error
    if len(start) != p:
        raise ValueError(f"begin must be {p} numbers, one more than inputs, got {given!r}")
    return start


def _batch(options: argparse.Namespace, n: int) -> Callable[[int], Any] | None:
    """Draw a step's batch from its number, so that a run that goes on draws the same ones."""
    size = options.batch_size
    if size is None:
        return None
    return lambda step: np.random.default_rng([options.seed, step]).integers(n, size=size)


def _killer(wish: str | None, rank: int) -> Callable[[int], None]:
    """Return what kills this rank before a step, if it is the one, the first time."""
    try:
        who, when = (-1, -1) if wish is None else map(int, wish.split(":"))
    except ValueError as error:
        raise ValueError(f"kill must be RANK:STEP, such as 1:70, got {wish!r}") from error
    first = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0"

    def before(step: int) -> None:
        if first and (rank, step) == (who, when):
            os.kill(os.getpid(), signal.SIGKILL)

    return before


if __name__ == "__main__":
    sys.exit(main())
