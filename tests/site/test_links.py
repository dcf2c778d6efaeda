"""What the pages say without being run: links, leftovers, headings."""

from __future__ import annotations

import json
import re
from copy import copy
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup

from .conftest import PAGES, Soups

ANCHOR = re.compile(r'\sid="([^"]+)"')
POLICY = re.compile(r'<meta content="([^"]*)" http-equiv="Content-Security-Policy"')


def references(soup: BeautifulSoup) -> list[str]:
    tags = soup.select("[href], [src], [poster]")
    return [str(tag[name]) for tag in tags for name in ("href", "src", "poster") if tag.get(name)]


@pytest.fixture(scope="package")
def anchors(root: Path) -> dict[str, set[str]]:
    return {page: set(ANCHOR.findall((root / page).read_text(encoding="utf-8"))) for page in PAGES}


def test_every_link_inside_the_site_resolves(
    root: Path, soups: Soups, anchors: dict[str, set[str]], path: str
) -> None:
    dangling = []
    for reference in references(soups[path]):
        address, anchor = urldefrag(reference)
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (root / path).parent / unquote(parts.path) if parts.path else root / path
        target = target.resolve()
        page = target.relative_to(root).as_posix() if target.is_relative_to(root) else ""
        lost = anchor and unquote(anchor) not in anchors.get(page, {unquote(anchor)})
        if not target.is_file() or lost:
            dangling.append(reference)
    assert not dangling


def test_the_page_at_the_root_leads_to_the_first(root: Path) -> None:
    soup = BeautifulSoup((root / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.title
    assert soup.title.get_text() == "Components of Learning"
    (refresh,) = soup.select("meta[http-equiv=refresh]")
    targets = [a["href"] for a in soup.select("a, link[rel=icon]")]
    assert str(refresh["content"]).endswith(f"url={soup.select_one('a')['href']}")
    assert [(root / str(target)).is_file() for target in targets] == [True, True]


def test_programs_find_every_chapter_and_all_numbers(root: Path) -> None:
    listed = (root / "llms.txt").read_text(encoding="utf-8")
    assert listed.startswith("# Components of Learning\n\n> To learn from data")
    links = re.findall(r"\]\((.*?)\)", listed)
    assert not [link for link in links if not (root / link).is_file()]
    chapters = {page.replace(".html", ".md") for page in PAGES if page.startswith("book/")}
    assert chapters <= set(links)
    feed = json.loads((root / "book/reproducibility.json").read_text(encoding="utf-8"))
    assert len(feed["quantities"]) > 100


def test_a_page_describes_itself(soups: Soups, chapter: str) -> None:
    head = soups[chapter].head
    assert head
    (description,) = head.select("meta[name=description]")
    assert 20 <= len(str(description["content"])) <= 202
    kinds = {str(link["type"]) for link in head.select("link[rel=alternate]")}
    assert kinds == {"text/markdown", "application/json"}


def test_nothing_is_loaded_from_another_host(soups: Soups, path: str) -> None:
    loading = soups[path].select("script[src], link[rel~=stylesheet], img, video, source, iframe")
    addresses = [str(tag.get("src") or tag.get("href") or "") for tag in loading]
    assert not [a for a in addresses if urlsplit(a).netloc]


def test_no_script_stands_in_the_page(soups: Soups, path: str) -> None:
    scripts = [s for s in soups[path].select("script:not([src])") if _runs(str(s.get("type", "")))]
    assert not scripts
    handlers = {name for tag in soups[path].find_all(True) for name in tag.attrs}
    assert not [name for name in handlers if name.startswith("on")]


def test_each_page_carries_its_policy(root: Path) -> None:
    """The browser reports what breaks it, and then a page's console is not silent."""
    for page in [*root.rglob("book/**/*.html"), *root.glob("*.html")]:
        (policy,) = POLICY.findall(page.read_text(encoding="utf-8")[:2000])
        assert policy.startswith("default-src 'none'; ")
        loose = r"unsafe-eval|http|(script-src|style-src|default-src) [^;]*(unsafe|\*)"
        assert not re.search(loose, policy)


def _runs(kind: str) -> bool:
    return kind in ("", "module") or "javascript" in kind


def test_every_citation_is_resolved(soups: Soups, chapter: str) -> None:
    article = copy(soups[chapter].select_one("article"))
    assert article
    for code in article.select("pre, code"):
        code.extract()
    text = article.get_text()
    assert not re.search(r"\{glue|\{cite|\{doc|\{numref", text)


def test_headings_go_down_one_level_at_a_time(soups: Soups, chapter: str) -> None:
    article = soups[chapter].select_one("article")
    assert article
    levels = [int(tag.name[1]) for tag in article.find_all(re.compile("^h[1-6]$"))]
    assert levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1


def test_tables_have_headings(soups: Soups, chapter: str) -> None:
    tables = soups[chapter].select("article table")
    assert not [str(table)[:200] for table in tables if not table.select("th")]


def test_the_language_is_stated(soups: Soups, path: str) -> None:
    html = soups[path].html
    assert html
    assert html.get("lang") == "en"
