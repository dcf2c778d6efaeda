"""A number in the prose and its check, by pointer, keyboard and finger, under the site's policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.serving import Site

from .conftest import Tabs

CHAPTER = "book/optimization/gradient-descent.html"


@pytest.fixture(params=[1280, 390])
def open_page(request: pytest.FixtureRequest, new_tab: Tabs, site: Site) -> Iterator[Page]:
    page = new_tab(width=request.param)
    page.goto(site.address(CHAPTER))
    yield page
    page.close()


def last_number(page: Page) -> tuple[Locator, Locator]:
    """The citation that stands furthest to the right, and its check."""
    spots = page.locator(".cited > a").evaluate_all(
        "links => links.map(a => a.checkVisibility() ? a.getBoundingClientRect().right : 0)"
    )
    cited = page.locator(".cited").nth(spots.index(max(spots)))
    return cited.locator("a"), cited.get_by_role("tooltip", include_hidden=True)


def test_the_check_shows_while_the_number_is_pointed_at(open_page: Page) -> None:
    link, note = last_number(open_page)
    expect(note).to_be_hidden()
    link.hover()
    expect(note).to_be_visible()
    expect(note).to_contain_text("Checked against its reference from a CPU")
    note.hover()  # it can be read with the pointer on it
    expect(note).to_be_visible()


def test_the_check_shows_by_keyboard_and_escape_hides_it(open_page: Page) -> None:
    link, note = last_number(open_page)
    link.focus()
    expect(note).to_be_visible()
    open_page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    open_page.keyboard.press("Tab")
    link.focus()
    expect(note).to_be_visible()


def test_the_check_stays_inside_the_window(open_page: Page) -> None:
    link, note = last_number(open_page)
    link.focus()
    box = note.bounding_box()
    assert box
    assert 0 <= box["x"] < box["x"] + box["width"] <= open_page.viewport_size["width"]
    assert open_page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_first_tap_shows_the_check_and_a_second_leads_to_the_row(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(site.address(CHAPTER))
    link, note = last_number(page)
    name = (note.locator("code").text_content() or "").strip()
    link.tap()
    expect(note).to_be_visible()
    assert page.url.endswith(CHAPTER)
    link.tap()
    page.wait_for_url("**/reproducibility.html#*")
    assert name.startswith(page.url.partition("#")[2])
    expect(page.locator("tr:target")).to_be_visible()
    context.close()


def test_without_a_script_the_check_shows_too(new_tab: Tabs, site: Site) -> None:
    page = new_tab(javascript=False)
    page.goto(site.address(CHAPTER))
    link, note = last_number_without_script(page)
    link.hover()
    expect(note).to_be_visible()
    page.close()


def last_number_without_script(page: Page) -> tuple[Locator, Locator]:
    cited = page.locator(".cited:visible").first
    return cited.locator("a"), cited.locator("[role=tooltip]")
