"""Run chapters a second time, beside what is stored, to see what in them is random."""

from __future__ import annotations

from collections.abc import Iterable

from nbtolerance.engines import engine
from nbtolerance.engines.task import Task
from nbtolerance.failures import Result
from nbtolerance.settings import Settings
from nbtolerance.settling import ready
from nbtolerance.status import Status


def run_again(runs: Iterable[Status], settings: Settings) -> dict[str, Result]:
    """Run chapters again, side by side; one that reads what another writes is run after it.

    Parameters
    ----------
    runs
        The chapters, with their first runs.
    settings
        The book's settings.

    Returns
    -------
    dict
        By chapter name, its second run, or how that failed; the store is left as it is.

    Raises
    ------
    NoWorkerError
        If no worker may run a chapter.
    """
    left = list(runs)
    results: dict[str, Result] = {}
    while left:
        tasks = [Task(one.chapter) for one in ready(left)]
        done = engine()(tasks, settings, lambda name: None)
        results |= {task.chapter.name: result for task, result in done}
        left = [one for one in left if one.chapter.name not in results]
    return results
