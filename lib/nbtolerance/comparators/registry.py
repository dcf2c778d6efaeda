"""Which comparator knows which media type."""

from __future__ import annotations

import hashlib
import json
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from nbtolerance.comparators.base import (
    BadOutputError,
    Comparator,
    Comparison,
    Json,
    in_a_line,
    require_shallow,
)
from nbtolerance.tolerance import Tolerance

GROUP = "nbtolerance.comparators"

# What is glued for the prose alone keeps its media type behind this, so that no page shows it.
GLUED = "application/papermill.record/"

_builtin: dict[str, Comparator] = {}
_registered: dict[str, Comparator] = {}


def register(media_type: str, comparator: Comparator) -> None:
    """Let a comparator answer for a media type.

    Parameters
    ----------
    media_type
        An exact name such as ``application/vnd.my.table+json``, or a pattern such as ``audio/*``.
    comparator
        Replaces whatever answered for this name before.
    """
    _registered[media_type] = comparator


def comparator_for(media_type: str) -> Comparator:
    """Return the comparator of a media type: by exact name, else by the longest pattern that fits.

    Among equals, a comparator that was registered by hand comes before one of another package's
    entry points (group ``nbtolerance.comparators``: the entry's name is the media type, its object
    a comparator or a class of one), and that before the built-in ones. An unknown media
    type goes to `Unknown`, which always fails.
    """
    if media_type.startswith(GLUED):
        return comparator_for(media_type.removeprefix(GLUED))
    known = {**_builtin, **_plugins(), **_registered}
    if media_type in known:
        return known[media_type]
    fitting = [pattern for pattern in known if fnmatchcase(media_type, pattern)]
    return known[max(fitting, key=len)] if fitting else Unknown(media_type)


def condense_as(media_type: str, data: Json) -> Json:
    """Condense data by the comparator of its media type.

    Raises
    ------
    BadOutputError
        If the comparator cannot read it; the message names the media type.
    """
    try:
        return comparator_for(media_type).condense(data)
    except Exception as error:  # a comparator, maybe a stranger's, met what it does not expect
        raise BadOutputError(f"{media_type}: {in_a_line(error)}") from error


def compare_as(
    media_type: str,
    expected: Json,
    got: Json,
    tolerance: Tolerance,
    comparator: Comparator | None = None,
) -> Comparison:
    """Compare two condensed forms by the comparator of their media type, or by another.

    What it cannot read is a difference, of the cause ``unknown``.
    """
    try:
        return (comparator or comparator_for(media_type)).compare(expected, got, tolerance)
    except Exception as error:  # a reference may hold anything under a media type
        can = "an output that can be compared"
        return Comparison.failed("", "unknown", can, in_a_line(error))


def condense_embedded(media_type: str, data: Json) -> Json:
    """Return what a form keeps of a picture or text inside of it: its type, and its own form."""
    return {"media_type": media_type, "data": condense_as(media_type, data)}


def compare_embedded(expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
    """Compare two results of `condense_embedded`."""
    media_type = got["media_type"]
    if expected["media_type"] != media_type:
        return Comparison.failed("", "type", expected["media_type"], media_type)
    return compare_as(media_type, expected["data"], got["data"], tolerance)


@cache
def _plugins() -> dict[str, Comparator]:
    from importlib.metadata import entry_points  # slow to import, and no need of a kernel's

    found = {}
    for entry in entry_points(group=GROUP):
        comparator = entry.load()
        found[entry.name] = comparator() if isinstance(comparator, type) else comparator
    return found


class Unknown:
    """Fails, so that an output nobody can compare does not pass unseen."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type

    def condense(self, data: Any) -> Json:
        """Keep a digest: enough to see in a reference that something was there.

        Raises
        ------
        BadOutputError
            If it is nested too deep.
        """
        require_shallow(data)
        text = json.dumps(data, sort_keys=True, default=str)
        return {"sha256": hashlib.sha256(text.encode()).hexdigest()}

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Fail with the cause ``unknown``, equal or not."""
        wanted = f"a comparator for {self.media_type}"
        return Comparison.failed("", "unknown", wanted, "none is registered")
