"""A threshold on two classes. Oracle: `learning.evaluation` on the same scores."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning import evaluation as ev
from learning.explorables import Threshold
from learning.explorables.base import bundle
from learning.representation import sigmoid

from .node import call
from .test_in_a_browser import drag, handle, numbers, wait_for_drawing

TWELVE_DIGITS = 1e-12
SCRIPT = bundle("ranking.js")


def drawn(seed=0, n=120, ties=False):
    generator = np.random.default_rng(seed)
    target = np.arange(n) % 2.0
    score = 1.2 * generator.normal(size=n) + 2 * target - 1
    return (score.round(1) if ties else score), target


def test_the_script_s_formulas_are_the_library_s(tmp_path):
    for seed, ties in ((1, False), (2, True)):
        score, target = drawn(seed, ties=ties)
        yes, no = score[target == 1].tolist(), score[target == 0].tolist()
        false, true, thresholds = ev.roc_curve(score, target)
        calls = [("area", yes, no), ("roc", yes, no), ("rates", thresholds[7], yes, no)]
        got = call(SCRIPT, [*calls, ("cost", [false[7], true[7]], 0.5, 9)], tmp_path)
        area = ev.area_under_roc_score(score, target)
        assert got[0] == pytest.approx(area, rel=TWELVE_DIGITS)
        assert np.allclose(got[1], np.stack([false, true], axis=1), rtol=TWELVE_DIGITS)
        assert got[2] == pytest.approx([false[7], true[7]], rel=TWELVE_DIGITS)
        said = score >= thresholds[7]
        costs = {"false_positive_cost": 1.0, "false_negative_cost": 9.0}
        assert got[3] == pytest.approx(ev.mean_cost_loss(said, target, **costs), rel=TWELVE_DIGITS)


def test_rarer_days_are_those_of_copies(tmp_path):
    """Oracle: each day of a no stands there 99 times."""
    score, target = drawn(3)
    rows = np.concatenate([np.flatnonzero(target == 1), np.repeat(np.flatnonzero(target == 0), 99)])
    rare = score[rows] >= 0.3, target[rows]
    place = [(score[target == kind] >= 0.3).mean() for kind in (0, 1)]
    calls = [("precision", place, 0.01), ("cost", place, 0.01, 9), ("probability", 0.3, 0.01, 0.5)]
    precision, cost, probability = call(SCRIPT, calls, tmp_path)
    assert precision == pytest.approx(ev.precision_score(*rare), rel=TWELVE_DIGITS)
    costs = {"false_positive_cost": 1.0, "false_negative_cost": 9.0}
    assert cost == pytest.approx(ev.mean_cost_loss(*rare, **costs), rel=TWELVE_DIGITS)
    assert probability == pytest.approx(sigmoid(np.array(0.3 - np.log(99))), rel=TWELVE_DIGITS)


def test_lines_of_equal_cost_and_bins(tmp_path):
    score, _ = drawn(4)
    calls = [("equalCost", [0.3, 0.8], 0.2, 9), ("histogram", score.tolist(), [-5, 5], 0.5)]
    (start, end), heights = call(SCRIPT, calls, tmp_path)
    for false, true in (start, end, (0.3, 0.8)):
        assert 0.8 * false + 0.2 * 9 * (1 - true) == pytest.approx(0.8 * 0.3 + 0.2 * 9 * 0.2)
    expected = np.histogram(np.clip(score, -5, 5), np.arange(-5, 5.1, 0.5))[0] / len(score)
    assert heights == pytest.approx(expected, rel=TWELVE_DIGITS)


def test_what_is_no_score_and_no_target_is_refused():
    with pytest.raises(ValueError, match="both yes and no"):
        Threshold([0.0, 1.0], [1, 1])
    with pytest.raises(ValueError, match="one shape"):
        Threshold([0.0, 1.0, 2.0], [1, 0])


@pytest.mark.parametrize("threshold", [-9.0, 0.0, 9.0])
def test_the_still_picture_has_three_plots(threshold):
    days, roc, precision = Threshold(*drawn(), threshold=threshold).static_figure().axes
    score, target = drawn()
    place = [(score[target == kind] >= threshold).mean() for kind in (0, 1)]
    assert roc.lines[2].get_xydata()[0] == pytest.approx(place)
    assert len(precision.lines[1].get_xdata()) == (threshold < 9)
    assert days.lines[0].get_xdata()[0] == threshold


def said(page):
    wait_for_drawing(page)
    return numbers(page.locator(".result output"))


def expected(threshold, share=0.5, miss=9.0):
    score, target = drawn()
    false, true = ((score[target == kind] >= threshold).mean() for kind in (0, 1))
    precision = share * true / (share * true + (1 - share) * false)
    cost = (1 - share) * false + share * miss * (1 - true)
    return [threshold, *(round(v, 2) for v in (true, false, precision)), float(f"{cost:.3g}")]


def test_all_moves_with_the_threshold(show):
    page = show(Threshold(*drawn(), miss_cost=9.0))
    assert said(page) == pytest.approx(expected(0), abs=0.0051)
    grip = handle(page, "threshold").first
    grip.press("Shift+ArrowRight")
    grip.press("ArrowDown")
    assert said(page) == pytest.approx(expected(0.45), abs=0.0051)
    cells = [
        int(cell.replace(",", "")) for cell in page.locator(".counts td").all_text_contents()[1:]
    ]
    assert sum(cells) == pytest.approx(10_000, abs=2)
    page.get_by_label("share of yes").press("Home")
    assert said(page) == pytest.approx(expected(0.45, share=0.01), abs=0.0051)
    before = page.locator("path.now").first.get_attribute("d")
    drag(page, grip, -60, 0)
    assert said(page)[0] < 0
    assert page.locator("path.now").first.get_attribute("d") != before
    grip.press("End")
    wait_for_drawing(page)
    expect(page.locator(".result")).to_contain_text("precision none")


def test_the_cheapest_threshold_is_noticed(show):
    page = show(Threshold(*drawn(), miss_cost=9.0))
    verdict = page.locator(".verdict")
    expect(verdict).to_have_text(
        "Goal: find the cheapest threshold, where a miss costs 9 times a false alarm."
    )
    score, target = drawn()
    costs = {"false_positive_cost": 1.0, "false_negative_cost": 9.0}
    grid = np.linspace(-5, 5, 201).round(2)
    cost = np.array([ev.mean_cost_loss(score >= at, target, **costs) for at in grid])
    best = grid[cost.argmin()]
    page.get_by_label("threshold", exact=True).last.fill(f"{best:.2f}")
    expect(verdict).to_contain_text("Goal reached")
    least, p, by_costs = numbers(verdict)
    assert least == float(f"{cost.min():.3g}")
    assert p == pytest.approx(sigmoid(np.array(best)), abs=0.0051)
    assert by_costs == 0.1
    expect(page.locator(".said")).to_contain_text("Goal reached")
    assert re.search(
        r"area 0\.\d{3}", page.locator("svg[role=img]").nth(1).get_attribute("aria-label")
    )
