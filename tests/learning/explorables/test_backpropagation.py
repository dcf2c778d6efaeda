"""The chain rule on a graph. Oracles: torch's autograd, `learning.optimization.derivatives`."""

import re
from itertools import pairwise

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from learning.explorables import Backpropagation
from learning.explorables.backpropagation import LEAVES, PLACES, SOURCES
from learning.explorables.base import bundle
from learning.optimization import derivatives

from .node import call

NETWORKS = [
    [4, 2, 0.5, 2, -1, 5, 9],  # w1, w2, x, v1, v2, b, y
    [2, -3, 0.8, 1.5, 2, 8, 9],
]
PARAMETERS = ("w1", "w2", "v1", "v2", "b")
SCRIPT = bundle("backpropagation.js").replace("export default { render };", "")


@pytest.fixture
def js(tmp_path):
    return lambda calls: call(SCRIPT, calls, tmp_path)


@pytest.fixture(scope="module")
def leaves():
    """Random numbers: units that are on, off, and both."""
    return np.random.default_rng(0).normal(size=(40, 7)).tolist()


def autograd(row):
    """Differentiate the loss by the seven given numbers."""
    given = torch.tensor(row, dtype=torch.float64, requires_grad=True)
    w1, w2, x, v1, v2, b, y = given
    loss = (v1 * torch.relu(w1 * x) + v2 * torch.relu(w2 * x) + b - y) ** 2
    return loss.item(), torch.autograd.grad(loss, given)[0].numpy()


def test_values_and_derivatives_are_the_library_s_and_autograd_s(js, leaves):
    given = [dict(zip(LEAVES, row, strict=True)) for row in leaves]
    values = js([("forward", each) for each in given])
    slopes = js([("backward", each) for each in values])
    for row, value, slope in zip(leaves, values, slopes, strict=True):
        nodes = Backpropagation([row]).nodes()
        expected = derivatives(nodes["loss"])
        assert value == pytest.approx({k: n.value for k, n in nodes.items()}, rel=1e-12)
        assert slope == pytest.approx({k: expected[n] for k, n in nodes.items()}, rel=1e-12)
        loss, by_leaf = autograd(row)
        assert value["loss"] == pytest.approx(loss, rel=1e-12)
        assert [slope[k] for k in LEAVES] == pytest.approx(by_leaf.tolist(), rel=1e-12, abs=1e-14)


def test_it_goes_back_a_node_at_a_time(js):
    (values,) = js([("forward", dict(zip(LEAVES, NETWORKS[0], strict=True)))])
    partly = js([("backward", values, steps) for steps in range(8)])
    assert partly[0] == {}
    assert partly[1] == {"loss": 1, "r": -2}
    for early, late in pairwise(partly):
        assert set(early) <= set(late)
    assert (partly[6]["x"], partly[7]["x"]) == (4, -12)  # of one path, and of both


def test_a_step_of_descent_goes_against_the_gradient(js, leaves):
    given = [dict(zip(LEAVES, row, strict=True)) for row in leaves]
    slopes = [dict(zip(LEAVES, autograd(row)[1].tolist(), strict=True)) for row in leaves]
    moved = js([("descended", g, s, 0.01) for g, s in zip(given, slopes, strict=True)])
    for g, s, m in zip(given, slopes, moved, strict=True):
        assert m == pytest.approx({k: g[k] - 0.01 * s[k] * (k in PARAMETERS) for k in LEAVES})
    strongest = js([("strongest", s) for s in slopes])
    assert strongest == [max(PARAMETERS, key=lambda k: abs(s[k])) for s in slopes]


def test_it_compares_with_differences(js, leaves):
    h = 1e-5
    given = [dict(zip(LEAVES, row, strict=True)) for row in leaves]
    slopes = [dict(zip(LEAVES, autograd(row)[1].tolist(), strict=True)) for row in leaves]
    wrong = [{**s, "b": s["b"] + 3.0} for s in slopes]
    assert max(js([("disagreement", g, s) for g, s in zip(given, slopes, strict=True)])) < 1e-8
    got = js([("disagreement", g, s, h) for g, s in zip(given, wrong, strict=True)])
    largest = [max(1, *(abs(s[k]) for k in PARAMETERS)) for s in wrong]
    assert got == pytest.approx([3 / size for size in largest], rel=1e-6)


