"""Times of day, dates and durations in what is printed: of a cell that is marked, no result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

TAG = "nbtolerance-ignore-times"

_CLOCK = (
    r"(?:\d+\sdays?,?\s)?\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?"
    r"(?:\s?[AaPp]\.?[Mm]\b\.?)?(?:\s?(?:Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?"
)
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_TIME = re.compile(
    rf"""
    \bdatetime\.(?:datetime|date|time|timedelta)\([^()]*\)
    | \b\d{{4}}([-/])\d\d\1\d\d(?:[T\s]{_CLOCK})?(?!\d)          # 2026-01-31 09:30
    | \b\d{{1,2}}([./])\d{{1,2}}\2\d{{4}}(?:,?\s{_CLOCK})?(?!\d)   # 31.1.2026
    | \b(?:{_DAY},?\s)?(?:\d{{1,2}}\.?\s{_MONTH}|{_MONTH}\s{{1,2}}\d{{1,2}}\b)
      (?:,?\s{_CLOCK})?(?:,?\s\d{{4}}\b)?(?:,?\s{_CLOCK})?        # Sat Jan 31 09:30 2026
    | (?<![\w:]){_CLOCK}(?![\w:])
    | (?<![\w.])\d+(?:[.,]\d+)*(?:e[+-]?\d+)?\s?                  # 12.5 ms
      (?:ns|[µμu]s|ms|s|secs?|seconds?|min|mins|minutes?|h|hours?|days?)\b(?!/)
    | \b[\d,]+\sloops?\b                                          # of %timeit
    """,
    re.VERBOSE,
)
_WITHOUT = "a time"


def without_times(text: str) -> str:
    """Return a text in which the same words stand for every time, date and duration."""
    return _TIME.sub(_WITHOUT, text)


def ignoring_times(outputs: Iterable[Any]) -> list[Any]:
    """Return condensed outputs without the times in their texts; numbers in JSON are left."""
    return [_ignoring(output) for output in outputs]


def _ignoring(output: Any) -> Any:
    if not isinstance(output, dict):  # which the comparison says
        return output
    data = output.get("data")
    forms = {key: _form(form) for key, form in data.items()} if isinstance(data, dict) else data
    texts = {key: _form(output[key]) for key in ("text", "evalue") if key in output}
    return {**output, **texts, **({"data": forms} if "data" in output else {})}


def _form(form: Any) -> Any:
    if isinstance(form, str):
        return without_times(form)
    if isinstance(form, dict) and isinstance(form.get("markup"), str):
        return {**form, "markup": without_times(form["markup"])}
    return form
