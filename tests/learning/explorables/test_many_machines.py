"""The time of a step on many machines. Oracles: the library, node."""

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.explorables import ManyMachines
from learning.parallel import Machines, break_even, step_time

from .node import call

CLUSTERS = [
    {"speed": 1e10, "latency": 5e-5, "bandwidth": 1.25e9},
    {"speed": 4.6e14, "latency": 1e-6, "bandwidth": 1.8e11},
]
WORK = [(10_000, 2, 8), (10_000, 1_000_000, 256), (100, 7, 1), (10**9, 2, 3)]


def test_the_times_and_the_break_even_are_the_library_s(tmp_path):
    asked = [(cluster, *work) for cluster in CLUSTERS for work in WORK]
    got = call(ManyMachines._esm, [("stepTime", *each) for each in asked], tmp_path)
    for (cluster, points, parameters, ranks), times in zip(asked, got, strict=True):
        how = {"points": points, "parameters": parameters, "ranks": ranks}
        assert times == pytest.approx(step_time(Machines(**cluster), **how), rel=1e-12, abs=0)
    several = [(cluster, p, k) for cluster, _, p, k in asked if k > 1]
    got = call(ManyMachines._esm, [("breakEven", *each) for each in several], tmp_path)
    for (cluster, p, k), points in zip(several, got, strict=True):
        expected = break_even(Machines(**cluster), parameters=p, ranks=k)
        assert points == pytest.approx(expected, rel=1e-12)


def test_what_is_said(tmp_path):
    view = {"k": 8, "times": 0.02, "best": 1, "even": 680_123, "parameters": 2, "goal": 8}
    changes = [{}, {"k": 1, "times": 1}, {"times": 3.21, "best": 4}, {"times": 8.4}]
    changes += [{"times": 8.4, "parameters": 3}]
    calls = [("verdict", {**view, **change}) for change in changes]
    calls += [("told", seconds) for seconds in (2.5, 0.0012345, 0.9999e-3, 1.2e-5, 0)]
    calls += [("fastest", CLUSTERS[0], 10_000, 1000, [1, 2, 4, 8, 16, 32, 64])]
    assert call(ManyMachines._esm, calls, tmp_path) == [
        "One machine is 50 times as fast. From 680,000 points on, 8 machines would win.",
        "One machine sends no messages.",
        "3.2 times as fast as one machine; fastest on 4.",
        "Goal reached, and with two parameters: 8.4 times as fast as one machine.",
        "Goal reached: 8.4 times as fast as one machine.",
        *["2.5 s", "1.23 ms", "1 ms", "12 µs", "0 ns"],
        8,
    ]


def test_the_reader_makes_many_machines_pay(show):
    page = show(ManyMachines())
    result, judged = page.locator(".result"), page.locator(".verdict")
    expect(result).to_contain_text("On 8 machines a step takes 702 µs: arithmetic 1.5 µs")
    expect(judged).to_contain_text("One machine is 58 times as fast.")
    names = ("machines", "parameters", "points a step")
    machines, parameters, points = (page.get_by_role("slider", name=name) for name in names)
    before = page.locator("path.sum").get_attribute("d")
    parameters.press("End")
    expect(result).to_contain_text("One machine takes 6 s.")
    expect(judged).to_have_text("7.9 times as fast as one machine; fastest on 256.")
    expect(page.locator("path.sum")).not_to_have_attribute("d", before or "")
    machines.press("ArrowRight")
    expect(judged).to_have_class("verdict reached")
    machines.press("Home")
    expect(judged).to_have_text("One machine sends no messages.")
    machines.press("End")
    points.scroll_into_view_if_needed()
    box = points.bounding_box()
    assert box
    parameters.press("Home")
    page.mouse.click(box["x"] + box["width"] - 10, box["y"] + box["height"] / 2)
    expect(judged).to_contain_text("Goal reached, and with two parameters")
    expect(page.locator(".said")).to_contain_text("On 256 machines a step takes")


def test_the_still_shows_three_terms_and_their_sum():
    (ax,) = ManyMachines(parameters=1000).static_figure().axes
    assert [line.get_label() for line in ax.lines] == [
        *("in all", "arithmetic", "latency", "bytes", "one machine")
    ]
    numbers, terms = ManyMachines(parameters=1000).times()
    assert numbers.tolist() == [2**i for i in range(9)]
    assert np.allclose(ax.lines[0].get_ydata(), terms.sum(axis=1))
    assert ManyMachines().still()[0] == "image/svg+xml"
