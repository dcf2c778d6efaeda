"""The syntax tree of a piece of Python, for any number of threads."""

from __future__ import annotations

import ast
import threading

_MAKING = threading.Lock()


def parsed(source: str) -> ast.Module:
    """Return the tree of some Python.

    CPython 3.11 counts for all threads together how deep in a tree they are: where a second one
    makes a tree meanwhile, it may end with a SystemError.

    Raises
    ------
    SyntaxError, ValueError, RecursionError
        As `ast.parse`.
    """
    with _MAKING:
        return ast.parse(source)
