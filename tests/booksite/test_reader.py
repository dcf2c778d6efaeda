"""What a reader does with questions, folds and links on a page, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import opened
from tests.browser.serving import Site, serve
from tests.browser.visiting import new_context

from .conftest import builder, code, text
from .test_alternatives import view
from .test_widgets import counter

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="200pt"><path d="M0 0h9"/></svg>'
)
ASKED = ":::{prediction} What is $1 + 1$?\n- One.\n- Two. ✓\n- Three.\n:::"
WORDS = "\n\n".join(["Words."] * 60)

browser = pytest.fixture(scope="module")(opened)
Open = Callable[..., Page]


def folded_figure() -> object:
    figure = code("draw()", {"image/svg+xml": SVG}, alt="A stroke.")
    figure.metadata["tags"] = ["hide-input"]
    figure.metadata["mystnb"]["figure"] = {"name": "fig-a", "caption": "A stroke."}
    return figure


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a page on which a question is asked; a figure and a widget are in its answer."""
    build = builder(tmp_path_factory.mktemp("reader"))
    end = text(f"So it is.\n\n```{{answered}}\n```\n\n{WORDS}")
    book = build(
        text(f"{WORDS}\n\n{ASKED}"),
        folded_figure(),
        code("counter", view("c"), alt="A counter."),
        end,
        widgets={"c": counter("Count", 2)},
    )
    assert not book.warnings
    with serve(book.out) as served:
        yield served


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Open]:
    """Open the page; the tabs of a reader share what is remembered."""
    contexts = {script: new_context(browser, javascript=script) for script in (True, False)}

    def open_at(anchor: str = "", *, javascript: bool = True) -> Page:
        tab = contexts[javascript].new_page()
        tab.goto(site.address("index.html") + anchor, wait_until="networkidle")
        return tab

    yield open_at
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(
    ("choice", "verdict"), [("Two.", "Right."), ("One.", "Not quite: the one marked ✓ is right.")]
)
def test_a_choice_is_judged_and_opens_the_answer(
    open_page: Open, choice: str, verdict: str
) -> None:
    tab = open_page()
    expect(tab.locator("#fig-a")).to_be_hidden()
    tab.get_by_role("group", name="What is").get_by_role("button", name=choice).press("Enter")
    expect(tab.get_by_role("status").first).to_contain_text(verdict)
    expect(tab.locator("#fig-a")).to_be_visible()
    assert tab.locator("[data-mark='✓']").inner_text() == "Two."
    wrong = tab.locator("[data-mark='✗']").all_inner_texts()
    assert wrong == ([choice] if choice != "Two." else [])
    expect(tab.get_by_role("button", name=choice)).to_be_focused()


def test_only_the_first_choice_counts(open_page: Open) -> None:
    tab = open_page()
    tab.get_by_role("button", name="One.").click()
    tab.get_by_role("button", name="Two.").click(force=True)
    expect(tab.get_by_role("status").first).to_contain_text("Not quite")
    assert tab.locator("[aria-pressed=true].choice").all_inner_texts() == ["One."]


def test_a_widget_in_an_answer_becomes_live_when_that_is_opened(open_page: Open) -> None:
    tab = open_page()
    tab.locator("details.answer").scroll_into_view_if_needed()
    expect(tab.locator(".widget-frame[data-live]")).to_have_count(0)
    tab.locator("details.answer > summary").click()
    expect(tab.locator(".widget-frame[data-live]")).to_have_count(1)
    expect(tab.get_by_role("button", name="Count! 2")).to_be_visible()


def test_without_a_script_the_choices_are_read_and_the_answer_opened(open_page: Open) -> None:
    tab = open_page(javascript=False)
    assert tab.locator(".prediction .choice").all_inner_texts() == ["One.", "Two.", "Three."]
    assert tab.locator(".prediction button").count() == 0
    expect(tab.locator(".show-code")).to_be_hidden()
    tab.locator("details.answer > summary").click()
    expect(tab.locator("#fig-a")).to_be_visible()


def test_the_choices_take_no_other_room_as_buttons(open_page: Open) -> None:
    measure = "() => document.querySelector('.prediction').getBoundingClientRect().height"
    assert open_page().evaluate(measure) == open_page(javascript=False).evaluate(measure)


def test_a_link_to_a_figure_in_an_answer_opens_it(open_page: Open) -> None:
    expect(open_page("#fig-a").locator("#fig-a")).to_be_in_viewport()
    tab = open_page()
    tab.evaluate("location.hash = '#fig-a'")
    expect(tab.locator("#fig-a")).to_be_in_viewport()


def test_paper_shows_what_is_folded(open_page: Open) -> None:
    tab = open_page()
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not([open])").count() == 0
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details[open]").count() == 0


def test_the_switch_opens_all_code_and_is_remembered(open_page: Open) -> None:
    tab = open_page()
    switch = tab.get_by_role("button", name="Show all code")
    switch.click()
    expect(tab.locator(".fold-code[open]")).to_have_count(1)
    again = open_page()
    expect(again.locator(".fold-code[open]")).to_have_count(1)
    switch = again.get_by_role("button", name="Show all code", pressed=True)
    switch.click()
    expect(again.locator(".fold-code[open]")).to_have_count(0)
    expect(open_page().locator(".fold-code[open]")).to_have_count(0)
