"""How a function is judged: by inputs of several kinds, an oracle, and mistakes known by name."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from learning.arrays import Floats, to_numpy

SEEDS = range(3)  # draws of each kind of input


@dataclass(frozen=True)
class Case:
    """One kind of input.

    Parameters
    ----------
    words
        What it is, as a part of a sentence: ``"fifty points"``.
    draw
        From a NumPy generator, the arguments of one call by name, in the function's order.

    Examples
    --------
    >>> Case("one point", lambda rng: {"x": rng.normal(size=1)}).words
    'one point'
    """

    words: str
    draw: Callable[[np.random.Generator], Mapping[str, Any]]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is known by name.

    Parameters
    ----------
    words
        What is told, as a part of a sentence that begins with "it".
    answer
        The function with the mistake: its arguments are those of the exercise.

    Examples
    --------
    >>> Mistake("it takes the median", np.median).answer([1.0, 2.0, 6.0])
    np.float64(2.0)
    """

    words: str
    answer: Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """A function that the reader is asked for.

    Parameters
    ----------
    cases
        The kinds of input, the usual one first and the edges last.
    oracle
        The right answer, best found in another way than the reader is likely to go.
    mistakes
        What is known by name, besides a wrong sign, a sum for a mean and the like.
    rtol
        The largest difference that passes, relative to the largest number of the answer.

    Examples
    --------
    >>> usual = Case("five numbers", lambda rng: {"x": rng.normal(size=5)})
    >>> Exercise((usual,), np.mean).rtol
    1e-06
    """

    cases: tuple[Case, ...]
    oracle: Callable[..., Any]
    mistakes: tuple[Mistake, ...] = ()
    rtol: float = 1e-6


@dataclass(frozen=True, repr=False)
class Verdict:
    """What is said of a function; true if the function is right.

    Parameters
    ----------
    right
        Whether it passed.
    words
        One sentence: what was tried, or what is wrong.

    Examples
    --------
    >>> Verdict(False, "Not yet: it returns nothing.")
    Not yet: it returns nothing.
    """

    right: bool
    words: str

    def __bool__(self) -> bool:
        """Return whether the function is right."""
        return self.right

    def __repr__(self) -> str:
        """Return the sentence, which is what Jupyter shows."""
        return self.words


@dataclass(frozen=True)
class _Trial:
    """One call: ``got`` is None if it gave no numbers, and then ``fault`` says why."""

    words: str
    arguments: tuple[Any, ...]
    right: Floats
    got: Floats | None
    fault: str
    passed: bool


# A wrong answer that any function may give: what is told, and how it follows from the right answer
# and from n, the length of the first argument that has one.
_COMMON: tuple[tuple[str, Callable[[Floats, int], Any]], ...] = (
    ("it is right up to the sign", lambda right, n: -right),
    ("it is n times too large, as a sum is in place of a mean", lambda right, n: n * right),
    ("it is n times too small, as a mean is in place of a sum", lambda right, n: right / n),
    ("it is twice what it should be", lambda right, n: 2 * right),
    ("it is half of what it should be", lambda right, n: right / 2),
    ("it is the square of what it should be", lambda right, n: right**2),
    ("it is the root of what it should be", lambda right, n: np.sqrt(np.abs(right))),
    ("its entries are right, in the opposite order", lambda right, n: np.flip(right)),
    ("its rows and columns have changed places", lambda right, n: right.T),
)


def judge(exercise: Exercise, function: Callable[..., Any]) -> Verdict:
    """Try a function on all inputs of an exercise.

    Parameters
    ----------
    exercise
        What is asked for.
    function
        The reader's answer. It gets copies of the arguments, by position.

    Returns
    -------
    What to tell the reader.

    Examples
    --------
    >>> usual = Case("five numbers", lambda rng: {"x": rng.normal(size=5)})
    >>> edge = Case("one number", lambda rng: {"x": rng.normal(size=1)})
    >>> judge(Exercise((usual, edge), np.mean), lambda x: sum(x) / len(x))
    Right: tried on five numbers and one number.
    >>> judge(Exercise((usual, edge), np.mean), np.sum)
    Not yet: it is n times too large, as a sum is in place of a mean.
    """
    trials = [
        _attempt(exercise, function, case, np.random.default_rng(seed))
        for case in exercise.cases
        for seed in SEEDS
    ]
    if all(trial.passed for trial in trials):
        kinds = [case.words for case in exercise.cases]
        return Verdict(True, f"Right: tried on {_listed(kinds)}.")
    return Verdict(False, f"Not yet: {_reason(exercise, trials)}.")


