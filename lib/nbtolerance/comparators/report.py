"""What a failed comparison says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nbtolerance.comparators.base import Comparison, Difference
from nbtolerance.marked import short


def explain(comparison: Comparison, limit: int = 5) -> list[str]:
    """Say how many places differ, which come first, and which is the worst.

    Parameters
    ----------
    comparison
        What was found.
    limit
        How many differences are shown.

    Returns
    -------
    list of str
        Lines; none if the comparison passed.
    """
    differences = comparison.differences
    if not differences:
        return []
    lines = [_summary(comparison), *(f"  {describe(d)}" for d in differences[:limit])]
    if len(differences) > limit:
        lines.append(f"  … and {len(differences) - limit} more")
    worst = comparison.worst
    if worst in differences[1:]:
        lines.append(f"  the worst: {describe(worst)}")
    return lines


def describe(difference: Difference) -> str:
    """One difference in a line, numbers to all their digits."""
    said = f"expected {_shown(difference.expected)}, got {_shown(difference.got)}"
    if difference.difference is not None and difference.allowed is not None:
        said += f", difference {difference.difference:.3g}, allowed {difference.allowed:.3g}"
    where = f"{difference.path}: " if difference.path else ""
    return f"{where}{said} [{difference.cause}]"


def _summary(comparison: Comparison) -> str:
    causes = Counter(d.cause for d in comparison.differences)
    values = (d for d in comparison.differences if d.cause == "value")
    floats = sum(1 for d in values if isinstance(d.expected, float))
    parts = [f"{count} × {cause}" for cause, count in causes.most_common()]
    return f"{floats} of {comparison.numbers} numbers differ; by cause: {', '.join(parts)}"


def _shown(value: Any, limit: int = 120) -> str:
    if value is None:
        return "nothing"
    try:
        text = repr(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        text = short(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
