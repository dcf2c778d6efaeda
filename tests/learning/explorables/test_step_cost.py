"""What limits the time of a step. Oracle: `learning.optimization.Roofline`."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.explorables import StepCost
from learning.explorables.base import bundle
from learning.explorables.step_cost import BOUGHT
from learning.optimization import Roofline

from .node import call

WAYS = [
    {"name": "by hand", "floor": 2e-5, "bytes": 96, "operations": 6, "measured": [[32, 2.1e-5]]},
    {"name": "compiled", "floor": 1e-4, "bytes": 16, "operations": 6, "measured": [[32, 1e-4]]},
]
MACHINE = {"bandwidth": 4e10, "speed": 2e10}
SCRIPT = bundle("step_cost.js").replace("export default { render };", "")


@pytest.fixture
def js(tmp_path):
    return lambda calls: call(SCRIPT, calls, tmp_path)


def test_times_and_limits_are_the_library_s(js):
    rng = np.random.default_rng(0)
    names = "floor", "bandwidth", "speed"
    machines = 10.0 ** rng.uniform([-6, 9, 9], [-3, 11, 11], (40, 3))
    machines = [dict(zip(names, row, strict=True)) for row in machines.tolist()]
    asked = 10.0 ** rng.uniform(0, 9, (40, 2))
    asked = [{"bytes": b, "operations": o} for b, o in asked.tolist()]
    pairs = list(zip(machines, asked, strict=True))
    times = js([("time", *pair) for pair in pairs])
    limits = js([("limit", *pair) for pair in pairs])
    models = [Roofline(**machine) for machine in machines]
    expected = [model.seconds(**a) for model, a in zip(models, asked, strict=True)]
    assert times == pytest.approx(expected, rel=1e-12)
    assert limits == [model.limit(**a) for model, a in zip(models, asked, strict=True)]
    assert set(limits) == {"floor", "bytes", "operations"}


def test_what_is_exchanged(js):
    found = js([("exchanged", {"floor": 2e-5, **MACHINE}, name) for name in BOUGHT])
    for name, machine in zip(BOUGHT, found, strict=True):
        model = StepCost(WAYS, **MACHINE, bought=name).model
        assert machine == {"floor": model.floor, "bandwidth": model.bandwidth, "speed": model.speed}


def test_durations_in_words(js):
    seconds = [1, 0.1, 1e-3, 2.345e-5, 1e-6, 9.999e-7, 4e-8]
    words = ["1 s", "100 ms", "1 ms", "23.5 µs", "1 µs", "1 µs", "40 ns"]
    assert js([("lasting", each) for each in seconds]) == words


def test_its_still_picture_shows_three_limits_and_the_step():
    figure = StepCost(WAYS, **MACHINE)
    (ax,) = figure.static_figure().axes
    labels = [line.get_label() for line in ax.lines]
    assert labels == ["floor", "bytes", "operations", "a step", "measured"]
    floor, *_, total, measured = (line.get_ydata() for line in ax.lines)
    assert set(floor) == {2e-5}
    assert (total > floor).all()
    assert measured.tolist() == [2.1e-5]
    assert figure.still() == figure.still()


@pytest.mark.parametrize("ways", [[], [{**WAYS[0], "floor": 0.0}]])
def test_what_is_no_way_is_refused(ways):
    with pytest.raises(ValueError, match=re.escape(f"numbers positive, got {ways!r}")):
        StepCost(ways, **MACHINE)


def test_the_three_limits_by_keyboard_and_pointer(show):
    page = show(StepCost(WAYS, **MACHINE, points=100))
    result, why, verdict = (page.locator(f".{name}") for name in ("result", "why", "verdict"))
    expect(why).to_contain_text("The floor holds")
    expect(verdict).to_have_text(
        "Goal: make each of the three limits hold once. Still to find: bytes, operations."
    )
    grip = page.get_by_role("slider", name="number of points")
    grip.press("End")
    expect(grip).to_have_attribute("aria-valuetext", "n 10,000,000")
    expect(why).to_contain_text("The bytes hold")
    # 96 bytes at 4e10 and 6 operations at 2e10 a second, 1e7 times
    expect(result).to_contain_text("24 ms a step (floor 20 µs, bytes 24 ms, operations 3 ms)")
    page.get_by_role("button", name="twice the bytes").click()
    expect(result).to_contain_text("With twice the bytes a step takes 50 % of the time.")
    work = page.get_by_label("arithmetic ×")
    work.focus()
    page.keyboard.press("End")
    expect(why).to_contain_text("The operations hold")
    expect(verdict).to_have_text(re.compile("Goal reached"))
    expect(page.locator(".said")).to_contain_text("Goal reached")
    page.get_by_role("button", name="Forget what you have seen").click()
    expect(verdict).to_contain_text("Still to find: floor, bytes.")
    page.get_by_role("button", name="compiled").click()
    box = page.locator(".canvas > svg").bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 100)  # at the left edge: one point
    expect(result).to_contain_text("compiled, n = 1:")
