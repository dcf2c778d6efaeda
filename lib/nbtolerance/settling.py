"""Run chapters until none has read what another has written since."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from nbtolerance.book import find_chapters
from nbtolerance.chapter import Chapter
from nbtolerance.failures import ExecutionError, Result
from nbtolerance.files import state
from nbtolerance.products import products
from nbtolerance.settings import Settings
from nbtolerance.status import Status, status_of
from nbtolerance.store import Executed, Store

Run = Callable[[Sequence[Status]], Mapping[str, Result]]


class Settling:
    """Chapters on their way to being up to date.

    Parameters
    ----------
    chapters
        The chapters. Others are run too where they are stale and wrote what these read.
    settings
        The book's settings.
    unwanted
        The ids of the runs that are not good enough, however fresh; ``None``: of all.
    """

    def __init__(
        self, chapters: Iterable[Chapter], settings: Settings, unwanted: Collection[str] | None
    ) -> None:
        self.settings, self.asked = settings, list(chapters)
        self.writers: list[Chapter] = []
        self.read()
        self._find_writers()
        old = {run.provenance.id for c in self.asked if (run := _executed(self.runs.get(c.name)))}
        self.unwanted = old if unwanted is None else set(unwanted)

    def read(self) -> None:
        """Read the stored runs."""
        names = (chapter.name for chapter in (*self.asked, *self.writers))
        self.runs: dict[str, Result] = {**self._stored(names)}

    def _stored(self, names: Iterable[str]) -> dict[str, Executed]:
        store = Store(self.settings.store_path)
        return {name: run for name in names if (run := store.read(name))}

    def take_over(self, failures: Mapping[str, ExecutionError]) -> None:
        """Take over how chapters have failed in another process, if they were written as here."""
        for chapter in (*self.asked, *self.writers):
            failure = failures.get(chapter.name)
            if failure and failure.chapter.text == chapter.text:
                self.runs[chapter.name] = failure

    def failures(self) -> dict[str, ExecutionError]:
        """Return how chapters have failed, by their names."""
        return {n: run for n, run in self.runs.items() if isinstance(run, ExecutionError)}

    def stale(self) -> list[Status]:
        """Return the chapters to be run; one that has failed only if a file has changed since."""
        look = functools.cache(state)  # the chapters read much the same files
        states = (self._status(chapter, look) for chapter in (*self.asked, *self.writers))
        return [one for one in states if not one.fresh]

    def _status(self, chapter: Chapter, look: Callable[[str], str]) -> Status:
        executed = _executed(self.runs.get(chapter.name))
        if executed and executed.provenance.id in self.unwanted:
            return Status(chapter, executed, ["asked for"])
        found = status_of(chapter, executed, self.settings, look)
        if isinstance(self.runs.get(chapter.name), ExecutionError):
            return replace(found, changed=[n for n in found.changed if n.startswith("file ")])
        return found

    def _find_writers(self) -> None:
        """Add the other chapters that wrote what these read, or what those read."""
        wanted = _data(self.runs.values())
        if not wanted:
            return
        asked = {chapter.name for chapter in self.asked}
        wrote = products(Store(self.settings.store_path))
        found: set[str] = set()
        while more := {n for n in wrote.keys() - asked - found if wrote[n] & wanted}:
            found |= more
            runs = self._stored(more)
            wanted |= _data(runs.values())
            self.runs |= runs
        if found:
            self.writers = [c for c in find_chapters(self.settings).chapters if c.name in found]

    def settle(self, run: Run, report: Callable[[str], None]) -> None:
        """Run what is stale, in rounds: what one chapter writes may be what another reads.

        Parameters
        ----------
        run
            Runs chapters; returns each one's result by its name.
        report
            Called with a line a chapter that is run again.
        """
        times: Counter[str] = Counter()
        while left := self.stale():
            again = sorted(name for name, count in times.items() if count > 1)
            if times and max(times.values()) > len(again) + 1:
                self._give_up(again, left)
                return
            for one in left:
                if times[one.chapter.name]:
                    report(f"{one.chapter.name} is run again: {', '.join(one.changed)} changed")
            wave = ready(left)
            self.runs |= run(wave)
            times.update(one.chapter.name for one in wave)

    def _give_up(self, names: Sequence[str], left: Sequence[Status]) -> None:
        """Make chapters fail that change what they have read, themselves or each other."""
        changed = ", ".join(sorted({name for one in left for name in one.changed}))
        reason = f"cannot be brought up to date: each run of {', '.join(names)} changes {changed}"
        for chapter in (c for c in self.asked if c.name in names):
            executed = _executed(self.runs[chapter.name])
            assert executed is not None
            self.runs[chapter.name] = ExecutionError(chapter, 0, reason, executed)

    def results(self) -> dict[str, Result]:
        """By chapter name, its run, or how it failed; or how what it reads could not be made."""
        results = {chapter.name: self.runs[chapter.name] for chapter in self.asked}
        for chapter, writer in ((c, w) for c in self.asked for w in self.writers):
            failure, run = self.runs[writer.name], results[chapter.name]
            if isinstance(failure, ExecutionError) and isinstance(run, Executed):
                reason = f"may read what {writer.name} writes, and that fails: {failure}"
                results[chapter.name] = ExecutionError(chapter, 0, reason, run)
        return results


def _executed(run: Result | None) -> Executed | None:
    return run.partial if isinstance(run, ExecutionError) else run


def _data(runs: Iterable[Result]) -> set[str]:
    """Return what runs read, but for modules, which no chapter writes."""
    executed = filter(None, map(_executed, runs))
    return {path for run in executed for path in run.fingerprint.files if path[-3:] != ".py"}


def ready(left: Sequence[Status]) -> Sequence[Status]:
    """Those that read nothing that another of them writes; all of them where there are none."""
    free = [
        one
        for one in left
        if not any(one.reads & other.writes for other in left if other is not one)
    ]
    return free or left
