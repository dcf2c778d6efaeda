"""Python imports this at its start: in a chapter's kernel, it notes which lines are executed."""

import os
import sys


def note_lines(folder: str, log: str) -> None:
    """Write ``file:line`` to a log, once for each line below a folder that is executed.

    Written at once and not at the end, because a kernel is killed when its last cell is done.
    """
    seen = set()
    file = open(log, "a", buffering=1, encoding="utf8")  # noqa: SIM115 -- as long as the process

    def within(frame, event, argument):
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        if place not in seen:
            seen.add(place)
            file.write(f"{place}\n")
        return within

    def trace(frame, event, argument):
        if frame.f_code.co_filename.startswith(folder):
            return within(frame, event, argument)
        return None

    sys.settrace(trace)


if "MUTANTS_LINES" in os.environ and "ipykernel_launcher" in sys.orig_argv:
    note_lines(os.environ["MUTANTS_FOLDER"], os.environ["MUTANTS_LINES"])
