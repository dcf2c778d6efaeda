"""The scripts' formulas. Oracle: the Python library, over random data, to twelve digits."""

import numpy as np
import pytest
from tests.descent import descend_line

from learning.evaluation import mean_squared_error
from learning.explorables import LineAndLandscape
from learning.explorables.base import Explorable, bundle
from learning.optimization import least_squares_line, line_gradient, line_hessian

from .conftest import kinds
from .node import call

TWELVE_DIGITS = 1e-12
SCRIPT = bundle("mathematics.js")


@pytest.fixture(scope="module")
def cases():
    """Lines and points of various scales; an a, a b, and 2 to 200 points each."""
    generator = np.random.default_rng(0)
    drawn = []
    for n in (2, 3, 5, 20, 50, 200) * 10:
        scale_x, scale_y = 10 ** generator.uniform(-1, 1, 2)
        x = scale_x * generator.uniform(-1, 1, n) + generator.normal()
        y = scale_y * generator.normal(size=n) + generator.normal() * x
        a, b = scale_y * generator.normal(size=2)
        drawn.append((a, b, x, y))
    return drawn


@pytest.fixture
def js(tmp_path):
    return lambda calls, script=SCRIPT: call(script, calls, tmp_path)


def test_the_loss(js, cases):
    got = js([("loss", a, b, x.tolist(), y.tolist()) for a, b, x, y in cases])
    expected = [mean_squared_error(a * x + b, y) for a, b, x, y in cases]
    assert got == pytest.approx(expected, rel=TWELVE_DIGITS)


def test_the_residuals(js, cases):
    got = js([("residuals", a, b, x.tolist(), y.tolist()) for a, b, x, y in cases])
    for (a, b, x, y), residuals in zip(cases, got, strict=True):
        terms = abs(a) * np.abs(x).max() + abs(b) + np.abs(y).max()
        assert residuals == pytest.approx(a * x + b - y, rel=0, abs=TWELVE_DIGITS * terms)


def test_the_gradient(js, cases):
    got = js([("gradient", a, b, x.tolist(), y.tolist()) for a, b, x, y in cases])
    for (a, b, x, y), gradient in zip(cases, got, strict=True):
        # The terms of its sums cancel, so their size is what twelve digits are of.
        terms = 2 * (np.abs(a * x + b - y) * np.maximum(np.abs(x), 1)).mean()
        expected = line_gradient(a, b, x, y)
        assert gradient == pytest.approx(expected, rel=TWELVE_DIGITS, abs=TWELVE_DIGITS * terms)


def test_the_hessian_its_eigenvalues_and_the_bound(js, cases):
    xs = [x for _, _, x, _ in cases]
    hessians = js([("hessian", x.tolist()) for x in xs])
    eigens = js([("eigen", hessian) for hessian in hessians])
    bounds = js([("largestRate", x.tolist()) for x in xs])
    for x, hessian, eigen, bound in zip(xs, hessians, eigens, bounds, strict=True):
        expected = line_hessian(x)
        scale = TWELVE_DIGITS * np.abs(expected).max()
        assert np.allclose(hessian, expected, rtol=TWELVE_DIGITS, atol=scale)
        small, large = np.linalg.eigvalsh(expected)
        assert eigen["values"] == pytest.approx([large, small], rel=TWELVE_DIGITS, abs=scale)
        assert bound == pytest.approx(2 / large, rel=TWELVE_DIGITS)
        for value, vector in zip(eigen["values"], np.array(eigen["vectors"]), strict=True):
            assert np.allclose(expected @ vector, value * vector, rtol=0, atol=scale)
            assert np.linalg.norm(vector) == pytest.approx(1, rel=TWELVE_DIGITS)


def test_the_best_line(js, cases):
    got = js([("leastSquares", x.tolist(), y.tolist()) for _, _, x, y in cases])
    for (_, _, x, y), best in zip(cases, got, strict=True):
        # The library solves the normal equations, which lose as many digits as they are steep.
        lost = np.linalg.cond(line_hessian(x))
        expected = least_squares_line(x, y)
        tolerance = max(TWELVE_DIGITS, 1e-15 * lost) * np.abs(expected).max()
        assert best == pytest.approx(expected, rel=TWELVE_DIGITS, abs=tolerance)


