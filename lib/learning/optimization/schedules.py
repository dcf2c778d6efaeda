"""Learning rates that change as a run goes on."""

from __future__ import annotations

from collections.abc import Callable

Schedule = Callable[[int], float]
Rate = float | Schedule


def rate_at(rate: Rate, step: int) -> float:
    """Return a rate at a step, counted from 0: itself, or what a schedule says.

    Examples
    --------
    >>> rate_at(0.5, 3), rate_at(lambda step: 1.0 / (step + 1), 3)
    (0.5, 0.25)
    """
    return rate(step) if callable(rate) else rate


def inverse_time(start: float, *, half: float) -> Schedule:
    """Let a rate fall like one over time, ``start / (1 + step / half)``.

    Its sum over all steps is infinite, so a run can get anywhere, and the sum of its squares is
    not, so the noise of batches dies down.

    Parameters
    ----------
    start
        The rate at step 0.
    half
        The step at which half of it is left.

    Returns
    -------
    A function of the step, for a rule's rate.

    Notes
    -----
    Source: Robbins and Monro (1951).

    Examples
    --------
    >>> rate = inverse_time(0.4, half=100)
    >>> rate(0), rate(100), rate(300)
    (0.4, 0.2, 0.1)
    """
    return lambda step: start / (1.0 + step / half)


def halving(start: float, *, every: float) -> Schedule:
    """Let a rate fall by half in equal times, ``start / 2^(step / every)``.

    Its sum over all steps is finite, about ``1.44 start every``, so a run may stop on the way.

    Parameters
    ----------
    start
        The rate at step 0.
    every
        The number of steps in which it falls by half.

    Returns
    -------
    A function of the step, for a rule's rate.

    Examples
    --------
    >>> rate = halving(0.4, every=100)
    >>> rate(0), rate(100), rate(300)
    (0.4, 0.2, 0.05)
    """
    return lambda step: start / 2.0 ** (step / every)
