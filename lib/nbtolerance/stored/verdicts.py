"""The verdict on each cell of a stored notebook: it passed, was not compared, or failed, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.comparators import Comparison, Difference, compare_outputs, condense_outputs
from nbtolerance.store import Executed
from nbtolerance.stored.dataflow import names_of
from nbtolerance.stored.drift import Output, settle

PASSED, NEVER_RUN, IGNORED = "passed", "never run", "ignored"
MISSING = "missing device or package"
CASCADE = "cascade from an earlier cell"
# Of several causes in one cell, the first is the cell's.
CAUSES = (MISSING, "error", "value", "words", "picture", "unknown", "layout", CASCADE)
# After these a name has another value, or none. Words and pictures are seldom computed with.
_SPOILING = ("error", "value", MISSING, CASCADE)

_MISSING_ERRORS = re.compile(
    r"ModuleNotFoundError|FileNotFoundError|NotADirectoryError|ConnectionError|ConnectTimeout|"
    r"URLError|HTTPError|gaierror|SSLError|TimeoutError|LookupError"
)
_MISSING_WORDS = re.compile(
    r"\bCUDA\b|NVIDIA|could not be found|No such file|No module named|Max retries exceeded|"
    r"urlopen error|not installed|pip install|magic function .* not found"
)
_DEVICE = re.compile(r"\b(?:cuda|mps|tpu)\b", re.IGNORECASE)
_BOOLEANS = {"True", "False"}


@dataclass
class Verdict:
    """What became of one cell.

    ``outcome`` is `PASSED`, `NEVER_RUN` (no execution count and no outputs are stored), `IGNORED`
    (marked so), or one of `CAUSES`. ``left_out`` says what was not compared in a cell that was.
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
        allowed = self.may_raise or any(o["output_type"] == "error" for o in self.stored.outputs)
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
    modules = {name for cell in chapter.cells for name in names_of(cell.source).imports}
    spoilt: set[str] = set()
    verdicts = []
    cells = zip(chapter.cells, stored.code_cells, got.code_cells, options, strict=True)
    for cell, old, new, marks in cells:
        pair = Pair(cell, old, new, bool(marks["check"]), bool(marks["check_exception"]))
        tolerance = chapter.tolerances.of(cell.name)
        verdict = _compare(pair, (stored, got), tolerance, sanitized)
        _trace(verdict, pair, spoilt, modules)
        verdicts.append(verdict)
    return verdicts


def _compare(
    pair: Pair, runs: tuple[Executed, Executed], tolerance: Any, sanitized: Callable[[Any], Any]
) -> Verdict:
    if pair.never_run:
        return Verdict(NEVER_RUN)
    if not pair.checked:
        found = Comparison()
        if pair.error:
            said = f"{pair.error['ename']}: {pair.error['evalue']}"
            found.fail("output", "error", None, said)
        return Verdict(_cause(found, pair) if pair.error else IGNORED, found)
    settled = settle(pair.cell.source, pair.stored.outputs, pair.got.outputs)
    expected, got = (
        sanitized(condense_outputs(outputs, run.widget_state))
        for outputs, run in zip((settled.stored, settled.got), runs, strict=True)
    )
    found = compare_outputs(expected, got, lambda _: tolerance)
    return Verdict(_cause(found, pair), found, settled.left_out)


def _trace(verdict: Verdict, pair: Pair, spoilt: set[str], modules: set[str]) -> None:
    """Follow failures to later cells.

    A cell that fails is a cascade if it reads a name that an earlier failed cell made, or should
    have made, or that was computed from one. So is a cell whose picture is drawn from such a name:
    a picture alone cannot show that its data are still the same.
    """
    names = names_of(pair.cell.source)
    touched = sorted(names.reads & spoilt)
    own = verdict.outcome == MISSING or (pair.error and pair.error["ename"] != "NameError")
    if touched and not own and (verdict.failed or _only_a_picture(verdict, pair)):
        verdict.outcome = CASCADE
        verdict.because = f"an earlier failed cell made, or should have made, {', '.join(touched)}"
    made = names.defines | names.changes - modules
    if verdict.outcome in _SPOILING or touched:
        spoilt |= made | (names.passes - modules if pair.error else frozenset())
    else:
        spoilt -= names.defines - names.reads


def _only_a_picture(verdict: Verdict, pair: Pair) -> bool:
    shown = [set(output.get("data", ())) for output in pair.stored.outputs]
    pictures = any(t.startswith("image/") for types in shown for t in types)
    return verdict.outcome == PASSED and pictures and not verdict.comparison.numbers


def _cause(found: Comparison, pair: Pair) -> str:
    if found.passed:
        return PASSED
    if _is_missing(pair):
        return MISSING
    kinds = {_kind(difference) for difference in found.differences}
    return next(cause for cause in CAUSES if cause in kinds)


def _is_missing(pair: Pair) -> bool:
    """Whether what a cell needs is not on this machine."""
    error = pair.error
    if error:
        said = bool(_MISSING_WORDS.search(error["evalue"]))
        return said or bool(_MISSING_ERRORS.fullmatch(error["ename"]))
    stored, got = "".join(_texts(pair.stored)), "".join(_texts(pair.got))
    lost = bool(_DEVICE.search(stored)) and not _DEVICE.search(got)
    return lost or bool(_MISSING_WORDS.search(got) and not _MISSING_WORDS.search(stored))


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.outputs:
        yield output.get("text", "") or output.get("data", {}).get("text/plain", "")


def _kind(d: Difference) -> str:
    """The cause of one difference, in the words of the report."""
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
