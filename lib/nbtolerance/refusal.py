"""Errors that a person can cause and correct: each is one sentence, the same everywhere."""

from __future__ import annotations


class NbToleranceError(Exception):
    """Something is refused on purpose; the message is a sentence with the rule and the value."""


REFUSED = (NbToleranceError, OSError)  # a disk that is full says no less than we do


def sentence(error: Exception) -> str:
    """Return what a refusal says; of the system's, which file it is about."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)
