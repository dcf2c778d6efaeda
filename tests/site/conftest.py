"""The built site in a real browser. `BOOK_SITE` names a site other than `_build/html`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
# The pages of the library's reference are made alike, and two of them are read for all.
ALIKE = re.compile(r"(.*/)?api/(?!index|optimization)")
PAGES = [page for page in pages(ROOT) if not ALIKE.match(page)]
# Pages that the theme makes have no chapter behind them.
CHAPTERS = [page for page in PAGES if page not in ("404.html", "genindex.html", "search.html")]
# Each page is read in both themes and at both widths by two readers; what pages have in common is
# read by all four.
READERS: list[list[tuple[Theme, int]]] = [
    [("light", 1280), ("dark", 390)],
    [("dark", 1280), ("light", 390)],
]


@dataclass(frozen=True)
class Reading:
    """A page as one reader has read it, and the tab in which it still stands."""

    path: str
    tab: Page
    visit: Visit
    jumped: float


def read_by(
    *,
    pages: Sequence[str] = PAGES,
    once: Sequence[str] = (),
    themes: Sequence[Theme] = THEMES,
    widths: Sequence[int] = WIDTHS,
) -> pytest.MarkDecorator:
    """Give a test the readings of some pages, by the readers of some themes or widths of window.

    Pages named in ``once`` are read by the first of their two readers only.

    pytest brings the tests of one reading together, so that every page is opened once for each
    reader. A test leaves the tab's theme and size as they were.
    """
    # Without a site there is still one reading, so that each test fails.
    each = [
        (page, theme, width)
        for page in pages or ["index.html"]
        for theme, width in READERS[len(page) % 2][: 1 if page in once else None]
        if theme in themes and width in widths
    ]
    names = ["-".join(map(str, reading)) for reading in each]
    return pytest.mark.parametrize("reading", each, ids=names, indirect=True, scope="package")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Likewise.
    for name, values in (("path", PAGES), ("chapter", CHAPTERS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values or ["index.html"], scope="package")
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


# How far things jumped, by the browser's own measure: below 0.1 it calls a page good.
JUMPED = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce(
    (sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0)
  )).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(0), 100);  // nothing did
})"""


# A handle or a picture that comes to the page without saying what it is, if only for a frame.
WATCH = """
  window.mute = [];
  const wanting = "[role=slider]:not([aria-valuenow]), svg[role=img]:not([aria-label])";
  new MutationObserver(() => {
    for (const e of document.querySelectorAll(wanting)) mute.push(e.outerHTML.slice(0, 90));
  }).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture(scope="package")
def reading(request: pytest.FixtureRequest, site: Site, new_tab: Tabs) -> Iterator[Reading]:
    path, theme, width = request.param
    tab = new_tab(theme=theme, width=width)
    tab.add_init_script(WATCH)
    seen = visit(tab, site, path)
    yield Reading(path, tab, seen, tab.evaluate(JUMPED))
    tab.close()


@pytest.fixture(scope="package")
def unscripted(chapter: str, site: Site, new_tab: Tabs) -> Iterator[Page]:
    """A chapter as it is without JavaScript."""
    tab = new_tab(javascript=False)
    tab.goto(site.address(chapter))
    yield tab
    tab.close()
