"""See how far each quantity spreads where the same code runs in another way.

A tolerance is right when it is wider than what threads, instruction sets and the order of
floating-point sums can do, and not much wider. Here a chapter is run under each of a list of such
settings, and the spread of every quantity is put beside its tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbtolerance.chapter import Chapter
from nbtolerance.check import Row, check_cell
from nbtolerance.engines.task import Task
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.reference import Reference, condense
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

TIGHT, LOOSE = 2.0, 1000.0  # margins outside of these are worth a look

_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# A library adds in the order in which its vector registers are filled, so that another instruction
# set is another order of the same sum. What a processor lacks is passed over by the libraries.
VARIANTS: dict[str, dict[str, str]] = {
    "as here": {},
    "1 thread": dict.fromkeys(_THREADS, "1"),
    "2 threads": dict.fromkeys(_THREADS, "2"),
    "3 threads": dict.fromkeys(_THREADS, "3"),
    "4 threads": dict.fromkeys(_THREADS, "4"),
    "8 threads": dict.fromkeys(_THREADS, "8"),
    "torch without vectors": {"ATEN_CPU_CAPABILITY": "default"},
    "torch with AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "torch with AVX-512": {"ATEN_CPU_CAPABILITY": "avx512"},
    "MKL with SSE4.2": {"MKL_ENABLE_INSTRUCTIONS": "SSE4_2"},
    "MKL with AVX2": {"MKL_ENABLE_INSTRUCTIONS": "AVX2"},
    "MKL with AVX-512": {"MKL_ENABLE_INSTRUCTIONS": "AVX512"},
    "MKL compatible": {"MKL_CBWR": "COMPATIBLE"},
    "OpenBLAS for Nehalem": {"OPENBLAS_CORETYPE": "NEHALEM"},
    "OpenBLAS for Sandy Bridge": {"OPENBLAS_CORETYPE": "SANDYBRIDGE"},
    "OpenBLAS for Haswell": {"OPENBLAS_CORETYPE": "HASWELL"},
    "OpenBLAS for Zen": {"OPENBLAS_CORETYPE": "ZEN"},
    "OpenBLAS for SkylakeX": {"OPENBLAS_CORETYPE": "SKYLAKEX"},
    "NumPy without AVX-512": {"NPY_DISABLE_CPU_FEATURES": "X86_V4"},
    "NumPy without AVX2": {"NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3"},
    "2 threads, without vectors": {
        **dict.fromkeys(_THREADS, "2"),
        "ATEN_CPU_CAPABILITY": "default",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3",
    },
    "least of all": {
        **dict.fromkeys(_THREADS, "1"),
        "ATEN_CPU_CAPABILITY": "default",
        "OPENBLAS_CORETYPE": "NEHALEM",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3",
        "MKL_CBWR": "COMPATIBLE",
    },
}


@dataclass(frozen=True)
class Spread:
    """How far one quantity was from the first run in the variant that came nearest to its limit."""

    row: Row
    variant: str

    @property
    def margin(self) -> float:
        """What is allowed, in units of what was seen; infinite where nothing moved."""
        worst = self.row.comparison.worst
        if not worst or not worst.difference:
            return float("inf")
        return (worst.allowed or 0.0) / worst.difference


def calibrate(
    chapters: Iterable[Chapter],
    settings: Settings,
    variants: Mapping[str, Mapping[str, str]] = VARIANTS,
) -> Iterator[str]:
    """Run chapters under every variant and say how far each quantity spread.

    Parameters
    ----------
    chapters
        The chapters.
    settings
        The book's settings.
    variants
        By name, the environment variables of each; the first is what the others are held against.

    Yields
    ------
    str
        A line a quantity that has numbers, and one a variant that could not be run.
    """
    yield f"{'quantity':36} {'rtol':>8} {'atol':>8} {'spread':>10} {'margin':>10}  in"
    for chapter in chapters:
        runs = _run_all(chapter, settings, variants)
        for name, outcome in runs.items():
            if isinstance(outcome, ExecutionError):
                yield f"{chapter.name}: could not run with {name}: {str(outcome).splitlines()[0]}"
        good = {name: run for name, run in runs.items() if isinstance(run, Executed)}
        if good:
            yield from map(_line, spreads(chapter, good))
        yield f"{chapter.name}: {len(good)} runs"


def _run_all(
    chapter: Chapter, settings: Settings, variants: Mapping[str, Mapping[str, str]]
) -> dict[str, Result]:
    from nbtolerance.engines.threads import run_here  # here: a kernel's client takes time to load

    tasks = {name: Task(chapter, environment=e) for name, e in variants.items()}
    done = list(run_here(list(tasks.values()), settings))
    return {name: next(r for one, r in done if one is task) for name, task in tasks.items()}


def spreads(chapter: Chapter, runs: Mapping[str, Executed]) -> list[Spread]:
    """Hold all runs against the first, and keep for each quantity the one nearest to its limit."""
    (_, first), *others = runs.items()
    expected = condense(first)
    reference = Reference("here", Path(), chapter.code, {}, expected)
    widest: dict[str, Spread] = {}
    for variant, executed in others:
        for cell, old, new in zip(chapter.cells, expected, condense(executed), strict=True):
            for row in check_cell(chapter, cell, reference, old, new):
                spread = Spread(row, variant)
                if row.name not in widest or _nearer(spread, widest[row.name]):
                    widest[row.name] = spread
    return sorted(widest.values(), key=lambda spread: spread.row.name)


def _nearer(a: Spread, b: Spread) -> bool:
    return (a.row.comparison.passed, a.margin) < (b.row.comparison.passed, b.margin)


def _line(spread: Spread) -> str:
    row, worst = spread.row, spread.row.comparison.worst
    seen = worst.difference if worst and worst.difference else 0.0
    start = f"{row.name:36} {row.tolerance.rtol:8.0e} {row.tolerance.atol:8.0e} {seen:10.2e}"
    if not row.comparison.passed:
        return f"{start} {spread.margin:9.3g}x  {spread.variant}: TOO TIGHT"
    if not seen:
        return f"{start} {'exact':>10}"
    remark = {spread.margin < TIGHT: ": tight", spread.margin > LOOSE: ": loose"}.get(True, "")
    return f"{start} {spread.margin:9.3g}x  {spread.variant}{remark}"
