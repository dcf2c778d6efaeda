"""The book without a mutant: a copy of the tree, how long a chapter takes, and what it executes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copy2

from nbtolerance.book import find_chapters
from nbtolerance.settings import load_settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Baseline:
    """A chapter that passes its check, how long that took, and the library's lines it executed."""

    chapter: str
    seconds: float
    lines: frozenset[tuple[str, int]]


def copy_tree(to: Path) -> None:
    """Copy what is committed, or would be: mutants are written into the copy."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            copy2(ROOT / name, to / name)


def environment(tree: Path) -> dict[str, str]:
    """What makes the check and its kernels import the copy's library, each time from its source."""
    return {"PYTHONPATH": str(tree / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}


def command(template: str, chapter: str) -> str:
    """The command that checks one chapter."""
    return template.format(python=sys.executable, chapter=f"book/{chapter}.md")


def run_baselines(tree: Path, template: str) -> list[Baseline]:
    """Check every chapter of the copy once.

    Raises
    ------
    RuntimeError
        If a chapter fails without any mutant: then no mutant can be judged.
    """
    names = [chapter.name for chapter in find_chapters(load_settings(tree)).chapters]
    return [_run_baseline(tree, template, name) for name in names]


def _run_baseline(tree: Path, template: str, chapter: str) -> Baseline:
    log = tree / "_build" / "lines" / chapter
    log.parent.mkdir(parents=True, exist_ok=True)
    library = f"{tree / 'lib' / 'learning'}{os.sep}"
    start = time.monotonic()
    run = subprocess.run(
        command(template, chapter).split(),
        cwd=tree,
        env={**os.environ, **environment(tree), **_tracing(tree, library, log)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{chapter} fails without a mutant:\n{run.stdout}{run.stderr}")
    lines = parse_lines(log.read_text("utf8"), library)
    return Baseline(chapter, time.monotonic() - start, lines)


def _tracing(tree: Path, library: str, log: Path) -> Mapping[str, str]:
    paths = os.pathsep.join([str(HERE / "trace"), str(tree / "lib")])
    return {"PYTHONPATH": paths, "MUTANTS_FOLDER": library, "MUTANTS_LINES": str(log)}


def parse_lines(log: str, library: str) -> frozenset[tuple[str, int]]:
    """Read a tracer's log: pairs of a module's file, relative to the library, and a line."""
    pairs = (line.removeprefix(library).rpartition(":") for line in log.splitlines())
    return frozenset((file, int(number)) for file, _, number in pairs)
