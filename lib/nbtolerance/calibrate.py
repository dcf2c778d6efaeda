"""See how far each quantity spreads where the same code runs in another way.

A tolerance is right when it is wider than what threads, instruction sets and the order of
floating-point sums can do, and not much wider. Here a chapter is run under each of a list of such
settings, and the spread of every quantity is put beside its tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbtolerance.chapter import Chapter
from nbtolerance.check import Output, Row, check_run
from nbtolerance.comparators import BadOutputError
from nbtolerance.engines.task import Task
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.reference import Reference, condense
from nbtolerance.refusal import NbToleranceError
from nbtolerance.settings import Settings

TIGHT, LOOSE = 2.0, 1000.0  # margins outside of these are worth a look

_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# A library adds in the order in which its vector registers are filled, so that another instruction
# set is another order of the same sum. What a processor lacks is passed over by the libraries.
VARIANTS: dict[str, dict[str, str]] = {
    "as here": {},
    **{f"{n} threads": dict.fromkeys(_THREADS, str(n)) for n in (1, 2, 3, 4, 8)},
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


class NotRunError(NbToleranceError):
    """A chapter could not be run in one of the ways; the message says which, and why."""


@dataclass(frozen=True)
class Spread:
    """How far one quantity was from the first run in the variant that came nearest to its limit."""

    row: Row
    variant: str

    @property
    def margin(self) -> float:
        """What is allowed, in units of what was seen; infinite where nothing moved."""
        worst = self.row.comparison.worst
        return worst.margin if worst else math.inf


def calibrate(
    chapters: Iterable[Chapter],
    settings: Settings,
    variants: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[str | NotRunError]:
    """Run chapters under every variant and say how far each quantity spread.

    Parameters
    ----------
    chapters
        The chapters.
    settings
        The book's settings.
    variants
        By name, the environment variables of each; the first is what the others are held against.
        Without them, `VARIANTS`.

    Yields
    ------
    str or NotRunError
        A line a quantity that has numbers; and for each variant that could not be run, why.
    """
    yield f"{'quantity':36} {'rtol':>8} {'atol':>8} {'spread':>10} {'margin':>10}  in"
    for chapter in chapters:
        outputs: dict[str, list[list[Output]]] = {}
        for variant, run in _run_all(chapter, settings, variants or VARIANTS).items():
            try:
                outputs[variant] = _outputs(run)
            except NotRunError as error:
                yield NotRunError(f"{chapter.name}: could not run with {variant}: {error}")
        if outputs:
            yield from map(_line, _spreads(chapter, outputs))
        yield f"{chapter.name}: {len(outputs)} runs"


def _outputs(run: Result) -> list[list[Output]]:
    if isinstance(run, ExecutionError):
        raise NotRunError(str(run).splitlines()[0])
    try:
        return condense(run)
    except BadOutputError as error:
        raise NotRunError(str(error)) from None


def _run_all(
    chapter: Chapter, settings: Settings, variants: Mapping[str, Mapping[str, str]]
) -> dict[str, Result]:
    from nbtolerance.engines.threads import run_here  # here: a kernel's client takes time to load

    tasks = {name: Task(chapter, environment=e) for name, e in variants.items()}
    done = list(run_here(list(tasks.values()), settings))
    return {name: next(r for one, r in done if one is task) for name, task in tasks.items()}


def _spreads(chapter: Chapter, runs: Mapping[str, list[list[Output]]]) -> Iterator[Spread]:
    """Hold all runs against the first, and keep for each quantity the one nearest to its limit."""
    (_, first), *others = runs.items()
    reference = Reference("here", Path(), chapter.code, {}, first)
    found = [Spread(r, v) for v, outputs in others for r in check_run(chapter, reference, outputs)]
    for name in sorted({spread.row.name for spread in found}):
        same = (spread for spread in found if spread.row.name == name)
        yield min(same, key=lambda spread: (spread.row.comparison.passed, spread.margin))


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
