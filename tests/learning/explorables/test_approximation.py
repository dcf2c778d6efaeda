"""Best curves of three families. Oracles: the library, numpy.linalg.lstsq behind it, node."""

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.explorables import Approximation
from learning.explorables.approximation import FAMILIES

from .node import call

X = (np.arange(200) + 0.5) / 200
TARGETS = {
    "smooth": 8 + np.exp(X),
    "broken": 8 + np.clip(6 * X - 1.5, 0, 3),
    "wavy": 9 + np.cos(6 * np.pi * X),
    "jump": 8 + 3.0 * (X > 0.5),
}


def test_the_columns_are_the_library_s(tmp_path):
    names = {"polynomials": "legendre", "hinges": "evenHinges", "waves": "waves"}
    calls = [(names[name], X.tolist(), n) for name in FAMILIES for n in (1, 2, 3, 8, 25)]
    expected = [FAMILIES[name](X, n) for name in FAMILIES for n in (1, 2, 3, 8, 25)]
    for got, columns in zip(call(Approximation._esm, calls, tmp_path), expected, strict=True):
        np.testing.assert_allclose(np.array(got).T, columns, rtol=0, atol=1e-12)


def test_errors_and_best_curves_are_the_library_s(tmp_path):
    pairs = [(target, family) for target in TARGETS for family in FAMILIES]
    calls = [("errorsOf", family, X.tolist(), TARGETS[t].tolist(), 25) for t, family in pairs]
    for (target, family), got in zip(pairs, call(Approximation._esm, calls, tmp_path), strict=True):
        figure = Approximation(X, TARGETS, target=target)
        np.testing.assert_allclose(got, figure.errors(family), rtol=1e-12, atol=1e-12)


def test_what_is_said_of_a_goal(tmp_path):
    errors = {"polynomials": [3, 2, 0.5], "hinges": [3, 0.5, 2], "waves": [3, 3, 3]}
    asked = [("hinges", 2, 1), ("polynomials", 3, 1), ("hinges", 3, 1), ("waves", 2, 0.1)]
    calls = [("verdict", {"errors": errors, "family": f, "n": n, "goal": g}) for f, n, g in asked]
    best, fewer, not_yet, none = call(Approximation._esm, calls, tmp_path)
    assert best == "Goal reached with 2 parameters: none of the three families needs fewer."
    assert fewer == "Goal reached, but not with the fewest: 2 (hinges) would do."
    assert not_yet == ""
    assert none == "No family reaches the goal with 3 parameters or fewer."


def test_the_reader_chooses_target_family_and_number(show):
    page = show(Approximation(X, TARGETS, goal=0.001))
    result, judged = page.locator(".result"), page.locator(".verdict")
    error = Approximation(X, TARGETS).errors("polynomials")
    expect(result).to_contain_text(f"Polynomials, 2 parameters: error {error[1]:.3g}")
    slider = page.get_by_role("slider", name="parameters")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(judged).to_have_class("verdict reached")
    expect(judged).to_contain_text("with 4 parameters: none of the three families needs fewer")
    page.get_by_role("button", name="Broken").click()
    page.get_by_role("button", name="Hinges").click()
    slider.press("ArrowRight")
    expect(result).to_have_text("Hinges, 5 parameters: error 0, largest miss 0.")
    slider.press("Home")
    expect(judged).to_have_text("")
    page.get_by_role("button", name="Jump").click()
    expect(judged).to_contain_text("No family reaches the goal")
    expect(page.locator(".said")).to_contain_text("Jump target. Hinges, 1 parameter")


def test_the_still_shows_target_curve_and_all_errors():
    kind, picture = Approximation(X, TARGETS).still()
    assert kind == "image/svg+xml"
    assert picture.count("<svg") == 1
    over, against = Approximation(X, TARGETS).static_figure().axes
    assert len(over.lines) == 2
    assert len(against.lines) == 4


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"targets": {"a": X[1:]}}, "target 'a' must be finite and of the shape"),
        ({"targets": {"a": X * np.nan}}, "target 'a' must be finite"),
        ({"target": "flat"}, "target must be one of .* got 'flat'"),
        ({"parameters": 26}, "must hold, got 26, 25, 200"),
        ({"most": 201}, "must hold, got 2, 201, 200"),
    ],
)
def test_what_is_wrong_is_said(how, message):
    with pytest.raises(ValueError, match=message):
        Approximation(X, **{"targets": TARGETS, **how})
