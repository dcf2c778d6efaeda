"""Three menus and three bars. Oracles: `learning.excess`, and the words' definition."""

import numpy as np
import pytest
from playwright.sync_api import expect

from learning import noisy_line
from learning.excess import Search, polynomial_excess
from learning.explorables import WhoseFault

from .node import call

X, Y = noisy_line(400, generator=np.random.default_rng(1))
DEGREES = {"constants": 0, "lines": 1, "degree 9": 9}
JUDGES = {"12 points": (12, 0.0), "400 points": (400, 0.0)}
SEARCHES = {"exact": None, "10 steps": Search(rate=0.2, steps=10)}


def truth(x):
    return 3.0 * x + 8.0


def figure(**traits):
    menus = {"degrees": DEGREES, "judges": JUDGES, "searches": SEARCHES}
    return WhoseFault(X, Y, truth, **menus, **traits)


def test_each_combination_has_the_parts_of_its_error():
    shown = figure()
    for i, degree in enumerate(DEGREES.values()):
        for j, (n, ridge) in enumerate(JUDGES.values()):
            for k, search in enumerate(SEARCHES.values()):
                shown.chosen = [i, j, k]
                how = {"degree": degree, "ridge": ridge, "search": search}
                expected = polynomial_excess(X[:n], Y[:n], truth, **how)
                assert shown.excess.total == pytest.approx(expected.total, abs=1e-11)
                assert shown.excess.approximation == pytest.approx(0.75 * (degree == 0), abs=1e-11)


def test_bars_and_words(tmp_path):
    calls = [
        ("length", 1e-6), ("length", -10), ("length", 10**0.5), ("length", 0),
        ("verdict", [0.75, 0.25, 0]), ("verdict", [0, 2, -1.5]), ("worst", [1, 2, 0]),
        ("verdict", [0.75, 0, -1e-9]),
    ]  # fmt: skip
    *lengths, blamed, helped, worst, hardly = call(WhoseFault._esm, calls, tmp_path)
    assert lengths == pytest.approx([0, 1, 6.5 / 7, 0])
    assert blamed == "Most of it, 75 %, is the fault of the representation."
    assert helped.startswith("The evaluation alone costs 2.")
    assert helped.endswith("takes 1.5 away: stopping early helped.")
    assert worst == 1
    assert "helped" not in hardly


def test_the_reader_swaps_the_parts_and_solves_tasks(show):
    page = show(figure())
    judged, solved = page.locator(".verdict"), page.locator(".tasks .reached")
    expect(judged).to_contain_text("is the fault of the representation")
    expect(solved).to_have_text(["Make approximation the largest part."])
    page.get_by_role("button", name="degree 9").click()
    expect(judged).to_contain_text("is the fault of the evaluation")
    page.get_by_role("button", name="10 steps").click()
    expect(judged).to_contain_text("stopping early helped")
    expect(page.locator(".bar.optimization")).to_have_class("bar optimization negative")
    page.get_by_role("button", name="400 points").click()
    expect(judged).to_contain_text("is the fault of the optimization")
    shown = figure(chosen=[2, 1, 1]).excess
    expect(page.locator(".bar.together output")).to_have_text(f"{shown.total:.3g}")
    expect(solved).to_have_count(4)
    expect(page.locator(".said")).to_contain_text("4 of 5 tasks solved")


def test_the_still_shows_the_curve_and_the_bars():
    kind, picture = figure().still()
    assert (kind, picture.count("<svg")) == ("image/svg+xml", 1)
    shown = figure(chosen=[2, 0, 1])
    _, below = shown.static_figure().axes
    sizes = [*(abs(part) for part in shown.parts[2][0][1]), shown.excess.total]
    assert [bar.get_width() for bar in below.patches] == pytest.approx(sizes)


@pytest.mark.parametrize(
    ("x", "chosen", "message"),
    [(X[:3], [0, 0, 0], "one shape"), (X, [0, 0, 2], "chosen must number"), (X, [-1, 0, 0], "-1")],
)
def test_what_breaks_a_rule_is_refused(x, chosen, message):
    menus = {"degrees": DEGREES, "judges": JUDGES, "searches": SEARCHES}
    with pytest.raises(ValueError, match=message):
        WhoseFault(x, Y, truth, **menus, chosen=chosen)
