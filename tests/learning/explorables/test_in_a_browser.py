"""Each control, by mouse, touch and keyboard, on a page with no kernel.

Oracle: what the Python library computes for the values that the page says it has reached.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.descent import descend_line

from booksite import packages
from learning.evaluation import mean_squared_error
from learning.excess import Search
from learning.explorables import (
    Approximation,
    Backpropagation,
    Boundary,
    BuildACurve,
    Conditioning,
    FitALine,
    GradientDescent,
    LineAndLandscape,
    ManyMachines,
    Race,
    RateAndMomentum,
    Scrubber,
    StepCost,
    StochasticDescent,
    Threshold,
    TrainAndTest,
    TurnedBowl,
    WhoseFault,
)
from learning.explorables.base import Explorable
from learning.optimization import least_squares_line, line_gradient, line_hessian

from .conftest import ROOT, kinds

NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[-−]?\d+)?")


def numbers(locator):
    return [float(n.replace("−", "-")) for n in NUMBER.findall(locator.inner_text())]


def wait_for_drawing(page):
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def three_digits(value):
    return float(f"{value:.3g}")


def line_on(page):
    """The slope and the intercept that the two sliders say."""
    wait_for_drawing(page)
    return [numbers(page.locator(".slider output").nth(i))[0] for i in (0, 1)]


def error_on(page):
    return numbers(page.locator(".result output").first)[0]


def handle(page, name):
    return page.get_by_role("slider", name=name)


def drag(page, grip, dx, dy):
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    wait_for_drawing(page)


# Fit a line.


@pytest.fixture
def fit(show, points):
    return show(FitALine(*points, a=10, b=5, goal=0.1, y_range=(0, 16)))


def test_sliders_move_the_line_by_keyboard(fit, points):
    x, y = points
    fit.get_by_label("slope a", exact=True).focus()
    fit.keyboard.press("ArrowLeft")
    fit.get_by_label("intercept b").press("ArrowRight")
    assert line_on(fit) == [9.95, 5.05]
    assert error_on(fit) == three_digits(mean_squared_error(9.95 * x + 5.05, y))


def test_sliders_move_the_line_by_mouse(fit, points):
    x, y = points
    slider = fit.get_by_label("slope a", exact=True)
    box = slider.bounding_box()
    fit.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    a, b = line_on(fit)
    assert a == pytest.approx(5, abs=0.2)
    assert error_on(fit) == three_digits(mean_squared_error(a * x + b, y))


def test_an_end_can_be_dragged_and_the_other_stays(fit, points):
    x, y = points
    left = handle(fit, "height of the line's left end")
    right = handle(fit, "height of the line's right end")
    drag(fit, right, 0, 80)
    a, b = line_on(fit)
    assert b == 5.0
    assert 5 < a < 9
    assert float(right.get_attribute("aria-valuenow")) == pytest.approx(a + b)
    drag(fit, left, 0, -40)
    a2, b2 = line_on(fit)
    assert b2 > 5.5
    assert a2 + b2 == pytest.approx(a + b, abs=0.051)  # both are held on a grid
    assert error_on(fit) == three_digits(mean_squared_error(a2 * x + b2, y))


def test_an_end_can_be_moved_by_keyboard(fit):
    handle(fit, "height of the line's left end").press("ArrowUp")
    assert line_on(fit) == [9.95, 5.05]
    handle(fit, "height of the line's right end").press("PageDown")
    assert line_on(fit) == [9.45, 5.05]
    handle(fit, "height of the line's right end").press("Shift+ArrowUp")
    assert line_on(fit) == [9.95, 5.05]


def test_home_and_end_go_to_the_ends_of_a_handle_s_range(fit):
    right = handle(fit, "height of the line's right end")
    for key, name in (("Home", "aria-valuemin"), ("End", "aria-valuemax")):
        right.press(key)
        wait_for_drawing(fit)
        assert float(right.get_attribute("aria-valuenow")) == float(right.get_attribute(name))
        assert fit.evaluate("scrollY") == 0


def test_an_end_can_be_dragged_by_touch(show, points):
    page = show(FitALine(*points, a=10, b=5), width=390, touch=True)
    box = handle(page, "height of the line's right end").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    client = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", y), ("touchMove", y + 30), ("touchMove", y + 60)):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    a, b = line_on(page)
    assert b == 5.0
    assert a < 9


def test_the_goal_is_reached_with_the_best_line(fit, points):
    x, y = points
    result = fit.locator(".verdict")
    expect(result).to_have_text("Goal: below 0.1.")
    best = least_squares_line(x, y)
    for name, value in (("slope a", best[0]), ("intercept b", best[1])):
        fit.get_by_label(name).fill(f"{round(value / 0.05) * 0.05:.2f}")
    expect(result).to_contain_text("Goal reached")
    assert (error := error_on(fit)) < 0.1
    least = three_digits(mean_squared_error(best[0] * x + best[1], y))
    assert numbers(result) == [0.1, error, *(round(v, 2) for v in best), least]
    expect(fit.locator(".said")).to_contain_text("Goal reached")  # after a pause


def test_a_goal_out_of_reach_is_said_to_be(fit):
    fit.get_by_role("button", name="Add an outlier").click()
    expect(fit.locator(".verdict")).to_have_text("No line gets below 0.1 with these points.")
    fit.get_by_role("button", name="Remove the outlier").click()
    expect(fit.locator(".verdict")).to_have_text("Goal: below 0.1.")


def test_the_best_line_is_shown_on_demand(fit, points):
    x, y = points
    button = fit.get_by_role("button", name="Best fit")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    _, yours, a, b, error = numbers(fit.locator(".verdict"))
    assert yours == error_on(fit)
    best = least_squares_line(x, y)
    assert [a, b] == [round(v, 2) for v in best]
    assert error == three_digits(mean_squared_error(best[0] * x + best[1], y))
    button.click()
    expect(fit.locator(".verdict")).to_have_text("Goal: below 0.1.")


def test_squares_have_the_residuals_for_sides(fit, points):
    fit.get_by_role("button", name="Squares").click()
    wait_for_drawing(fit)
    path = fit.locator("path.square").get_attribute("d")
    sides = np.array(re.findall(r"v(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)z", path), dtype=float)
    x, y = points
    assert np.allclose(np.abs(sides[:, 0]), np.abs(sides[:, 1]))
    assert np.array_equal(sides[:, 1] > 0, x < 0.5)  # inward, so that the frame cuts none
    lines = fit.locator(".plot .axes line").evaluate_all(
        "(all) => all.map((l) => +l.getAttribute('y2'))"
    )
    ticks = fit.locator(".plot .axes text[text-anchor=end]").all_text_contents()
    unit = (lines[-1] - lines[-2]) / (float(ticks[-2]) - float(ticks[-1]))  # pixels, up the axis
    assert np.allclose(np.abs(sides[:, 0]) / unit, np.abs(10 * x + 5 - y), atol=0.01)
    fit.get_by_role("button", name="Squares").click()
    expect(fit.locator("path.square")).to_have_attribute("d", "")


def test_start_again_takes_the_line_back(fit):
    fit.get_by_label("slope a", exact=True).fill("3")
    fit.get_by_role("button", name="Start again").click()
    assert line_on(fit) == [10, 5]


def test_a_line_that_is_not_judged_shows_no_error(show, points):
    page = show(FitALine(*points, a=10, b=5, judged=False))
    expect(page.locator(".result").first).to_be_hidden()
    expect(page.get_by_role("button", name="Squares")).to_be_hidden()
    assert "error" not in page.locator(".canvas > svg").get_attribute("aria-label")


def test_the_picture_says_its_state(fit, points):
    fit.get_by_label("slope a", exact=True).fill("3")
    wait_for_drawing(fit)
    label = fit.locator(".canvas > svg").get_attribute("aria-label")
    assert "50 points and the line 3.00 x + 5.00" in label
    expect(fit.locator(".said")).to_have_text(label)


# Points that move.


def error_of(x, y, a=10, b=5):
    return three_digits(mean_squared_error(a * np.asarray(x) + b, np.asarray(y)))


def ring(page):
    return page.get_by_role("slider", name="a point", exact=True)


def test_a_point_is_moved_by_keyboard_and_the_best_line_follows(fit, points):
    x, y = (values.copy() for values in points)
    ring(fit).focus()
    for key in ("PageDown", "PageUp", "PageUp"):  # from the first to the next one to its right
        fit.keyboard.press(key)
    for _ in range(4):
        fit.keyboard.press("Shift+ArrowUp")
    y[x == min(x[x > x[0]])] += 4 * 10 * 0.05
    fit.get_by_role("button", name="Best fit").click()
    wait_for_drawing(fit)
    assert error_on(fit) == error_of(x, y)
    best = [round(v, 2) for v in least_squares_line(x, y)]
    assert numbers(fit.locator(".verdict"))[2:4] == best
    fit.get_by_role("button", name="Start again").click()
    wait_for_drawing(fit)
    assert error_on(fit) == error_of(*points)


def test_a_point_is_moved_by_mouse(fit, points):
    x, y = points
    wait_for_drawing(fit)
    place = fit.locator("path.dot").get_attribute("d").split("M")[1:][6]
    px, py = map(float, place.removesuffix("h0").split())
    box = fit.locator(".plot > .canvas").bounding_box()
    fit.mouse.move(box["x"] + 58 + px, box["y"] + 10 + py)
    wait_for_drawing(fit)
    before = float(ring(fit).get_attribute("aria-valuenow"))
    assert before == pytest.approx(y[6])
    drag(fit, ring(fit), 0, -60)
    after = float(ring(fit).get_attribute("aria-valuenow"))
    assert after > before + 0.5
    moved = np.where(np.arange(len(y)) == 6, after, y)
    assert error_on(fit) == pytest.approx(error_of(x, moved), rel=0.01)


def test_an_outlier_comes_and_goes(fit, points):
    x, y = points
    button = fit.get_by_role("button", name="outlier")
    expect(button).to_have_text("Add an outlier")
    button.press("Enter")
    expect(button).to_have_text("Remove the outlier")
    wait_for_drawing(fit)
    assert error_on(fit) == error_of([*x, 0.9], [*y, 2 * y.max() - y.min()])
    assert "point 51 of 51" in ring(fit).get_attribute("aria-valuetext")
    button.click()
    wait_for_drawing(fit)
    assert error_on(fit) == error_of(x, y)


def test_points_are_added_and_the_outlier_is_still_the_one_that_goes(fit, points):
    x, y = (list(values) for values in points)
    for name in ("Add a point", "Add an outlier", "Add a point"):
        fit.get_by_role("button", name=name).press("Enter")
    wait_for_drawing(fit)
    assert "point 53 of 53" in ring(fit).get_attribute("aria-valuetext")
    fit.get_by_role("button", name="Remove the outlier").click()
    wait_for_drawing(fit)
    assert error_on(fit) == error_of([*x, 0.4, 0.6], [*y, 14.4, 14.4])  # nine tenths of 16
    fit.get_by_role("button", name="Start again").click()
    wait_for_drawing(fit)
    assert error_on(fit) == error_of(x, y)


def test_the_view_follows_a_line_that_leaves_but_not_while_it_is_held(show, points):
    page = show(FitALine(*points, a=3, b=8), motion="reduce")

    def lowest():
        return float(page.locator(".axes text[text-anchor=end]").first.text_content())

    assert lowest() == 8
    left = handle(page, "height of the line's left end")
    box = left.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 250, steps=4)
    wait_for_drawing(page)
    assert lowest() == 8
    page.mouse.up()
    wait_for_drawing(page)
    assert lowest() < 7
    page.get_by_role("button", name="Start again").click()
    wait_for_drawing(page)
    assert lowest() == 8


# The line and the landscape: two views of one state.


@pytest.fixture
def both(show, points):
    return show(LineAndLandscape(*points, a=8, b=5))


def point_on(page):
    wait_for_drawing(page)
    text = handle(page, "the line as a point").get_attribute("aria-valuetext")
    return [float(n.replace("−", "-")) for n in NUMBER.findall(text)]


def test_what_moves_the_line_moves_the_point(both, points):
    x, y = points
    both.get_by_label("slope a", exact=True).fill("3")
    wait_for_drawing(both)
    assert point_on(both) == [3, 5]
    assert numbers(both.locator(".title").last) == [error_of(x, y, 3, 5)]
    assert numbers(both.locator(".title").first) == [3, 5]


def test_what_moves_the_point_moves_the_line(both):
    grip = handle(both, "the line as a point")
    grip.press("ArrowUp")
    grip.press("ArrowLeft")
    assert line_on(both) == [7.95, 5.05]
    drag(both, grip, -40, -30)
    a, b = line_on(both)
    assert a < 7.5
    assert b > 5.5
    assert point_on(both) == [a, b]


def test_home_and_end_take_the_point_to_the_ends_of_the_slopes(both):
    grip = handle(both, "the line as a point")
    for key, a in (("Home", -2), ("End", 12)):
        grip.press(key)
        assert point_on(both) == [a, 5]


def test_a_click_on_the_surface_moves_the_point(both):
    both.locator(".plot svg[role=img]").last.click(position={"x": 200, "y": 100})
    a, b = point_on(both)
    assert [a, b] != [8, 5]
    assert line_on(both) == [a, b]


def test_the_arrow_points_against_the_gradient(both, points):
    x, y = points
    wait_for_drawing(both)
    path = both.locator("path.arrow").get_attribute("d")
    x0, y0, x1, y1 = map(float, re.match(r"M(\S+) (\S+)L([^ M]+) ([^ M]+)M", path).groups())
    da, db = line_gradient(8, 5, x, y)
    arrow = np.array([x1 - x0, y0 - y1])  # pixels count downwards
    assert arrow / np.hypot(*arrow) == pytest.approx(-np.array([da, db]) / np.hypot(da, db))


def test_a_residual_is_as_long_in_the_landscape_as_among_the_points(both, points):
    """Oracle: in either view a stroke's length, in units of its vertical axis, is the residual."""
    x, y = points
    ring(both).focus()
    wait_for_drawing(both)
    residual = 8 * x[0] + 5 - y[0]
    assert numbers(both.locator(".title").first)[-1] == round(residual, 2)
    (low, high), (stroke, _) = (12, 0), vertical(both, "path.chosen", 1)
    height = both.locator("path.contour").first.evaluate("(path) => path.getBBox().height")
    assert stroke / height * (low - high) == pytest.approx(abs(residual), abs=0.02)


