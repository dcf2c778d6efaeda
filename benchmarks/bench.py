"""What `make bench` measures: ratios of two things that were timed side by side in one run.

Writes ``_build/bench.json``, a row a figure: name, value, unit, goal, holds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.browser.visiting import weigh

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

# About a second of work, so that a chapter is not all start-up.
WORK = """
import numpy as np
rng = np.random.default_rng({seed})
for _ in range(200): total = np.sort(rng.random(100_000)).sum()
print(round(total, 3))
"""

EXTENSIONS = "nbtolerance.sphinxext, booksite"  # ours, as _config.yml has them
BUILD = [str(BIN / "jupyter-book"), "build", "."]

CHAPTER = "---\nfile_format: mystnb\nkernelspec: {{name: python3}}\n---\n# Chapter {n}\n\n{cells}"


class Bench:
    """Collects the figures and prints each as it is measured."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(
        self, name: str, value: float, unit: str, *, least: float = 0.0, most: float = 0.0
    ) -> None:
        """Record a figure, with the goal that it must reach, if it has one."""
        goal = f">= {least:g}" if least else f"<= {most:g}" if most else ""
        holds = value >= least and (not most or value <= most)
        self.rows.append(
            {"name": name, "value": round(value, 3), "unit": unit, "goal": goal, "holds": holds}
        )
        said = f"  (goal {goal}: {'holds' if holds else 'FAILS'})" if goal else ""
        print(f"{name:54} {value:9.3f} {unit}{said}", flush=True)

    def write(self, path: Path) -> bool:
        """Write all rows; returns whether every goal holds."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.rows, indent=1) + "\n", encoding="utf8")
        return all(row["holds"] for row in self.rows)


def generated_book(folder: Path, chapters: int, cell: str = WORK) -> Path:
    """Write a book of so many chapters with one cell each; returns its folder."""
    (folder / "book").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.nbtolerance]\n")
    for n in range(chapters):
        code = f"```{{code-cell}} python\n{cell.format(seed=n).strip()}\n```\n"
        (folder / "book" / f"c{n:03}.md").write_text(CHAPTER.format(n=n, cells=code))
    return folder


class Cost(NamedTuple):
    """What a command took: seconds, peak memory in MiB, and seconds of the processor."""

    seconds: float
    memory: float
    processor: float


def execute(book: Path, *, workers: int = 0) -> Cost:
    """Execute a whole book anew; memory and processor are those of the process, not of kernels."""
    shutil.rmtree(book / "_build", ignore_errors=True)
    (book / "pyproject.toml").write_text(f"[tool.nbtolerance]\nworkers = {workers}\n")
    return timed([sys.executable, "-m", "nbtolerance", "execute"], book)


def timed(command: list[str], cwd: Path) -> Cost:
    """Run a command that must succeed."""
    begin = time.perf_counter()
    # What a bare build warns of, citations of numbers that it lacks, is nobody's concern here.
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    assert status == 0, f"{command} failed"
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def bench_parallel(bench: Bench, folder: Path) -> None:
    """Execute side by side against one chapter after the other, in turns."""
    book = generated_book(folder / "parallel", 24)
    ratios = []
    for _ in range(2):
        ratios.append(execute(book, workers=1)[0] / execute(book)[0])
    bench.add("24 chapters: one after the other / side by side", median(ratios), "x", least=1.6)
    copy = folder / "real"
    shutil.copytree(ROOT / "book", copy / "book")
    shutil.copytree(ROOT / "benchmarks" / "record", copy / "benchmarks" / "record")
    ratio = execute(copy, workers=1)[0] / execute(copy)[0]
    bench.add("this book: one after the other / side by side", ratio, "x", least=1.6)


def bench_scaling(bench: Bench, folder: Path) -> None:
    """Time and memory a chapter, against the number of chapters."""
    python = [sys.executable, "-m"]
    kinds = ("executing", "finding that nothing is stale", "checking with nothing stale")
    seconds: dict[str, dict[int, float]] = {kind: {} for kind in kinds}
    memory: dict[int, float] = {}
    for n in (6, 24, 96, 300):
        book = generated_book(folder / f"scale{n}", n, cell="print({seed})")
        first, memory[n], _ = execute(book)
        timed([*python, "nbtolerance", "bless", "--once"], book)
        status = [*python, "nbtolerance", "status"]
        check = [*python, "pytest", "--nbval", "-q", "book"]
        tries = [[timed(command, book) for _ in range(5)] for command in (status, check)]
        took = [first, *(median(cost.seconds for cost in costs) for costs in tries)]
        # Of few seconds, the growth: the processor's own vary less than the clock's.
        growing = [first, *(min(cost.processor for cost in costs) for costs in tries)]
        for kind, value, grown in zip(kinds, took, growing, strict=True):
            seconds[kind][n] = grown
            within = {"most": 5.0} if n == 300 and kind != "executing" else {}
            bench.add(f"{n} chapters: {kind}", value, "s", **within)
        bench.add(f"{n} chapters: peak memory", memory[n], "MiB")
    # What 204 more chapters cost each, against what 72 more did: 1 where the growth is linear.
    for kind, by in seconds.items():
        growth = ((by[300] - by[96]) / 204) / ((by[96] - by[24]) / 72)
        bench.add(f"{kind}: a further chapter, to 300 / to 96", growth, "x", most=1.3)
    bench.add("memory with 300 chapters / with 6", memory[300] / memory[6], "x", most=1.5)


def bench_startup(bench: Bench, folder: Path) -> None:
    """What a chapter costs before its first line: the kernel, and what it imports."""
    cells = {
        "an empty chapter": "1",
        "a chapter that imports torch": "import torch",
        "a chapter that imports torch and matplotlib": "import torch, matplotlib.pyplot",
    }
    for name, cell in cells.items():
        book = generated_book(folder / name.replace(" ", "-"), 1, cell=cell)
        execute(book)
        store = next((book / "_build" / "executed").glob("*.json"))
        bench.add(f"start-up: {name}", json.loads(store.read_text())["provenance"]["seconds"], "s")
    python = [sys.executable, "-c", "import torch, matplotlib.pyplot"]
    bench.add("start-up: the same imports in plain Python", timed(python, folder)[0], "s")


def copied_book(folder: Path, extensions: str) -> Path:
    """Copy this book, with some of our extensions, and build it; returns its folder."""
    ignore = shutil.ignore_patterns("_build", ".venv*", ".git", "tests", ".*_cache")
    shutil.copytree(ROOT, folder, ignore=ignore, symlinks=True)
    config = (folder / "_config.yml").read_text()
    ours = f"{EXTENSIONS}]"  # after those of Sphinx, which the bare book has as well
    assert ours in config
    (folder / "_config.yml").write_text(config.replace(ours, f"{extensions}]"))
    timed(BUILD, folder)
    return folder


def bench_idle_build(bench: Bench, folder: Path) -> None:
    """A build with nothing stale against a bare Sphinx build of the same pages.

    Bare Sphinx opens no page that is unchanged. Ours reads every chapter and its run, to see what
    is stale; in return, Sphinx has less to read of what it keeps: see `booksite.exercises`.
    """
    ours, bare = copied_book(folder / "ours", EXTENSIONS), copied_book(folder / "bare", "")
    costs = [(timed(BUILD, ours), timed(BUILD, bare)) for _ in range(11)]
    name = "a build with nothing stale / bare Sphinx"
    bench.add(name, median(a.seconds / b.seconds for a, b in costs), "x", most=1.3)
    # What else the machine does at the time tells less on this one.
    ratio = median(a.processor / b.processor for a, b in costs)
    bench.add(f"{name}, processor time", ratio, "x", most=1.3)


def bench_sizes(bench: Bench, folder: Path) -> None:
    """What a compressing host sends for each page, beside the same pages as the theme makes them.

    Of the theme's pages only what comes from their own host is counted: what they ask of others,
    such as MathJax for formulas, comes on top.
    """
    weights = [
        weigh(copied_book(folder / extensions, extensions) / "_build" / "html")
        for extensions in (EXTENSIONS, EXTENSIONS.partition(",")[0])
    ]
    ours, default = ({path: seen.bytes / 1000 for path, seen in w.items()} for w in weights)
    for path, size in ours.items():
        if path in default:
            bench.add(f"{path}: ours", size, "KB")
            bench.add(f"{path}: default theme", default[path], "KB")


def bench_descent(bench: Bench, folder: Path) -> None:
    """What `minimize` costs beside torch's own loop, and what knowing the gradient saves."""
    from benchmarks.descent import measured  # it loads torch

    for name, value, unit, goal in measured():
        bench.add(name, value, unit, **goal)


