from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from booksite.bound import links, solutions, still
from booksite.bound.chapters import Chapter, NotBuiltError, read


def chapter(html: str, name: str = "part/one") -> Chapter:
    article = BeautifulSoup(f"<article><h1>One</h1>{html}</article>", "html.parser").article
    assert article
    return Chapter(name, "", article)


BOX = '<div class="admonition{}"{}><p class="admonition-title">{}</p>{}</div>'


@pytest.mark.parametrize(
    "exercise",
    [
        BOX.format("", "", "Exercise: why?", "") + BOX.format("", "", "Solution", "Because."),
        BOX.format(" exercise", ' id="ex"', "Exercise: why?", "")
        + BOX.format(" solution", ' id="sol"', "Solution to 1", "Because."),
    ],
    ids=["boxes", "directives"],
)
def test_a_solution_is_at_the_back_and_leads_to_its_exercise(exercise: str) -> None:
    one = chapter(exercise)
    back = solutions.gather([one])
    assert back
    assert "Because." not in one.article.get_text()
    (there,) = one.article.select(".to-solution a")
    (solution,) = back.article.select(".admonition")
    assert there["href"] == f"#{solution['id']}"
    (title,) = solution.select("a")
    assert title.get_text() == "Exercise: why?"
    assert one.article.select_one(f".admonition{title['href']}")
    assert back.article.h2.get_text() == "One"  # type: ignore[union-attr]  # it fails without


def test_a_book_without_exercises_has_no_solutions() -> None:
    assert solutions.gather([chapter("")]) is None


def test_links_lead_to_chapters_or_the_site_or_nowhere() -> None:
    html = (
        '<p id="here"><a href="#here">1</a><a href="../two.html#there">2</a>'
        '<a href="../api.html#f">3</a><a href="https://else.example">4</a></p>'
    )

    def addresses(site: str) -> list[object]:
        one, two = chapter(html), chapter('<p id="there"></p>', "two")
        links.make_internal([one, two], site=site)
        return [tag.get("href") for tag in one.article.select("p > *")]

    inside = ["#part-one--here", "#two--there"]
    assert addresses("") == [*inside, None, "https://else.example"]
    assert addresses("https://book.example")[2] == "https://book.example/api.html#f"


def test_a_live_figure_says_where_it_lives() -> None:
    html = (
        '<figure id="f"><div class="widget-frame"><img src="a.svg"/><script></script></div>'
        "<figcaption><p>Try it.</p></figcaption></figure>"
    )

    def caption(page: str) -> str:
        article = chapter(html).article
        still.make_still(article, page)
        assert not article.select("script")
        return str(article.figcaption)

    assert 'href="https://book.example/one.html#f"' in caption("https://book.example/one.html")
    assert "Live on the book’s site." in caption("")
    assert "<a" not in caption("")


def test_a_page_that_is_not_built_is_named(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: A book\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: first\n", encoding="utf-8")
    with pytest.raises(NotBuiltError, match=r"first of _toc\.yml must be a page of .*make book"):
        read(tmp_path)
