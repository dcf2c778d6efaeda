"""How executing a chapter can fail."""

from __future__ import annotations

from nbtolerance.chapter import Chapter
from nbtolerance.refusal import NbToleranceError
from nbtolerance.store import Executed


class ExecutionError(Exception):
    """A chapter could not be run to its end; nothing of the run is kept in the store.

    Parameters
    ----------
    chapter
        The chapter.
    number
        The number of the code cell in which it ended.
    reason
        What happened, with the traceback where there is one.
    partial
        The run up to there.
    """

    def __init__(self, chapter: Chapter, number: int, reason: str, partial: Executed) -> None:
        super().__init__(chapter, number, reason, partial)
        self.chapter, self.number, self.reason, self.partial = chapter, number, reason, partial

    def __str__(self) -> str:
        cells = self.chapter.cells
        line = cells[self.number].line if cells else 1
        return (
            f"{self.chapter.path}:{line}: cell {self.number} of {self.chapter.name} {self.reason}"
        )


Result = Executed | ExecutionError  # what became of a chapter


class NoWorkerError(NbToleranceError):
    """No worker may run a chapter; the message says why not."""
