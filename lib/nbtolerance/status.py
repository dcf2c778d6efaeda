"""Whether a chapter's run is still what running it now would give, and if not, why."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import PurePath

from nbtolerance.chapter import Chapter
from nbtolerance.files import MISSING, state
from nbtolerance.fingerprint import Fingerprint, now
from nbtolerance.settings import Settings
from nbtolerance.store import Executed, Store


@dataclass(frozen=True)
class Status:
    """A chapter and its last run.

    Parameters
    ----------
    chapter
        The chapter.
    executed
        Its run, up to where it failed if it did; ``None`` where there is none.
    changed
        The names of what changed since then; ``["never executed"]`` where there is no run.
    """

    chapter: Chapter
    executed: Executed | None
    changed: list[str]

    @property
    def fresh(self) -> bool:
        """Whether the outputs are those that running now would give."""
        return not self.changed

    @property
    def reads(self) -> Set[str]:
        """The files that the run read."""
        return self.executed.fingerprint.files.keys() if self.executed else frozenset()

    @property
    def writes(self) -> Set[str]:
        """The files that the run wrote."""
        return self.executed.fingerprint.products.keys() if self.executed else frozenset()


def status(chapter: Chapter, settings: Settings) -> Status:
    """Compare a chapter with its stored run."""
    return status_of(chapter, Store(settings.store_path).read(chapter.name), settings)


def status_of(
    chapter: Chapter,
    executed: Executed | None,
    settings: Settings,
    look: Callable[[str], str] = state,
) -> Status:
    """Compare a chapter with a run of it; ``look`` tells the state of a file."""
    if executed is None:
        return Status(chapter, None, ["never executed"])
    here = now(executed.fingerprint, chapter, settings, look)
    if executed.provenance.elsewhere:
        return Status(chapter, executed, _changes_of_a_carried_run(executed.fingerprint, here))
    return Status(chapter, executed, executed.fingerprint.changes(here))


def _changes_of_a_carried_run(old: Fingerprint, here: Fingerprint) -> list[str]:
    """Hold a run that was made elsewhere on purpose against the code alone.

    That its device and versions are not this machine's is why it was made there; nor is the disk.
    """
    absent = {p for p, s in here.files.items() if s == MISSING and PurePath(p).is_absolute()}
    changed = old.of_the_code(versions=False).changes(here.of_the_code(versions=False))
    return [name for name in changed if name.removeprefix("file ") not in absent]
