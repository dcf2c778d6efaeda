"""The race of all rules. Oracle: `learning.optimization`, rule by rule."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.explorables import Race
from learning.optimization import line_quadratic, steps_by_rate

from .node import call
from .test_in_a_browser import drag, handle, wait_for_drawing

RUN = """
export function raced(x, y, start, options, common, how) {
  const ground = bowl(x, y);
  const rates = { rates: ratesBetween(-2, 1), ...how };
  return RACERS.map((name) => {
    const rate = common ?? bestRate(name, options[name], ground, start, rates);
    const { path, excess, arrived } = lap(name, options[name], rate, ground, start, how);
    return [rate, path, excess, arrived];
  });
}
export const judge = (arrived) =>
  judged(Object.fromEntries(RACERS.map((name, i) => [name, { arrived: arrived[i] }])));
"""


@pytest.mark.parametrize("start", [(-1.0, 1.0), (6.0, 6.5), (4.0, 10.0)])
@pytest.mark.parametrize("common", [None, 0.1])
def test_the_rules_race_as_those_of_the_library_do(tmp_path, points, start, common):
    x, y = points
    figure = Race(x, y, start=start, common=bool(common), rate=common or 1.0)
    options = {"momentum": {"beta": figure.polyak}, "nesterov": {"beta": figure.nesterov}}
    how = {"steps": 150, "goal": 1e-4}
    ask = ("raced", x.tolist(), y.tolist(), list(start), options, common, how)
    (got,) = call(figure._esm + RUN, [ask], tmp_path)
    least = line_quadratic(x, y).least
    for (rate, path, excess, arrived), kind in zip(got, figure.makers, strict=True):
        run = figure.trajectories[kind]
        assert rate == pytest.approx(figure.rates[kind], rel=1e-12), kind
        assert np.allclose(path, run.parameters, rtol=1e-9, atol=1e-9), kind
        assert np.allclose(excess, run.losses - least, rtol=1e-9, atol=1e-12), kind
        near = run.losses - least <= 1e-4
        assert arrived == (near.argmax() if near.any() else None), kind  # no Infinity in JSON


def test_the_best_rate_is_the_best_of_those_tried(points):
    figure = Race(*points, start=(6, 6.5))
    tried = 10.0 ** (np.arange(-20, 11) / 10)
    how = {"rates": tried, "steps": 150, "excess": 1e-4}
    bowl = line_quadratic(*points)
    for kind, make in figure.makers.items():
        counts = steps_by_rate(make, bowl, np.array([6, 6.5]), **how)
        assert counts[tried.tolist().index(figure.rates[kind])] == counts.min()


def test_a_goal_is_an_adaptive_rule_that_is_first(tmp_path):
    calls = [("judge", arrived) for arrived in ([9, 5, 6, 7, 8, 7], [9, 5, 6, 7, 4, 4])]
    first, second = call(Race._esm + RUN, calls, tmp_path)
    assert first.startswith("Polyak's momentum is first.")
    assert second == "Goal reached: RMSProp and Adam are first."


def steps_on(page):
    wait_for_drawing(page)
    cells = page.locator(".counts tr td:last-child").all_inner_texts()
    return [float(text) if re.fullmatch(r"\d+", text) else np.inf for text in cells]


def steps_of(figure):
    least = line_quadratic(np.array(figure.x), np.array(figure.y)).least
    near = [run.losses - least <= figure.goal for run in figure.trajectories.values()]
    return [float(each.argmax()) if each.any() else np.inf for each in near]


def test_all_race_from_the_reader_s_start_at_their_best_rates_or_at_one(show, points):
    page = show(Race(*points, start=(6, 6.5)), motion="reduce")
    assert steps_on(page) == steps_of(Race(*points, start=(6, 6.5)))
    start = handle(page, "where the run starts")
    for _ in range(4):
        start.press("Shift+ArrowUp")
    assert steps_on(page) == steps_of(Race(*points, start=(6, 8.5)))
    drag(page, start, -30, -20)
    a, b = map(float, re.findall(r"[ab] ([\d.]+)", start.get_attribute("aria-valuetext")))
    assert (a, b) != (6, 8.5)
    best = steps_of(Race(*points, start=(a, b)))
    assert steps_on(page) == best

    page.get_by_role("button", name="One common rate").click()
    page.get_by_label("common rate").fill("0")  # of the logarithm: a rate of 1
    common = steps_of(Race(*points, start=(a, b), common=True, rate=1.0))
    assert steps_on(page) == common
    assert np.argsort(common).tolist() != np.argsort(best).tolist()
    page.get_by_label("shown step").fill("30")
    assert steps_on(page) == [n if n <= 30 else np.inf for n in common]
    expect(page.locator(".said")).to_contain_text("After 30 steps with the rate 1 for all")


def test_the_still_picture_has_a_path_and_a_curve_for_each_rule(points):
    upper, lower = Race(*points, start=(6, 6.5)).static_figure().axes
    assert len(lower.lines) == 6
    assert [line.get_xdata()[0] for line in upper.lines[-6:]] == [6] * 6
