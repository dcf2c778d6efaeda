"""The film on the page about gradient descent, and the pictures of all pages."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from tests.browser.serving import Site
from tests.browser.visiting import WIDTHS, unfold

from .conftest import PAGES, Reading, Tabs, read

FILM = next(
    (page for page in PAGES if page.endswith("optimization/visualizing.html")), "index.html"
)
BUDGET = 150_000


def test_the_film_waits_for_the_reader(soups: dict[str, BeautifulSoup]) -> None:
    film = soups[FILM].select_one("article video")
    assert film
    assert film.has_attr("controls")
    assert film.has_attr("poster")
    assert not film.has_attr("autoplay")
    assert str(film.get("aria-label", "")).strip()
    assert film.get("width")
    assert film.get("height")


def test_the_film_is_a_file_of_its_own(
    soups: dict[str, BeautifulSoup], site: Site, new_tab: Tabs
) -> None:
    page = new_tab()
    page.goto(site.address(FILM))
    sources = "film => [film.poster, ...[...film.querySelectorAll('source')].map(s => s.src)]"
    poster, *films = page.locator("article video").evaluate(sources)
    assert [film.rpartition(".")[2] for film in films] == ["webm", "mp4"]
    for address in (poster, *films):
        file = site.file(address)
        assert file, f"{address} is no file of the site"
        assert file.stat().st_size <= BUDGET
    page.close()


def test_a_film_that_cannot_be_played_offers_its_file(new_tab: Tabs, site: Site) -> None:
    page = new_tab()
    page.route("**/*.{webm,mp4}", lambda route: route.abort())
    page.goto(site.address(FILM))
    unfold(page)  # it is an answer
    link = page.get_by_role("link", name="Take the file")
    assert not link.is_visible()
    page.locator("article video").evaluate("film => { film.play().catch(() => {}); }")
    link.wait_for()
    page.close()


def test_the_film_plays_and_has_frames(new_tab: Tabs, site: Site, width: int) -> None:
    page = new_tab(width=width)
    page.goto(site.address(FILM) if width > 400 else (site.root / FILM).as_uri())
    film = page.locator("article video")
    film.scroll_into_view_if_needed()
    film.evaluate("film => film.play()")
    page.wait_for_function(
        "() => { const film = document.querySelector('article video');"
        " return film.currentTime > 0.3 && film.readyState >= 2 && film.videoWidth > 0; }"
    )
    film.evaluate("film => film.pause()")
    assert 2 < film.evaluate("film => film.duration") < 60
    page.close()


# Matplotlib draws a letter as an outline 100 points high, and scales it to the size of its text.
LETTERS = re.compile(r"scale\((0\.\d+) -0\.\d+\)")


@read()
def test_text_in_pictures_is_large_enough_on_a_phone(reading: Reading, site: Site) -> None:
    with reading.seen(width=min(WIDTHS)) as tab:
        shown = tab.locator("article img[src$='.svg']").evaluate_all(
            "images => images.map(i => [i.src, i.getBoundingClientRect().width])"
        )
    for address, width in shown:
        file = site.file(address)
        assert file, f"{address} is no file of the site"
        svg = file.read_text(encoding="utf-8")
        points = float(svg.split('width="', 1)[1].split("pt", 1)[0])
        sizes = [100 * float(scale) * width / points for scale in LETTERS.findall(svg)]
        assert not width or min(sizes, default=9.0) >= 9.0, f"{address}: {min(sizes):.1f} px"
