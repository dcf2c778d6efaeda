"""The formulas of runs. Oracles: `learning.optimization`, NumPy, and the Python twins."""

from itertools import pairwise

import numpy as np
import pytest

from learning import Line, Momentum, fit, mean_squared_error
from learning.explorables import GradientDescent, StochasticDescent
from learning.explorables.base import bundle
from learning.explorables.stochastic import batch, dealt, draws, uniform
from learning.optimization import inverse_time, least_squares_line, line_gradient, line_hessian

from .node import call

TWELVE_DIGITS = 1e-12
SCRIPT = bundle("descent.js")


@pytest.fixture
def js(tmp_path):
    return lambda calls, script=SCRIPT: call(script, calls, tmp_path)


@pytest.fixture(scope="module")
def data():
    generator = np.random.default_rng(3)
    x = generator.uniform(-1, 2, 30)
    return x, 2 * x - 1 + 0.3 * generator.normal(size=30)


def visited(run):
    return np.vstack([run.parameters, run.final])


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("share", [0.3, 0.99, 1.2])
def test_a_run_is_that_of_the_library(js, data, beta, share):
    x, y = data
    rate = share * 2 / np.linalg.eigvalsh(line_hessian(x))[-1]
    rule = Momentum(rate=rate, beta=beta)
    expected = visited(fit(Line(1.0, -2.0), mean_squared_error, x, y, rule, steps=60)[1])
    how = {"rate": rate, "beta": beta, "steps": 60}
    (got,) = js([("run", x.tolist(), y.tolist(), [1.0, -2.0], how)])
    assert np.allclose(got, expected, rtol=1e-11, atol=1e-11 * np.abs(expected).max())


def test_a_bowl_says_how_far_a_line_is_above_the_least_loss(tmp_path, data):
    x, y = data
    least = mean_squared_error(np.polyval(least_squares_line(x, y), x), y)
    script = (
        SCRIPT + "\nexport const above = (x, y, at) => [bowl(x, y).least, bowl(x, y).above(at)];"
    )
    (got,) = call(script, [("above", x.tolist(), y.tolist(), [4.0, -3.0])], tmp_path)
    expected = [least, mean_squared_error(4.0 * x - 3.0, y) - least]
    assert got == pytest.approx(expected, rel=TWELVE_DIGITS)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.81, 1.0])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 1.1])
def test_what_a_step_leaves_is_the_larger_eigenvalue_of_the_recursion(js, data, beta, share):
    x, _ = data
    curvatures = np.linalg.eigvalsh(line_hessian(x))[::-1]
    rate = share * 2 * (1 + beta) / curvatures[0]
    (got,) = js([("left", x.tolist(), rate, beta)])
    for value, curvature in zip(got, curvatures, strict=True):
        companion = np.array([[1 + beta - rate * curvature, -beta], [1.0, 0.0]])
        roots = np.linalg.eigvals(companion)
        assert abs(value) == pytest.approx(np.abs(roots).max(), abs=1e-7)  # a double root
    if beta == 0:
        assert got == pytest.approx(list(1 - rate * curvatures), abs=TWELVE_DIGITS)


@pytest.mark.parametrize("beta", [0.0, 0.4, 0.7])
def test_the_marked_rates_are_the_best_and_the_largest(js, data, beta):
    x, y = data
    figure = GradientDescent(x, y, beta=beta)
    (got,) = js([("rates", x.tolist(), beta)])
    assert got["limit"] == pytest.approx(figure.largest_rate, rel=TWELVE_DIGITS)
    assert got["best"] == pytest.approx(figure.best_rate, rel=TWELVE_DIGITS)

    def slowest(rate):
        (left,) = js([("left", x.tolist(), rate, beta)])
        return max(map(abs, left))

    assert slowest(1.001 * figure.largest_rate) > 1 > slowest(0.999 * figure.largest_rate)
    others = [slowest(f * figure.best_rate) for f in (0.5, 0.8, 0.97, 1.02)]
    assert slowest(figure.best_rate) <= min(others) + 1e-12


def test_a_verdict_names_divergence_from_the_bound_on(js, data):
    x, y = data
    for beta in (0.0, 0.5):
        bound = GradientDescent(x, y, beta=beta).largest_rate
        calls = [("verdict", share * bound, x.tolist(), beta) for share in (0.99, 1.01)]
        below, beyond = js(calls, GradientDescent._esm)
        assert "diverges" not in below
        assert "diverges" in beyond
    calls = [("verdict", share, x.tolist(), 0) for share in (0.1 * bound, 0.62 * bound)]
    slow, swings = js(calls, GradientDescent._esm)
    assert ("side to side" in slow, "side to side" in swings) == (False, True)
    (forever,) = js([("verdict", 0.1, x.tolist(), 1)], GradientDescent._esm)
    assert "never settles" in forever


