"""Chromium, as this machine has it, with every other host out of reach."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOW_TO_GET_CHROMIUM = (
    "no Chromium was found: install one (Debian, Ubuntu: apt-get install chromium), "
    "or give its path in the environment variable CHROMIUM"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class NoChromiumError(Exception):
    """No Chromium is installed where one is looked for."""


def find_chromium() -> str:
    """Return the path of Chromium: ``$CHROMIUM``, or the first of the usual names.

    Raises
    ------
    NoChromiumError
        If there is none. The message says how to get one.
    """
    named = os.environ.get("CHROMIUM", "")
    for name in [named] if named else _NAMES:
        if path := shutil.which(name):
            return path
    raise NoChromiumError(HOW_TO_GET_CHROMIUM + (f" (now: {named!r})" if named else ""))


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run Chromium, with a new profile, until the block ends.

    Raises
    ------
    NoChromiumError
        As `find_chromium` does.
    """
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
