from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from booksite import digest, structure
from learning.report import LossLog

from .conftest import Build, code, text

FOLD = ":::{admonition} Solution\n:class: dropdown\n\nIt is 3.\n:::"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt">'
    '<path d="M0 0h9" style="stroke: #0072b2"/></svg>'
)


def test_a_page_loads_nothing_from_elsewhere_and_has_no_inline_script(build: Build) -> None:
    book = build(text("A formula, $x^2$."), code("1 + 1"))
    soup = book.soup()
    assert not book.warnings
    assert not soup.select('script:not([src], [type="application/ld+json"])')
    assert not [t for t in soup.find_all(True) if any(name.startswith("on") for name in t.attrs)]
    loaded = [str(t.get("src") or t.get("href")) for t in soup.select("script[src], link, img")]
    assert not [address for address in loaded if urlsplit(address).netloc]
    missing = [a for a in loaded if not (book.out / urlsplit(a).path).exists()]
    assert not missing


def test_formulas_are_set_in_the_page(build: Build) -> None:
    soup = build(text("Inline $x^2$ and displayed\n\n$$\\sum_i i$$")).soup()
    assert len(soup.select("article .katex-html")) == 2
    assert len(soup.select("article math")) == 2
    assert soup.select_one('link[href*="vendor/katex"]')


def test_a_formula_that_cannot_be_read_fails_the_build(build: Build) -> None:
    assert "frac" in build(text("$\\frac{1$")).warnings[0]


def test_what_a_page_does_not_use_it_does_not_load(build: Build) -> None:
    sheets = str(build(text("Words.")).soup().head)
    for name in ("katex", "mystnb", "sphinx-design", "fontawesome", "copybutton", "searchindex"):
        assert name not in sheets


def test_the_site_keeps_no_icon_font(build: Build) -> None:
    out = build(text("Words.")).out
    assert not list(out.rglob("*fontawesome*"))
    css = (out / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    assert "@font-face" not in css
    assert ".fade{" in css


def test_licences_are_served(build: Build) -> None:
    licences = (build(text("Words.")).out / "_static/vendor/LICENSES.txt").read_text("utf-8")
    assert re.search(r"== katex [\d.]+", licences)


def test_a_fold_needs_no_script(build: Build) -> None:
    fold = build(text(FOLD.replace(":::", "```"))).soup().select_one("article details")
    assert fold
    assert fold.summary
    assert fold.summary.get_text() == "Solution"


def test_a_drawing_has_a_size_and_a_twin_for_the_dark(build: Build) -> None:
    book = build(code("draw()", {"image/svg+xml": SVG}, alt="A stroke."))
    light, dark = book.soup().select("article img")
    assert "only-light" in light["class"]
    assert "only-dark" in dark["class"]
    assert {light["alt"], dark["alt"]} == {"A stroke."}
    assert (light["width"], light["height"]) == ("96", "48")
    assert "#56b4e9" in (book.out / str(dark["src"])).read_text(encoding="utf-8")


def test_data_in_a_film_becomes_a_file(build: Build) -> None:
    film = base64.b64encode(b"not really a film").decode("ascii")
    html = f'<video autoplay aria-label="A film" src="data:video/mp4;base64,{film}"></video>'
    book = build(code("show()", {"text/html": html}))
    video = book.soup().select_one("video")
    assert video
    assert not video.has_attr("autoplay")
    assert video["preload"] == "none"
    assert video.source
    assert (book.out / str(video.source["src"])).read_bytes() == b"not really a film"


def test_tables_scroll_in_themselves(build: Build) -> None:
    frame = build(text("| a | b |\n|---|---|\n| 1 | 2 |")).soup().select_one(".table-frame")
    assert frame
    assert frame["tabindex"] == "0"
    assert [head["scope"] for head in frame.select("th")] == ["col", "col"]


def test_a_logs_caption_stands_at_the_end_of_its_figure() -> None:
    # The oracle is HTML's content model: a caption is the first or the last in its figure.
    log = LossLog([0, 10], [2.0, 1.0]).to_html("a.log", None)
    soup = BeautifulSoup(f"<article>{log}</article>", "html.parser")
    structure._caption_logs(soup)
    (caption,) = soup.select("figure > figcaption:last-child")
    assert caption.find_previous_sibling("svg")
    assert soup.select_one("[data-quantity='a.log'] > details table")


def test_icons_are_drawn_in_the_page(build: Build) -> None:
    soup = build(text("Words.")).soup()
    assert soup.select("svg.icon")
    assert not soup.select('[class*="fa-solid"], .fas')


def test_pages_that_another_state_of_the_package_made_are_made_again(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1")
    (tmp_path / "notes.txt").write_text("of no page")
    first = digest(tmp_path)
    (tmp_path / "notes.txt").write_text("of no page at all")
    assert digest(tmp_path) == first
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("p {}")
    assert digest(tmp_path) != first
