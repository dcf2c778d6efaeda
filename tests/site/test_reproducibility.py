"""The table of quantities, filtered and put in order by a reader, under the site's policy."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.serving import Site

PAGE = "book/reproducibility.html"
ROWS = "#quantities tbody tr"


def margins(tab: Page) -> list[float]:
    return [float(m) for m in tab.locator(ROWS).evaluate_all("r => r.map(e => e.dataset.margin)")]


def names(tab: Page) -> list[str]:
    return list(tab.locator(f"{ROWS} th").all_inner_texts())


def test_a_part_can_be_chosen(tab: Page, site: Site) -> None:
    tab.goto(site.address(PAGE))
    every = tab.locator(ROWS).count()
    tab.get_by_label("Part").select_option("evaluation")
    shown = tab.locator(f"{ROWS}:visible")
    assert 0 < shown.count() < every
    parts = set(shown.evaluate_all("rows => rows.map(row => row.dataset.part)"))
    assert parts == {"evaluation"}
    assert tab.get_by_role("status").inner_text().startswith(f"{shown.count()} of {every}")


def test_the_smallest_margin_comes_first_and_the_first_order_comes_back(
    tab: Page, site: Site
) -> None:
    tab.goto(site.address(PAGE))
    before = names(tab)
    # All margins of a fresh run on the same machine are infinite: two are made finite here.
    rows = tab.locator(ROWS)
    rows.nth(3).evaluate("row => { row.dataset.margin = '12'; }")
    rows.nth(5).evaluate("row => { row.dataset.margin = '2.5'; }")
    tab.get_by_label("Order").select_option("margin")
    assert margins(tab) == sorted(margins(tab))
    tab.get_by_label("Order").select_option("chapter")
    assert names(tab) == before


def test_without_a_script_every_row_is_there(new_tab, site: Site) -> None:
    tab = new_tab(javascript=False)
    tab.goto(site.address(PAGE))
    assert tab.locator(f"{ROWS}:visible").count() == tab.locator(ROWS).count() > 0
    assert not tab.get_by_label("Part").is_visible()
    tab.close()