@pytest.mark.parametrize(
    ("excess", "goal", "steps"), [([9, 3, 1, 0.5], 1, 2), ([9, 3], 1, -1), ([0.5, 3], 1, 0)]
)
def test_a_goal_is_reached_at_the_first_step_within_it(js, excess, goal, steps):
    assert js([("reaches", excess, goal)], GradientDescent._esm) == [steps]


def test_a_factor_has_digits_enough_to_tell_it_from_one(js):
    told = {0.99743: "0.9974", 0.73971: "0.74", -1.0356: "−1.036", 1: "1.00", 0: "0.00"}
    assert js([("factor", value) for value in told], GradientDescent._esm) == list(told.values())


def test_the_axis_of_losses_holds_them(js):
    calls = [("decades", [88.0, 0.06], 6e-4), ("decades", [10.0, 1e9], 0.3)]
    assert js(calls, GradientDescent._esm) == [[-4, 2], [-1, 3]]


def test_of_a_long_path_some_places_are_left_out_but_both_sides_stay(js):
    path = [[(-1) ** i, i] for i in range(10_001)]
    short, long = js([("thinned", path[:900]), ("thinned", path)], GradientDescent._esm)
    assert short == path[:900]
    assert len(long) < 1500
    assert [long[0], long[-1]] == [path[0], path[-1]]
    assert {side for side, _ in long} == {-1, 1}


# Batches.


def test_numbers_and_batches_are_the_same_in_both_languages(tmp_path):
    script = SCRIPT + (
        "\nexport function several(seed, n) {"
        " const next = uniform(seed); return Array.from({ length: n }, next); }"
    )
    calls = [("several", seed, 20) for seed in (0, 1, 65537, 2**32 - 1)]
    calls += [("batch", 3, k, 50, size) for k in range(5) for size in (1, 7, 50)]
    got = call(script, calls, tmp_path)
    for (_, seed, n), numbers in zip(calls[:4], got[:4], strict=True):
        twin = uniform(seed)
        assert numbers == [next(twin) for _ in range(n)]
    for (_, seed, k, n, size), rows in zip(calls[4:], got[4:], strict=True):
        assert rows == batch(seed, k, n, size).tolist()


def test_a_batch_has_no_point_twice_and_every_point_is_drawn_as_often():
    drawn = np.array([batch(1, k, 20, 5) for k in range(4000)])
    assert all(len(set(rows)) == 5 for rows in drawn.tolist())
    counts = np.bincount(drawn.ravel(), minlength=20)
    spread = np.sqrt(4000 * 0.25 * 0.75)
    assert np.abs(counts - 1000).max() < 4 * spread


def test_the_numbers_are_spread_evenly():
    numbers = uniform(7)
    drawn = np.array([next(numbers) for _ in range(20_000)])
    assert np.abs(np.histogram(drawn, bins=10, range=(0, 1))[0] - 2000).max() < 4 * np.sqrt(1800)
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / np.sqrt(20_000)


def test_with_replacement_every_point_is_drawn_as_often_and_may_come_twice():
    drawn = np.array([draws(1, k, 20, 5) for k in range(4000)])
    assert any(len(set(rows)) < 5 for rows in drawn.tolist())
    counts = np.bincount(drawn.ravel(), minlength=20)
    assert np.abs(counts - 1000).max() < 4 * np.sqrt(20_000 / 20)


@pytest.mark.parametrize(("size", "count"), [(5, 4), (8, 2)])
def test_an_epoch_deals_each_point_once(size, count):
    epochs = [[dealt(1, e * count + k, 20, size) for k in range(count)] for e in range(50)]
    for rows in epochs:
        assert len(set(np.concatenate(rows).tolist())) == count * size
    assert any(not np.array_equal(epochs[0], other) for other in epochs[1:])


@pytest.mark.parametrize("size", [1, 7, 30])
@pytest.mark.parametrize("drawing", ["with", "epochs"])
def test_the_other_ways_of_drawing_are_those_of_the_twins(tmp_path, data, size, drawing):
    figure = StochasticDescent(*data, batch_size=size, drawing=drawing)
    name = {"with": "draws", "epochs": "dealt"}[drawing]
    got = call(figure._esm, [(name, figure.seed, k, 30, size) for k in range(70)], tmp_path)
    assert np.array_equal(got, [figure.rows(k) for k in range(70)])


