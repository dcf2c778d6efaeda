"""Every page, in both themes and at both widths, as a reader meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser.serving import Site
from tests.browser.visiting import Theme

from .conftest import Tabs, Visits


def test_nothing_is_asked_of_another_host(
    visits: Visits, site: Site, path: str, theme: Theme, width: int
) -> None:
    assert not visits(path, theme, width).external(site)


def test_no_request_fails_and_the_console_is_silent(
    visits: Visits, path: str, theme: Theme, width: int
) -> None:
    assert not visits(path, theme, width).problems


def test_nothing_scrolls_sideways(visits: Visits, path: str, theme: Theme, width: int) -> None:
    assert visits(path, theme, width).overflow <= 0


@pytest.mark.parametrize("narrow", [320, 640])
def test_a_window_may_be_narrow(new_tab: Tabs, site: Site, path: str, narrow: int) -> None:
    """They are what 400 % and 200 % zoom leave of a window of 1280 pixels."""
    page = new_tab(width=narrow)
    page.goto(site.address(path))
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    assert overflow <= 0


def test_a_wide_formula_shows_its_beginning(new_tab: Tabs, site: Site, chapter: str) -> None:
    page = new_tab(width=390)
    page.goto(site.address(chapter))
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("div.math .katex-display")]
             .map(e => e.getBoundingClientRect().left -
                       e.closest("div.math").getBoundingClientRect().left)
             .filter(left => left < -1)"""
    )
    page.close()
    assert hidden == []


def test_paper_is_light(new_tab: Tabs, site: Site, chapter: str) -> None:
    page = new_tab(theme="dark")
    page.goto(site.address(chapter))
    page.emulate_media(media="print")
    page.screenshot()  # colours change over time, be it the shortest
    ink = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 100
    assert page.locator("article img.only-dark:visible").count() == 0
    hidden = "article :is(img.only-light):not(:visible, .widget-still *)"
    assert page.locator(hidden).count() == 0
    page.close()


def test_text_math_and_figures_need_no_javascript(
    new_tab: Tabs, site: Site, soups: dict[str, BeautifulSoup], chapter: str
) -> None:
    page = new_tab(javascript=False)
    page.goto(site.address(chapter))
    assert page.locator("article h1").first.is_visible()
    wanted = len(soups[chapter].select("article span.math, article div.math"))
    assert page.locator("article :is(span.math, div.math) .katex-html").count() == wanted
    for picture in page.locator("article figure :is(img, video)").all():
        if picture.is_visible():  # of a pair, one for each theme, the other one is
            picture.scroll_into_view_if_needed()
            assert (picture.bounding_box() or {"height": 0})["height"] > 50
    for figure in page.locator("article figure").all():
        assert figure.locator("img:visible, video:visible, svg:visible").count() == 1
    page.close()


def test_a_page_can_be_read_from_a_folder(new_tab: Tabs, root: Path, chapter: str) -> None:
    problems: list[str] = []
    page = new_tab()
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((root / chapter).as_uri(), wait_until="networkidle")
    assert page.locator("article h1").first.is_visible()
    styled = "[...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)"
    assert page.evaluate(styled)
    page.close()
    assert not problems


def test_the_root_leads_to_the_first_page(tab: object, new_tab: Tabs, site: Site) -> None:
    page = new_tab()
    page.goto(site.url)
    page.wait_for_selector("article h1")
    page.close()
