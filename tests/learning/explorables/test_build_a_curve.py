"""Curves of hinges. Oracles: the Python network, `numpy.linalg.lstsq`, and what the page says."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.evaluation import mean_squared_error
from learning.explorables import BuildACurve
from learning.explorables.base import bundle
from learning.representation import hinges, kinks

from .node import call

SCRIPT = bundle("hinges.js")
X = np.linspace(0, 10, 51)
Y = 4 + 14 * np.exp(-(((X - 2) / 1.1) ** 2)) + 9 * np.exp(-(((X - 6.2) / 1.5) ** 2))
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?(?:e[-−]?\d+)?")


@pytest.fixture
def js(tmp_path):
    return lambda calls: call(SCRIPT, calls, tmp_path)


@pytest.fixture(scope="module")
def curves():
    """Random curves of one to six units between 0 and 10."""
    generator = np.random.default_rng(0)
    return [
        BuildACurve(
            X,
            Y,
            x_range=(0, 10),
            places=[0.0, *np.sort(generator.uniform(0.1, 9.9, units - 1)).tolist()],
            bends=generator.normal(0, 5, units).tolist(),
            start=float(generator.normal()),
        )
        for units in (1, 2, 3, 4, 5, 6) * 3
    ]


def state(figure):
    return {"start": figure.start, "places": figure.places, "bends": figure.bends}


def test_the_curve_and_its_error_are_the_network_s(js, curves):
    got = js([("missOf", state(c), X.tolist(), Y.tolist()) for c in curves])
    assert got == pytest.approx([c.loss for c in curves], rel=1e-12)
    for curve in curves:
        inner = [p for p, bend in zip(curve.places, curve.bends, strict=True) if bend]
        assert np.allclose(kinks(curve.network), inner, rtol=1e-12)


def test_the_best_weights_are_those_of_least_squares(js, curves):
    got = js([("bestWeights", state(c), X.tolist(), Y.tolist()) for c in curves])
    for curve, best in zip(curves, got, strict=True):
        design = np.column_stack([np.ones(len(X)), hinges(X, curve.places)])
        expected = np.linalg.lstsq(design, Y)[0]
        lost = np.linalg.cond(design)
        assert best["places"] == curve.places
        found = np.array([best["start"], *best["bends"]])
        assert np.allclose(found, expected, rtol=0, atol=1e-15 * lost * np.abs(expected).max() * 9)


def test_a_corner_goes_where_it_is_moved_and_all_before_it_stays(js, curves):
    for curve in curves:
        units = len(curve.places)
        for i in range(units + 1):
            ends = [*curve.places, 10.0]
            place = ends[i] if i in (0, units) else 0.5 * (ends[i - 1] + ends[i])
            (after,) = js([("moved", state(curve), i, [place, 7.0])])
            before = np.array(js([("corners", state(curve), 10)])[0])
            now = np.array(js([("corners", after, 10)])[0])
            assert now[i] == pytest.approx([place, 7.0], abs=1e-9)
            assert np.allclose(now[:i], before[:i], rtol=0, atol=1e-12)
            assert np.delete(after["bends"], max(i - 1, 0)) == pytest.approx(
                np.delete(curve.bends, max(i - 1, 0))
            )


def test_a_unit_more_changes_nothing_yet(js, curves):
    for curve in curves:
        (more,) = js([("added", state(curve), 10)])
        assert len(more["places"]) == len(curve.places) + 1
        assert more["places"] == sorted(more["places"])
        (fewer,) = js([("removed", {**state(curve), "bends": curve.bends})])
        assert fewer["places"] == curve.places[:-1]
        assert js([("missOf", more, X.tolist(), Y.tolist())]) == [pytest.approx(curve.loss)]


def test_its_still_picture_shows_the_curve_and_a_line_a_unit():
    figure = BuildACurve(X, Y, x_range=(0, 10), places=[0, 2, 5], bends=[3, -4, 1], start=4)
    top, bottom = figure.static_figure().axes
    assert top.lines[0].get_xydata().tolist() == [[0, 4], [2, 10], [5, 7], [10, 7]]
    assert [line.get_ydata()[-1] for line in bottom.lines] == [30, -32, 5]
    assert figure.still() == figure.still()
    assert len(figure.alt.split()) >= 8


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"places": [0, 1]}, r"as many bends, got \(2, 1, 6\)"),
        ({"most": 1, "places": [0, 1], "bends": [1, 1]}, r"1 to most places.* got \(2, 2, 1\)"),
        ({"places": [0, 2, 1], "bends": [1, 1, 1]}, r"must rise from the left end, 0"),
        ({"places": [1]}, r"must rise from the left end, 0.*got \[1\.0\]"),
        ({"places": [0, 10], "bends": [1, 1]}, "must rise"),
    ],
)
def test_what_is_no_curve_is_refused(how, message):
    with pytest.raises(ValueError, match=message):
        BuildACurve(X, Y, x_range=(0, 10), **how)


def test_points_must_be_finite_pairs():
    with pytest.raises(ValueError, match=r"one shape \(n,\), got \(51,\), \(50,\)"):
        BuildACurve(X, Y[1:])
    with pytest.raises(ValueError, match="must be finite"):
        BuildACurve(X, Y * np.nan)


def test_a_curve_is_built_by_keyboard_and_pointer(show):
    page = show(BuildACurve(X, Y, x_range=(0, 10), y_range=(0, 20), start=9, goal=1.0))
    result, verdict = page.locator(".result"), page.locator(".verdict")

    def settled():
        frames = "requestAnimationFrame(() => requestAnimationFrame(done))"
        page.evaluate(f"() => new Promise((done) => {frames})")
        return [float(n.replace("−", "-")) for n in NUMBER.findall(result.inner_text())]

    line = mean_squared_error(np.full(51, 9.0), Y)
    assert settled() == [float(f"{line:.3g}"), 1]
    expect(verdict).to_have_text("Goal: below 1.")

    # By keyboard: the left end five steps up, then its right end, which turns the line.
    page.get_by_role("slider", name="corner 1", exact=True).press("ArrowUp")
    page.get_by_role("slider", name="corner 2", exact=True).press("PageUp")
    assert settled()[0] == float(f"{mean_squared_error(9.1 + X * 0.1, Y):.3g}")

    # A unit more is a corner more, and changes nothing until it is moved.
    before = settled()[0]
    page.get_by_role("button", name="Add a unit").click()
    assert settled() == [before, 2]
    grip = page.get_by_role("slider", name="corner 2", exact=True)
    assert "place 5.00" in grip.get_attribute("aria-valuetext")
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] - 100, box["y"] - 60, steps=4)
    page.mouse.up()
    settled()
    place, height = map(float, NUMBER.findall(grip.get_attribute("aria-valuetext")))
    assert place < 4
    assert height > 10

    # Two more, and the best weights: the goal is noticed, and said.
    for _ in range(2):
        page.get_by_role("button", name="Add a unit").click()
    for name, target in (("corner 2", 2), ("corner 3", 4), ("corner 4", 6)):
        corner = page.get_by_role("slider", name=name, exact=True)
        for _ in range(200):
            now = float(NUMBER.findall(corner.get_attribute("aria-valuetext"))[0])
            if abs(now - target) < 0.06:
                break
            corner.press("ArrowRight" if now < target else "ArrowLeft")
            settled()
    page.get_by_role("button", name="Best weights").click()
    assert settled()[0] < 1
    expect(verdict).to_have_text("Goal reached with 4 units: it is below 1.")
    expect(page.locator(".said")).to_contain_text("Goal reached with 4 units")
    page.get_by_role("button", name="Remove a unit").click()
    assert settled()[0] > 1
    page.get_by_role("button", name="Start again").click()
    assert settled() == [float(f"{line:.3g}"), 1]
