"""What a page weighs, as a host that compresses would send it."""

from __future__ import annotations

from bs4 import BeautifulSoup

from .conftest import Reading, read

KB = 1000
TO_READ = 250 * KB  # a page of text and math; and of any other page, what comes before scrolling
WITH_WIDGETS = 300 * KB
MEDIA = 150 * KB  # a film, when it is near


@read()
def test_a_page_is_within_its_budget(reading: Reading, soups: dict[str, BeautifulSoup]) -> None:
    soup = soups[reading.path]
    article = soup.select_one("article") or soup
    budget = TO_READ
    if article.select('script[type="application/vnd.jupyter.widget-view+json"]'):
        budget = WITH_WIDGETS
    budget += MEDIA * len(article.select("video"))
    first, whole = reading.visit.first_bytes, reading.visit.bytes
    assert first <= TO_READ, f"{first / KB:.0f} KB before scrolling"
    assert whole <= budget, f"{whole / KB:.0f} KB in all"


def test_pictures_have_their_size(soups: dict[str, BeautifulSoup], chapter: str) -> None:
    pictures = soups[chapter].select("article img, article video")
    unsized = [p for p in pictures if not (p.get("width") and p.get("height"))]
    assert not [str(p)[:160] for p in unsized]
