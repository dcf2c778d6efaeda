"""Loaded into each kernel before a chapter's first cell, as an IPython extension.

It makes figures bring their data along, so that a picture's curves can be compared and not only
its pixels, and notes which data files of the book the chapter reads and how much memory it takes.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from nbtolerance.comparators.figures import install_formatter


def load_ipython_extension(ip: Any) -> None:
    """Prepare the kernel; IPython calls this by name."""
    install_formatter(ip)
    if "NBTOLERANCE_READ" in os.environ:
        log = Path(os.environ["NBTOLERANCE_READ"])
        note_files_read(Path(os.environ["NBTOLERANCE_ROOT"]), log)
        # After each cell, not at exit: the kernel is stopped without being asked.
        note = log.with_name("memory")
        ip.events.register("post_run_cell", lambda _: note.write_text(str(peak_memory())))


def peak_memory() -> int:
    """The most memory that this process has held at once, in bytes; 0 where nothing tells.

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


def note_files_read(root: Path, log: Path) -> None:
    """Write the path of every file below ``root`` that is opened for reading to ``log``.

    Left out are Python's own files, hidden folders (an environment may be one) and what has been
    built: whatever begins with ``.`` or ``_`` on its way from the root.
    """
    seen: set[str] = set()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        if set(str(arguments[1] or "r")) & set("wax+"):
            return
        name = _below(root, arguments[0])
        if name and name not in seen:
            seen.add(name)
            with log.open("a", encoding="utf8") as file:
                file.write(f"{name}\n")

    sys.addaudithook(hook)


def _below(root: Path, path: Any) -> str:
    """The path of a data file relative to the root, or nothing where it is none."""
    absolute = os.path.abspath(os.fsdecode(path))
    if not absolute.startswith(f"{root}{os.sep}") or absolute.startswith(sys.prefix + os.sep):
        return ""
    name = os.path.relpath(absolute, root).replace(os.sep, "/")
    hidden = any(part[0] in "._" for part in name.split("/"))
    code = name.endswith((".py", ".pyc", ".so", ".pyi"))
    return "" if hidden or code or os.path.isdir(absolute) else name
