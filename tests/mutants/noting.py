"""A plugin of pytest: it notes how long each test takes, and the library's lines that it executes.

It writes a line of JSON a test: its name, its seconds, and the lines by file. What has no name is
of what was executed before all tests: what importing executes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage


class Noting:
    """Notes the lines below a folder in a log; of this process, not of kernels."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log

    @contextmanager
    def note(self, name: str) -> Iterator[None]:
        """Note what is executed meanwhile."""
        watched = Coverage(data_file=None, config_file=False, include=[f"{self.folder}/*"])
        watched.set_option("run:disable_warnings", ["no-data-collected"])
        start = time.monotonic()
        watched.start()
        try:
            yield
        finally:
            watched.stop()
            data = watched.get_data()
            lines = {
                Path(file).relative_to(self.folder).as_posix(): sorted(data.lines(file))
                for file in data.measured_files()
            }
            with self.log.open("a", encoding="utf8") as out:
                out.write(json.dumps([name, time.monotonic() - start, lines]) + "\n")

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """Note what importing the tests executes."""
        with self.note(""):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test executes, its fixtures included."""
        with self.note(item.nodeid):
            return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Take part in the outermost run: tests of plugins run pytest themselves."""
    if "MUTANTS_LINES" not in os.environ:
        return (yield)
    noting = Noting(Path(os.environ.pop("MUTANTS_FOLDER")), Path(os.environ.pop("MUTANTS_LINES")))
    early_config.pluginmanager.register(noting)
    with noting.note(""):
        return (yield)
