"""What an engine is given to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nbtolerance.chapter import Chapter
from nbtolerance.failures import Result
from nbtolerance.settings import Settings

GPU_TAG = "needs-gpu"
UNKNOWN_SECONDS = 5.0  # what a chapter that was never run is expected to take


@dataclass(frozen=True)
class Task:
    """A chapter to run.

    Parameters
    ----------
    chapter
        The chapter. One that is tagged ``needs-gpu`` never runs beside another that is, on one
        machine, so that two of them do not share a GPU's memory.
    expected
        How long it took the last time, in seconds.
    environment
        Variables that its kernel has beside, or other than, this process.
    """

    chapter: Chapter
    expected: float = UNKNOWN_SECONDS
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_gpu(self) -> bool:
        """Whether it needs a GPU for itself."""
        return GPU_TAG in self.chapter.tags


class Engine(Protocol):
    """Runs tasks, the longest first."""

    def __call__(
        self, tasks: Sequence[Task], settings: Settings, started: Callable[[str], None]
    ) -> Iterator[tuple[Task, Result]]:
        """Yield each task when it is done; ``started`` is called with a chapter's name.

        Raises
        ------
        NoWorkerError
            If a task can be run nowhere.
        """


def longest_first(tasks: Sequence[Task]) -> list[Task]:
    """Put first what would otherwise be waited for at the end."""
    return sorted(tasks, key=lambda task: -task.expected)
