"""A process in which all is imported that tests need but the tree's own: each answer is a fork's.

Starting Python, pytest and what they import takes seconds, and most tests take less. It is asked on
its standard input, a line of JSON each time: the tests, and after how many seconds to give up. It
answers with a line, 1 where they pass and 0 where they do not.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio")


class Server:
    """The process, as one asks it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def passes(self, tests: Sequence[str], limit: float) -> bool:
        """Whether tests pass, in this order, with the sources as they are now."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps([tests, limit]) + "\n")
        asked.flush()
        answer = answers.readline()
        if not answer:
            raise RuntimeError("the process that tests has ended")
        return answer == "1\n"


@contextmanager
def serving(tree: Path, tests: Sequence[str]) -> Iterator[Server]:
    """Start the process for some tests of a tree, named as to pytest; it ends with its input."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.mutants.serving", *tests],
        cwd=tree,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Server(process)


def main(*tests: str) -> None:
    """Import, and answer."""
    questions, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    sys.dont_write_bytecode = False  # what is compiled now serves all, but for a mutant's file
    pytest.main([*OPTIONS, "--collect-only", *tests])
    sys.dont_write_bytecode = True
    here = os.getcwd() + os.sep
    for name, module in [*sys.modules.items()]:
        if name != "__main__" and str(getattr(module, "__file__", "")).startswith(here):
            del sys.modules[name]
    for question in questions:
        print(int(_passes(*json.loads(question))), file=answers, flush=True)


def _passes(tests: Sequence[str], limit: float) -> bool:
    child = os.fork()
    if not child:
        os.setpgrp()  # and not a session, in which it would no longer be as nice
        os._exit(pytest.main([*OPTIONS, *tests]))
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


if __name__ == "__main__":
    main(*sys.argv[1:])