def vertical(page, selector, i):
    path = page.locator(selector).nth(i).get_attribute("d")
    (x0, y0), (x1, y1) = (map(float, p.split()) for p in path.removeprefix("M").split("L"))
    assert x0 == x1
    return abs(y1 - y0), y0


def test_on_a_phone_the_map_stays_in_sight(show, points):
    page = show(LineAndLandscape(*points, a=8, b=5), width=390)
    page.set_viewport_size({"width": 390, "height": 620})
    ends = handle(page, "height of the line's left end"), page.get_by_label("slope a", exact=True)
    for used in ends:
        used.scroll_into_view_if_needed()
        used.evaluate("(node) => node.scrollIntoView({block: 'end'})")
        map_ = page.locator(".beside > .plot").last.bounding_box()
        assert map_["y"] >= 0
        assert map_["y"] + map_["height"] <= used.bounding_box()["y"]


# Let it learn.


@pytest.fixture
def learner(show, points):
    return show(LineAndLandscape(*points, a=9, b=3, learns=True))


def remark(page):
    return page.locator(".remark")


def test_it_says_when_it_has_not_arrived(show):
    # Nearly on a line, the least loss is so small that no descent of 400 steps comes near it.
    x = np.linspace(0.0, 1.0, 20)
    page = show(
        LineAndLandscape(x, 3 * x + 8 + 1e-10 * (-1) ** np.arange(20), a=9, b=3, learns=True),
        motion="reduce",
    )
    page.get_by_role("button", name="Let it learn").click()
    expect(page.locator(".remark")).to_contain_text("After 400 steps it has not arrived.")


