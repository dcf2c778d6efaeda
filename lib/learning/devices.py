"""Which device computes, and what makes it compute the same thing twice.

The environment variable ``LEARNING_DEVICE`` forces ``cpu`` or ``cuda``. Without it, the GPU
computes where there is one. Torch is imported only when it is needed, so that a process which
merely wants to know the device (see `describe`) does not wait for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

VARIABLE = "LEARNING_DEVICE"


def kind() -> str:
    """Return which kind of device computes: ``"cpu"`` or ``"cuda"``.

    Raises
    ------
    ValueError
        If ``LEARNING_DEVICE`` is set to anything but cpu or cuda.
    RuntimeError
        If ``LEARNING_DEVICE`` is cuda and no GPU can be used.
    """
    forced = os.environ.get(VARIABLE, "")
    if forced not in ("", "cpu", "cuda"):
        raise ValueError(f"{VARIABLE} must be cpu or cuda, or not set, got {forced!r}")
    if forced == "cpu":
        return "cpu"
    if _cuda_is_available():
        return "cuda"
    if forced == "cuda":
        raise RuntimeError(f"{VARIABLE} must be cpu on a machine without a GPU, got 'cuda'")
    return "cpu"


def describe() -> dict[str, str]:
    """Describe the device that computes: ``{"kind": "cpu" | "cuda", "name": ...}``.

    Cheap: torch is imported only where a GPU is allowed and its driver is installed.

    Raises
    ------
    ValueError, RuntimeError
        As `kind` does.
    """
    if kind() == "cpu":
        return {"kind": "cpu", "name": processor_name()}
    import torch

    return {"kind": "cuda", "name": torch.cuda.get_device_name(0)}


def processor_name() -> str:
    """Return the processor's name as the system tells it, or else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(filter(None, names), platform.processor() or platform.machine())


def prepare() -> torch.device:
    """Make torch's results repeatable, and return the device to compute on.

    Four things are set, here and nowhere else. Only deterministic algorithms are allowed. Matrix
    products keep float32's 24 bits (no TF32). cuBLAS gets a workspace of fixed size, without which
    its results may vary from run to run. And the CPU uses one thread: a sum that is split among
    threads is added up in another order, hence rounded differently, on a machine with more cores.

    Raises
    ------
    ValueError, RuntimeError
        As `kind` does.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.use_deterministic_algorithms(True)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_num_threads(1)
    return torch.device(kind())


class Elapsed:
    """The seconds that a block took; 0 until it has ended."""

    def __init__(self) -> None:
        self.seconds = 0.0


@contextlib.contextmanager
def timed(device: torch.device | str) -> Iterator[Elapsed]:
    """Measure how long the block takes on a device, its last operation included.

    A GPU is handed work and computes it later: without waiting for it, at the start and at the end,
    a clock measures how fast work is handed over. Nothing in the book is timed in another way.

    Parameters
    ----------
    device
        The device that computes in the block.

    Yields
    ------
    Elapsed
        Its ``seconds`` are set when the block ends, also when it raises.
    """
    elapsed = Elapsed()
    _wait_for(device)
    start = time.perf_counter()
    try:
        yield elapsed
        _wait_for(device)
    finally:
        elapsed.seconds = time.perf_counter() - start


def _wait_for(device: torch.device | str) -> None:
    import torch

    if torch.device(device).type == "cuda":
        torch.cuda.synchronize(device)


def _cuda_is_available() -> bool:
    if not _driver_is_installed():
        return False
    import torch

    return torch.cuda.is_available()


def _driver_is_installed() -> bool:
    """Tell whether NVIDIA's driver can be loaded, which is quick: importing torch is not."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        with contextlib.suppress(OSError):
            ctypes.CDLL(library)
            return True
    return False
