"""What a cell, or a command line, may name a file by."""

from __future__ import annotations

import ast
import os
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from nbtolerance.syntax import parsed

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "env"})
LONGEST = 1024  # no path is longer


def texts(source: str) -> Iterator[str]:
    """Yield the texts in a cell that may be paths, and the words of its shell commands and magics.

    Parameters
    ----------
    source
        Python, in which IPython's magics are calls of ``get_ipython()``. What does not parse has
        no texts.
    """
    try:
        nodes = list(ast.walk(parsed(source)))
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("get_ipython()."):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield from filter(may_be_a_path, words(argument.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from filter(may_be_a_path, [node.value])


def may_be_a_path(text: str | None) -> bool:
    """Whether a text is short and plain enough to be a path."""
    return text is not None and 0 < len(text) <= LONGEST and not set(text) & set("\n\0")


def words(command: Any) -> list[str]:
    """Return the words of a command, a text or a list of arguments, without its shell."""
    single = isinstance(command, str | bytes | os.PathLike)
    found: list[str] = []
    for part in map(os.fsdecode, [command] if single else command):
        split = _split(part)
        found += split if split == [part] else [*split, part]
    while len(found) > 1 and (os.path.basename(found[0]) in SHELLS or found[0].startswith("-")):
        del found[0]
    return [*found, *(tail for word in found if (tail := word.partition("=")[2]))]


def redirected(line: list[str]) -> set[str]:
    """Return the words of a command line that its output goes to."""
    return {target for sign, target in pairwise(line) if ">" in sign and not sign.strip(">&|")}


def _split(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return list(lexer)
    except ValueError:  # a quote that is not closed
        return text.split()
