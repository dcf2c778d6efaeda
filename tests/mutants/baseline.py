"""The judges without a mutant: a copy of the tree, how long each takes, and what it executes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copy2

from cosmic_ray.config import ConfigDict

from nbtolerance.book import find_chapters
from nbtolerance.settings import load_settings
from tests.mutants.serving import OPTIONS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Baseline:
    """A chapter or a test that passes, how long that took, and the library's lines it executed."""

    judge: str
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
    """What makes tests and kernels import the copy's libraries, each time from their source."""
    return {"PYTHONPATH": str(tree / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}


def command(template: str, chapter: str) -> str:
    """The command that checks one chapter."""
    return template.format(python=sys.executable, chapter=chapter)


def run_baselines(tree: Path, settings: ConfigDict) -> tuple[list[Baseline], list[Baseline]]:
    """Ask every judge of the copy once: the chapters, where they are judges, and the tests.

    Raises
    ------
    RuntimeError
        If one fails without any mutant: then no mutant can be judged.
    """
    found = find_chapters(load_settings(tree)).chapters if "chapter-command" in settings else ()
    chapters = [_run_chapter(tree, settings, f"book/{chapter.name}.md") for chapter in found]
    return chapters, _run_tests(tree, settings)


def _run_chapter(tree: Path, settings: ConfigDict, chapter: str) -> Baseline:
    log, library = tree / "_build" / "lines" / chapter, _library(tree, settings)
    start = time.monotonic()
    paths = os.pathsep.join([str(HERE / "trace"), str(tree / "lib")])
    _run(command(settings["chapter-command"], chapter), tree, library, log, {"PYTHONPATH": paths})
    lines = parse_lines(log.read_text("utf8"), library)
    return Baseline(chapter, time.monotonic() - start, lines)


def _run_tests(tree: Path, settings: ConfigDict) -> list[Baseline]:
    """Run all tests at once; the cases of a test are one judge."""
    log, library = tree / "_build" / "lines.jsonl", _library(tree, settings)
    noting = ["-m", "pytest", *OPTIONS, "-p", "tests.mutants.noting", *settings["tests"]]
    _run(shlex.join([sys.executable, *noting]), tree, library, log, {})
    return parse_tests(log.read_text("utf8"))


def _library(tree: Path, settings: ConfigDict) -> str:
    return f"{tree / settings['module-path']}{os.sep}"


def _run(command: str, tree: Path, library: str, log: Path, how: Mapping[str, str]) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    noting = {"MUTANTS_FOLDER": library, "MUTANTS_LINES": str(log)}
    run = subprocess.run(
        shlex.split(command),
        cwd=tree,
        env={**os.environ, **environment(tree), **noting, **how},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"without a mutant, this fails: {command}\n{run.stdout}{run.stderr}")


def parse_lines(log: str, library: str) -> frozenset[tuple[str, int]]:
    """Read a tracer's log: pairs of a module's file, relative to the library, and a line."""
    pairs = (line.removeprefix(library).rpartition(":") for line in log.splitlines())
    return frozenset((file, int(number)) for file, _, number in pairs)


def parse_tests(log: str) -> list[Baseline]:
    """Read what `noting` wrote; what importing a module executes is of all that use the module."""
    imported: dict[str, list[int]] = {}
    seconds: Counter[str] = Counter()
    lines: dict[str, set[tuple[str, int]]] = {}
    for name, took, found in map(json.loads, log.splitlines()):
        if not name:
            for file, numbers in found.items():
                imported.setdefault(file, []).extend(numbers)
            continue
        test = name.partition("[")[0]
        seconds[test] += took
        seen = lines.setdefault(test, set())
        for file, numbers in found.items():
            seen |= {(file, number) for number in (*numbers, *imported.get(file, ()))}
    return [Baseline(test, seconds[test], frozenset(seen)) for test, seen in lines.items()]
