"""What is known of each chapter when the book is built: its run, its references, how far apart.

Pages and tables are drawn from this and from nothing else. It reads the store and the references,
through nbtolerance, and executes nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbtolerance.book import find_chapters
from nbtolerance.chapter import Cell, Chapter
from nbtolerance.check import Output, check_cell, check_run
from nbtolerance.comparators import BadOutputError, Difference
from nbtolerance.comparators.outputs import QUANTITY
from nbtolerance.reference import Reference, condense, reference_path, references
from nbtolerance.settings import Settings
from nbtolerance.store import Executed, Store
from nbtolerance.tolerance import Tolerance

DEVICES = ("cpu", "cuda")
GLUED = "application/papermill.record/text/plain"  # what is there for the prose alone
RUN = "run"  # what the pages show, beside the references of the devices

Values = dict[str, Any]  # by RUN or the kind of a device


@dataclass(frozen=True)
class Quantity:
    """One reported quantity, as far as it is known.

    Parameters
    ----------
    name, unit
        As it was reported.
    chapter
        The chapter's name.
    values
        What the run reported, and what each reference holds; no entry where there is no reference.
    tolerance
        What the chapter allows.
    worst
        For each pair that was compared, ``("cpu", "run")``, the number that came nearest to what is
        allowed; ``None`` where all that was compared is counts and words, and they agree.
    """

    name: str
    unit: str
    chapter: str
    values: Values
    tolerance: Tolerance
    worst: Mapping[tuple[str, str], Difference | None]

    @property
    def part(self) -> str:
        """The part of the book: the chapter's folder, empty for the first page."""
        return self.chapter.rpartition("/")[0]

    @property
    def nearest(self) -> Difference | None:
        """Of all that was compared, the number that came nearest to what is allowed."""
        return min((d for d in self.worst.values() if d), key=margin_of, default=None)

    @property
    def margin(self) -> float:
        """How often the largest difference fits into what is allowed; infinite if there is none."""
        return margin_of(self.nearest)


def margin_of(difference: Difference | None) -> float:
    """How often a difference fits into what is allowed: below 1 it is too large."""
    return difference.margin if difference else math.inf


