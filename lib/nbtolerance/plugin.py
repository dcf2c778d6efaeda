"""The pytest plugin: ``pytest --nbval`` checks the MyST chapters that it collects.

It adds to nbval a collector for ``.md`` chapters. What it needs is imported only when it is asked
for, so that it costs other test runs nothing.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's own options; nbval's keep their meaning."""
    group = parser.getgroup("nbtolerance", "notebook outputs within tolerances")
    group.addoption(
        "--nbtolerance-fresh",
        action="store_true",
        help="execute every chapter, also those whose stored outputs are up to date",
    )
    group.addoption(
        "--nbtolerance-strict-device",
        action="store_true",
        help="fail a chapter that has no reference for the device it ran on; without it, it is "
        "held against the references of the other devices",
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
        from nbtolerance.refusal import NbToleranceError
        from nbtolerance.session import ChapterCheck

        try:
            check = ChapterCheck(config)
        except NbToleranceError as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(check, "nbtolerance-check")
        if config.option.nbtolerance_ipynb:
            from nbtolerance.stored.collector import StoredCheck

            config.pluginmanager.register(StoredCheck(), "nbtolerance-stored")
    elif config.option.nbtolerance_ipynb:
        raise pytest.UsageError("--nbtolerance-ipynb takes part in --nbval: give both")
