"""Four lines by four losses. Oracle: the Python library, for the points that the figure holds."""

import re
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.data import noisy_line
from learning.evaluation import huber_loss, log_cosh_loss
from learning.evaluation.slopes import slope_of
from learning.explorables import FourLosses
from learning.explorables.base import bundle
from learning.optimization import huber_line, log_cosh_line, quantile_line

from .node import call

SCRIPT = bundle("robust.js")
TWELVE_DIGITS = 1e-12


def days(up=0.0, x=None):
    """Fifty days, one of which is higher, or elsewhere."""
    xs, ys = noisy_line(50, generator=np.random.default_rng(1))
    right = int(xs.argmax())
    ys[right] += up
    xs[right] = xs[right] if x is None else x
    return xs, ys


CASES = [days(), days(10.0), days(-3.0), days(0.0, 3.0), days(-2.7, 8.0), days(-2.7, 14.0)]
CASES += [noisy_line(n, generator=np.random.default_rng(n)) for n in (5, 12, 31, 120)]


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_quantile_line(tmp_path, share):
    got = call(
        SCRIPT, [("quantileLine", x.tolist(), y.tolist(), share) for x, y in CASES], tmp_path
    )
    for (x, y), line in zip(CASES, got, strict=True):
        assert line == pytest.approx(quantile_line(x, y, share=share), rel=TWELVE_DIGITS)


@pytest.mark.parametrize("width", [0.1, 0.4, 3.0])
@pytest.mark.parametrize(
    ("name", "line"), [("huberLine", huber_line), ("logCoshLine", log_cosh_line)]
)
def test_the_lines_of_smooth_losses(tmp_path, name, line, width):
    got = call(SCRIPT, [(name, x.tolist(), y.tolist(), width) for x, y in CASES], tmp_path)
    for (x, y), found in zip(CASES, got, strict=True):
        expected = line(x, y, width=width)
        size = abs(expected).max()
        assert found == pytest.approx(expected, rel=TWELVE_DIGITS, abs=TWELVE_DIGITS * size)


def test_a_pull_is_the_slope_of_a_loss(tmp_path):
    residual, zero = np.array([-10.0, -0.3, 0.0, 0.4, 2.0]), np.zeros(1)
    got = call(SCRIPT, [("pulls", r, 0.4) for r in residual], tmp_path)
    for r, pull in zip(residual, got, strict=True):
        assert pull["squared"] == r
        assert pull["absolute"] == 0.4 * np.sign(r)
        for name, loss in (("huber", huber_loss), ("logcosh", log_cosh_loss)):
            slope = slope_of(partial(loss, width=0.4))(np.array([r]), zero)
            assert pull[name] == pytest.approx(slope[0], rel=TWELVE_DIGITS)


# In a browser.


def slopes_on(page):
    """The four slopes that the buttons say."""
    page.wait_for_timeout(100)
    said = page.locator("button.loss output").all_inner_texts()
    return [float(text.replace("−", "-")) for text in said]


def expected_slopes(x, y):
    lines = FourLosses(x, y).lines
    return [round(float(lines[name][0]), 2) for name in lines]


def test_one_day_is_moved_until_the_absolute_line_falls(show, points):
    page = show(FourLosses(*points))
    assert slopes_on(page) == expected_slopes(*points)
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Goal: move one day only")

    page.get_by_role("button", name="Ten higher").click()
    higher = days(10.0)
    assert slopes_on(page) == expected_slopes(*higher)
    page.get_by_role("button", name="Ten higher").click()
    assert (
        slopes_on(page)[1] == expected_slopes(*higher)[1]
    )  # as far as the eye can tell, or at all

    page.get_by_role("button", name="Start again").click()
    assert slopes_on(page) == expected_slopes(*points)
    day = page.get_by_role("slider", name="a point")
    day.focus()
    for _ in range(27):
        day.press("ArrowDown")  # to about 8
    for _ in range(20):
        day.press("Shift+ArrowRight")
        page.wait_for_timeout(500)  # the view follows
        if slopes_on(page)[1] < 0:
            break
    expect(verdict).to_contain_text("Goal reached: one day has given")
    x = float(re.search(r"x (\d+\.\d+)", day.get_attribute("aria-valuetext"))[1])
    xs, ys = days(-2.7, x)
    assert slopes_on(page)[1] == pytest.approx(expected_slopes(xs, ys)[1], abs=0.011)

    day.press("PageDown")  # another day
    day.press("ArrowUp")
    expect(verdict).to_contain_text("It falls, but you have moved 2 days")


def test_a_line_is_shown_or_not_and_a_point_is_dragged(show, points):
    page = show(FourLosses(*points))
    squared = page.get_by_role("button", name="squared")
    drawn = page.locator("path.loss.squared").last
    assert drawn.get_attribute("d") != ""
    squared.click()
    expect(squared).to_have_attribute("aria-pressed", "false")
    expect(drawn).to_have_attribute("d", "")

    before = slopes_on(page)
    grip = page.get_by_role("slider", name="a point")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0], at[1] - 150, steps=5)  # above the frame
    page.mouse.up()
    after = slopes_on(page)
    assert after[0] > before[0]
    assert float(grip.get_attribute("aria-valuenow")) > points[1].max()
    page.wait_for_timeout(1200)  # the view follows: the point is in its frame again
    assert grip.bounding_box()["y"] > box["y"] - 150


def test_the_width_leads_from_the_absolute_to_the_squared_line(show, points):
    page = show(FourLosses(*days(10.0)))
    page.get_by_label("width", exact=True).fill("260")  # 20
    squared, absolute, huber, _ = slopes_on(page)
    assert abs(huber - squared) < abs(huber - absolute)
    page.get_by_label("width", exact=True).fill("-260")  # 0.05
    squared, absolute, huber, _ = slopes_on(page)
    assert abs(huber - squared) > abs(huber - absolute)


@pytest.mark.parametrize(
    ("traits", "rule"), [({"shown": ["cubed"]}, "shown may hold"), ({"chosen": 50}, "chosen must")]
)
def test_what_is_not_there_cannot_be_chosen(points, traits, rule):
    with pytest.raises(ValueError, match=rule):
        FourLosses(*points, **traits)


def test_the_still_picture_tells_the_slopes(points):
    ax = FourLosses(*points, shown=["squared", "huber"]).static_figure().axes[0]
    assert [line.get_label() for line in ax.lines] == ["squared: slope 3.03", "Huber: slope 3.03"]
