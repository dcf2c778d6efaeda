"""The search page finds every chapter."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from tests.browser.serving import Site

from .conftest import Tabs


def test_search_finds_a_word_of_the_chapter(
    new_tab: Tabs, site: Site, soups: dict[str, BeautifulSoup], chapter: str
) -> None:
    heading = soups[chapter].select_one("article h1")
    assert heading
    word = max(re.findall(r"[A-Za-z]+", heading.get_text()), key=len)
    page = new_tab()
    page.goto(site.address(f"search.html?q={word}"))
    page.wait_for_selector(f'#search-results a[href*="{chapter}"]')
    page.close()
