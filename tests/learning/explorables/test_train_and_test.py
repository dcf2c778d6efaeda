"""Training, held-out and test error: the formulas in node, the still, and a reader's session.

Oracle: `learning.optimization.least_squares` on `learning.representation.legendre`.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.explorables import TrainAndTest
from learning.explorables.base import bundle
from learning.optimization import least_squares
from learning.representation import legendre

from .node import call

SCRIPT = bundle("legendre.js")
ERROR = r"[\d.]+(?:e−?\d+)?"


def demand(x):
    return np.sin(2 * np.pi * x)


@pytest.fixture(scope="module")
def sets():
    generator = np.random.default_rng(1)
    x = generator.uniform(size=(6, 23))
    return x, demand(x) + 0.3 * generator.normal(size=x.shape)


def figure(sets, **traits):
    return TrainAndTest(*sets, truth=demand, noise=0.3, learn=15, **traits)


def test_legendre_polynomials_are_those_of_the_library(tmp_path):
    x = np.random.default_rng(0).uniform(size=40)
    got = call(SCRIPT, [("legendreRow", xi, 200) for xi in x], tmp_path)
    assert got == pytest.approx(legendre(x, 200), rel=1e-12, abs=1e-12)
    assert call(SCRIPT, [("legendreRow", 0.3, 0)], tmp_path) == [[1]]


def test_the_weights_are_those_of_the_library(sets, tmp_path):
    """Both lose as many digits as the condition number has; at 1e3 or less, 12 are left."""
    cases = [(x[:15], y[:15], d) for x, y in zip(*sets, strict=True) for d in (1, 3, 14, 30, 200)]
    designs = [legendre(x, d) for x, _, d in cases]
    targets = [y.tolist() for _, y, _ in cases]
    calls = [("shortestWeights", a.tolist(), y) for a, y in zip(designs, targets, strict=True)]
    got = call(SCRIPT, calls, tmp_path)
    conditions = []
    for weights, design, (_, y, _) in zip(got, designs, cases, strict=True):
        expected = least_squares(design, y)
        condition = np.linalg.cond(design)
        off = np.linalg.norm(weights - expected) / np.linalg.norm(expected)
        assert off < 1e-15 * max(condition, 1e3)
        conditions.append(condition)
    assert min(conditions) < 1e2
    assert max(conditions) > 1e5


@pytest.mark.parametrize("degree", [1, 3, 9, 50, 200])
def test_the_errors_are_those_of_python(sets, tmp_path, degree):
    widget = figure(sets, draw=2)
    rows = legendre(widget.places, degree).tolist()
    how = {"learn": 15, "degrees": [degree], "placeRows": rows, "truth": widget.truth}
    how["variance"] = 0.09
    ((got,),) = call(SCRIPT, [("fitsOf", sets[0][2].tolist(), sets[1][2].tolist(), how)], tmp_path)
    expected = widget.errors(degree)
    found = [got[name] for name in ("training", "held", "test")]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-20)


def test_the_python_errors_are_those_of_numpy(sets):
    x, y = sets[0][0], sets[1][0]
    line = np.polynomial.Polynomial.fit(x[:15], y[:15], 3)
    training, held, test = figure(sets).errors(3)
    fine = (np.arange(200) + 0.5) / 200
    assert training == pytest.approx(((line(x[:15]) - y[:15]) ** 2).mean(), rel=1e-9)
    assert held == pytest.approx(((line(x[15:]) - y[15:]) ** 2).mean(), rel=1e-9)
    assert test == pytest.approx(((line(fine) - demand(fine)) ** 2).mean() + 0.09, rel=1e-9)


def test_the_still_shows_the_points_the_fit_and_two_errors(sets):
    left, right = figure(sets, degree=3).static_figure().axes
    assert len(left.collections[0].get_offsets()) == 15
    assert len(left.lines[0].get_xdata()) == 8
    assert [line.get_label() for line in right.lines] == ["training", "held out"]


def test_a_reader_chooses_and_is_judged_and_draws_new_data(show, sets):
    page = show(figure(sets))
    widget = figure(sets)
    slider = page.locator(".slider input")
    title, verdict = page.locator(".title").last, page.locator(".verdict")
    expect(verdict).to_contain_text("Goal: choose the degree")
    expect(title).to_contain_text("test ?")
    slider.press("ArrowRight")
    page.get_by_role("slider", name="degree").last.press("ArrowRight")
    expect(page.locator(".slider output")).to_have_text("3")
    training, held, test = widget.errors(3)
    expect(title).to_contain_text(f"training {training:.3g}"[:12])
    assert page.locator("path.test").get_attribute("d") == ""
    page.get_by_role("button", name="Judge my choice").click()
    least = min(widget.errors(d)[2] for d in widget.degrees)
    words = "Goal reached" if test <= 1.25 * least else "Not this time"
    expect(verdict).to_contain_text(words)
    said = [float(n) for n in re.findall(ERROR, title.inner_text())]
    assert said == [float(f"{error:.3g}") for error in (training, held, test)]
    assert page.locator("path.test").get_attribute("d") != ""
    page.get_by_role("button", name="New data").press("Enter")
    expect(verdict).to_contain_text("Goal: choose the degree")
    expect(title).to_contain_text("test ?")
    assert page.locator("path.earlier").get_attribute("d").count("M") == 1
    slider.press("End")
    expect(page.locator(".slider output")).to_have_text("200")
    page.get_by_role("button", name="Judge my choice").click()
    expect(verdict).to_contain_text("of 2.")
    expect(page.locator(".said")).to_contain_text("Set 2, degree 200", timeout=5000)


def test_a_degree_is_chosen_by_dragging(show, sets):
    page = show(figure(sets))
    grip = page.locator(".handle")
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y, steps=4)
    page.mouse.up()
    expect(page.locator(".slider output")).not_to_have_text("1")
    assert 3 < int(page.locator(".slider output").inner_text()) < 50


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (lambda x, y: figure((x, y[:, :-1])), r"one shape \(sets, n\)"),
        (lambda x, y: figure((x[0], y[0])), r"one shape \(sets, n\)"),
        (lambda x, y: figure((x[:, :15], y[:, :15])), "learn must be from 1 to n - 1 = 14, got 15"),
    ],
)
def test_a_broken_rule_is_named(sets, broken, rule):
    with pytest.raises(ValueError, match=rule):
        broken(*sets)
