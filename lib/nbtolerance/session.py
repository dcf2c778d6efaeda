"""One run of the check: which chapters it collects, when they are executed, what it sums up.

A chapter is executed once, through the store that the site is rendered from, before the first test.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import get_sanitize_patterns

from nbtolerance.book import find_chapters, is_looked_into
from nbtolerance.check import owners
from nbtolerance.collector import OWNERS, RESULTS, ChapterFile
from nbtolerance.items import ACCOUNT, REMARK, ROW, SETTINGS, CellError, Sentence
from nbtolerance.leftover import leftovers
from nbtolerance.refresh import ensure_executed
from nbtolerance.refusal import REFUSED, NbToleranceError, sentence
from nbtolerance.settings import RULES, Settings, SettingsError, load_settings
from nbtolerance.store import Store
from nbtolerance.summary import print_summary
from nbtolerance.unrun import blocked, refused

NBVAL_DEFAULT_TIMEOUT = 2000.0


class ChapterCheck:
    """One run of the check: collects chapters, executes them, and sums up what was seen."""

    def __init__(self, config: pytest.Config) -> None:
        _check_sanitize_file(config.option.nbval_sanitize_with)
        self.config = config
        self.settings = config.stash[SETTINGS] = _settings(config)
        self.failed: dict[pytest.Item, CellError] = {}  # before they are run
        self.rows: list[dict[str, Any]] = []
        self.remarks: Counter[tuple[str, str]] = Counter()
        self.unseen: dict[str, None] = {}  # what is not checked, and settings that are ignored
        self.accounts: set[str] = set()  # the tests that others are skipped on account of
        self.accounts_given: set[str] = set()  # those that failed

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Pass over what is built or installed in the book, notebooks of nbval's included."""
        return None if is_looked_into(collection_path, self.settings) else True

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect MyST notebooks; all other files are left to nbval and pytest."""
        if file_path.suffix != ".md":
            return None
        found = find_chapters(self.settings, [file_path])
        self.unseen |= dict.fromkeys(map(str, [*found.unchecked, *found.ignored]))
        if not (found.chapters or found.faults):
            return None
        file: pytest.Collector = ChapterFile.from_parent(parent, path=file_path)
        return file

    @pytest.hookimpl(tryfirst=True)  # a test that is added here may still be deselected
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Add a test that fails where the whole book is checked and something is left over."""
        if _is_whole(session.config, self.settings):
            says = _left_over(self.settings)
            if says:
                items.append(Sentence.from_parent(session, name="left over", says=says))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Execute the stale chapters among the selected, side by side, before the first test."""
        if session.config.option.collectonly or _stops(session):
            return
        tests: dict[ChapterFile, list[pytest.Item]] = {}
        for item in session.items:
            if isinstance(item.parent, ChapterFile) and type(item) is not Sentence:
                tests.setdefault(item.parent, []).append(item)
        try:
            self._execute(tests)
            found = blocked(tests)
        except REFUSED as error:
            found = refused(tests, sentence(error))
        for item, outcome in found.items():
            if isinstance(outcome, CellError):
                self.failed[item] = outcome
            else:
                item.add_marker(pytest.mark.skip(reason=outcome.reason))
                item.user_properties.append((ACCOUNT, outcome.account))

    def _execute(self, files: Iterable[ChapterFile]) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        results = ensure_executed(
            sorted((file.chapter for file in files), key=lambda chapter: chapter.name),
            self.settings,
            fresh=self._unwanted(),
            report=terminal.write_line if terminal else print,
            shared=Path(at) if (at := self._told().get("shared")) else None,
        )
        self.config.stash[RESULTS], self.config.stash[OWNERS] = results, owners(results)

    def _unwanted(self) -> bool | list[str]:
        """Return what is executed anew; processes that share tests are told what was there."""
        unwanted: list[str] | None = self._told().get("unwanted")
        return self.config.option.nbtolerance_fresh if unwanted is None else unwanted

    def _told(self) -> dict[str, Any]:
        """Return what the process that shares out the tests has told this one."""
        told: dict[str, Any] = getattr(self.config, "workerinput", {}).get("nbtolerance", {})
        return told

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell another process where to share, and which runs are not good enough.

        It may begin when others have already executed.
        """
        told: dict[str, Any] = {"shared": str(self.shared)}
        if self.config.option.nbtolerance_fresh:
            told["unwanted"] = self.there_before
        node.workerinput["nbtolerance"] = told

    @cached_property
    def there_before(self) -> list[str]:
        """The ids of the runs that were there when the first process was told."""
        return Store(self.settings.store_path).ids()

    @cached_property
    def shared(self) -> Path:
        """A folder of the processes that share this check; it goes with the check."""
        from nbtolerance.workplace import private_folder  # most checks need none

        until_the_end = ExitStack()
        self.config.add_cleanup(until_the_end.close)
        return until_the_end.enter_context(private_folder())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Fail what was not run, or has nothing to be held against."""
        if item in self.failed:
            raise self.failed[item]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the rows and remarks that tests carry, also those from another process."""
        properties: list[tuple[str, Any]] = report.user_properties
        if report.when == "call":
            self.rows += [value for key, value in properties if key == ROW]
            self.remarks.update(tuple(said) for key, said in properties if key == REMARK)
        if report.skipped:
            self.accounts |= {value for key, value in properties if key == ACCOUNT}
        self.accounts_given |= {report.nodeid} if report.failed else set()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand what is not checked to the process that prints the summary, and the exit status."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["nbtolerance"] = list(self.unseen)
            return
        # A run can fail on one machine, and not on the other that was to say so; and of a stored
        # notebook the cell that says so may not have been selected.
        for nodeid in sorted(self.accounts - self.accounts_given):
            how = "which passed or was left out: check again"
            self.unseen[f"tests were skipped on account of {nodeid}, {how}"] = None
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what another process saw."""
        self.unseen |= dict.fromkeys(getattr(node, "workeroutput", {}).get("nbtolerance", []))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the table of tolerances and margins, and write it as JSON."""
        file = self.settings.store_path.parent / "check.json"
        print_summary(terminalreporter, self.rows, self.remarks, list(self.unseen), file)


