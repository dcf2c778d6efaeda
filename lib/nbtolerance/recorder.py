"""Loaded into each kernel before a chapter's first cell, as an IPython extension.

It makes figures bring their data along, so that a picture's curves can be compared and not only
its pixels, and notes which files the chapter uses and how much memory it takes.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import Any

from nbtolerance.comparators.drawn import install_formatter
from nbtolerance.watching import FOLDER, PLACES, WORDS, Watch


def load_ipython_extension(ip: Any) -> None:
    """Prepare the kernel; IPython calls this by name."""
    install_formatter(ip)
    if FOLDER in os.environ:
        folder = Path(os.environ[FOLDER])
        _keep_last_words(folder / WORDS)
        _watch(ip, Watch(str(folder), **json.loads((folder / PLACES).read_text("utf8"))))


def _keep_last_words(file: Path) -> None:
    """Write what is said on stderr to a file too: a kernel that dies does not send it any more."""
    words = file.open("a", buffering=1, encoding="utf8")
    sys.stderr.echo = words  # type: ignore[union-attr]  # ipykernel's own stream
    faulthandler.enable(words)


def _watch(ip: Any, watch: Watch) -> None:
    def begin(info: Any) -> None:
        with contextlib.suppress(SyntaxError):  # which the cell will raise itself
            watch.begin_cell(ip.transform_cell(info.raw_cell))

    def end(result: Any) -> None:
        if result.success:  # else it may have waited for what another chapter has made since
            watch.end_cell()
        # After each cell, not at exit: the kernel is stopped without being asked.
        watch.note("memory", str(peak_memory()))

    sys.addaudithook(watch.hear)
    ip.events.register("pre_run_cell", begin)
    ip.events.register("post_run_cell", end)


def peak_memory() -> int:
    """Return the most memory that this process has held at once, in bytes; 0 where nothing tells.

    Linux is asked for this program's own peak: `getrusage` counts what the parent held as well.
    """
    with contextlib.suppress(OSError):
        lines = Path("/proc/self/status").read_text("utf8").splitlines()
        peaks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        return 1024 * int(peaks[0]) if peaks else 0
    with contextlib.suppress(ImportError):
        import resource  # not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0
