"""Checks for the exercises that ask for a function.

:func:`check` tries the reader's function on inputs of several kinds, and says in one sentence what
is wrong with it, without giving the answer away. Each exercise is an entry of ``EXERCISES``: the
inputs that are tried, an oracle, and the mistakes that are known by name.
"""

from learning.exercises.catalogue import EXERCISES, check
from learning.exercises.checking import Case, Exercise, Mistake, Verdict, judge

__all__ = ["EXERCISES", "Case", "Exercise", "Mistake", "Verdict", "check", "judge"]
