"""What a person sees while chapters are executed: a line a chapter, and a bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import TracebackType

from tqdm import tqdm


class Progress:
    """Tells which chapters are in work, how long each took, and how long the rest may take.

    Parameters
    ----------
    expected
        The chapters to be executed, with the seconds that each took the last time.
    report
        Called with a line a chapter that is done.
    workers
        How many chapters are executed at once.
    """

    def __init__(
        self, expected: Mapping[str, float], report: Callable[[str], None], workers: int = 1
    ) -> None:
        self.workers = workers
        self.left = dict(expected)
        self.total = len(expected)
        self.report = report
        self.in_work: list[str] = []
        self.bar = tqdm(total=self.total, unit="chapter", disable=not sys.stderr.isatty())

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.bar.close()

    def started(self, name: str) -> None:
        """A worker has begun a chapter."""
        self.in_work.append(name)
        self._show()

    def finished(self, name: str, how: str) -> None:
        """A chapter is done."""
        self.left.pop(name, None)
        self.in_work = [other for other in self.in_work if other != name]
        line = f"[{self.total - len(self.left)}/{self.total}] {name} {how}{self._rest()}"
        with tqdm.external_write_mode():  # the bar steps aside for the line
            self.report(line)
        self.bar.update()
        self._show()

    def _rest(self) -> str:
        """The time that the rest is expected to take, shared among the workers."""
        seconds = sum(self.left.values()) / self.workers
        return f", about {seconds:.0f} s left" if self.left else ""

    def _show(self) -> None:
        self.bar.set_postfix_str(f"in work: {', '.join(self.in_work)}{self._rest()}")
