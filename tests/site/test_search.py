"""What readers type leads to the section that says it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.serving import Site
from tests.browser.visiting import site_bytes

from .conftest import Tabs

FIRST = {
    "overfitting": "evaluation/generalization.html#a-truth-that-is-in-no-family",
    "overfit": "evaluation/generalization.html#a-truth-that-is-in-no-family",
    "regularization": "evaluation/other-losses.html#a-wish-in-the-judge-ridge",
    "regularisaton": "evaluation/other-losses.html#a-wish-in-the-judge-ridge",  # with slips
    "neural network": "representation/feedforward.html",
    "momentum": "optimization/momentum.html",
    "learning rate": "optimization/gradient-descent.html#downhill-step-by-step",
    "PyTorch": "optimization/gradient-descent.html#the-gradient-by-machine",
    "ROC": "evaluation/classification.html#all-thresholds-at-once",
    "gradient descent": "optimization/gradient-descent.html",
    "residual": "evaluation/squared-error.html#residuals",
    "Adam": "optimization/adaptive.html#adam-average-the-gradients-too",
    "bias variance": "evaluation/generalization.html#three-parts-of-an-error",
    "vanishing gradients": "optimization/backpropagation.html#ten-layers",
}


def first(page: Page, query: str) -> str:
    page.locator("main input[type=search]").fill(query)
    return str(page.locator("#search-results a").first.get_attribute("href"))


def test_what_readers_type_leads_to_its_section(new_tab: Tabs, site: Site) -> None:
    page = new_tab()
    page.goto(site.address("search.html"))
    found = {query: first(page, query).removeprefix("book/") for query in FIRST}
    assert found == FIRST
    assert first(page, "λ") == first(page, "lambda")
    page.close()


def test_a_reader_searches_by_keyboard_from_any_page(new_tab: Tabs, site: Site) -> None:
    page = new_tab()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.address("book/notation.html"))
    page.keyboard.press("Control+k")
    page.keyboard.type("heavy ball")
    asked.clear()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("found")
    result = page.locator("#search-results li").first
    excerpt = result.locator("p").inner_text()
    assert excerpt.startswith("This is the method of momentum, also called that of the heavy ball")
    assert result.locator("mark").all_inner_texts() == ["heavy", "ball"]
    assert site_bytes(site, asked) < 260_000
    page.keyboard.press("Tab")  # from the words to the first section
    page.keyboard.press("Enter")
    page.wait_for_url("**/optimization/momentum.html#friction")
    page.close()


def test_without_scripts_the_search_leads_to_the_glossary(new_tab: Tabs, site: Site) -> None:
    page = new_tab(javascript=False)
    page.goto(site.address("search.html"))
    page.get_by_role("link", name="the glossary").click()
    page.wait_for_url("**/glossary.html")
    page.close()