def bench_cost(bench: Bench, folder: Path) -> None:
    """What a step costs, in several ways, beside what a model predicts: see `benchmarks.cost`."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder)
    from benchmarks.cost import goals, measured  # it loads torch

    record = measured()
    (ROOT / "_build").mkdir(exist_ok=True)
    (ROOT / "_build" / "cost.json").write_text(json.dumps(record, indent=1) + "\n")
    for name, value, unit, goal in goals(record):
        bench.add(name, value, unit, **goal)


def bench_gpu(bench: Bench, folder: Path) -> None:
    """What a step takes on a GPU, where there is one: see `benchmarks.gpu`."""
    import torch

    if not torch.cuda.is_available():
        print("No GPU here: its steps are not measured.")
        return
    from benchmarks.gpu import goals, measured

    for name, value, unit, goal in goals(measured()):
        bench.add(name, value, unit, **goal)


def bench_mystmd(bench: Bench, folder: Path) -> None:
    """What Jupyter Book 2 would not read: see `benchmarks.mystmd`."""
    from benchmarks import mystmd  # it needs a Node

    unread, known = mystmd.errors(), json.loads(mystmd.RECORD.read_text("utf8"))["unread"]
    bench.add("forms that mystmd does not read", len(unread), "forms", most=len(known))
    bench.add("where they stand in the book", unread.total(), "places")


PARTS: dict[str, Callable[[Bench, Path], None]] = {
    "descent": bench_descent,
    "cost": bench_cost,
    "gpu": bench_gpu,
    "startup": bench_startup,
    "parallel": bench_parallel,
    "scaling": bench_scaling,
    "idle": bench_idle_build,
    "sizes": bench_sizes,
    "mystmd": bench_mystmd,
}


def main(names: list[str]) -> int:
    """Measure the named parts, or all; returns 1 where a goal does not hold."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"there is no {unknown.pop()!r}; there are: {', '.join(PARTS)}")
    bench = Bench()
    # Each part in a process of its own: Linux counts what a parent holds, torch for one, to the
    # peak memory of the commands that it starts.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
        for rows in pool.map(measure, names or PARTS):
            bench.rows += rows
    return 0 if bench.write(ROOT / "_build" / "bench.json") else 1


def measure(name: str) -> list[dict[str, Any]]:
    """Measure one part; returns its rows."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        PARTS[name](bench, Path(folder))
    return bench.rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