@pytest.mark.parametrize("size", [1, 5, 30])
@pytest.mark.parametrize("decreasing", [False, True])
def test_a_run_on_batches_is_that_of_the_library(tmp_path, data, size, decreasing):
    x, y = data
    how = {
        "rate": 0.2,
        "batch_size": size,
        "decreasing": decreasing,
        "steps": 50,
        "passed": [3, 3, 9],
    }
    figure = StochasticDescent(x, y, start=(4.0, 1.0), half=10.0, **how)
    script = (
        figure._esm
        + """
export function walked(x, y, start, { rate, batch_size, decreasing, steps, passed, half, seed }) {
  const rows = (step) => batch(seed, numberOf(step, passed), x.length, batch_size);
  return run(x, y, start, { rate: decreasing ? inverseTime(rate, half) : rate, steps, rows });
}"""
    )
    traits = {**how, "half": 10.0, "seed": figure.seed}
    (got,) = call(script, [("walked", x.tolist(), y.tolist(), [4.0, 1.0], traits)], tmp_path)
    assert np.allclose(got, visited(figure.trajectory), rtol=0, atol=1e-11)


def test_a_step_on_a_batch_is_against_the_batch_s_gradient_at_the_schedule_s_rate(data):
    x, y = data
    figure = StochasticDescent(x, y, batch_size=4, rate=0.2, decreasing=True, half=5.0, steps=12)
    path, rate = visited(figure.trajectory), inverse_time(0.2, half=5.0)
    for step, (here, there) in enumerate(pairwise(path)):
        rows = figure.rows(step)
        expected = here - rate(step) * line_gradient(*here, x[rows], y[rows])
        assert there == pytest.approx(expected)


def test_a_batch_that_is_passed_over_moves_the_later_ones_up(data):
    plain, passed = (StochasticDescent(*data, batch_size=3, passed=p) for p in ([], [5]))
    assert np.array_equal(plain.rows(4), passed.rows(4))
    assert np.array_equal(plain.rows(6), passed.rows(5))


@pytest.mark.parametrize("size", [0, 31])
def test_a_batch_has_from_one_to_all_points(data, size):
    with pytest.raises(ValueError, match=f"batch_size must be from 1 to n, got {size} for n = 30"):
        StochasticDescent(*data, batch_size=size)


@pytest.mark.parametrize("rows", [[0], [0, 1], [2, 2], [0, 1, 2, 3, 4]])
def test_a_level_curve_of_some_points_has_one_loss(js, data, rows):
    x, y = (values[rows] for values in data)
    place, reach = [2.0, 1.0], 10.0
    level = 1.3 * mean_squared_error(place[0] * x + place[1], y)
    (curve,) = js([("levelCurve", level, x.tolist(), y.tolist(), place, reach)])
    assert len(curve) > 10
    losses = [mean_squared_error(a * x + b, y) for a, b in curve]
    assert losses == pytest.approx([level] * len(curve), rel=1e-6)
    off = np.array(curve) - place
    assert np.hypot(*off.T).max() < 3 * reach


def test_there_is_no_level_curve_below_the_least_loss(js, data):
    x, y = data
    assert js([("levelCurve", 0.0, x.tolist(), y.tolist(), [0.0, 0.0], 10.0)]) == [[]]


# Frames of a run.


def test_frames_are_even_in_loss(js):
    excess = (100 * 0.9 ** np.arange(101)).tolist()
    assert js([("byLoss", excess, 10)]) == [list(range(0, 101, 10))]
    slow = [*(10.0 ** -np.arange(5)), *[1e-4 * 0.999**k for k in range(1, 500)]]
    (steps,) = js([("byLoss", slow, 8)])
    assert steps[:5] == [0, 1, 2, 3, 4]
    assert steps[-1] <= len(slow) - 1


def test_frames_of_a_run_that_grows_or_arrives_are_even_in_loss_too(js):
    grows = (2.0 ** np.arange(41)).tolist()
    arrives = [1.0, 0.1, 0.0, 0.0, 0.0]
    constant = [1.0, 1.0, 1.0]
    got = js([("byLoss", grows, 4), ("byLoss", arrives, 3), ("byLoss", constant, 2)])
    assert got[0] == [0, 10, 20, 30, 40]
    assert (got[1][0], got[1][-1]) == (0, 2)
    assert got[2] == [0]


def test_frames_are_even_in_time(js):
    assert js([("byTime", 100, 4), ("byTime", 3, 10)]) == [[0, 25, 50, 75, 100], [0, 1, 2, 3]]


def test_the_stops_of_sliders(js):
    calls = [("roundNumbers", [10, 1000]), ("doublings", 50), ("doublings", 8), ("doublings", 1)]
    assert js(calls, StochasticDescent._esm) == [
        [10, 20, 50, 100, 200, 500, 1000],
        [1, 2, 4, 8, 16, 32, 50],
        [1, 2, 4, 8],
        [1],
    ]


def test_a_logarithmic_slider_has_round_numbers_and_each_position_its_own(js):
    positions = list(range(-600, 61))
    values = js([("roundest", position) for position in positions], GradientDescent._esm)
    assert {0.001, 0.01, 0.1, 0.7, 0.8, 1, 2} <= set(values)
    assert np.allclose(np.log10(values), np.array(positions) / 200, atol=0.5 / 200)
    assert (np.diff(values) > 0).all()
