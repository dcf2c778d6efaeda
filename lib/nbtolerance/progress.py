"""What a person sees while chapters are executed: a line a chapter, and a bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from tqdm import tqdm


class Progress(tqdm):  # type: ignore[misc]  # it has no types
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
        silent = not sys.stderr.isatty()
        super().__init__(total=len(expected), unit="chapter", disable=silent)
        self.left, self.report, self.workers = dict(expected), report, workers
        self.in_work: list[str] = []

    def started(self, name: str) -> None:
        """Note that a worker has begun a chapter."""
        self.in_work.append(name)
        self._show()

    def finished(self, name: str, how: str) -> None:
        """Note that a chapter is done."""
        self.left.pop(name, None)
        self.in_work = [other for other in self.in_work if other != name]
        line = f"[{self.total - len(self.left)}/{self.total}] {name} {how}{self._rest()}"
        with self.external_write_mode():  # the bar steps aside for the line
            self.report(line)
        self.update()
        self._show()

    def _rest(self) -> str:
        """Return the time that the rest is expected to take, shared among the workers."""
        seconds = sum(self.left.values()) / self.workers
        return f", about {seconds:.0f} s left" if self.left else ""

    def _show(self) -> None:
        self.set_postfix_str(f"in work: {', '.join(self.in_work)}{self._rest()}")
