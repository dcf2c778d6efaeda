"""The commands: execute, status, bless, calibrate, prune."""

from __future__ import annotations

import argparse
import shlex
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbtolerance.bless import bless
from nbtolerance.book import find_chapters
from nbtolerance.calibrate import calibrate
from nbtolerance.chapter import Chapter
from nbtolerance.failures import ExecutionError
from nbtolerance.leftover import leftovers, prune
from nbtolerance.refresh import ensure_executed
from nbtolerance.refusal import REFUSED, NbToleranceError, sentence
from nbtolerance.selection import select
from nbtolerance.settings import Settings, load_settings
from nbtolerance.status import status
from nbtolerance.stopping import orderly_end


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    with orderly_end(), warnings.catch_warnings():
        warnings.showwarning = _warn  # type: ignore[assignment]  # all is given by position
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        settings = load_settings(Path.cwd())
        found = find_chapters(settings)
        for line in [*found.faults, *found.unchecked, *found.ignored]:
            _warn(line)
        options.found = found
        chapters = select(found, options.chapters)
        return int(options.command(chapters, settings, options) or bool(found.faults))
    except KeyboardInterrupt:
        _warn("interrupted")
        return 130
    except REFUSED as error:
        _warn(sentence(error))
        return 1


def _warn(said: object, *_: object) -> None:
    """Print what is wrong, of a warning nothing but its message."""
    print(said, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m nbtolerance", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def add(name: str, command: object, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument(
            "chapters", nargs="*", help="names, or patterns: 'part/*'; all, where none is given"
        )
        one.set_defaults(command=command)
        return one

    executing = add("execute", _execute, "execute the chapters that are stale")
    executing.add_argument("--fresh", action="store_true", help="the others too")
    executing.add_argument(
        "--elsewhere", action="store_true", help="mark the runs as made to be carried from here"
    )
    executing.add_argument("--scheduler", default="", help="address of a running dask scheduler")
    add("status", _status, "say for each chapter whether it is fresh, and what changed if not")
    blessing = add("bless", _bless, "accept the outputs as the reference, and say what changed")
    blessing.add_argument("--all", action="store_true", help="also what is within tolerance")
    blessing.add_argument(
        "--once", action="store_true", help="run new chapters once, and accept what is random"
    )
    add("calibrate", _calibrate, "run under other threads and instruction sets; print the spread")
    pruning = commands.add_parser("prune", help="list what belongs to no chapter, or remove it")
    pruning.add_argument("--yes", action="store_true", help="remove it")
    pruning.set_defaults(command=_prune, chapters=[])  # of all chapters: what else would be left?
    return parser


def _execute(chapters: list[Chapter], settings: Settings, options: argparse.Namespace) -> bool:
    results = ensure_executed(
        chapters,
        settings,
        fresh=options.fresh,
        elsewhere=options.elsewhere,
        scheduler=options.scheduler,
    )
    failures = [r for r in results.values() if isinstance(r, ExecutionError)]
    for failure in failures:
        _warn(failure)
    return bool(failures)


def _status(chapters: list[Chapter], settings: Settings, options: argparse.Namespace) -> bool:
    for chapter in chapters:
        now = status(chapter, settings)
        how = "fresh" if now.fresh else f"stale: {', '.join(now.changed)}"
        print(f"{shlex.quote(chapter.name)}: {how}")
        if now.executed and now.executed.provenance.unseen:
            print(f"  cannot be watched: {'; '.join(now.executed.provenance.unseen)}")
    unchecked = len(options.found.unchecked)
    if unchecked:
        print(f"not checked: {unchecked} of the book's pages or cells, see above")
    if not (options.chapters or options.found.faults):  # else what is not named belongs to nothing
        _list(leftovers(options.found.names, settings))
    return False


def _bless(chapters: list[Chapter], settings: Settings, options: argparse.Namespace) -> bool:
    return _say(bless(chapters, settings, everything=options.all, once=options.once))


def _calibrate(chapters: list[Chapter], settings: Settings, options: argparse.Namespace) -> bool:
    return _say(calibrate(chapters, settings))


def _say(lines: Iterable[str | NbToleranceError]) -> bool:
    """Print lines as they come; whether something was refused among them."""
    refused = False
    for line in lines:
        wrong = isinstance(line, NbToleranceError)
        print(line, file=sys.stderr if wrong else sys.stdout, flush=True)
        refused |= wrong
    return refused


def _prune(chapters: list[Chapter], settings: Settings, options: argparse.Namespace) -> bool:
    if options.found.faults:
        _warn("nothing is removed while a chapter cannot be read: see above")
        return True
    names = options.found.names  # what is switched off keeps its runs
    files = prune(names, settings, _warn) if options.yes else leftovers(names, settings)
    if options.yes:
        print(*(f"removed {path}\n" for path in files), sep="", end="")
    else:
        _list(files)
    return False


def _list(files: Sequence[Path]) -> None:
    for path in files:
        print(f"belongs to no chapter: {path}")
    if files:
        print("to remove what is listed: python -m nbtolerance prune --yes")