def _attempt(
    exercise: Exercise, function: Callable[..., Any], case: Case, rng: np.random.Generator
) -> _Trial:
    given = dict(case.draw(rng))
    right = np.asarray(exercise.oracle(*copy.deepcopy(given).values()), dtype=float)
    lent = copy.deepcopy(given)
    got, fault = _answer(function, list(lent.values()))
    changed = [name for name, value in given.items() if not np.array_equal(value, lent[name])]
    if changed:
        got, fault = None, f"it changes its argument {changed[0]}, and should leave it as it was"
    elif got is not None:
        fault = _difference(got, right, exercise.rtol)
    return _Trial(case.words, tuple(given.values()), right, got, fault, not fault)


def _answer(function: Callable[..., Any], arguments: Iterable[Any]) -> tuple[Floats | None, str]:
    """Return what a function gives, as numbers, or else why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a nan is told in a sentence
            given = function(*arguments)
    except Exception as error:
        return None, f"it raises {type(error).__name__}: {str(error).strip().rstrip('.')}"
    if given is None:
        return None, "it returns nothing"
    try:
        return to_numpy(given), ""
    except (TypeError, ValueError):
        kind = type(given).__name__
        return None, f"it returns a {kind} that is no array of real numbers"


def _difference(got: Floats, right: Floats, rtol: float) -> str:
    """Say how an answer differs from the right one; nothing, if it does not."""
    if got.shape != right.shape:
        return f"it returns {_shape(got)}, and should return {_shape(right)}"
    if _same(got, right, rtol):
        return ""
    if not np.isfinite(got).all():
        return f"it returns {got[~np.isfinite(got)].flat[0]}"
    return f"it is off by up to {np.abs(got - right).max():.2g}"


def _shape(array: Floats) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "one number"


def _same(one: Any, other: Floats, rtol: float) -> bool:
    """Whether two answers agree, up to rounding in the largest number of the second."""
    one = np.asarray(one, dtype=float)
    if one.shape != other.shape:
        return False
    scale = np.abs(other[np.isfinite(other)]).max(initial=0.0)
    close = np.isclose(one, other, rtol=0, atol=rtol * scale + 1e-12, equal_nan=True)
    return bool(close.all())


def _reason(exercise: Exercise, trials: list[_Trial]) -> str:
    """Say what is wrong: a mistake that explains all answers, or else where it shows first."""
    for words, answers in _suspects(exercise, trials):
        if _explains(answers, trials, exercise.rtol):
            return words
    first = next(trial for trial in trials if not trial.passed)
    kinds = [case.words for case in exercise.cases]
    failed = {trial.words for trial in trials if not trial.passed}
    fine = [kind for kind in kinds if kind not in failed]
    return (
        f"{f'it is right on {_listed(fine)}, but ' if fine else ''}on {first.words} {first.fault}"
    )


def _suspects(exercise: Exercise, trials: list[_Trial]) -> Iterable[tuple[str, list[Any]]]:
    """Yield what is told of each known mistake, and what it would have answered in each trial."""
    for mistake in exercise.mistakes:
        answers = [_answer(mistake.answer, copy.deepcopy(trial.arguments))[0] for trial in trials]
        yield mistake.words, answers
    for words, spoil in _COMMON:
        yield words, [spoil(trial.right, _length(trial.arguments)) for trial in trials]


def _explains(answers: list[Any], trials: list[_Trial], rtol: float) -> bool:
    """Whether a mistake gives what the function gave, wherever that gave numbers."""
    given = [
        (trial.got, answer, trial.passed)
        for trial, answer in zip(trials, answers, strict=True)
        if trial.got is not None
    ]
    alike = all(answer is not None and _same(answer, got, rtol) for got, answer, _ in given)
    return alike and not all(passed for *_, passed in given)


def _length(arguments: Iterable[Any]) -> int:
    return next((len(value) for value in arguments if np.ndim(value)), 1)


def _listed(words: list[str]) -> str:
    """Write an enumeration with commas and a last "and"."""
    return (
        f"{', '.join(words[:-1])}{',' if words[2:] else ''} and {words[-1]}"
        if words[1:]
        else words[0]
    )
