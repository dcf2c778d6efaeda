"""The boundary between two classes. Oracle: what `learning` computes, to twelve digits."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from learning.data import clouds
from learning.evaluation import binary_cross_entropy_loss, mean_squared_error
from learning.explorables import Boundary
from learning.objective import gradient_by_hand
from learning.optimization import Descent, minimize
from learning.representation import LogisticRegression, sigmoid

from .node import call

X, Y = clouds(40, generator=np.random.default_rng(5), spread=0.9)
APART = X + 2.5 * (2 * Y - 1)[:, None]
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
TWELVE_DIGITS = {"rel": 1e-12, "abs": 1e-12}


def numbers(locator):
    return [float(n.replace("−", "-").replace(",", "")) for n in NUMBER.findall(locator)]


def weights_gradient(loss, theta, x, y, **how):
    model = LogisticRegression(np.array(theta[:2]), theta[2])
    return gradient_by_hand(model, loss, x, y, **how)(np.array(theta))[:2]


LOGITS = {"predict": LogisticRegression.logits}


def test_the_losses_and_their_gradients(tmp_path):
    thetas = np.random.default_rng(0).normal(scale=[20.0, 3.0, 5.0], size=(50, 3)).tolist()
    functions = ["wrong", "squaredError", "crossEntropy", "squaredGradient", "entropyGradient"]
    calls = [(name, t, X.tolist(), Y.tolist()) for t in thetas for name in functions]
    got = np.array(call(Boundary._esm, calls, tmp_path), dtype=object).reshape(-1, 5)
    for theta, (wrong, squared, entropy, by_squares, by_entropy) in zip(thetas, got, strict=True):
        z = X @ theta[:2] + theta[2]
        assert wrong == np.sum((z > 0) != (Y == 1))
        assert squared == pytest.approx(mean_squared_error(sigmoid(z), Y), **TWELVE_DIGITS)
        assert entropy == pytest.approx(binary_cross_entropy_loss(z, Y), **TWELVE_DIGITS)
        slopes = weights_gradient(mean_squared_error, theta, X, Y)
        assert by_squares == pytest.approx(slopes, **TWELVE_DIGITS)
        slopes = weights_gradient(binary_cross_entropy_loss, theta, X, Y, **LOGITS)
        assert by_entropy == pytest.approx(slopes, **TWELVE_DIGITS)


def descended(theta, x, y, steps):
    """Where gradient descent on the cross-entropy leads, the bias held."""

    def gradient(w):
        return weights_gradient(binary_cross_entropy_loss, [*w, theta[2]], x, y, **LOGITS)

    rule = Descent(rate=0.5)
    return minimize(lambda w: 0.0, np.array(theta[:2]), rule, steps=steps, gradient=gradient).final


def test_a_descent_ends_where_the_library_s_does(tmp_path):
    script = Boundary._esm + "\nexport const on = (...all) => descend(entropyGradient, ...all);\n"
    theta, how = [-4.0, 2.0, 0.5], {"rate": 0.5, "steps": 300}
    (path,) = call(script, [("on", theta, X.tolist(), Y.tolist(), how)], tmp_path)
    assert path[0] == theta[:2]
    assert len(path) < 80
    assert path[-1] == pytest.approx(descended(theta, X, Y, 300), rel=1e-10)


def area(polygon):
    x, y = np.array(polygon).T
    return 0.5 * abs(x @ np.roll(y, 1) - y @ np.roll(x, 1))


def test_what_is_above_a_level_has_the_right_area(tmp_path):
    """Oracle: of a tilted plane over a square, the share above a level is known."""
    rows = np.add.outer(np.arange(9.0), 2 * np.arange(9.0)) / 8  # y + 2 x over the unit square
    cases = {-1.0: 1.0, 0.5: 1 - 0.0625, 1.0: 0.75, 1.5: 0.5, 2.5: 0.0625, 4.0: 0.0}
    got = call(Boundary._esm, [("above", rows.tolist(), level) for level in cases], tmp_path)
    areas = [sum(area(piece) for piece in pieces) / 64 for pieces in got]
    assert areas == pytest.approx(list(cases.values()), abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"x": X[:, :1]}, r"shapes \(n, 2\) and \(n,\), got \(40, 1\), \(40,\)"),
        ({"x": X * np.nan}, "must be finite"),
        ({"y": Y + 1}, r"y must be 0 or 1, got \[1.0, 2.0\]"),
        ({"apart": X[:3]}, r"apart must have the shape of x, got \(3, 2\), \(40, 2\)"),
        ({"w_range": (1.0, 1.0)}, "w_range must have its lower end first"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(arguments, rule):
    settings = {"x": X, "y": Y, **arguments}
    with pytest.raises(ValueError, match=rule):
        Boundary(settings.pop("x"), settings.pop("y"), **settings)


def test_the_still_has_the_plane_and_three_maps_of_the_library_s_heights():
    figure = Boundary(X, Y, apart=APART, weights=(2.0, 1.0), bias=0.5)
    heights = figure._heights()
    assert [ax.get_title() for ax in figure.static_figure().get_axes()] == ["", *heights]
    z = X @ [-10.0, 10.0] + 0.5  # the first weight is across, the second up
    assert heights["mistakes"][-1, 0] == np.mean((z > 0) != (Y == 1))
    assert heights["squared error"][-1, 0] == pytest.approx(mean_squared_error(sigmoid(z), Y))
    assert heights["cross-entropy"][-1, 0] == pytest.approx(binary_cross_entropy_loss(z, Y))
    assert len(Boundary(X, Y, maps=False).static_figure().get_axes()) == 1


def test_it_is_moved_by_keys_and_pointer_and_says_what_comes_of_it(show):
    page = show(Boundary(X, Y, apart=APART, weights=(0.0, -2.0), bias=0.0, goal=0.4))

    def theta():
        page.wait_for_timeout(60)
        signed = page.locator(".title").first.inner_text().replace(" ", "")
        found = re.findall(r"([+−]?[\d.]+)(?=x|$|[+−])", signed.split("=")[1])
        return [float(n.replace("−", "-")) for n in found]

    assert theta() == [0, -2, 0]
    turn = page.get_by_role("slider", name="direction of the boundary")
    for _ in range(9):
        turn.press("Shift+ArrowUp")
    assert theta() == [2, 0, 0]
    page.get_by_role("slider", name="place of the boundary").press("Shift+ArrowRight")
    assert theta() == [2, 0, -1]
    z = X @ [2.0, 0.0] - 1.0
    wrong = int(np.sum((z > 0) != (Y == 1)))
    expect(page.locator(".result")).to_have_text(f"{wrong} of 40 points on the wrong side.")
    entropy = float(f"{binary_cross_entropy_loss(z, Y):.3g}")
    assert numbers(page.locator(".maps .title").last.inner_text())[-1] == entropy
    page.get_by_role("button", name="Start again").click()

    # On the map of the cross-entropy, drag the weights to where it is low.
    grip = page.get_by_role("slider", name="weights, on the map of cross-entropy")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 42, box["y"] + 2, steps=3)
    page.mouse.up()
    w1, w2, _ = theta()
    assert w1 > 1
    assert w2 > -1.5
    expect(page.locator(".verdict")).to_contain_text("Goal reached")

    # Ten steps downhill, as the library takes them, with the classes apart.
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Pull the classes apart").press("Enter")
    page.get_by_role("button", name="A step downhill").click()
    page.get_by_role("button", name="On to 10 steps").press("Enter")
    end = descended([0.0, -2.0, 0.0], APART, Y, 10)
    expect(page.locator(".arrived")).to_contain_text("After 10 steps downhill.")
    assert numbers(page.locator(".arrived").inner_text())[-1] == round(float(np.hypot(*end)), 2)
    expect(page.locator(".said")).to_contain_text("After 10 steps downhill.")
