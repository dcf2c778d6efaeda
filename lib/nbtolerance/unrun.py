"""Which tests were not run, or have nothing to be held against, and which of them says why.

One cause is one failure: of the first test that it touches. The others are skipped, and point to
it. So what was not checked never passes, whichever tests were selected.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from nbtolerance.collector import ChapterCell, ChapterFile, FrontMatter
from nbtolerance.comparators import BadOutputError
from nbtolerance.failures import ExecutionError
from nbtolerance.items import CellError


@dataclass(frozen=True)
class Skip:
    """Why a test is skipped, and which other test fails for that."""

    reason: str
    account: str


Reasons = dict[pytest.Item, str]
Blocked = dict[pytest.Item, CellError | Skip]
Tests = Mapping[ChapterFile, Sequence[pytest.Item]]

_NO_MODULE = re.compile(r"raised ModuleNotFoundError: No module named '([\w.]+)'")
_UNREFERENCED = "not compared: no reference"


def refused(tests: Tests, said: str) -> Blocked:
    """Block all tests, where nothing could be executed."""
    items = [item for some in tests.values() for item in some]
    return _one_failure(dict.fromkeys(items, "not run: see the test that failed"), said)


def blocked(tests: Tests) -> Blocked:
    """Find the tests that are not run, where the chapters have been.

    Parameters
    ----------
    tests
        By chapter, its tests, as far as they were selected.

    Returns
    -------
    dict
        By test, the error that it raises, or why it is skipped.
    """
    found: Blocked = {}
    needing: dict[str, list[ChapterFile]] = defaultdict(list)
    for file, items in tests.items():
        failure = file.result
        if not isinstance(failure, ExecutionError):
            found |= _unreferenced(file, items)
        elif missing := _NO_MODULE.match(failure.reason):
            needing[missing[1]].append(file)
        else:
            reason = f"not run: cell {failure.number} failed"
            found |= _one_failure(_touched(items, file, failure.number, reason), str(failure))
    for module, files in needing.items():
        found |= _without(module, files, tests)
    return found


def _unreferenced(file: ChapterFile, items: Iterable[pytest.Item]) -> Blocked:
    """Skip the cells that no reference can be found for; the front matter's own test says so."""
    fine = [i for i in items if not (isinstance(i, ChapterCell) and _is_bad(i))]
    found = _one_failure(dict.fromkeys(fine, _UNREFERENCED), file.nothing_to_compare_with)
    return {item: outcome for item, outcome in found.items() if not isinstance(item, FrontMatter)}


def _is_bad(cell: ChapterCell) -> bool:
    """Whether a cell's outputs cannot be compared with anything, which its test says itself."""
    try:
        cell.parent.outputs(cell.cell_num)
    except BadOutputError:
        return True
    return False


def _without(module: str, files: Sequence[ChapterFile], tests: Tests) -> Blocked:
    """Make one failure of all chapters that need the same module."""
    failures = {file: r for file in files if isinstance(r := file.result, ExecutionError)}
    first = failures[files[0]]
    said = (
        f"the module {module} is not there, and needed by: "
        f"{', '.join(file.chapter.name for file in files)}. Install the package that brings it, "
        f"in the environment of the kernel\n{first}"
    )
    reason = f"not run: no module {module}, see cell {first.number} of {first.chapter.name}"
    touched: Reasons = {}
    for file, failure in failures.items():
        touched |= _touched(tests[file], file, failure.number, reason)
    return _one_failure(touched, said)


def _touched(items: Iterable[pytest.Item], file: ChapterFile, number: int, reason: str) -> Reasons:
    """Return the tests that a failed cell silences, and why; the cell's own is the first."""
    cells = [item for item in items if isinstance(item, ChapterCell)]
    touched: Reasons = {c: reason for c in cells if c.cell_num >= number}
    if file.nothing_to_compare_with:
        touched |= {c: _UNREFERENCED for c in cells if c.cell_num < number}
    return touched | {item: reason for item in items if item not in cells}


def _one_failure(reasons: Reasons, said: str) -> Blocked:
    """Let the first test fail, and skip the others; nothing where nothing is said."""
    if not said or not reasons:
        return {}
    first, *others = reasons
    skips = {item: Skip(reasons[item], account=first.nodeid) for item in others}
    return {first: CellError(said), **skips}