def test_it_learns_the_best_line(show, points):
    x, y = points
    page = show(LineAndLandscape(x, y, a=9, b=3, learns=True), motion="reduce")
    page.get_by_role("button", name="Let it learn").click()
    expect(remark(page)).to_contain_text("The best line of all has")
    steps, least = numbers(remark(page))
    rate = 1 / np.linalg.eigvalsh(line_hessian(x))[-1]
    run = descend_line(x, y, start=(9, 3), rate=rate, steps=int(steps))
    assert numbers(page.locator(".title").last) == [error_of(x, y, *run.final)]
    assert point_on(page) == [round(v, 2) for v in run.final]
    assert least == error_of(x, y, *least_squares_line(x, y))
    assert error_of(x, y, *run.final) == pytest.approx(least, rel=1e-3)


def test_the_reader_s_hand_stops_it(learner):
    learner.get_by_role("button", name="Let it learn").press("Enter")
    expect(remark(learner)).to_contain_text("Step 4")
    expect(learner.get_by_role("button", name="Stop")).to_be_visible()
    handle(learner, "the line as a point").press("ArrowUp")
    expect(remark(learner)).to_contain_text("You stopped it after")
    before = point_on(learner)
    learner.wait_for_timeout(200)
    assert point_on(learner) == before
    expect(learner.get_by_role("button", name="Let it learn")).to_be_visible()


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (3, 11, "lies too high"),
        (3, 5, "lies too low"),
        (9, 5, "is too steep"),
        (-2, 10.5, "is too flat"),
        (9, 4, "is too steep and lies too low"),
        (3, 8, "the best line of all has"),
    ],
)
def test_it_answers_what_the_reader_does(show, points, a, b, said):
    page = show(LineAndLandscape(*points, a=a, b=b, learns=True))
    expect(remark(page)).to_contain_text(said)


