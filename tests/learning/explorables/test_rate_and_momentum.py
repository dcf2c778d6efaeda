"""A map of rate and momentum. Oracle: the roots and the runs of `learning.optimization`."""

from __future__ import annotations

import numpy as np
import pytest

from learning import Line, Momentum, fit, mean_squared_error, noisy_line
from learning.explorables import RateAndMomentum
from learning.explorables.base import bundle
from learning.optimization import (
    line_hessian,
    line_quadratic,
    momentum_roots,
    polyak_momentum,
)

from .node import call
from .test_in_a_browser import drag, handle, numbers, wait_for_drawing

SCRIPT = bundle("momentum.js")
CURVATURES = [2.57, 0.12]  # the larger first, as in the script
START = (1.026, -0.4221)


def left(rate, beta, curvatures=CURVATURES):
    return np.abs(momentum_roots(curvatures, rate=rate, beta=beta)).max()


def test_the_kinds_of_runs_are_those_of_the_roots(tmp_path):
    places = [(r, b) for r in (0.05, 0.3, 0.9, 1.7, 2.25, 3.1, 3.9) for b in (0, 0.1, 0.5, 0.9)]
    words = call(SCRIPT, [("kind", 1.0, rate, beta) for rate, beta in places], tmp_path)
    assert len(set(words)) == 4
    for (rate, beta), word in zip(places, words, strict=True):
        far = momentum_roots(1.0, rate=rate, beta=beta)[0]
        assert ("diverges" in word) == (abs(far) > 1)
        assert (word == "swings") == (far.imag != 0)
        if abs(far) <= 1 and far.imag == 0:
            assert ("jumps" in word) == (far.real < 0)


def test_the_contours_of_the_map_are_where_a_step_leaves_their_share(tmp_path):
    """Along an edge, the slower root has one size; inside it is smaller."""
    shares = [1, 0.95, 0.9, 0.8, 0.65]
    found = call(SCRIPT, [("within", share, CURVATURES) for share in shares], tmp_path)
    assert [len(corners) for corners in found] == [4, 4, 3, 3, 3]
    for share, corners in zip(shares, found, strict=True):
        places = np.array(corners)
        for one, other in zip(places, np.roll(places, -1, axis=0), strict=True):
            if one[1] != 0 or other[1] != 0:  # the foot lies on the axis
                assert left(*(0.3 * one + 0.7 * other)) == pytest.approx(share, abs=1e-9)
        assert left(*places.mean(axis=0)) < share
    assert call(SCRIPT, [("within", 0.5, CURVATURES)], tmp_path) == [[]]


def test_borders_and_polyak_s_settings(tmp_path):
    calls = [("border", 2.57, sign) for sign in (-1, 1)] + [("polyak", CURVATURES)]
    *curves, found = call(SCRIPT, calls, tmp_path)
    for curve in curves:
        for rate, beta in curve:
            near, far = momentum_roots(2.57, rate=rate, beta=beta)
            assert abs(near - far) < 1e-6
    rule = polyak_momentum(CURVATURES)
    assert (found["rate"], found["beta"]) == pytest.approx((rule.rate, rule.beta), rel=1e-12)


def test_a_run_stays_from_a_step_on(tmp_path):
    runs = {3: [9, 1, 3, 1, 0.5], -1: [9, 1, 3], 0: [0.5, 1]}
    calls = [("stays", excess, 1) for excess in runs.values()]
    assert call(SCRIPT, calls, tmp_path) == list(runs)


def test_the_still_picture_shows_the_run():
    x, y = noisy_line(50, generator=np.random.default_rng(1))
    figure = RateAndMomentum(x, y, start=START, rate=1.0, beta=0.5)
    axes = figure.static_figure().axes
    assert [ax.get_xlabel() for ax in axes] == ["learning rate", "slope a", "step"]
    assert axes[0].lines[-1].get_xydata().tolist() == [[1.0, 0.5]]
    path = fit(Line(*START), mean_squared_error, x, y, Momentum(rate=1.0, beta=0.5), steps=120)[1]
    above = path.losses - line_quadratic(x, y).least
    assert axes[2].lines[0].get_ydata() == pytest.approx(above, rel=1e-9, abs=1e-12)


def stays(x, y, rate, beta):
    run = fit(Line(*START), mean_squared_error, x, y, Momentum(rate=rate, beta=beta), steps=480)[1]
    return int(np.flatnonzero(run.losses - line_quadratic(x, y).least > 1e-6)[-1]) + 1


def test_it_is_played_by_keys_and_pointer(show, points):
    """The numbers that the page says are those of the library's run, wherever the handle is."""
    x, y = points
    page = show(RateAndMomentum(x, y, start=START, a_range=(-4, 10), b_range=(-2, 15)))
    verdict, grip = page.locator(".verdict"), handle(page, "learning rate and momentum")
    best = 2 / np.linalg.eigvalsh(line_hessian(x)).sum()
    assert numbers(verdict)[-2:] == [stays(x, y, 0.1, 0.9), stays(x, y, best, 0)]
    assert page.get_by_role("button", name="Polyak").is_disabled()

    grip.press("Shift+ArrowRight")
    grip.press("PageDown")
    wait_for_drawing(page)
    assert numbers(page.locator(".result output"))[:3] == [0.2, 0.8, 0.2]
    assert numbers(verdict)[2] == stays(x, y, 0.2, 0.8)
    assert numbers(page.locator(".why"))[-1] == pytest.approx(0.8**0.5, abs=6e-4)

    page.get_by_label("learning rate", exact=True).fill("1.02")
    page.get_by_label("momentum", exact=True).fill("0.45")
    wait_for_drawing(page)
    polyak = polyak_momentum(np.linalg.eigvalsh(line_hessian(x)))
    fewest = stays(x, y, 1.02, 0.45)
    assert numbers(verdict) == [fewest, fewest, stays(x, y, polyak.rate, polyak.beta)]
    before = page.locator("path.path").first.get_attribute("d")
    drag(page, grip, -40, -60)
    assert page.locator("path.path").first.get_attribute("d") != before
    page.get_by_role("button", name="Forgotten zeroing").click()
    wait_for_drawing(page)
    assert "never settles" in page.locator(".why").inner_text()
    grip.press("End")
    page.get_by_role("button", name="Polyak").click()
    wait_for_drawing(page)
    by_polyak = stays(x, y, polyak.rate, polyak.beta)
    assert numbers(verdict) == [by_polyak, fewest, by_polyak]
