"""The built site as a reader has it: served, visited in a browser, and weighed.

For tests and benchmarks. This module has the browser itself, as the body of a fixture.
Playwright keeps an event loop running until it is closed: a fixture's scope must end before the
tests of another package need a loop. A conftest asks for ``package``, a module for ``module``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from booksite.chromium import NoChromiumError, open_browser


def opened() -> Iterator[Browser]:
    """Yield Chromium; fail, and say how to get it, where there is none."""
    try:
        with open_browser() as browser:
            yield browser
    except NoChromiumError as error:
        pytest.fail(str(error), pytrace=False)
