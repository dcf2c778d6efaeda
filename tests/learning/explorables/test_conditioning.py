"""The loss along the axes of a bowl. Oracles: NumPy, and `Quadratic` on the points themselves."""

import numpy as np
import pytest
from playwright.sync_api import expect

from learning import noisy_line
from learning.explorables import Conditioning
from learning.explorables.conditioning import UNITS
from learning.optimization import line_quadratic

from .node import call

TWELVE_DIGITS = 1e-12
X, Y = noisy_line(400, generator=np.random.default_rng(6))
START = (1.0, -0.5)


def in_unit(unit):
    """The bowl on the points themselves, and the start there."""
    origin = X.mean() if unit in UNITS[2:] else 0.0
    size = {"percent": 0.01, "standardized": X.std()}.get(unit, 1.0)
    a, b = START
    return line_quadratic((X - origin) / size, Y), np.array([a * size, b + a * origin])


@pytest.mark.parametrize("unit", UNITS)
def test_the_figure_knows_the_bowl_of_the_points(unit):
    figure = Conditioning(X, Y, start=START, unit=unit, rate=0.2)
    bowl, start = in_unit(unit)
    assert np.allclose(figure.bowl.hessian, bowl.hessian, rtol=1e-10, atol=1e-10)
    assert np.allclose(figure.begin, start - bowl.minimum, rtol=1e-9)
    run = bowl.descend(start, rate=0.2, steps=4)
    for step in range(4):
        assert figure.shares(step).sum() == pytest.approx(run.losses[step] - bowl.least, rel=1e-8)


@pytest.mark.parametrize("unit", UNITS)
def test_the_script_s_formulas_are_the_library_s(tmp_path, unit):
    figure = Conditioning(X, Y, start=START, unit=unit)
    limit = 2 / figure.curvatures[0]
    figure.rate = float(0.8 * limit)
    (ground,) = call(
        figure._esm, [("inUnit", unit, figure.mean, figure.spread, figure.away)], tmp_path
    )
    (known,) = call(figure._esm, [("spectrum", ground)], tmp_path)
    calls = [("sharesAt", known, figure.rate, step) for step in (0, 1, 7)]
    *shares, run = call(figure._esm, [*calls, ("excesses", ground, figure.rate, 7)], tmp_path)
    assert known["values"] == pytest.approx(figure.curvatures.tolist(), rel=TWELVE_DIGITS)
    assert known["limit"] == pytest.approx(limit, rel=TWELVE_DIGITS)
    assert known["best"] == pytest.approx(2 / figure.curvatures.sum(), rel=TWELVE_DIGITS)
    for step, share in zip((0, 1, 7), shares, strict=True):
        tiny = TWELVE_DIGITS * figure.shares(0).sum()
        if unit != "standardized":  # any two directions are axes of a round bowl
            assert share == pytest.approx(figure.shares(step).tolist(), rel=1e-11, abs=tiny)
        assert sum(share) == pytest.approx(figure.shares(step).sum(), rel=1e-11)
        assert run[step] == pytest.approx(sum(share), rel=1e-10)


def test_what_it_says_of_the_goal(tmp_path):
    falls = [1.0, 0.1, 0.01]
    cases = [(falls, 0.1, 5), (falls, 0.01, 1), (falls, 1e-3, 5)]
    told = call(Conditioning._esm, [("goalText", *case) for case in cases], tmp_path)
    assert told[0].endswith("It takes 1 step.")
    assert told[1] == "Goal: an excess loss of 0.01 in 1 step. It takes 2 steps."
    assert told[2].endswith("In 2 steps it does not arrive.")
    reached = call(Conditioning._esm, [("reached", *case) for case in cases], tmp_path)
    assert reached == [True, False, False]


def test_no_rate_reaches_the_goal_but_another_unit_does(show):
    page = show(Conditioning(X, Y, start=START, rate=0.1))
    task, result, shape = (page.locator(f".{name}") for name in ("verdict", "result", "why"))
    expect(task).to_contain_text("In 100 steps it does not arrive")
    page.get_by_role("button", name="The best rate").press("Enter")
    bowl, start = in_unit("share")
    values = np.linalg.eigvalsh(bowl.hessian)
    run = bowl.descend(start, rate=2 / values.sum(), steps=100)
    needed = int(np.argmax(run.losses - bowl.least <= 1e-6))
    expect(task).to_contain_text(f"It takes {needed} steps")
    expect(shape).to_contain_text(f"κ = {values[1] / values[0]:.3g}")
    page.get_by_label("shown step").fill("10")
    excess = f"{run.losses[10] - bowl.least:.3g}"
    expect(result).to_contain_text(f"After 10 steps the excess loss is {excess};")
    expect(result).to_contain_text(f"the formula says {excess}.")

    page.get_by_role("button", name="Too large").click()
    expect(shape).to_contain_text("the run diverges")
    steep = page.locator("path.steep")
    page.get_by_role("button", name="standardized").click()
    expect(shape).to_contain_text("κ = 1.")
    page.get_by_role("button", name="The best rate").click()
    expect(task).to_have_text(
        "Goal reached: an excess loss of 1.0e−6 in 20 steps. It takes 1 step."
    )
    expect(steep).to_have_attribute("d", "")  # nothing is left


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [(np.ones(3), np.ones(3), "two different x, got"), (X, Y[1:], r"one shape \(n,\), got")],
)
def test_bad_points_are_refused(x, y, said):
    with pytest.raises(ValueError, match=said):
        Conditioning(x, y, start=START)


def test_the_still_picture_shows_the_shares():
    figure = Conditioning(X, Y, start=START, step=3)
    bars = figure.static_figure().axes[0].patches
    assert [bar.get_height() for bar in bars] == pytest.approx(figure.shares(3).tolist())
