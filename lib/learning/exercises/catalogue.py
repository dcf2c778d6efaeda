"""The exercises of all parts of the book, and the check that the reader calls.

Names are ``chapter.function``. An oracle takes another way than the chapter's solution, where there
is one: a loop for a formula, a fit for a closed form, a difference for a derivative.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from learning.exercises import evaluation, optimization, representation, together
from learning.exercises.checking import Exercise, Verdict, judge

EXERCISES: dict[str, Exercise] = {
    name: exercise
    for part in (representation, evaluation, optimization, together)
    for name, exercise in part.EXERCISES.items()
}


def check(name: str, function: Callable[..., Any]) -> Verdict:
    """Try the reader's function on the inputs of an exercise.

    Parameters
    ----------
    name
        The exercise, as its text names it.
    function
        The reader's answer.

    Returns
    -------
    One sentence: what is wrong, or what was tried. It is true if the function is right.

    Raises
    ------
    ValueError
        If there is no such exercise.
    TypeError
        If ``function`` cannot be called.

    Examples
    --------
    >>> check("lines.best_slope", lambda x, y: (y / x).mean())
    Not yet: it averages the slopes to the single points, as if each said as much.
    """
    if name not in EXERCISES:
        close = difflib.get_close_matches(name, EXERCISES) or sorted(EXERCISES)
        raise ValueError(f"name must be that of an exercise, such as {close}, got {name!r}")
    if not callable(function):
        raise TypeError(f"function must be a function, got {function!r}: leave out its brackets")
    return judge(EXERCISES[name], function)
