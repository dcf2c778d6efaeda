"""What pytest allows only at the top: the plugin that tests plugins, and who does which tests."""

from __future__ import annotations

import re
from typing import Any

# pytester forgets what was imported inside it, and numpy cannot be imported twice: it comes first.
import numpy  # noqa: F401
import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["pytester"]

LONGEST = "test_chain.py"
PAGE = re.compile(r"^tests/site/.*\[([\w/.-]+?\.html)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it in the end."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """With several processes (``-n 2``), each does a file or a page of the site at a time."""
    config.option.loadscopereorder = False  # as they were collected, not the most numerous first
    return ByFileAndPage(config, log)


class ByFileAndPage(LoadScopeScheduling):
    """Hand out together the tests that share what is prepared for them."""

    def _split_scope(self, nodeid: str) -> str:
        page = PAGE.match(nodeid)
        return page[1] if page else nodeid.partition("::")[0]
