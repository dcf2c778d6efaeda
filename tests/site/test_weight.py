"""What a page weighs, as a host that compresses would send it."""

from __future__ import annotations

from bs4 import BeautifulSoup
from playwright.sync_api import expect

from tests.browser.serving import Site
from tests.browser.visiting import read_through

from .conftest import Tabs, Visits

KB = 1000
TO_READ = 250 * KB  # a page of text and math; and of any other page, what comes before scrolling
WITH_WIDGETS = 300 * KB
MEDIA = 150 * KB  # a film, when it is near


def test_a_page_is_within_its_budget(
    visits: Visits, soups: dict[str, BeautifulSoup], path: str
) -> None:
    article = soups[path].select_one("article") or soups[path]
    seen = visits(path, "light", 1280)
    budget = TO_READ
    if article.select('script[type="application/vnd.jupyter.widget-view+json"]'):
        budget = WITH_WIDGETS
    budget += MEDIA * len(article.select("video"))
    assert seen.first_bytes <= TO_READ, f"{seen.first_bytes / KB:.0f} KB before scrolling"
    assert seen.bytes <= budget, f"{seen.bytes / KB:.0f} KB in all"


def test_pictures_have_their_size(soups: dict[str, BeautifulSoup], chapter: str) -> None:
    pictures = soups[chapter].select("article img, article video")
    unsized = [p for p in pictures if not (p.get("width") and p.get("height"))]
    assert not [str(p)[:160] for p in unsized]


# How far things jumped, by the browser's own measure: below 0.1 it calls a page good.
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


def test_nothing_jumps_while_a_page_is_read(
    new_tab: Tabs, site: Site, path: str, width: int
) -> None:
    page = new_tab(width=width)
    page.goto(site.address(path))
    read_through(page)
    expect(page.locator(".widget-frame:not([data-live])")).to_have_count(0)
    jumped = page.evaluate(SHIFT)
    page.close()
    assert jumped < 0.1
