"""The interactive figures of the built pages: each by keyboard and by mouse, with no kernel.

Oracle: what the Python library computes for what the page says that it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from learning import mean_squared_error, noisy_line
from learning.explorables import StochasticDescent
from learning.optimization import least_squares_line
from tests.browser.serving import Site
from tests.browser.visiting import WIDTHS
from tests.descent import descend_line
from tests.published import PUBLISHED

from .conftest import PAGES, ROOT, Reading, Tabs, read

X, Y = noisy_line(50, generator=np.random.default_rng(1))
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?")
PHONE = min(WIDTHS)  # at the other width, the library's own tests move the figures


def numbers(place: Locator) -> list[float]:
    return [float(n.replace("−", "-")) for n in NUMBER.findall(place.inner_text())]


def find(page: str) -> str:
    return next((path for path in PAGES if path.endswith(page)), "index.html")


@contextmanager
def explorable(new_tab: Tabs, site: Site, page: str, width: int) -> Iterator[Page]:
    tab = new_tab(width=width)
    tab.goto(site.address(find(page)))
    tab.locator(".widget-frame").first.scroll_into_view_if_needed()
    expect(tab.locator(".widget-frame[data-live]").first).to_be_visible()
    yield tab
    tab.close()


def said_after(tab: Page, frame: Locator, slider: Locator, key: str) -> str:
    slider.press(key)
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return str(frame.evaluate(SAID))


LIVE = [page for page in PAGES if 'class="widget-frame"' in (ROOT / page).read_text("utf8")]
SAID = """frame => [...frame.querySelectorAll("svg[role=img]")]
  .map(picture => picture.getAttribute("aria-label")).join()"""


@read(LIVE)
def test_a_figure_can_be_heard_at_once_and_answers_a_key(reading: Reading) -> None:
    tab = reading.tab
    expect(tab.locator(".widget-frame:not([data-live])")).to_have_count(0)
    assert tab.evaluate("mute") == []
    frames = tab.locator(".widget-frame").all()
    assert frames
    for frame in frames:
        before = frame.evaluate(SAID)
        ranges = frame.locator("input[type=range]").filter(visible=True).all()
        sliders = [*ranges, *frame.locator("[role=slider]").all()]
        choices = frame.locator("[aria-pressed=false]").filter(visible=True).all()
        asked = [*product(sliders, ("End", "Home")), *product(choices, ("Enter",))]
        # A rate says nothing before a step is taken: then another control is asked.
        said = (said_after(tab, frame, *at) for at in asked)
        assert any(words != before for words in said)


def drag(page: Page, grip: Locator, dy: float) -> None:
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + dy, steps=4)
    page.mouse.up()


def shown_line(tab: Page) -> list[float]:
    return numbers(tab.locator(".explorable .title").first)


def test_a_line_is_moved_and_the_best_one_shown(new_tab: Tabs, site: Site) -> None:
    with explorable(new_tab, site, "representation/lines.html", PHONE) as tab:
        values = tab.locator(".slider output")
        expect(values).to_have_text(["10.00", "5.00"])
        tab.get_by_label("slope a", exact=True).press("ArrowLeft")
        expect(values.first).to_have_text("9.95")
        right = tab.get_by_role("slider", name="height of the line's right end")
        before = float(right.get_attribute("aria-valuenow") or "nan")
        drag(tab, right, 30)
        assert float(right.get_attribute("aria-valuenow") or "nan") < before
        assert numbers(values.last) == [5]  # the other end stays where it is
        tab.get_by_role("button", name="Best fit").click()
        a, b = least_squares_line(X, Y)
        expect(tab.locator(".explorable .verdict")).not_to_be_empty()
        least = float(f"{mean_squared_error(a * X + b, Y):.3g}")
        assert numbers(tab.locator(".explorable .verdict"))[1:] == [round(a, 2), round(b, 2), least]


def test_the_goal_is_reached_in_the_landscape(new_tab: Tabs, site: Site) -> None:
    with explorable(new_tab, site, "squared-error.html", PHONE) as tab:
        point = tab.get_by_role("slider", name="the line as a point")
        expect(tab.locator(".explorable .verdict")).to_have_text("Goal: below 0.1.")
        for key, times in (("Shift+ArrowLeft", 14), ("Shift+ArrowUp", 6)):
            for _ in range(times):
                point.press(key)
        expect(tab.locator(".explorable .verdict")).to_contain_text("Goal reached")
        assert shown_line(tab) == [3, 8]


def test_the_first_page_learns_and_answers(new_tab: Tabs, site: Site, width: int) -> None:
    """These readers want little motion, so that the line has learned at once."""
    with explorable(new_tab, site, "book/index.html", width) as tab:
        remark = tab.locator(".remark")
        expect(remark).to_have_text("Your line is too steep and lies too low.")
        tab.get_by_role("button", name="Let it learn").click()
        expect(remark).to_contain_text("The best line of all has")
        a, b = least_squares_line(X, Y)
        assert shown_line(tab) == pytest.approx([a, b], abs=0.05)
        least = float(f"{mean_squared_error(a * X + b, Y):.3g}")
        assert numbers(remark)[-1] == least
        tab.get_by_role("slider", name="the line as a point").press("PageUp")
        expect(remark).to_have_text("Your line lies too high.")


def test_the_first_page_shows_its_figure_and_button_at_once(
    new_tab: Tabs, site: Site, width: int
) -> None:
    tab = new_tab(width=width)
    tab.set_viewport_size({"width": width, "height": 720 if width > 400 else 844})
    tab.goto(site.address(find("book/index.html")))
    button = tab.get_by_role("button", name="Let it learn")
    expect(button).to_be_in_viewport(ratio=1)
    for view in tab.locator(".explorable .plot").all():
        expect(view).to_be_in_viewport(ratio=1)
    tab.close()


def test_gradient_descent_walks_as_the_library_does(new_tab: Tabs, site: Site) -> None:
    with explorable(new_tab, site, "gradient-descent.html", PHONE) as tab:
        for number in (1, 2):
            button = tab.get_by_role("button", name="One step")
            if number == 1:
                button.press("Enter")
            else:
                button.click()
            a, b = descend_line(X, Y, start=PUBLISHED["start"], rate=0.1, steps=number).final
            loss = float(f"{mean_squared_error(a * X + b, Y):.3g}")
            result = tab.locator(".result output")
            expect(result).to_contain_text(f"After {number} step")
            assert numbers(result) == [number, round(a, 2), round(b, 2), loss]


def test_a_goal_that_is_reached_is_noticed(new_tab: Tabs, site: Site) -> None:
    with explorable(new_tab, site, "gradient-descent.html", 1280) as tab:
        task = tab.locator(".task")
        expect(task).to_contain_text("in as few steps as you can")
        tab.get_by_role("button", name="The best rate").click()
        expect(task).to_contain_text("Goal reached", timeout=20_000)


def test_batches_are_walked_as_the_library_does(new_tab: Tabs, site: Site) -> None:
    x, y = noisy_line(200, generator=np.random.default_rng(1))
    with explorable(new_tab, site, "stochastic.html", PHONE) as tab:
        lit = tab.locator("path.lit")
        before = lit.get_attribute("d")
        tab.get_by_role("button", name="New batch").press("Enter")
        expect(lit).not_to_have_attribute("d", before or "")
        tab.get_by_role("button", name="One step").click()
        tab.get_by_label("batch size").press("ArrowRight")
        figure = StochasticDescent(x, y, start=(6, 6.5), rate=0.2, batch_size=8, passed=[0])
        a, b = figure.trajectory.parameters[1]
        loss = float(f"{mean_squared_error(a * x + b, y):.3g}")
        result = tab.locator(".result output")
        expect(result).to_contain_text("After 1 step:")
        assert numbers(result)[:4] == [1, round(a, 2), round(b, 2), loss]
        assert numbers(tab.locator(".looked")) == [8, 200]


def test_a_run_is_scrubbed_as_the_library_walks(new_tab: Tabs, site: Site) -> None:
    with explorable(new_tab, site, "visualizing.html", PHONE) as tab:
        scrubber = tab.locator(".widget-frame").first  # the second is the race
        scrubber.get_by_role("button", name="Even in time").click()
        scrubber.get_by_label("frame", exact=True).fill("7")
        a, b = descend_line(X, Y, start=(-1, 1), rate=0.01, steps=7 * 30).final
        loss = float(f"{mean_squared_error(a * X + b, Y):.3g}")
        result = scrubber.locator(".result output")
        expect(result).to_contain_text("Frame 7 of 40")
        assert numbers(result) == [7, 40, 210, round(a, 2), round(b, 2), loss]


def test_without_javascript_there_is_a_still_picture(unscripted: Page) -> None:
    for frame in unscripted.locator(".widget-frame").all():
        still = frame.locator("img:visible")
        assert still.count() == 1
        still.scroll_into_view_if_needed()
        assert (still.bounding_box() or {"height": 0})["height"] > 100
