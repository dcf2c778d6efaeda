"""Environments that have some of what is installed here, and nothing else of it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement


def closure(requirements: Iterable[str]) -> set[str]:
    """Return the names of the distributions that satisfy requirements, without their extras."""
    found: set[str] = set()
    left = list(requirements)
    while left:
        requirement = Requirement(left.pop())
        asked = not requirement.marker or requirement.marker.evaluate({"extra": ""})
        if asked and requirement.name not in found:
            found.add(requirement.name)
            left += importlib.metadata.requires(requirement.name) or []
    return found


def link(names: Iterable[str], packages: Path) -> None:
    """Put installed distributions into another folder of packages, as links."""
    for name in names:
        distribution = importlib.metadata.distribution(name)
        tops = {Path(file).parts[0] for file in distribution.files or []} - {".."}
        for top in tops:
            target = packages / top
            if not target.is_symlink():
                target.symlink_to(distribution.locate_file(top))
