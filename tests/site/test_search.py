"""The search page finds every chapter."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.browser.serving import Site
from tests.browser.visiting import new_context


def test_search_finds_a_word_of_the_chapter(
    browser: Browser, site: Site, soups: dict[str, BeautifulSoup], chapter: str
) -> None:
    heading = soups[chapter].select_one("article h1")
    assert heading
    word = max(re.findall(r"[A-Za-z]+", heading.get_text()), key=len)
    # A reader of its own: what was searched for is remembered, and marked on pages opened later.
    context = new_context(browser)
    page = context.new_page()
    page.goto(site.address(f"search.html?q={word}"))
    page.wait_for_selector(f'#search-results a[href*="{chapter}"]')
    context.close()
