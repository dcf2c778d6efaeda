"""The built site in a real browser. `BOOK_SITE` names a site other than `_build/html`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import product
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
    unfold,
    visit,
)

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = Path(os.environ.get("BOOK_SITE") or REPOSITORY / "_build" / "html").resolve()
# The pages of the library's reference are made alike, and two of them are read for all.
ALIKE = re.compile(r"(.*/)?api/(?!index|optimization)")
PAGES = [page for page in pages(ROOT) if not ALIKE.match(page)]
# Pages that the theme makes have no chapter behind them.
CHAPTERS = [page for page in PAGES if page not in ("404.html", "genindex.html", "search.html")]
# A page is opened once, in one theme and one width of window; which, alternates from page to page.
# What the other theme and width change is looked at in the same tab.
CORNERS: list[tuple[Theme, int]] = list(product(THEMES, WIDTHS))


@dataclass(frozen=True)
class Reading:
    """A page as a reader has read it, all its folds open, and the tab in which it still stands."""

    path: str
    tab: Page
    theme: Theme
    width: int
    visit: Visit
    jumped: float

    @contextmanager
    def seen(self, *, theme: Theme | None = None, width: int | None = None) -> Iterator[Page]:
        """Show the page in another theme, or in a window of another width, for a while."""
        self._show(theme or self.theme, width or self.width)
        try:
            yield self.tab
        finally:
            self._show(self.theme, self.width)

    def turned(self) -> AbstractContextManager[Page]:
        """Show the page in the theme and at the width in which it was not opened."""
        theme, width = next(c for c in CORNERS if self.theme not in c and self.width not in c)
        return self.seen(theme=theme, width=width)

    def _show(self, theme: Theme, width: int) -> None:
        self.tab.emulate_media(color_scheme=theme)
        self.tab.set_viewport_size({"width": width, "height": 800})
        self.tab.evaluate(DRAWN)


def read(pages: Sequence[str] = PAGES) -> pytest.MarkDecorator:
    """Give a test the readings of some pages.

    pytest brings the tests of one reading together, so that every page is opened once. A test
    leaves the tab's theme and size as they were.
    """
    # Without a site there is still one reading, so that each test fails.
    return pytest.mark.parametrize(
        "reading", pages or ["index.html"], indirect=True, scope="package"
    )


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


class Soups(dict[str, BeautifulSoup]):
    """The parsed pages, each of them parsed when it is first asked for."""

    def __missing__(self, page: str) -> BeautifulSoup:
        text = (ROOT / page).read_text(encoding="utf-8")
        self[page] = BeautifulSoup(text, "html.parser")
        return self[page]


@pytest.fixture(scope="package")
def soups(root: Path) -> Soups:
    return Soups()


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
            contexts[key].new_page()  # it stays: the next tab is opened in its window, sooner
        return contexts[key].new_page()

    return open_tab


@pytest.fixture
def tab(new_tab: Tabs) -> Iterator[Page]:
    page = new_tab()
    yield page
    page.close()


# The page is laid out and drawn anew after what was changed.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
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
    path = request.param
    theme, width = CORNERS[(PAGES or [path]).index(path) % len(CORNERS)]
    tab = new_tab(theme=theme, width=width)
    tab.add_init_script(WATCH)
    seen, jumped = visit(tab, site, path), tab.evaluate(JUMPED)
    unfold(tab)
    yield Reading(path, tab, theme, width, seen, jumped)
    tab.close()


@pytest.fixture(scope="package")
def unscripted(chapter: str, site: Site, new_tab: Tabs) -> Iterator[Page]:
    """A chapter as it is without JavaScript."""
    tab = new_tab(javascript=False)
    tab.goto(site.address(chapter))
    yield tab
    tab.close()