# All of them.

SHOWN = {
    Approximation: lambda x, y: Approximation(np.sort(x), {"even": np.sort(x), "odd": y}),
    Backpropagation: lambda x, y: Backpropagation([[4, 2, 0.5, 2, -1, 5, 9]], step=12),
    Boundary: lambda x, y: Boundary(
        np.stack([x - 0.5, y - 9.5], axis=1), x > 0.5, apart=np.stack([3 * x, y], axis=1), steps=10
    ),
    Conditioning: lambda x, y: Conditioning(x, y, start=(1, 0), step=20),
    BuildACurve: lambda x, y: BuildACurve(x, y, places=[0, 0.4], bends=[3, 1], start=8, goal=0.1),
    FitALine: lambda x, y: FitALine(x, y, a=10, b=5, goal=0.1, squares=True, revealed=True),
    GradientDescent: lambda x, y: GradientDescent(x, y, start=(-1, 1), step=50, rate=0.8),
    StochasticDescent: lambda x, y: StochasticDescent(x, y, start=(6, 6.5), step=20, rate=0.4),
    RateAndMomentum: lambda x, y: RateAndMomentum(x, y, start=(1, -0.4), rate=1.0, beta=0.45),
    Race: lambda x, y: Race(x, y, start=(6, 6.5)),
    Scrubber: lambda x, y: Scrubber(x, y, start=(-1, 1), step=20),
    ManyMachines: lambda x, y: ManyMachines(),
    StepCost: lambda x, y: StepCost(
        [{"name": "by hand", "floor": 2e-5, "bytes": 96, "operations": 6, "measured": [[32, 2e-5]]}]
    ),
    Threshold: lambda x, y: Threshold(4 * x - 2, (y > 9.5) * 1.0, share=0.2, miss_cost=9),
    TrainAndTest: lambda x, y: TrainAndTest(
        np.stack([x, 1 - x]),
        np.stack([y, y]),
        truth=lambda x: 3 * x + 8,
        noise=0.3,
        learn=30,
        y_range=(7, 12),
        draw=1,
        chosen=1,
    ),
    WhoseFault: lambda x, y: WhoseFault(
        x,
        y,
        lambda x: 3 * x + 8,
        degrees={"a constant": 0, "degree 9": 9},
        judges={"12 points": (12, 0.0), "50 points": (50, 0.0)},
        searches={"exact": None, "10 steps": Search(rate=0.1, steps=10)},
    ),
    TurnedBowl: lambda x, y: TurnedBowl(line_hessian(x), (-2.0, -8.4)),
}  # of those that are not here, as they are
each_figure = pytest.mark.parametrize(
    "make",
    [SHOWN.get(kind, kind) for kind in kinds(Explorable)],
    ids=[k.__name__ for k in kinds(Explorable)],
)


AXE = packages.folder(ROOT, "axe-core") / "axe.min.js"
# Whether each control that is shown takes the focus, and its size.
REACHED = """() => [...document.querySelectorAll(".explorable :is(input, button, [role=slider])")]
  .filter((node) => node.checkVisibility() && !node.disabled)
  .map((node) => {
    node.focus();
    const box = node.getBoundingClientRect();
    return [node === document.activeElement, box.width, box.height];
  })"""


# Pages with a figure are read in both themes and at two widths, when the site is.
@each_figure
def test_axe_finds_nothing_and_what_can_be_used_can_be_reached(show, points, make):
    page = show(make(*points), theme="dark", width=320)
    page.evaluate(AXE.read_text("utf-8"))
    wait_for_drawing(page)
    found = page.evaluate("() => axe.run('.explorable').then((r) => r.violations)")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    reached = page.evaluate(REACHED)
    assert reached
    for focused, width, height in reached:
        assert focused
        assert min(width, height) >= 24
