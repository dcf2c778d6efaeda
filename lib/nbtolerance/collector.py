"""How pytest sees a chapter: a file of tests, one for its front matter and one a code cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property
from itertools import zip_longest
from typing import Any

import pytest

from nbtolerance.book import read_chapter
from nbtolerance.chapter import Chapter
from nbtolerance.check import Row, check_cell, glued, name_faults, quantity_name
from nbtolerance.comparators import BadOutputError, condense_outputs, explain, times
from nbtolerance.comparators.artifacts import write_artifacts
from nbtolerance.failures import Result
from nbtolerance.items import REMARK, ROW, CellError, CodeCell, NotebookFile, Sentence
from nbtolerance.reference import (
    BadReferenceError,
    Reference,
    bless_command,
    is_made_as,
    reference_path,
    references,
)

RESULTS = pytest.StashKey[dict[str, Result]]()
OWNERS = pytest.StashKey[dict[str, list[str]]]()

NOT_COMPARED = "marked so that the output is not compared"
NO_TIMES = "marked so that times and dates are not compared"
LOOKED_AT = "picture, not compared closely"

IF_EACH_TIME = (
    "the code, the packages and the device are those of the reference: if it differs each time,",
    "what helps is a seed, a tolerance, or the tag nbval-ignore-output",
)


class ChapterFile(NotebookFile):
    """A chapter; its tests are its front matter and its code cells."""

    @cached_property
    def chapter(self) -> Chapter:
        """The chapter as it is written."""
        return read_chapter(self.path, self.settings)

    def _tests(self) -> Iterator[pytest.Item]:
        cells = self.chapter.cells
        yield FrontMatter.from_parent(self, name="front matter")
        for cell in cells:
            name = f"Cell {cell.number} {cell.name}".rstrip()
            yield ChapterCell.from_parent(self, name=name, cell=cell)

    @property
    def result(self) -> Result:
        """The chapter's run, or how it failed."""
        result: Result = self.config.stash[RESULTS][self.chapter.name]
        return result

    @cached_property
    def _cells(self) -> list[Any]:
        return self.executed.code_cells

    def outputs(self, number: int) -> list[dict[str, Any]]:
        """Return the condensed outputs of a cell.

        Raises
        ------
        BadOutputError
            If one of them is not what its type says.
        """
        found: list[dict[str, Any]] = self.sanitized(
            condense_outputs(self._cells[number].outputs, self.executed.widget_state)
        )
        for output in found:
            quantity_name(output)
        return found

    @cached_property
    def references(self) -> list[Reference]:
        """The references on every device, sanitized as the outputs are.

        Raises
        ------
        BadReferenceError
            If one of them cannot be read.
        """
        found = references(self.chapter, self.settings)
        return [dataclasses.replace(r, outputs=self.sanitized(r.outputs)) for r in found]

    @property
    def nothing_to_compare_with(self) -> str:
        """Why no reference can be used; empty where all can."""
        try:
            return "" if self.references else self.missing()
        except BadReferenceError as error:
            return str(error)

    def missing(self) -> str:
        """Say that there is no reference for the device that the chapter ran on."""
        device = self.executed.provenance.device.kind
        path = reference_path(self.chapter, device, self.settings)
        return f"{path} is missing: look at the outputs, then: {self.bless}"

    @property
    def bless(self) -> str:
        """What a person types to accept the new outputs."""
        return bless_command(self.chapter.name)


