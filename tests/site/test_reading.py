"""Every page as a reader meets it, in one of the themes and at one of the widths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from tests.browser.serving import Site
from tests.browser.visiting import WIDTHS

from .conftest import CHAPTERS, PAGES, Reading, Tabs, read


@read()
def test_nothing_is_asked_of_another_host(reading: Reading, site: Site) -> None:
    assert not reading.visit.external(site)


@read()
def test_no_request_fails_and_the_console_is_silent(reading: Reading) -> None:
    assert not reading.visit.problems


@read()
def test_nothing_jumps_while_a_page_is_read(reading: Reading) -> None:
    assert reading.jumped < 0.1


@read()
def test_nothing_scrolls_sideways(reading: Reading) -> None:
    """Some widths are what 400 % and 200 % zoom leave of a window of 1280 pixels."""
    assert reading.visit.overflow <= 0  # before what is folded is opened
    with reading.seen() as tab:
        for width in (*WIDTHS, 320, 640):
            tab.set_viewport_size({"width": width, "height": 800})
            wider = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, f"at {width} px"


HIDDEN = """() => [...document.querySelectorAll("div.math .katex-display")]
  .map(e => e.getBoundingClientRect().left - e.closest("div.math").getBoundingClientRect().left)
  .filter(left => left < -1)"""


@read(CHAPTERS)
def test_a_wide_formula_shows_its_beginning(reading: Reading) -> None:
    with reading.seen(width=390) as tab:
        assert tab.evaluate(HIDDEN) == []


# One style sheet prints all pages; one of these has figures in pairs, and one a film.
PRINTED = [page for page in CHAPTERS if page.endswith(("book/index.html", "visualizing.html"))]


@read(PRINTED)
def test_paper_is_light(reading: Reading) -> None:
    reading.tab.emulate_media(color_scheme="dark")
    reading.tab.emulate_media(media="print")
    reading.tab.evaluate("dispatchEvent(new Event('beforeprint'))")  # the browser's, of real paper
    reading.tab.screenshot()  # colours change over time, be it the shortest
    ink = reading.tab.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 100
    assert reading.tab.locator("article img.only-dark:visible").count() == 0
    hidden = "article :is(img.only-light):not(:visible, .widget-still *)"
    assert reading.tab.locator(hidden).count() == 0
    reading.tab.evaluate("dispatchEvent(new Event('afterprint'))")
    reading.tab.emulate_media(media="screen", color_scheme=reading.theme)


# The widest tables, and the deepest code.
WIDE = [page for page in PAGES if page.endswith(("reproducibility.html", "api/optimization.html"))]
PAPER = 718  # CSS pixels: A4, within a browser's margins
CUT_OFF = """() => [...document.querySelectorAll("article :is(pre, table, thead th, dt)")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 ||
    (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible"))
  .map((e) => e.outerHTML.slice(0, 100))"""


@read(WIDE)
def test_paper_cuts_nothing_off(reading: Reading) -> None:
    size = reading.tab.viewport_size
    assert size
    reading.tab.emulate_media(media="print")
    reading.tab.set_viewport_size({"width": PAPER, "height": 1000})
    assert reading.tab.evaluate(CUT_OFF) == []
    reading.tab.set_viewport_size(size)
    reading.tab.emulate_media(media="screen")


def test_text_math_and_figures_need_no_javascript(
    unscripted: Page, soups: dict[str, BeautifulSoup], chapter: str
) -> None:
    assert unscripted.locator("article h1").first.is_visible()
    wanted = len(soups[chapter].select("article span.math, article div.math"))
    set_here = unscripted.locator("article :is(span.math, div.math) .katex-html")
    assert set_here.count() == wanted
    for question in unscripted.locator("article details.answer > summary").all():
        question.click()
    for picture in unscripted.locator("article figure :is(img, video)").all():
        if picture.is_visible():  # of a pair, one for each theme, the other one is
            picture.scroll_into_view_if_needed()
            assert (picture.bounding_box() or {"height": 0})["height"] > 50
    for figure in unscripted.locator("article figure").all():
        assert figure.locator("img:visible, video:visible, svg:visible").count() == 1


def test_a_phone_without_scripts_has_the_menu_and_the_film(new_tab: Tabs, site: Site) -> None:
    page = new_tab(width=390, javascript=False)
    page.goto(site.address(PRINTED[0]))
    room = "e => e.clientHeight - e.querySelector('.widget-still').clientHeight"
    assert page.locator(".tag_hero .widget-frame").evaluate(room) < 10  # none for what never comes
    page.get_by_role("link", name="Menu").click()
    page.get_by_role("link", name="Visualizing gradient descent").last.click()
    page.locator("details.answer:has(video) > summary").click()
    film = page.locator("article video[controls]")
    film.scroll_into_view_if_needed()
    assert (film.bounding_box() or {"width": 0})["width"] > 300
    assert page.get_by_role("link", name="Take the file").is_visible()
    assert not page.get_by_role("button").filter(visible=True).all()  # none that does nothing
    page.close()


# A folder serves all alike: one of these has a figure that is live, and one a film.
@pytest.mark.parametrize("file", PRINTED)
def test_a_page_can_be_read_from_a_folder(new_tab: Tabs, root: Path, file: str) -> None:
    problems: list[str] = []
    page = new_tab()
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((root / file).as_uri(), wait_until="networkidle")
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
