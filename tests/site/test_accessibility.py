"""axe-core finds nothing, on any page, in either theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from .conftest import CHAPTERS, REPOSITORY, Reading, read

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
# Experimental in axe, yet a criterion of WCAG 2.1 A.
RULES = {"label-content-name-mismatch": {"enabled": True}}
# Most of a page's tags are words of code, whose colours are looked at on one page, the visible
# halves of formulas, which are hidden from screen readers, the parts of the other halves, of which
# axe knows nothing, and the later rows of long tables, made like the first. Axe looks at every tag
# before it leaves any out, so they are taken off the page while it looks.
LEFT_OUT = ".katex-html, .katex-mathml math > *, tbody > tr:nth-child(n + 13)"
AXE_RUN = """async ([options, leftOut, withCode]) => {
  const back = [];
  for (const part of document.querySelectorAll(leftOut)) {
    const mark = document.createComment("");
    part.replaceWith(mark);
    back.unshift(() => mark.replaceWith(part));
  }
  for (const code of withCode ? [] : document.querySelectorAll(".highlight pre")) {
    const words = [...code.childNodes];
    code.textContent = code.textContent;
    back.push(() => code.replaceChildren(...words));
  }
  const found = await axe.run(options);
  for (const put of back) put();
  return found;
}"""
WITH_CODE = "book/index.html"


@pytest.fixture(scope="package")
def axe() -> str:
    if not AXE.is_file():
        pytest.fail(f"axe-core is not in {AXE.parent}: `make book` installs it", pytrace=False)
    return Path(AXE).read_text(encoding="utf-8")


def test_the_page_whose_code_is_looked_at_has_code(soups: dict[str, BeautifulSoup]) -> None:
    assert soups[WITH_CODE].select(".highlight pre span")


def find(reading: Reading, asked: dict[str, Any]) -> list[str]:
    """Describe what axe finds on a page as it is shown now."""
    options = {**asked, "resultTypes": ["violations"]}
    found = reading.tab.evaluate(AXE_RUN, [options, LEFT_OUT, reading.path == WITH_CODE])
    return [_describe(violation) for violation in found["violations"]]


@read()
def test_axe_finds_no_violation(reading: Reading, axe: str) -> None:
    reading.tab.evaluate(axe)
    assert find(reading, {"rules": RULES}) == []
    # The other theme changes the page's colours only; what else another width changes is the frame
    # that all pages have in common, and half of them are read at each.
    with reading.turned():
        assert find(reading, {"runOnly": ["color-contrast"]}) == []


def _describe(violation: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"][0]) for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['help']}) at {places}"


STUCK = """() => [...document.querySelectorAll("article *")].filter(e =>
    e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 &&
    ["auto", "scroll"].includes(getComputedStyle(e).overflowX) &&
    !e.querySelector("a, button, input, [tabindex]"))
  .map(e => e.outerHTML.slice(0, 120))"""


@read(CHAPTERS)
def test_wide_code_and_tables_can_be_scrolled_by_keyboard(reading: Reading) -> None:
    with reading.seen(width=390) as tab:
        assert tab.evaluate(STUCK) == []


# What is given the focus by a script shows it as if by a key, once a key has moved it.
FOCUSED = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .map((e) => {
    e.focus();
    const s = getComputedStyle(e);
    return s.outlineStyle !== "none" || s.boxShadow !== "none" ? "" : e.outerHTML.slice(0, 120);
  })"""


@read(CHAPTERS)
def test_focus_is_visible(reading: Reading) -> None:
    reading.tab.keyboard.press("Tab")
    seen = reading.tab.evaluate(FOCUSED)
    assert len(seen) > 10
    assert not list(filter(None, seen))