class FrontMatter(Sentence):
    """The check of a chapter as a whole: its names are in order and its references are current."""

    parent: ChapterFile

    def runtest(self) -> None:
        """Fail where the chapter and its references do not belong together.

        Raises
        ------
        CellError
            With a line a fault.
        """
        faults = list(self._faults())
        if faults:
            raise CellError("\n".join(faults))

    def _faults(self) -> Iterator[str]:
        nothing = self.parent.nothing_to_compare_with
        if not nothing:
            yield from self._stale()
        yield from [nothing] if nothing else self._without_its_device()
        names = self.config.stash[OWNERS], glued(self.parent.executed)
        yield from name_faults(self.parent.chapter, *names)

    def _stale(self) -> Iterator[str]:
        file, chapter = self.parent, self.parent.chapter
        for reference in file.references:
            there, here = len(reference.outputs), len(chapter.cells)
            if reference.code != chapter.code or there != here:
                cells = "" if there == here else f" (it has {there} cells, the chapter {here})"
                absent = reference.device != file.executed.provenance.device.kind
                others = absent and len(file.references) > 1
                without = "; or delete it, and the other references remain" if others else ""
                yield (
                    f"{reference.path} is stale: it was made from other code than {file.path.name} "
                    f"has now{cells}. On a machine with {reference.device}: {file.bless}{without}"
                )

    def _without_its_device(self) -> Iterator[str]:
        device = self.parent.executed.provenance.device.kind
        others = [reference.device for reference in self.parent.references]
        if device in others:
            return
        if self.config.option.nbtolerance_strict_device:
            yield self.parent.missing()
        else:
            said = f"no {device} reference: held against {', '.join(others)}"
            self.user_properties.append((REMARK, (said, "chapter")))


class ChapterCell(CodeCell):
    """One code cell of a chapter."""

    parent: ChapterFile

    def runtest(self) -> None:
        """Compare the cell's outputs with every reference there is.

        Raises
        ------
        CellError
            If its outputs differ by more than is allowed, or cannot be compared.
        """
        self.skip_if_marked()
        if not self.options["check"]:
            self.user_properties.append((REMARK, (NOT_COMPARED, "cell")))
            return
        try:
            got = self.test_outputs = self.parent.outputs(self.cell_num)
        except BadOutputError as error:
            raise CellError(f"{self._place()}: {error}") from None
        if times.TAG in self.cell.tags:
            self.user_properties.append((REMARK, (NO_TIMES, "cell")))
        failed = [lines for r in self.parent.references if (lines := self._differences(r, got))]
        if any(value["looked_at"] for key, value in self.user_properties if key == ROW):
            self.user_properties.append((REMARK, (LOOKED_AT, "cell")))
        if failed:
            raise CellError("\n\n".join(failed))

    def _differences(self, reference: Reference, got: list[dict[str, Any]]) -> str:
        """Compare with one reference; returns the report of what differs, empty where nothing."""
        if self.cell_num >= len(reference.outputs):
            return f"{reference.path} has no cell {self.cell_num}: {self.parent.bless}"
        expected = reference.outputs[self.cell_num]
        try:
            rows = check_cell(self.parent.chapter, self.cell, reference, expected, got)
        except BadOutputError as error:
            return f"{reference.path}: cell {self.cell_num}: {error}: {self.parent.bless}"
        self.user_properties += [(ROW, row.as_json()) for row in rows]
        failed = [row for row in rows if not row.comparison.passed]
        return "\n\n".join(self._report(row, reference) for row in failed)

    def _report(self, row: Row, reference: Reference) -> str:
        again = is_made_as(reference, self.parent.executed)
        return "\n".join(
            [
                f"{self._place()}: {row.name} differs from its {row.device} reference",
                *(f"  {line}" for line in explain(row.comparison)),
                *(f"  {line}" for line in self._artifacts(row)),
                f"  allowed: {row.tolerance}",
                f"  reference: {reference.path}",
                f"  to accept the new values: {self.parent.bless}",
                *(f"  {line}" for line in IF_EACH_TIME if again),
                f"  to allow more: {self._where_to_allow(row)}, with its why",
            ]
        )

    def _where_to_allow(self, row: Row) -> str:
        front = f"in the front matter of {self.path.name}"
        if row.name == f"{self.parent.chapter.name} cell {self.cell_num}":
            return f"give the cell a :name:, and that name an entry of tolerance {front}"
        return f"tolerance.{row.name} {front}"

    def _artifacts(self, row: Row) -> Iterator[str]:
        """Write what can be seen of the outputs: expected, got, and the difference."""
        folder = self.parent.settings.store_path.parent / "differences" / self.parent.chapter.name
        for number, pair in enumerate(zip_longest(row.expected, row.got), start=1):
            stem = f"cell-{self.cell_num}-{row.device}-{number}"
            files, left_out = write_artifacts(*pair, folder, stem)
            yield from (f"to look at: {path}" for path in files)
            yield from (f"not drawn: {why}" for why in left_out)

    def _place(self) -> str:
        return f"{self.path}:{self.cell.line}: cell {self.cell_num} of {self.parent.chapter.name}"
