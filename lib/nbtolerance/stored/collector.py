"""How pytest sees a plain notebook when ``--nbtolerance-ipynb`` takes it over from nbval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbFile

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.check import Row
from nbtolerance.comparators import explain
from nbtolerance.failures import ExecutionError
from nbtolerance.items import ACCOUNT, ROW, CellError, CodeCell, NotebookFile
from nbtolerance.store import Executed
from nbtolerance.stored.notebook import read_notebook, run_notebook
from nbtolerance.stored.verdicts import NOT_RUN, OUTCOMES, RAISES, Verdict, judge, stopped


class StoredFile(NotebookFile):
    """A notebook; its tests are its code cells, under the names that nbval gives them."""

    @cached_property
    def _read(self) -> tuple[Chapter, Executed]:
        return read_notebook(self.path, kernel=self.settings.kernel)

    @cached_property
    def chapter(self) -> Chapter:
        """The notebook as it is written."""
        return self._read[0]

    @cached_property
    def result(self) -> Executed | ExecutionError:
        """The run of the notebook, made when its first cell is asked for."""
        return run_notebook(self.chapter, self.settings)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """The verdict on each cell: those on later cells depend on the earlier ones."""
        options = [self.options(cell) for cell in self.chapter.cells]
        runs = (self._read[1], self.executed)
        verdicts = judge(self.chapter, runs, options, self.sanitized)
        if isinstance(self.result, ExecutionError):
            return stopped(verdicts, self.result.number, self.result.reason)
        return verdicts

    def _tests(self) -> Iterator[pytest.Item]:
        for cell in self.chapter.cells:
            yield StoredCell.from_parent(self, name=_name(cell), cell=cell)


def _name(cell: Cell) -> str:
    return f"Cell {cell.number}"


class StoredCell(CodeCell):
    """One code cell of a notebook."""

    parent: StoredFile

    def runtest(self) -> None:
        """Compare the cell's outputs with the stored ones.

        Raises
        ------
        CellError
            If the cell failed, or its result has changed.
        """
        self.skip_if_marked()
        verdict = self.parent.verdicts[self.cell_num]
        self.user_properties.append((ROW, self._row(verdict)))
        if verdict.outcome == NOT_RUN:
            self.user_properties.append((ACCOUNT, self._where_the_run_ended()))
            pytest.skip(verdict.because)
        if verdict.failed:
            raise CellError(self._said(verdict))

    def _where_the_run_ended(self) -> str:
        """Name the test that has to fail where this one is skipped."""
        outcomes = [verdict.outcome for verdict in self.parent.verdicts]
        cell = self.parent.chapter.cells[outcomes.index(NOT_RUN) - 1]
        return f"{self.parent.nodeid}::{_name(cell)}"

    def _row(self, verdict: Verdict) -> dict[str, Any]:
        chapter = self.parent.chapter
        tolerance = chapter.tolerances.of(self.cell.name)
        place = chapter.name, self.cell_num
        row = Row(self.nodeid, "stored", tolerance, verdict.comparison, [], [], *place).as_json()
        return {
            **row,
            "passed": not verdict.failed,
            "outcome": verdict.outcome,
            "left_out": sorted(verdict.left_out),
        }

    def _said(self, verdict: Verdict) -> str:
        if verdict.outcome == RAISES:
            return f"{self._place()} was {verdict.because}"
        tolerance = self.parent.chapter.tolerances.of(self.cell.name)
        lines = [
            f"{self._place()} differs from what is stored [{verdict.outcome}]",
            *(f"  {line}" for line in explain(verdict.comparison)),
            f"  allowed: {tolerance}",
        ]
        if verdict.outcome == "value":
            lines.append(f"  to allow more: {self._advice()}, with its why")
        return "\n".join([*lines, f"  {verdict.because}"] if verdict.because else lines)

    def _advice(self) -> str:
        if self.cell.name:
            return f"tolerance.{self.cell.name} in the notebook's metadata"
        return "a name in the cell's metadata, and tolerance.NAME in the notebook's"

    def _place(self) -> str:
        return f"{self.path}: cell {self.cell_num}"


class StoredCheck:
    """Takes ``.ipynb`` files over from nbval, so that one of the two collects each."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, Any, Any]:
        """Put our collector in the place of nbval's."""
        collectors = yield
        if file_path.suffix != ".ipynb":
            return collectors
        others = [collector for collector in collectors if type(collector) is not IPyNbFile]
        return [*others, StoredFile.from_parent(parent, path=file_path)]


def outcomes(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line an outcome: how many cells had it, and what was left out of the comparison."""
    counted = Counter(row["outcome"] for row in rows)
    for outcome in OUTCOMES:
        if counted[outcome]:
            yield f"{counted[outcome]:6}  {outcome}"
    left_out = Counter(what for row in rows for what in row["left_out"])
    for what, count in sorted(left_out.items()):
        yield f"{count:6}  had {what}, which are not compared"
