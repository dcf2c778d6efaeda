"""axe-core finds nothing, on any page, in either theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.serving import Site
from tests.browser.visiting import Theme, read_through

from .conftest import REPOSITORY, Tabs

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
# Experimental in axe, yet a criterion of WCAG 2.1 A.
RULES = {"label-content-name-mismatch": {"enabled": True}}
AXE_RUN = "([context, rules]) => axe.run(context, {rules, resultTypes: ['violations']})"
# The visible half of a formula is hidden from screen readers, who get its MathML; it has hundreds
# of tags, all in the colour of the text around it.
CONTEXT = {"exclude": [".katex-html"]}


@pytest.fixture(scope="package")
def axe() -> str:
    if not AXE.is_file():
        pytest.fail(f"axe-core is not in {AXE.parent}: `make book` installs it", pytrace=False)
    return Path(AXE).read_text(encoding="utf-8")


def test_axe_finds_no_violation(
    new_tab: Tabs, site: Site, axe: str, path: str, theme: Theme, width: int
) -> None:
    page = new_tab(theme=theme, width=width)
    page.goto(site.address(path), wait_until="load")
    read_through(page)
    expect(page.locator(".widget-frame:not([data-live])")).to_have_count(0)
    page.evaluate(axe)
    found = page.evaluate(AXE_RUN, [CONTEXT, RULES])
    page.close()
    assert not [_describe(violation) for violation in found["violations"]]


def _describe(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"][0]) for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['help']}) at {places}"


def test_wide_code_and_tables_can_be_scrolled_by_keyboard(
    new_tab: Tabs, site: Site, chapter: str
) -> None:
    page = new_tab(width=390)
    page.goto(site.address(chapter), wait_until="load")
    stuck = page.evaluate(
        """() => [...document.querySelectorAll("article *")].filter(e =>
             e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 &&
             ["auto", "scroll"].includes(getComputedStyle(e).overflowX) &&
             !e.querySelector("a, button, input, [tabindex]"))
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    page.close()
    assert not stuck


def test_focus_is_visible(new_tab: Tabs, site: Site, chapter: str) -> None:
    page = new_tab()
    page.goto(site.address(chapter))
    read_through(page)
    stops = 0
    while stops < 1000:
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                       return e === document.body ? "the end" : s.outlineStyle !== "none" ||
                              s.boxShadow !== "none" ? "" : e.outerHTML.slice(0, 120) }"""
        )
        if seen == "the end":
            break
        assert not seen
        stops += 1
    page.close()
    assert 10 < stops < 1000
