"""How pytest sees a chapter: a file of tests, one for its front matter and one a code cell.

Built on nbval's own classes, so that its markers, options and sanitize files keep their meaning.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from nbtolerance.book import read_chapter
from nbtolerance.chapter import Cell, Chapter, ChapterFault, markers
from nbtolerance.check import Row, check_cell, name_faults
from nbtolerance.comparators import explain
from nbtolerance.comparators.artifacts import write_artifacts
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.reference import BadReferenceError, Reference, condense, reference_path, references
from nbtolerance.settings import Settings
from nbtolerance.store import Executed

SETTINGS = pytest.StashKey[Settings]()
RESULTS = pytest.StashKey[dict[str, Result]]()
OWNERS = pytest.StashKey[dict[str, list[str]]]()


class CellError(Exception):
    """A cell's outputs are not what they should be; the message is the whole report."""


class ChapterFile(IPyNbFile):  # type: ignore[misc]  # nbval has no types
    """A chapter; its tests are its front matter and its code cells."""

    @cached_property
    def chapter(self) -> Chapter:
        """The chapter as it is written."""
        return read_chapter(self.path, self.settings)

    @property
    def settings(self) -> Settings:
        """The settings of the book."""
        settings: Settings = self.config.stash[SETTINGS]
        return settings

    def collect(self) -> Iterator[pytest.Item]:
        """One test for the front matter and the reference, one a code cell."""
        yield FrontMatter.from_parent(self, name="front matter")
        for cell in self.chapter.cells:
            yield ChapterCell.from_parent(
                self,
                name=f"Cell {cell.number} {cell.name}".rstrip(),
                cell_num=cell.number,
                cell=cell,
                options=self._options(cell),
            )

    def _options(self, cell: Cell) -> dict[str, Any]:
        options = defaultdict(bool, markers(cell))
        options.setdefault("check", self.compare_outputs)
        return options

    def setup(self) -> None:
        """Nothing runs a kernel here: the chapter has been executed. Read the sanitize files."""
        self.setup_sanitize_files()

    def teardown(self) -> None:
        """Nothing to stop."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        """A wrong front matter, or place, needs no traceback of ours."""
        if isinstance(excinfo.value, ChapterFault):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    @property
    def result(self) -> Result:
        """The chapter's run, or how it failed."""
        result: Result = self.config.stash[RESULTS][self.chapter.name]
        return result

    @cached_property
    def executed(self) -> Executed:
        """The chapter's run, up to its failure where it failed."""
        result = self.result
        return result.partial if isinstance(result, ExecutionError) else result

    @cached_property
    def outputs(self) -> list[list[dict[str, Any]]]:
        """The condensed outputs, cell by cell."""
        return [self._sanitized(cell) for cell in condense(self.executed)]

    @cached_property
    def references(self) -> list[Reference]:
        """The references on every device, sanitized as the outputs are."""
        found = references(self.chapter, self.settings)
        return [dataclasses.replace(r, outputs=self._sanitized(r.outputs)) for r in found]

    def bless_command(self) -> str:
        """What a person types to accept the new outputs."""
        return f"python -m nbtolerance bless {self.chapter.name}"

    def _sanitized(self, value: Any) -> Any:
        """Apply the regular expressions of ``--nbval-sanitize-with`` to every text in a value."""
        if not self.sanitize_patterns:
            return value
        if isinstance(value, dict):
            return {key: self._sanitized(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._sanitized(item) for item in value]
        return IPyNbCell.sanitize(_Patterns(self), value)


class _Patterns:
    """What nbval's ``sanitize`` wants to be called on: something whose parent has patterns."""

    def __init__(self, parent: ChapterFile) -> None:
        self.parent = parent


class FrontMatter(pytest.Item):
    """The check of a chapter as a whole: its names are in order and its references are current."""

    def runtest(self) -> None:
        """Fail where the chapter and its references do not belong together."""
        file: ChapterFile = self.parent  # type: ignore[assignment]  # made by ChapterFile.collect
        faults = list(self._reference_faults(file))
        if not isinstance(file.result, ExecutionError):  # else names may be missing for that
            faults += name_faults(file.chapter, self.config.stash[OWNERS])
        if faults:
            raise CellError("\n".join(faults))

    def _reference_faults(self, file: ChapterFile) -> Iterator[str]:
        try:
            found = file.references
        except BadReferenceError as error:
            yield str(error)
            return
        device = file.executed.provenance.device.kind
        if device not in {reference.device for reference in found}:
            path = reference_path(file.chapter, device, file.settings)
            yield f"{path} is missing: look at the outputs, then: {file.bless_command()}"
        for reference in found:
            if reference.code != file.chapter.code:
                yield (
                    f"{reference.path} is stale: it was made from other code than {file.path.name} "
                    f"has now. On a machine with {reference.device}: {file.bless_command()}"
                )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """The report itself, without Python's traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this test is."""
        return self.path, 0, f"{self.path.name}: front matter"


class ChapterCell(IPyNbCell):  # type: ignore[misc]  # nbval has no types
    """One code cell of a chapter."""

    cell: Cell
    parent: ChapterFile

    def setup(self) -> None:
        """Nothing to prepare: a time limit is reported by the cell that met it."""

    def runtest(self) -> None:
        """Compare the cell's outputs with every reference there is.

        Raises
        ------
        CellError
            If the cell did not run, or its outputs differ by more than is allowed.
        """
        if self.options["skip"]:
            pytest.skip("marked as skipped in the chapter")
        self._require_run()
        if not self.options["check"]:
            self.user_properties.append(("nbtolerance", {"ignored": self.nodeid}))
            return
        got = self.parent.outputs[self.cell_num]
        self.test_outputs = got
        try:
            references = self.parent.references
        except BadReferenceError as error:
            raise CellError(str(error)) from None
        failed = [lines for r in references if (lines := self._differences(r, got))]
        if failed:
            raise CellError("\n\n".join(failed))

    def _require_run(self) -> None:
        result = self.parent.result
        if not isinstance(result, ExecutionError) or self.cell_num < result.number:
            return
        if self.cell_num == result.number:
            raise CellError(str(result))
        line = self.parent.chapter.cells[result.number].line
        raise CellError(f"{self._place()} was not run: cell {result.number} in line {line} failed")

    def _differences(self, reference: Reference, got: list[dict[str, Any]]) -> str:
        """Compare with one reference; returns the report of what differs, empty where nothing."""
        if self.cell_num >= len(reference.outputs):
            return f"{reference.path} has no cell {self.cell_num}: {self.parent.bless_command()}"
        expected = reference.outputs[self.cell_num]
        rows = check_cell(self.parent.chapter, self.cell, reference, expected, got)
        self.user_properties += [("nbtolerance", row.as_json()) for row in rows]
        failed = [row for row in rows if not row.comparison.passed]
        return "\n\n".join(self._report(row, reference) for row in failed)

    def _report(self, row: Row, reference: Reference) -> str:
        allowed = f"rtol {row.tolerance.rtol:g}, atol {row.tolerance.atol:g}"
        return "\n".join(
            [
                f"{self._place()}: {row.name} differs from its {row.device} reference",
                *(f"  {line}" for line in explain(row.comparison)),
                *(f"  to look at: {path}" for path in self._artifacts(row)),
                f"  allowed: {allowed} by {row.tolerance.source}",
                f"  reference: {reference.path}",
                f"  to accept the new values: {self.parent.bless_command()}",
            ]
        )

    def _artifacts(self, row: Row) -> Iterator[Path]:
        """Write what can be seen of the outputs: expected, got, and the difference."""
        folder = self.parent.settings.store_path.parent / "differences" / self.parent.chapter.name
        for number, pair in enumerate(zip_longest(row.expected, row.got), start=1):
            stem = f"cell-{self.cell_num}-{row.device}-{number}"
            yield from write_artifacts(*pair, folder, stem)

    def _place(self) -> str:
        return f"{self.path}:{self.cell.line}: cell {self.cell_num} of {self.parent.chapter.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        """The report, with the cell's code below it."""
        if not isinstance(excinfo.value, CellError):
            return pytest.Item.repr_failure(self, excinfo)
        code = "\n".join(f"    {line}" for line in self.cell.source.splitlines())
        return f"{excinfo.value}\n\n  the cell:\n{code}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that this test is: the cell's line in the chapter."""
        return self.path, self.cell.line - 1, f"{self.path.name}:{self.cell.line}: {self.name}"
