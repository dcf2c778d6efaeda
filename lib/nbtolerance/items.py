"""What the tests of a chapter and those of a stored notebook have in common.

Built on nbval's own classes, so that its markers, options and sanitize files keep their meaning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from nbtolerance.chapter import Cell, Chapter, ChapterFault, markers
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.refusal import NbToleranceError
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

SETTINGS = pytest.StashKey[Settings]()

# What tests hand to the summary: a row of what was compared; a sentence, and what it is said of.
ROW, REMARK = "nbtolerance", "nbtolerance-remark"
ACCOUNT = "nbtolerance-account"  # the test that has to fail where this one is skipped
NOT_RUN = "marked so that it is not run"  # by its author


class CellError(NbToleranceError):
    """A cell's outputs are not what they should be; the message is the whole report."""


class Sentence(pytest.Item):
    """A test whose whole report is a sentence: it has failed before it runs."""

    def __init__(self, *, says: str = "", line: int = 1, **how: Any) -> None:
        super().__init__(**how)
        self.says, self.line = says, line

    def runtest(self) -> None:
        """Fail."""
        raise CellError(self.says)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Return the report itself, without Python's traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this test is."""
        return self.path, self.line - 1, f"{self.path.name}: {self.name}"


class NotebookFile(IPyNbFile):  # type: ignore[misc]  # nbval has no types
    """A file with code cells, run as a whole; `_tests` yields its tests."""

    @cached_property
    def chapter(self) -> Chapter:
        """What is written in the file."""
        raise NotImplementedError

    @property
    def result(self) -> Result:
        """Its run, or how that failed."""
        raise NotImplementedError

    @property
    def settings(self) -> Settings:
        """The settings of the book."""
        settings: Settings = self.config.stash[SETTINGS]
        return settings

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the tests; of a chapter that cannot be read, one that says why."""
        self.setup_sanitize_files()
        try:
            yield from self._tests()
        except ChapterFault as fault:
            says, line = str(fault), fault.line
            yield Sentence.from_parent(self, name="front matter", says=says, line=line)

    def _tests(self) -> Iterator[pytest.Item]:
        raise NotImplementedError

    def options(self, cell: Cell) -> dict[str, Any]:
        """Return what nbval's marks say of a cell."""
        options = defaultdict(bool, markers(cell))
        options.setdefault("check", self.compare_outputs)
        return options

    def setup(self) -> None:
        """Nothing runs a kernel here: the chapter has been executed."""

    def teardown(self) -> None:
        """Nothing to stop."""

    @cached_property
    def executed(self) -> Executed:
        """The chapter's run, up to its failure where it failed."""
        result = self.result
        return result.partial if isinstance(result, ExecutionError) else result

    def sanitized(self, value: Any) -> Any:
        """Apply the regular expressions of ``--nbval-sanitize-with`` to every text in a value."""
        if not self.sanitize_patterns:
            return value
        if isinstance(value, dict):
            return {key: self.sanitized(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.sanitized(item) for item in value]
        return IPyNbCell.sanitize(SimpleNamespace(parent=self), value)


class CodeCell(IPyNbCell):  # type: ignore[misc]  # nbval has no types
    """One code cell; `runtest` compares its outputs."""

    parent: NotebookFile

    def __init__(self, *, cell: Cell, parent: NotebookFile, **how: Any) -> None:
        how |= {"cell_num": cell.number, "options": parent.options(cell)}
        super().__init__(cell=cell, parent=parent, **how)

    def setup(self) -> None:
        """Nothing to prepare: a time limit is reported by the cell that met it."""

    def skip_if_marked(self) -> None:
        """Skip a cell that nbval's mark says not to run, and have it counted."""
        if self.options["skip"]:
            self.user_properties.append((REMARK, (NOT_RUN, "cell")))
            pytest.skip(NOT_RUN)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        """Return the report, with the cell's code below it."""
        if not isinstance(excinfo.value, CellError):
            return pytest.Item.repr_failure(self, excinfo)
        code = "\n".join(f"    {line}" for line in self.cell.source.splitlines())
        return f"{excinfo.value}\n\n  the cell:\n{code}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this test is: the cell's line in the chapter."""
        return self.path, self.cell.line - 1, f"{self.path.name}:{self.cell.line}: {self.name}"
