"""The built site in a real browser. `BOOK_SITE` names a site other than `_build/html`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from tests.browser import opened
from tests.browser.serving import Site, serve
from tests.browser.visiting import (
    THEMES,
    WIDTHS,
    Theme,
    Visit,
    new_context,
    pages,
    visit,
)

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get("BOOK_SITE") or REPOSITORY / "_build" / "html").resolve()
PAGES = pages(ROOT)
# Pages that the theme makes have no chapter behind them.
CHAPTERS = [page for page in PAGES if page not in ("genindex.html", "search.html")]

Visits = Callable[[str, Theme, int], Visit]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Without a site there is still one test of each kind, so that each of them fails.
    for name, values in (("path", PAGES), ("chapter", CHAPTERS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values or ["index.html"], scope="package")
    if "theme" in metafunc.fixturenames:
        metafunc.parametrize("theme", THEMES, scope="package")
    if "width" in metafunc.fixturenames:
        metafunc.parametrize("width", WIDTHS, scope="package")


@pytest.fixture(scope="package")
def root() -> Path:
    if not PAGES:
        pytest.fail(f"no site is built in {ROOT}: run `make book` first", pytrace=False)
    return ROOT


@pytest.fixture(scope="package")
def soups(root: Path) -> dict[str, BeautifulSoup]:
    read = {page: (root / page).read_text(encoding="utf-8") for page in PAGES}
    return {page: BeautifulSoup(text, "html.parser") for page, text in read.items()}


@pytest.fixture(scope="package")
def site(root: Path) -> Iterator[Site]:
    with serve(root) as served:
        yield served


browser = pytest.fixture(scope="package")(opened)


Tabs = Callable[..., Page]


@pytest.fixture(scope="package")
def new_tab(browser: Browser) -> Tabs:
    """Open a tab for a reader of some theme and width; contexts are shared, for speed."""
    contexts = {}

    def open_tab(*, theme: Theme = "light", width: int = 1280, javascript: bool = True) -> Page:
        key = (theme, width, javascript)
        if key not in contexts:
            contexts[key] = new_context(browser, theme=theme, width=width, javascript=javascript)
        return contexts[key].new_page()

    return open_tab


@pytest.fixture
def tab(new_tab: Tabs) -> Iterator[Page]:
    page = new_tab()
    yield page
    page.close()


@pytest.fixture(scope="package")
def visits(site: Site, new_tab: Tabs) -> Visits:
    """Visit a page once, however many tests ask what happened."""
    seen: dict[tuple[str, Theme, int], Visit] = {}

    def once(path: str, theme: Theme, width: int) -> Visit:
        key = (path, theme, width)
        if key not in seen:
            page = new_tab(theme=theme, width=width)
            seen[key] = visit(page, site, path)
            page.close()
        return seen[key]

    return once
