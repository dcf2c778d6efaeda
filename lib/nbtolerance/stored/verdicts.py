"""The verdict on each cell of a stored notebook: passed, not compared, or failed, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.comparators import (
    BadOutputError,
    Comparison,
    Difference,
    compare_outputs,
    condense_outputs,
    describe,
    times,
)
from nbtolerance.comparators.text import mask
from nbtolerance.store import Executed
from nbtolerance.stored import environment, interactive
from nbtolerance.stored.dataflow import EVERYTHING, Names, names_of
from nbtolerance.stored.drift import Output, settle
from nbtolerance.tolerance import Tolerance

PASSED, ENVIRONMENT, IGNORED = "passed", "environment", "ignored"
LOOKED_AT, UNSAVED = "picture, not compared closely", "not compared"
NEVER_RUN, RAISES, NOT_RUN = "never run", "never run, and raises", "not run"
MISSING = "missing device or package"
CASCADE = "cascade from an earlier cell"
# Of several causes in one cell, the first is the cell's.
CAUSES = (MISSING, RAISES, "error", "value", "picture", "words", "unknown", "layout", CASCADE)
OUTCOMES = (PASSED, LOOKED_AT, ENVIRONMENT, UNSAVED, NEVER_RUN, IGNORED, NOT_RUN, *CAUSES)
_MISSING_ERRORS = re.compile(
    r"ModuleNotFoundError|FileNotFoundError|NotADirectoryError|ConnectionError|ConnectTimeout|"
    r"URLError|HTTPError|gaierror|SSLError|TimeoutError|LookupError"
)
_MISSING_WORDS = re.compile(
    r"\bCUDA\b|NVIDIA|could not be found|No such file|No module named|Max retries exceeded|"
    r"urlopen error|not installed|not available|pip install|magic function .* not found|"
    r"\w: (?:command )?not found"
)
_GPU_ERRORS = re.compile(r"AssertionError|RuntimeError|InvalidArgumentError|IndexError")
_DEVICE = re.compile(r"\b(?:cuda|mps|tpu)\b", re.IGNORECASE)
_BOOLEANS = {"True", "False"}


@dataclass
class Verdict:
    """What became of one cell.

    ``outcome`` is `PASSED`, `LOOKED_AT` (it passed, but a picture's data was not there to be
    compared), `ENVIRONMENT` (what differs tells only of versions and devices), `UNSAVED` (the state
    of its widget is not stored), `NEVER_RUN` (no execution count and no outputs are stored),
    `IGNORED` (marked so), `NOT_RUN` (the run ended before it), or one of `CAUSES`, among them
    `RAISES` (it was never run, and raises today). ``left_out`` says what was not compared in a cell
    that was.
    """

    outcome: str
    comparison: Comparison = field(default_factory=Comparison)
    left_out: frozenset[str] = frozenset()
    because: str = ""

    @property
    def failed(self) -> bool:
        """Whether the cell failed."""
        return self.outcome in CAUSES


@dataclass(frozen=True)
class Pair:
    """A cell and its two runs."""

    cell: Cell
    stored: Any
    got: Any
    checked: bool
    may_raise: bool = False

    @property
    def error(self) -> Output | None:
        """The error that this run raised and the stored one did not."""
        allowed = self.may_raise or any(
            o.get("output_type") == "error" for o in self.stored.outputs
        )
        errors = (o for o in self.got.outputs if o["output_type"] == "error" and not allowed)
        return next(errors, None)

    @property
    def never_run(self) -> bool:
        """Whether the notebook has been stored without a run of this cell."""
        return self.stored.execution_count is None and not self.stored.outputs


def judge(
    chapter: Chapter,
    runs: tuple[Executed, Executed],
    options: Iterable[dict[str, Any]],
    sanitized: Callable[[Any], Any] = lambda outputs: outputs,
) -> list[Verdict]:
    """Judge the cells of a notebook, in order.

    Parameters
    ----------
    chapter
        The notebook.
    runs
        Its stored run and the new one.
    options
        For each cell nbval's markers: ``check`` and ``check_exception`` are used.
    sanitized
        Applies nbval's sanitize files to condensed outputs.
    """
    stored, got = runs
    trail = Trail({name for cell in chapter.cells for name in names_of(cell.source).tools})
    verdicts = []
    cells = zip(chapter.cells, stored.code_cells, got.code_cells, options, strict=True)
    for cell, old, new, marks in cells:
        pair = Pair(cell, old, new, bool(marks["check"]), bool(marks["check_exception"]))
        tolerance = chapter.tolerances.of(cell.name)
        verdict = _compare(pair, (stored, got), tolerance, sanitized, trail.tools)
        trail.follow(verdict, pair)
        verdicts.append(verdict)
    return verdicts


def stopped(verdicts: list[Verdict], number: int, reason: str) -> list[Verdict]:
    """Return the verdicts where the run ended in a cell: it failed, and no later one has run."""
    cause = MISSING if _MISSING_WORDS.search(reason) else "error"
    later = [Verdict(NOT_RUN, because=f"not run: the run ended in cell {number}")]
    rest = later * (len(verdicts) - number - 1)
    return [*verdicts[:number], Verdict(cause, because=reason), *rest]


def _compare(
    pair: Pair,
    runs: tuple[Executed, Executed],
    tolerance: Tolerance,
    sanitized: Callable[[Any], Any],
    tools: set[str],
) -> Verdict:
    if pair.never_run:
        if not pair.error:
            return Verdict(NEVER_RUN)
        said = f"never run when it was stored, and raises {describe(pair.error)}"
        return Verdict(RAISES, because=said)
    if not pair.checked:
        if not pair.error:
            return Verdict(IGNORED)
        found = Comparison.failed("output", "error", None, describe(pair.error))
        return Verdict(_cause(found, pair, runs[1]), found)
    try:
        forms, left_out = _condensed(pair, runs)
        expected, got = map(sanitized, forms)
        if times.TAG in pair.cell.tags:
            expected, got = times.ignoring_times(expected), times.ignoring_times(got)
        found = compare_outputs(expected, got, lambda _: tolerance)
        if not found.passed and _tells_of_environment(pair, (expected, got), tolerance, tools):
            return Verdict(ENVIRONMENT, found, left_out)
    except BadOutputError as error:
        can = "outputs that can be compared"
        return Verdict("unknown", Comparison.failed("", "unknown", can, str(error)))
    if found.passed and not expected and interactive.UNSAVED in left_out:
        return Verdict(UNSAVED, found, left_out)
    return Verdict(_cause(found, pair, runs[1]), found, left_out)


def _condensed(
    pair: Pair, runs: tuple[Executed, Executed]
) -> tuple[tuple[list[Output], list[Output]], frozenset[str]]:
    """Return the condensed outputs of both runs without drift, and what was left out of them."""
    states = runs[0].widget_state, runs[1].widget_state
    outputs, left_out = interactive.level_views((pair.stored.outputs, pair.got.outputs), states)
    settled = settle(pair.cell.source, *outputs)
    forms = condense_outputs(settled.stored, states[0]), condense_outputs(settled.got, states[1])
    return forms, settled.left_out | left_out


def _tells_of_environment(
    pair: Pair, forms: tuple[list[Output], list[Output]], tolerance: Tolerance, tools: set[str]
) -> bool:
    """Whether the difference of two runs only tells of what they ran on."""
    if pair.error or _lacks(pair):
        return False
    expected, got = map(environment.without_it, forms)
    levelled = compare_outputs(expected, got, lambda _: tolerance)
    return levelled.passed or environment.tells_only_of_it(pair.cell.source, tools)


@dataclass
class Trail:
    """How far failures have reached: the names that an earlier failed cell spoilt.

    A cell that fails is a cascade if it needs a name that an earlier failed cell defined, or should
    have defined, or may have changed, or that was computed from one. So is a cell that passes by
    its picture alone, where that is drawn from a name that was so defined: a picture cannot show
    that its data are still the same.
    """

    tools: set[str]  # modules and functions: calling a method of one does not change it
    spoilt: set[str] = field(default_factory=set)
    suspect: set[str] = field(default_factory=set)  # what may have been changed in place

    def follow(self, verdict: Verdict, pair: Pair) -> None:
        """Note what a cell spoils, and call its failure a cascade where it is one."""
        names = names_of(pair.cell.source)
        spoilt, suspect = names.needs & self.spoilt, names.needs & self.suspect
        own = verdict.outcome == MISSING or (pair.error and pair.error["ename"] != "NameError")
        unknown = self.spoilt & {EVERYTHING} if pair.error else set()
        touched = sorted(spoilt | suspect | unknown if verdict.failed else spoilt)
        if touched and not own and (verdict.failed or _shows_only_pictures(verdict, pair)):
            verdict.outcome = CASCADE
            verdict.because = f"an earlier failed cell made, or should have made: {touched}"
        self.spoilt -= names.defines
        self.suspect -= names.defines
        if pair.error:
            line = _failing_line(pair.error)
            lost = names_of(pair.cell.source, line) if line else Names()
            self.spoilt |= lost.defines | lost.imports
            self.suspect |= lost.changes - self.tools
        elif verdict.outcome in ("value", CASCADE) or spoilt:
            self.spoilt |= names.defines | _culprit(names.needs - self.tools, verdict)
            self.suspect |= names.changes - self.tools


def _shows_only_pictures(verdict: Verdict, pair: Pair) -> bool:
    shown = {kind for output in pair.stored.outputs for kind in output.get("data", ())}
    drawn = any(kind.startswith("image/") for kind in shown)
    return verdict.outcome in (PASSED, LOOKED_AT) and drawn and not verdict.comparison.numbers


def _culprit(data: set[str], verdict: Verdict) -> set[str]:
    """Return the one name that a changed value was computed from: it has changed as well."""
    return data if verdict.outcome == "value" and len(data) == 1 else set()


def _failing_line(error: Output) -> int:
    """Return the line of the cell in which it raised; 0 if after its last (while drawing)."""
    said = re.search(r"Cell In\[\d+\], line (\d+)", mask("\n".join(error["traceback"])))
    return int(said[1]) if said else 0


def _cause(found: Comparison, pair: Pair, got: Executed) -> str:
    if found.passed:
        return LOOKED_AT if found.looked_at else PASSED
    kinds = {_kind(difference) for difference in found.differences}
    cause = next(cause for cause in CAUSES if cause in kinds)
    no_gpu = got.provenance.device.kind == "cpu" and environment.names_a_gpu(pair.cell.source)
    lost = (no_gpu and cause in ("value", "words")) or _lost_device(pair)
    return MISSING if lost or _lacks(pair) else cause


def _lacks(pair: Pair) -> bool:
    """Whether a cell says that what it needs is not on this machine."""
    error = pair.error
    if error:
        said = _MISSING_WORDS.search(error["evalue"]) or _MISSING_ERRORS.fullmatch(error["ename"])
        gpu = environment.names_a_gpu(pair.cell.source) and _GPU_ERRORS.fullmatch(error["ename"])
        return bool(said or gpu)
    stored, got = ("".join(_texts(cell)) for cell in (pair.stored, pair.got))
    return bool(_MISSING_WORDS.search(got) and not _MISSING_WORDS.search(stored))


def _lost_device(pair: Pair) -> bool:
    stored, got = ("".join(_texts(cell)) for cell in (pair.stored, pair.got))
    return bool(_DEVICE.search(stored)) and not _DEVICE.search(got)


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.outputs:
        yield str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def _kind(d: Difference) -> str:
    """Return the cause of one difference, in the words of the report."""
    said = str(d.expected or "") + str(d.got or "")
    if d.cause in ("missing", "unexpected"):
        if re.search(r"\b(?:image|video)/", said):
            return "picture"
        return "value" if _only_numbers(said) else "words"
    if d.cause == "type":
        return "layout" if _same_number(d.expected, d.got) else "value"
    if d.cause == "words" and {str(d.expected), str(d.got)} == _BOOLEANS:
        return "value"
    return d.cause


def _only_numbers(text: str) -> bool:
    return bool(re.search(r"\d", text)) and not re.search(r"[^\W\d_]{2,}", text)


def _same_number(a: Any, b: Any) -> bool:
    try:
        return float(a) == float(b)
    except (TypeError, ValueError):
        return False