def test_its_words(js):
    on, off = (dict(zip(LEAVES, row, strict=True)) for row in NETWORKS)
    said = js([("said", on, step) for step in range(15)])
    assert said[1] == "s₁ = w₁ x = 4 · 0.5 = 2."
    assert said[5] == "ŷ = v₁ h₁ + v₂ h₂ + b = 2 · 2 + (−1) · 1 + 5 = 8."
    assert said[8] == "L = r² grows 2r = −2 times as much as r. Derivatives: r −2."
    assert "Two paths lead from x to the loss" in said[14]
    assert "x −12" in said[14]
    assert js([("said", off, 4)]) == ["h₂ = max(0, s₂) = 0. The unit is off."]
    assert "Nothing is passed back. Derivatives: s₂ 0." in js([("said", off, 11)])[0]
    right, wrong, none = js([("judged", on, 14, guess) for guess in ("v1", "b", "")])
    ways = "For a smaller loss, w₁, v₁, v₂ and b must grow, and w₂ must shrink."
    ways += " Differences of the loss confirm the derivatives."
    assert right == f"Right: the loss responds most to v₁. {ways}"
    assert wrong == f"Not b: the loss responds most to v₁. {ways}"
    assert none == f"The loss responds most to v₁. {ways}"
    (at_the_kink,) = js([("judged", {**on, "w1": 0}, 14, "")])
    assert at_the_kink.endswith("do not confirm the derivatives: a unit stands at its kink.")


def test_its_still_picture_shows_every_box_with_its_derivative():
    figure = Backpropagation(NETWORKS)
    (ax,) = figure.static_figure().axes
    assert len(ax.patches) == len(PLACES) == 14
    assert len(ax.lines) == sum(map(len, SOURCES.values())) == 14
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("−12") == 1
    assert len(texts) == 3 * 14
    assert figure.still() == figure.still()


@pytest.mark.parametrize("networks", [[], [[1, 2]], [[1, 2, 3, 4, 5, 6, np.nan]]])
def test_what_is_no_network_is_refused(networks):
    with pytest.raises(ValueError, match=re.escape(f"seven finite numbers, got {networks!r}")):
        Backpropagation(networks)


def test_the_walk_by_keyboard_and_pointer(show):
    page = show(Backpropagation(NETWORKS, rate=0.03))
    words, verdict = page.locator(".words"), page.locator(".verdict")
    step = page.get_by_role("button", name="Step", exact=True)
    descend = page.get_by_role("button", name="A step of descent")
    step.press("Enter")
    expect(words).to_have_text("Step 1 of 14. s₁ = w₁ x = 4 · 0.5 = 2.")
    expect(descend).to_be_disabled()
    page.get_by_role("group", name="your guess").get_by_text("v₁").click()
    expect(verdict).to_have_text("Your guess is v₁. Step to the end to see.")
    for _ in range(7):
        step.click()
    expect(words).to_contain_text("Step 8 of 14. L = r² grows 2r = −2 times as much as r.")
    expect(page.locator(".said")).to_contain_text("Derivatives: r −2.")
    page.get_by_role("button", name="To the end").click()
    expect(verdict).to_contain_text("Right: the loss responds most to v₁.")
    picture = page.get_by_role("img")
    expect(picture).to_have_attribute("aria-label", re.compile("x 0.5, derivative −12;"))

    # By keyboard, the target comes down to the prediction: no derivative is left.
    page.get_by_label("y", exact=True).focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(verdict).to_contain_text("All derivatives are 0")
    page.keyboard.press("End")  # and far above it
    expect(picture).to_have_attribute("aria-label", re.compile("L 16, derivative 1"))
    descend.click()
    w1, w2, x, v1, v2, b, _ = NETWORKS[0]
    _, slopes = autograd([w1, w2, x, v1, v2, b, 12])
    moved = np.array([w1, w2, x, v1, v2, b, 12]) - 0.03 * slopes * [1, 1, 0, 1, 1, 1, 0]
    expected = f"L {autograd(moved)[0]:.3g}"
    expect(picture).to_have_attribute("aria-label", re.compile(re.escape(expected)))
    page.get_by_role("button", name="Other numbers").click()
    expect(words).to_contain_text("Step 0 of 14.")