def _settings(config: pytest.Config) -> Settings:
    """Return the book's settings, and what pytest's options say otherwise."""
    settings, option = load_settings(config.rootpath), config.option
    if option.nbval_kernel_name and option.nbval_current_env:
        raise SettingsError("--nbval-kernel-name and --nbval-current-env exclude each other")
    current = "python3" if option.nbval_current_env else ""
    settings = replace(settings, kernel=option.nbval_kernel_name or current)
    timeout, rule = option.nbval_cell_timeout, RULES["timeout"]
    if timeout == NBVAL_DEFAULT_TIMEOUT:
        return settings
    if not (rule.holds(timeout) and timeout.is_integer()):
        raise SettingsError(f"--nbval-cell-timeout must be {rule.words}, got {timeout:g}")
    return replace(settings, timeout=int(timeout))


def _check_sanitize_file(name: str | None) -> None:
    """Raise a SettingsError where nbval could not use the file of ``--nbval-sanitize-with``."""
    try:
        for pattern, _ in get_sanitize_patterns(Path(name).read_text("utf8")) if name else ():
            re.compile(pattern)
    except (OSError, ValueError, re.error) as error:
        raise SettingsError(f"--nbval-sanitize-with={name}: {error}") from None


def _stops(session: pytest.Session) -> bool:
    """Whether what could not be collected stops the run; a process of pytest-xdist goes on."""
    shared = hasattr(session.config, "workerinput")  # as pytest-xdist marks its processes
    on = shared or session.config.option.continue_on_collection_errors
    return bool(session.testsfailed) and not on


def _is_whole(config: pytest.Config, settings: Settings) -> bool:
    """Whether all of the book was asked for."""
    book = Path(os.path.realpath(settings.book_path))
    asked = (os.path.realpath(config.invocation_params.dir / arg) for arg in config.args)
    return book.is_dir() and any(book.is_relative_to(path) for path in asked)


def _left_over(settings: Settings) -> str:
    """Say what belongs to no chapter, or why that cannot be seen; empty where nothing does."""
    try:
        files = leftovers(find_chapters(settings).names, settings)
    except NbToleranceError as error:
        return str(error)
    if not files:
        return ""
    more = len(files) - 1
    others = f" and {more} more belong" if more else " belongs"
    return "\n".join(
        [
            f"{files[0].name}{others} to no chapter:",
            *(f"  {file}" for file in files),
            "restore their chapters, or remove them: python -m nbtolerance prune",
        ]
    )