@dataclass(frozen=True)
class Evidence:
    """What is known of one chapter: it, its run (if there is one) and its references."""

    chapter: Chapter
    executed: Executed | None
    references: Mapping[str, Reference]

    @property
    def name(self) -> str:
        """Return the chapter's name."""
        return self.chapter.name

    @cached_property
    def condensed(self) -> list[list[Output]]:
        """The outputs of the run in the form of a reference, cell by cell; none if one is bad."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[list[list[Output]], str]:
        """The condensed outputs, and what is wrong with one of them."""
        try:
            return condense(self.executed) if self.executed else [], ""
        except BadOutputError as error:
            return [], str(error)

    @cached_property
    def failures(self) -> list[str]:
        """What does not agree with a reference: ``gd.fit differs from its cpu reference``."""
        if self._read[1]:
            return [self._read[1]]
        other = [d for d, r in self.references.items() if not self._comparable(r)]
        return [f"the {device} reference belongs to other code" for device in other] + [
            f"{name} differs from its {device} reference"
            for name, verdicts in self.verdicts.items()
            for device, agrees in verdicts.items()
            if not agrees
        ]

    @cached_property
    def verdicts(self) -> dict[str, dict[str, bool]]:
        """For each output that is compared, by its name: whether it agrees, by device."""
        found: dict[str, dict[str, bool]] = {}
        for device, reference in self.references.items():
            if self._comparable(reference):
                for row in check_run(self.chapter, reference, self.condensed):
                    before = found.setdefault(row.name, {}).get(device, True)
                    found[row.name][device] = before and row.comparison.passed
        return found

    def _comparable(self, reference: Reference) -> bool:
        same_length = len(reference.outputs) == len(self.condensed)
        return same_length and reference.code == self.chapter.code

    @cached_property
    def glued(self) -> dict[str, str]:
        """What the prose may cite, as text with all its digits, by name."""
        shown = [o for cell in self.condensed for o in cell if o.get("name") and "data" in o]
        texts = {o["name"]: o["data"].get("text/plain") or o["data"].get(GLUED) for o in shown}
        return {name: text for name, text in texts.items() if isinstance(text, str)}

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The quantities of the run, in the order of the page."""
        sides = {RUN: self.condensed} | {d: r.outputs for d, r in self.references.items()}
        return [
            self._quantity(cell, place, sides)
            for cell, outputs in zip(self.chapter.cells, self.condensed, strict=False)
            for place, output in enumerate(outputs)
            if _reported(output)
        ]

    def _quantity(
        self, cell: Cell, place: int, sides: Mapping[str, list[list[Output]]]
    ) -> Quantity:
        reported = sides[RUN][cell.number][place]["data"][QUANTITY]
        found = {side: _named(outputs, reported["name"]) for side, outputs in sides.items()}
        there = {side: output for side, output in found.items() if output is not None}
        devices = [device for device in DEVICES if device in there]
        pairs = [(device, RUN) for device in devices]
        pairs += [(devices[0], other) for other in devices[1:]]
        return Quantity(
            reported["name"],
            str(reported.get("unit") or ""),
            self.chapter.name,
            {side: output["data"][QUANTITY]["value"] for side, output in there.items()},
            self.chapter.tolerances.of(reported["name"]),
            {(a, b): self._worst(cell, self.references[a], there[a], there[b]) for a, b in pairs},
        )

    def _worst(self, cell: Cell, of: Reference, a: Output, b: Output) -> Difference | None:
        """Compare two full-precision values; their rounded faces would tell less."""
        (row,) = check_cell(self.chapter, cell, of, [_bare(a)], [_bare(b)])
        other_than_numbers = [d for d in row.comparison.differences if d.difference is None]
        return other_than_numbers[0] if other_than_numbers else row.comparison.worst


def _reported(output: Output) -> Mapping[str, Any] | None:
    """Return the quantity in an output; nothing where it is none, which the check says."""
    quantity = output.get("data", {}).get(QUANTITY)
    good = isinstance(quantity, dict) and isinstance(quantity.get("name"), str)
    return quantity if good and "value" in quantity else None


def _named(outputs: list[list[Output]], name: str) -> Output | None:
    every = (output for cell in outputs for output in cell)
    return next((o for o in every if (quantity := _reported(o)) and quantity["name"] == name), None)


def _bare(output: Output) -> Output:
    return {"output_type": "display_data", "data": {QUANTITY: output["data"][QUANTITY]}}


def gather(settings: Settings) -> list[Evidence]:
    """Read all that is known of every chapter, in the order of their names.

    Raises
    ------
    BadReferenceError
        If a reference cannot be read.
    """
    store = Store(settings.store_path)
    return [
        Evidence(
            chapter,
            store.read(chapter.name),
            {reference.device: reference for reference in references(chapter, settings)},
        )
        for chapter in chapters(settings)
    ]


def chapters(settings: Settings) -> list[Chapter]:
    """Return the chapters of a book; a site need not have any."""
    return find_chapters(settings).chapters if settings.book_path.is_dir() else []


def digest(chapter: Chapter, settings: Settings) -> str:
    """Return a digest of all that a chapter's evidence is read from: it changes when that does."""
    files = [Store(settings.store_path).path(chapter.name)]
    files += [reference_path(chapter, device, settings) for device in DEVICES]
    contents = b"\0".join(file.read_bytes() if file.is_file() else b"" for file in files)
    return hashlib.sha256(chapter.text.encode() + contents).hexdigest()


def page_of(chapter: Chapter, root: Path) -> str:
    """Return the name that Sphinx has for a chapter's page."""
    return chapter.path.relative_to(root.resolve()).with_suffix("").as_posix()
