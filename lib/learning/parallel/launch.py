"""Start a run on several processes of this machine, which nobody outside it can reach."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from learning.parallel.ranks import MEETING

LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"
TORCHRUN = ("-m", "torch.distributed.run", "--nnodes=1", "--local-addr=127.0.0.1")


def launch(*, ranks: int, max_restarts: int = 0, **options: Any) -> str:
    """Run ``python -m learning.parallel`` under torchrun, on several processes of this machine.

    With its usual settings, torchrun listens at all of the machine's addresses, also where it is
    told to use ``localhost``. Here it and the ranks meet in a file instead, and what the ranks send
    each other stays on the loopback interface.

    Parameters
    ----------
    ranks
        How many processes; at least 1.
    max_restarts
        How often all of them are started again when one fails.
    options
        What ``python -m learning.parallel --help`` lists: ``steps=100`` for ``--steps 100``.

    Returns
    -------
    What rank 0 has printed.

    Raises
    ------
    ValueError
        If ranks is less than 1 or max_restarts less than 0, or the run refuses its options.
    RuntimeError
        If the run fails in another way, more often than it may be started again.

    Examples
    --------
    >>> launch(ranks=0)
    Traceback (most recent call last):
    ValueError: ranks must be at least 1, got 0
    """
    for name, value, least in (("ranks", ranks, 1), ("max_restarts", max_restarts, 0)):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value!r}")
    with tempfile.TemporaryDirectory(prefix="learning-") as folder:
        command = [sys.executable, *TORCHRUN, f"--nproc-per-node={ranks}"]
        command += [f"--max-restarts={max_restarts}", "--rdzv-backend=c10d", "--rdzv-id=run"]
        command += ["--rdzv-conf=store_type=file", f"--rdzv-endpoint={folder}/agent"]
        command += ["-m", "learning.parallel", *_words(options)]
        code, said, complaint = _finish(command, f"{folder}/ranks")
    if code:
        _complain(complaint)
    return said


def _words(options: Mapping[str, Any]) -> Iterator[str]:
    """Write options as a command line has them."""
    for name, value in options.items():
        if value is not None:
            values = value if isinstance(value, list | tuple) else [value]
            yield f"--{name.replace('_', '-')}={','.join(map(str, values))}"


def _finish(command: list[str], meeting: str) -> tuple[int, str, str]:
    """Run a command to its end; if we are interrupted, torchrun is told to end what it started."""
    private = {
        MEETING: meeting,
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1",
        "GLOO_SOCKET_IFNAME": LOOPBACK,
        "OMP_NUM_THREADS": "1",
    }
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env={**os.environ, **private}, **pipes) as process:
        try:
            said, complaint = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return process.returncode, said, complaint


def _complain(complaint: str) -> None:
    """Raise what the first of the ranks that failed has said, without torchrun's own report."""
    lines = complaint.splitlines()
    for line in lines:
        refused, lost = line.startswith("error: "), line.startswith("failed: ")
        if refused:
            raise ValueError(line.removeprefix("error: "))
        if lost:
            raise RuntimeError(f"the run must end on every rank, got: {line}")
    last = lines[-1] if lines else "nothing"
    raise RuntimeError(f"the run must end on every rank, got a rank that died: {last}")
