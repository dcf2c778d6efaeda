"""What GitHub makes of the conditions in a workflow, as its documentation has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

STATUS = re.compile(r"\b(always|cancelled|failure|success)\(\)")


def in_order(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The jobs of a workflow, each after the one that it needs."""
    jobs = workflow["jobs"]
    after = {job.get("needs"): name for name, job in jobs.items()}
    name = after[None]
    while name:
        yield name, jobs[name]
        name = after.get(name)


def results(
    workflow: dict[str, Any], variables: Mapping[str, str], failing: str = ""
) -> dict[str, str]:
    """How each job ends, by its name: success, failure (of the one that is failing) or skipped."""
    ends: dict[str, str] = {}
    for name, job in in_order(workflow):
        runs = holds(job.get("if", "success()"), variables, ends)
        ends[name] = "skipped" if not runs else "failure" if name == failing else "success"
    return ends


def holds(condition: str, variables: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether a condition holds, after jobs that ended so.

    One that calls no status function demands ``success()`` besides, and that is false where any job
    before was skipped, however far back.
    """
    words = condition.strip("${} ")
    if not STATUS.search(words):
        words = f"success() && ({words})"
    python = re.sub(r"!(?!=)", " not ", words).replace("&&", "and").replace("||", "or")
    ended = {name: SimpleNamespace(result=end) for name, end in before.items()}
    names = {
        "always": lambda: True,
        "cancelled": lambda: False,
        "failure": lambda: "failure" in before.values(),
        "success": lambda: all(end == "success" for end in before.values()),
        "vars": SimpleNamespace(**variables),
        "needs": SimpleNamespace(**ended),
    }
    return bool(eval(python, names))
