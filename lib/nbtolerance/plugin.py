"""The pytest plugin: ``pytest --nbval`` checks the MyST chapters that it collects.

It adds to nbval a collector for ``.md`` chapters. A chapter is executed once, through the store
that the site is rendered from; each code cell is a test. What it needs is imported only when it is
asked for, so that it costs other test runs nothing.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

NBVAL_DEFAULT_TIMEOUT = 2000.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's own options; nbval's keep their meaning."""
    group = parser.getgroup("nbtolerance", "notebook outputs within tolerances")
    group.addoption(
        "--nbtolerance-fresh",
        action="store_true",
        help="execute every chapter, also those whose stored outputs are up to date",
    )
    group.addoption(
        "--nbtolerance-ipynb",
        action="store_true",
        help="with --nbval: hold .ipynb files against their stored outputs within tolerances, and "
        "say by cause what differs; without it they are left to nbval",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Take part only in runs that ask for nbval."""
    if config.option.nbval or config.option.nbval_lax:
        config.pluginmanager.register(ChapterCheck(config), "nbtolerance-check")
        if config.option.nbtolerance_ipynb:
            from nbtolerance.stored.collector import StoredCheck

            config.pluginmanager.register(StoredCheck(), "nbtolerance-stored")
    elif config.option.nbtolerance_ipynb:
        raise pytest.UsageError("--nbtolerance-ipynb takes part in --nbval: give both")


class ChapterCheck:
    """One run of the check: collects chapters, executes them, and sums up what was seen."""

    def __init__(self, config: pytest.Config) -> None:
        from nbtolerance.collector import RESULTS, SETTINGS
        from nbtolerance.settings import load_settings

        settings = load_settings(config.rootpath)
        timeout = config.option.nbval_cell_timeout
        if timeout != NBVAL_DEFAULT_TIMEOUT:
            settings = dataclasses.replace(settings, timeout=int(timeout))
        self.config = config
        self.settings = config.stash[SETTINGS] = settings
        self.results = config.stash[RESULTS] = {}
        self.rows: list[dict[str, Any]] = []

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Pass over what is built or installed in the book, notebooks of nbval's included."""
        from nbtolerance.book import is_looked_into

        return None if is_looked_into(collection_path, self.settings) else True

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect MyST notebooks; all other files are left to nbval and pytest."""
        from nbtolerance.book import is_chapter
        from nbtolerance.collector import ChapterFile

        if file_path.suffix != ".md" or not is_chapter(file_path, self.settings):
            return None
        file: pytest.Collector = ChapterFile.from_parent(parent, path=file_path)
        return file

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Execute the stale chapters among the selected, side by side, before the first test."""
        from nbtolerance.check import owners
        from nbtolerance.collector import OWNERS, ChapterFile
        from nbtolerance.failures import NoWorkerError
        from nbtolerance.refresh import ensure_executed

        option = session.config.option
        if option.collectonly or (session.testsfailed and not option.continue_on_collection_errors):
            return
        files = {item.parent for item in session.items if type(item.parent) is ChapterFile}
        chapters = sorted((file.chapter for file in files), key=lambda chapter: chapter.name)
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        try:
            self.results |= ensure_executed(
                chapters,
                self.settings,
                fresh=option.nbtolerance_fresh,
                report=terminal.write_line if terminal else print,
            )
        except (NoWorkerError, OSError) as error:  # what was stored before is still there
            raise pytest.UsageError(str(error)) from error
        self.config.stash[OWNERS] = owners(self.results)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the rows that the cells carry, also those from another process."""
        if report.when == "call":
            properties: list[tuple[str, Any]] = report.user_properties
            self.rows += [value for key, value in properties if key == "nbtolerance"]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the table of tolerances and margins, and write it as JSON."""
        from nbtolerance.files import write_whole

        if not self.rows:
            return
        compared = [row for row in self.rows if "ignored" not in row]
        path = self.settings.store_path.parent / "check.json"
        write_whole(path, json.dumps(compared, indent=1))
        stored = [row for row in compared if "outcome" in row]
        if len(stored) < len(self.rows):
            rows = [row for row in compared if "outcome" not in row]
            lines = summary(rows, ignored=len(self.rows) - len(compared))
            _section(terminalreporter, "tolerances", lines)
        if stored:
            from nbtolerance.stored.collector import outcomes

            _section(terminalreporter, "stored notebooks", outcomes(stored))


def _section(terminalreporter: Any, title: str, lines: Iterable[str]) -> None:
    terminalreporter.section(title, sep="-")
    for line in lines:
        terminalreporter.write_line(line)


def summary(rows: Iterable[dict[str, Any]], *, ignored: int) -> Iterator[str]:
    """A line a quantity: what is allowed, what was seen, and the margin between them.

    A margin far above 1 is a tolerance that hides more than it needs to.
    """
    yield f"{'quantity':36} {'device':6} {'rtol':>8} {'atol':>8} {'largest':>10} {'margin':>10}"
    for row in sorted((r for r in rows if r["numbers"]), key=lambda r: r["name"]):
        yield (
            f"{row['name']:36} {row['device']:6} {row['rtol']:8.0e} {row['atol']:8.0e} "
            f"{row['difference']:10.2e} {_margin(row):>10}{'' if row['passed'] else '  FAILED'}"
        )
    if ignored:
        yield f"{ignored} cells are marked so that their output is not compared"


def _margin(row: dict[str, Any]) -> str:
    if not row["difference"]:
        return "exact"
    return f"{row['allowed'] / row['difference']:.3g}x"
