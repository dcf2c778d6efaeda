"""The tables of survivors that are no fault, in ``equivalent/``, and whether they still hold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutants import Mutant


@dataclass(frozen=True)
class Excuse:
    """Changes of one line that nothing can notice, and the reason why."""

    module: str
    line: str
    becomes: frozenset[str]
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        """Whether the mutant is one of these changes, wherever in the module the line is."""
        here = (self.module, self.line) == (mutant.module, mutant.line)
        return here and mutant.becomes in self.becomes


def read_table(path: Path) -> list[Excuse]:
    """Read the table: ``[[equivalent]]`` entries, ``becomes`` a text or a list of them."""
    entries = tomllib.loads(path.read_text("utf8")).get("equivalent", [])
    for entry in entries:
        becomes = entry["becomes"]
        entry["becomes"] = frozenset([becomes] if isinstance(becomes, str) else becomes)
    return [Excuse(**entry) for entry in entries]


def excused(mutant: Mutant, table: Iterable[Excuse]) -> Excuse | None:
    """The entry that covers a mutant, or nothing."""
    return next((excuse for excuse in table if excuse.covers(mutant)), None)


def complaints(table: Sequence[Excuse], made: Sequence[Mutant]) -> Iterator[str]:
    """Name each entry, or part of one, that no mutant among those that were made is covered by."""
    for excuse in table:
        covered = {mutant.becomes for mutant in made if excuse.covers(mutant)}
        for becomes in sorted(excuse.becomes - covered):
            yield f"{excuse.module}: there is no mutant\n  - {excuse.line}\n  + {becomes}"
