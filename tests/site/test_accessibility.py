"""axe-core finds nothing, on any page, in either theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.browser.visiting import unfold

from .conftest import CHAPTERS, REPOSITORY, Reading, read_by

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
# Experimental in axe, yet a criterion of WCAG 2.1 A.
RULES = {"label-content-name-mismatch": {"enabled": True}}
AXE_RUN = "([context, rules]) => axe.run(context, {rules, resultTypes: ['violations']})"
# The visible half of a formula is hidden from screen readers, who get its MathML; it has hundreds
# of tags, all in the colour of the text around it.
FORMULAS = ".katex-html"
# The words of code are half of a page's tags. Their colours are the same on every page, and looked
# at on one.
WORDS_OF_CODE = ".highlight pre span"
WITH_CODE = "book/index.html"


@pytest.fixture(scope="package")
def axe() -> str:
    if not AXE.is_file():
        pytest.fail(f"axe-core is not in {AXE.parent}: `make book` installs it", pytrace=False)
    return Path(AXE).read_text(encoding="utf-8")


def test_the_page_whose_code_is_looked_at_has_code(soups: dict[str, BeautifulSoup]) -> None:
    assert soups[WITH_CODE].select(WORDS_OF_CODE)


@read_by()
def test_axe_finds_no_violation(reading: Reading, axe: str) -> None:
    unfold(reading.tab)
    reading.tab.evaluate(axe)
    left_out = [FORMULAS] if reading.path == WITH_CODE else [FORMULAS, WORDS_OF_CODE]
    found = reading.tab.evaluate(AXE_RUN, [{"exclude": left_out}, RULES])
    assert not [_describe(violation) for violation in found["violations"]]


def _describe(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"][0]) for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['help']}) at {places}"


@read_by(pages=CHAPTERS, widths=[390])
def test_wide_code_and_tables_can_be_scrolled_by_keyboard(reading: Reading) -> None:
    stuck = reading.tab.evaluate(
        """() => [...document.querySelectorAll("article *")].filter(e =>
             e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 &&
             ["auto", "scroll"].includes(getComputedStyle(e).overflowX) &&
             !e.querySelector("a, button, input, [tabindex]"))
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert not stuck


@read_by(pages=CHAPTERS, widths=[1280])
def test_focus_is_visible(reading: Reading) -> None:
    stops = 0
    while stops < 1000:
        reading.tab.keyboard.press("Tab")
        seen = reading.tab.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                       return e === document.body ? "the end" : s.outlineStyle !== "none" ||
                              s.boxShadow !== "none" ? "" : e.outerHTML.slice(0, 120) }"""
        )
        if seen == "the end":
            break
        assert not seen
        stops += 1
    assert 10 < stops < 1000
