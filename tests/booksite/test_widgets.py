"""Widgets of anywidget on a page: which of them it holds, and that they are live there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from booksite.widgets import is_light, reachable
from tests.browser import opened
from tests.browser.serving import serve
from tests.browser.visiting import new_context, visit

from .conftest import Build, code
from .test_alternatives import view

# A button that counts, and shows its count and its label.
COUNTER = """
export default {
  initialize({ model }) { model.set("label", model.get("label") + "!"); },
  render({ model, el }) {
    const button = document.createElement("button");
    const show = () => { button.textContent = `${model.get("label")} ${model.get("n")}`; };
    button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
    model.on("change:n", show);
    show();
    el.append(button);
  },
};
"""
STILL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"><path d="M0 0h9"/></svg>'
)


def counter(label: str, n: int) -> dict[str, Any]:
    state = {"_esm": COUNTER, "_css": "button { color: rgb(1, 2, 3) }", "label": label, "n": n}
    return {"model_name": "AnyModel", "model_module": "anywidget", "state": state}


def link(kind: str = "LinkModel") -> dict[str, Any]:
    state = {"source": ["IPY_MODEL_one", "n"], "target": ["IPY_MODEL_two", "n"]}
    return {"model_name": kind, "model_module": "@jupyter-widgets/controls", "state": state}


SLIDER = {"model_name": "FloatSliderModel", "model_module": "@jupyter-widgets/controls"}
MODELS = {"one": counter("one", 3), "two": counter("two", 5), "link": link(), "other": SLIDER}


browser = pytest.fixture(scope="module")(opened)


def test_a_page_holds_what_it_shows_and_what_that_is_linked_to() -> None:
    assert set(reachable(MODELS, ["one"])) == {"one", "two", "link"}
    assert set(reachable(MODELS, ["other"])) == {"other"}
    assert reachable(MODELS, ["nowhere"]) == {}


def test_only_core_widgets_need_their_libraries() -> None:
    assert all(is_light(MODELS[name]) for name in ("one", "link"))
    assert not is_light(SLIDER)


def test_widgets_are_live_and_linked_under_the_policy(build: Build, browser: Browser) -> None:
    book = build(
        code("one", view("one") | {"image/svg+xml": STILL}, alt="The first counter."),
        code("two", view("two"), alt="The second counter."),
        widgets=MODELS,
    )
    assert not book.warnings
    context = new_context(browser)
    page = context.new_page()
    with serve(book.out) as site:
        seen = visit(page, site, "index.html")
        first, second = page.locator(".widget-live button").all()
        assert first.inner_text() == "one! 3"
        assert second.inner_text() == "two! 3"  # the link's source has set it
        first.click()
        second.click()
        assert (first.inner_text(), second.inner_text()) == ("one! 5", "two! 5")
        assert first.evaluate("button => getComputedStyle(button).color") == "rgb(1, 2, 3)"
        assert page.locator(".widget-still").is_hidden()
    context.close()
    assert not seen.problems
    assert not seen.external(site)


def test_a_still_picture_stands_in_where_there_is_no_javascript(
    build: Build, browser: Browser
) -> None:
    book = build(code("one", view("one") | {"image/svg+xml": STILL}, alt="X"), widgets=MODELS)
    context = new_context(browser, javascript=False)
    page = context.new_page()
    with serve(book.out) as site:
        page.goto(site.address("index.html"))
        assert page.locator(".widget-frame .widget-still img:visible").count() == 1
    context.close()


def test_a_core_widget_stays_a_picture_and_is_warned_about(build: Build) -> None:
    book = build(code("other", view("other") | {"image/svg+xml": STILL}, alt="X"), widgets=MODELS)
    assert len(book.warnings) == 1
    assert "a core widget of ipywidgets is not live on a page" in book.warnings[0]
    soup = book.soup()
    assert soup.select_one(".widget-still img")
    assert not soup.select('script[type*="widget"], script[src*="widgets"], .widget-frame')


def test_a_page_without_widgets_holds_none(build: Build) -> None:
    soup = build(code("1 + 1"), widgets=MODELS).soup()
    assert not soup.select('script[type*="widget"], script[src*="widgets"]')