def test_a_contour_has_one_loss(js, cases):
    levels = [1.5 * mean_squared_error(a * x + b, y) for a, b, x, y in cases]
    got = js(
        [
            ("contour", level, x.tolist(), y.tolist(), 12)
            for level, (_, _, x, y) in zip(levels, cases, strict=True)
        ]
    )
    for level, (_, _, x, y), points in zip(levels, cases, got, strict=True):
        assert len(points) == 12
        losses = [mean_squared_error(a * x + b, y) for a, b in points]
        assert losses == pytest.approx([level] * 12, rel=1e-9)  # they add up large terms


def test_there_is_no_contour_below_the_least_loss(js):
    x, y = [0.0, 1.0, 2.0], [0.0, 1.0, 0.0]
    assert js([("contour", 0.0, x, y)]) == [[]]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ([0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([-5, 10], [-5, 0, 5, 10]),
        ([0, 16], [0, 5, 10, 15]),
        ([-2, 1], [-2, -1, 0, 1]),
        ([0.3, 0.42], [0.3, 0.35, 0.4]),
    ],
)
def test_ticks_are_round(js, span, expected):
    assert js([("ticks", span)]) == [expected]


def test_values_are_held_on_a_grid_and_in_range(js):
    calls = [("snap", 0.31, [0, 1], 0.05), ("snap", 7, [0, 1], 0.05), ("snap", -0.02, [0, 1], 0.05)]
    assert js(calls) == [0.3, 1, 0]


def test_levels_are_between_the_least_loss_and_the_highest(js):
    x, y = np.random.default_rng(3).uniform(size=(2, 30))
    args = (x.tolist(), y.tolist(), [-5, 10], [0, 12])
    (levels,) = js([("levels", *args)], LineAndLandscape._esm)
    least = mean_squared_error(np.polyval(least_squares_line(x, y), x), y)
    corners = [mean_squared_error(a * x + b, y) for a in (-5, 10) for b in (0, 12)]
    assert least < levels[0] < levels[-1] < max(corners)
    ratios = np.diff(np.log(levels))
    assert np.allclose(ratios, ratios[0])


def test_how_far_an_end_of_a_line_can_go(js):
    """Oracle: the lines of a fine grid that pass through the other end."""
    a, b = np.meshgrid(np.linspace(-2, 12, 281), np.linspace(0, 12, 241))
    for at, place, height in ((1, 0, 5), (0, 1, 15), (2, 1, 6), (0, 2, 9)):
        through = np.abs(a * place + b - height) < 1e-9
        expected = (a * at + b)[through]
        (got,) = js([("span", at, [place, height], [-2, 12], [0, 12])])
        assert got == pytest.approx([expected.min(), expected.max()])


def test_the_line_through_two_ends(js):
    assert js([("throughEnds", [0, 5], [1, 15])]) == [[10, 5]]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("surround", [0, 10], [2, 9]), [0, 10]),
        (("surround", [0, 10], [-5, 9], 1), [-6, 10]),
        (("surround", [0, 10], [5, 20], 1), [0, 21]),
        (("nearest", [0, 0], [[3, 4], [1, 0], [0, 2]], 5), 1),
        (("nearest", [0, 0], [[3, 4]], 5), -1),
        (("neighbour", [3, 1, 2], 2, 1), 0),
        (("neighbour", [3, 1, 2], 0, 1), 1),
        (("neighbour", [3, 1, 2], 1, -1), 0),
    ],
)
def test_a_view_holds_what_it_must_and_the_nearest_is_found(js, call, expected):
    assert js([call]) == [expected]


def test_a_line_that_is_learned_takes_steps_of_gradient_descent(js, cases):
    few = cases[:12]
    got = js(
        [("step", [a, b], x.tolist(), y.tolist()) for a, b, x, y in few], LineAndLandscape._esm
    )
    for (a, b, x, y), line in zip(few, got, strict=True):
        rate = 1 / np.linalg.eigvalsh(line_hessian(x))[-1]
        expected = descend_line(x, y, start=(a, b), rate=rate, steps=1).final
        assert line == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("figure", kinds(Explorable))
def test_a_script_is_one_piece_with_one_entry(figure):
    assert "import " not in figure._esm
    assert figure._esm.count("export default") == 1


@pytest.mark.parametrize("figure", kinds(Explorable))
@pytest.mark.parametrize("word", ["eval(", "Function(", "innerHTML", "fetch(", "onclick"])
def test_a_script_has_neither_generated_code_nor_requests(figure, word):
    assert word not in figure._esm
