"""Which tests were not run, or have nothing to be held against, and which of them says why.

One cause is one failure: of the first test that it touches. The others are skipped, and point to
it. So what was not checked never passes, whichever tests were selected.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from nbtolerance.collector import CellError, ChapterCell, ChapterFile, FrontMatter
from nbtolerance.failures import ExecutionError, Result


@dataclass(frozen=True)
class Skip:
    """Why a test is skipped, and which other test fails for that."""

    reason: str
    account: str


Blocked = dict[pytest.Item, CellError | Skip]
Tests = Mapping[ChapterFile, Sequence[pytest.Item]]

_NO_MODULE = re.compile(r"raised ModuleNotFoundError: No module named '([\w.]+)'")


def refused(tests: Tests, said: str) -> Blocked:
    """Block all tests, where nothing could be executed."""
    items = [item for some in tests.values() for item in some]
    return _one_failure(dict.fromkeys(items, "not run: see the test that failed"), said)


def blocked(tests: Tests, results: Mapping[str, Result]) -> Blocked:
    """Find the tests that are not run.

    Parameters
    ----------
    tests
        By chapter, its tests, as far as they were selected.
    results
        By chapter name, its run, or how it failed.

    Returns
    -------
    dict
        By test, the error that it raises, or why it is skipped.
    """
    found: Blocked = {}
    needing: dict[str, dict[ChapterFile, ExecutionError]] = defaultdict(dict)
    for file, items in tests.items():
        result = results[file.chapter.name]
        if not isinstance(result, ExecutionError):
            found |= _unreferenced(file, items)
        elif missing := _NO_MODULE.match(result.reason):
            needing[missing[1]][file] = result
        else:
            reason = f"not run: cell {result.number} failed"
            found |= _one_failure(_touched(items, file, result.number, reason), str(result))
    for module, failures in needing.items():
        found |= _without(module, failures, tests)
    return found


def _unreferenced(file: ChapterFile, items: Sequence[pytest.Item]) -> Blocked:
    """Skip the cells that no reference can be found for; the front matter's own test says so."""
    fine = [i for i in items if not (isinstance(i, ChapterCell) and file.is_bad(i.cell_num))]
    reasons = dict.fromkeys(fine, "not compared: no reference")
    found = _one_failure(reasons, file.nothing_to_compare_with)
    return {item: outcome for item, outcome in found.items() if not isinstance(item, FrontMatter)}


def _without(module: str, failures: Mapping[ChapterFile, ExecutionError], tests: Tests) -> Blocked:
    """Make one failure of all chapters that need the same module."""
    names = [file.chapter.name for file in failures]
    first = next(iter(failures.values()))
    reason = f"not run: no module {module}, see cell {first.number} of {names[0]}"
    said = (
        f"the module {module} is not there, and needed by: {', '.join(names)}. Install the package "
        f"that brings it, in the environment of the kernel\n{first}"
    )
    touched: dict[pytest.Item, str] = {}
    for file, failure in failures.items():
        touched |= _touched(tests[file], file, failure.number, reason)
    return _one_failure(touched, said)


def _touched(
    items: Sequence[pytest.Item], file: ChapterFile, number: int, reason: str
) -> dict[pytest.Item, str]:
    """The tests that say nothing where a cell failed, and why; that of the cell is the first."""
    cells = [item for item in items if isinstance(item, ChapterCell)]
    touched: dict[pytest.Item, str] = {c: reason for c in cells if c.cell_num >= number}
    if file.nothing_to_compare_with:
        touched |= {c: "not compared: no reference" for c in cells if c.cell_num < number}
    return touched | {item: reason for item in items if item not in cells}


def _one_failure(reasons: Mapping[pytest.Item, str], said: str) -> Blocked:
    """Let the first test fail, and skip the others; nothing where nothing is said."""
    if not said or not reasons:
        return {}
    first, *others = reasons
    skips = {item: Skip(reasons[item], account=first.nodeid) for item in others}
    return {first: CellError(said), **skips}
