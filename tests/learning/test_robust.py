"""Losses other than squares, and the lines they prefer. Oracles: torch, scikit-learn, scipy."""

from functools import partial

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from sklearn import linear_model, metrics

from learning.data import noisy_line
from learning.evaluation import (
    forecast_utility_score,
    huber_loss,
    log_cosh_loss,
    mean_absolute_error,
    quantile_loss,
)
from learning.evaluation.slopes import slope_of
from learning.objective import fit, gradient_by_hand, objective
from learning.optimization import (
    Descent,
    huber_line,
    least_squares_line,
    lines_through_pairs,
    log_cosh_line,
    quantile_line,
)
from learning.representation import Line

X, Y = noisy_line(50, generator=np.random.default_rng(1))
RIGHT = int(X.argmax())
PREDICTION, TARGET = np.random.default_rng(0).normal(size=(2, 40))
LOSSES = {
    "absolute": mean_absolute_error,
    "huber": partial(huber_loss, width=0.7),
    "log-cosh": partial(log_cosh_loss, width=0.7),
    "quantile": partial(quantile_loss, share=0.9),
}
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def moved(up=0.0, *, x=None, y=None):
    """The fifty days, with the last one elsewhere."""
    xs, ys = X.copy(), Y.copy()
    xs[RIGHT] = X[RIGHT] if x is None else x
    ys[RIGHT] = Y[RIGHT] + up if y is None else y
    return xs, ys


# The losses.


def test_the_absolute_and_the_quantile_loss_are_sklearns():
    expected = metrics.mean_absolute_error(TARGET, PREDICTION)
    assert mean_absolute_error(PREDICTION, TARGET) == pytest.approx(expected, rel=1e-14)
    for share in (0.1, 0.5, 0.9):
        expected = metrics.mean_pinball_loss(TARGET, PREDICTION, alpha=share)
        ours = quantile_loss(PREDICTION, TARGET, share=share)
        assert ours == pytest.approx(expected, rel=1e-13)


def test_the_huber_loss_is_torchs():
    prediction, target = torch.from_numpy(PREDICTION), torch.from_numpy(TARGET)
    for width in (0.1, 1.0, 5.0):
        expected = torch.nn.functional.huber_loss(prediction, target, delta=width)
        for ours in (
            huber_loss(prediction, target, width=width),
            torch.tensor(huber_loss(PREDICTION, TARGET, width=width)),
        ):
            assert torch.allclose(ours, expected, rtol=1e-13)


def test_the_log_cosh_loss_is_a_logarithm_of_a_cosh_where_that_does_not_overflow():
    for width in (0.1, 1.0, 5.0):
        residual = PREDICTION - TARGET
        expected = (width**2 * np.log(np.cosh(residual / width))).mean()
        ours = log_cosh_loss(PREDICTION, TARGET, width=width)
        assert ours == pytest.approx(expected, rel=1e-13)
    far = log_cosh_loss(np.array([-1e200]), np.array([0.0]), width=2.0)
    assert far == pytest.approx(2e200, rel=1e-14)
    assert log_cosh_loss(TARGET, TARGET, width=1.0) == pytest.approx(0.0, abs=1e-15)


def test_a_tenth_of_the_cost_is_the_pinball_loss():
    costs = {"shortage_cost": 9.0, "surplus_cost": 1.0}
    ours = quantile_loss(PREDICTION, TARGET, share=0.9)
    assert -10 * ours == pytest.approx(forecast_utility_score(PREDICTION, TARGET, **costs))


@each_loss
def test_the_slope_is_autograds(loss):
    prediction = torch.tensor(PREDICTION, requires_grad=True)
    loss(prediction, torch.from_numpy(TARGET)).backward()
    ours = slope_of(loss)(PREDICTION, TARGET)
    assert np.allclose(ours, prediction.grad.numpy(), rtol=1e-13, atol=1e-16)


def test_at_a_kink_the_slope_is_the_mean_of_those_at_both_sides():
    zero = np.zeros(1)
    assert slope_of(mean_absolute_error)(zero, zero) == 0.0
    assert slope_of(partial(quantile_loss, share=0.9))(zero, zero) == pytest.approx(-0.4)


@each_loss
def test_a_line_is_fitted_on_both_kinds_of_arrays(loss):
    how = {"rule": Descent(rate=0.1), "steps": 50}
    line, run = fit(Line(0.0, 0.0), loss, X, Y, **how)
    _, on_torch = fit(Line(0.0, 0.0), loss, torch.from_numpy(X), torch.from_numpy(Y), **how)
    assert np.allclose(run.losses, on_torch.losses, rtol=1e-11)
    assert objective(line, loss, X, Y)(line.parameters) < run.losses[0]


@pytest.mark.parametrize("width", [0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("loss", [huber_loss, log_cosh_loss])
def test_a_width_is_positive_and_finite(loss, width):
    with pytest.raises(ValueError, match="width must be positive"):
        loss(PREDICTION, TARGET, width=width)
    with pytest.raises(ValueError, match="width must be positive"):
        slope_of(partial(loss, width=width))(PREDICTION, TARGET)


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan, 2.0])
def test_a_share_lies_between_0_and_1(share):
    with pytest.raises(ValueError, match="share must lie"):
        quantile_loss(PREDICTION, TARGET, share=share)
    with pytest.raises(ValueError, match="share must lie"):
        quantile_line(X, Y, share=share)


@each_loss
def test_shapes_that_differ_are_refused(loss):
    with pytest.raises(ValueError, match="one shape"):
        loss(PREDICTION[:, None], TARGET)


# The lines.

CASES = {
    "as they are": moved(),
    "ten higher": moved(10.0),
    "at the right": moved(x=3.0, y=8.0),
    "far at the right": moved(x=12.0, y=8.0),
    "many in one place": (np.round(X, 1), Y),
    "fifteen": (X[:15], Y[:15]),
}
each_case = pytest.mark.parametrize(("x", "y"), CASES.values(), ids=CASES)


@each_case
@pytest.mark.parametrize("share", [0.5, 0.9, 0.25])
def test_a_quantile_line_is_as_good_as_linear_programming_can_make_it(x, y, share):
    n, one = len(x), np.eye(len(x))
    # y = a x + b + over - under, over and under at least 0
    costs = np.concatenate([[0, 0], np.full(n, share / n), np.full(n, (1 - share) / n)])
    equal = np.hstack([x[:, None], np.ones((n, 1)), one, -one])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    least = linprog(costs, A_eq=equal, b_eq=y, bounds=bounds, method="highs").fun
    a, b = quantile_line(x, y, share=share)
    assert quantile_loss(a * x + b, y, share=share) == pytest.approx(least, rel=1e-12)


def test_a_quantile_line_is_sklearns_where_it_is_the_only_one():
    for share in (0.5, 0.9):
        model = linear_model.QuantileRegressor(quantile=share, alpha=0.0).fit(X[:, None], Y)
        expected = [model.coef_[0], model.intercept_]
        assert np.allclose(quantile_line(X, Y, share=share), expected, rtol=1e-9)


def test_the_absolute_line_is_the_line_of_the_half():
    assert np.array_equal(quantile_line(X, Y), quantile_line(X, Y, share=0.5))


def test_many_lines_are_judged_in_blocks():
    x, y = noisy_line(130, generator=np.random.default_rng(2))
    model = linear_model.QuantileRegressor(quantile=0.3, alpha=0.0).fit(x[:, None], y)
    ours = quantile_line(x, y, share=0.3)
    assert np.allclose(ours, [model.coef_[0], model.intercept_], rtol=1e-9)


@each_case
@pytest.mark.parametrize("width", [0.02, 0.4, 5.0])
@pytest.mark.parametrize("kind", ["huber", "log-cosh"])
def test_the_pulls_of_the_points_cancel_at_the_best_line(x, y, width, kind):
    """Both losses are convex: where the gradient vanishes, no line is better."""
    line, loss = {"huber": (huber_line, huber_loss), "log-cosh": (log_cosh_line, log_cosh_loss)}[
        kind
    ]
    theta = line(x, y, width=width)
    gradient = gradient_by_hand(Line(0, 0), partial(loss, width=width), x, y)(theta)
    assert np.allclose(gradient, 0.0, atol=1e-14 * width * max(1.0, abs(x).max()))


@each_case
def test_the_huber_line_is_sklearns_at_the_width_that_it_has_chosen(x, y):
    how = {"epsilon": 1.35, "alpha": 0.0, "tol": 1e-10, "max_iter": 10_000}
    model = linear_model.HuberRegressor(**how).fit(x[:, None], y)
    ours = huber_line(x, y, width=1.35 * model.scale_)
    assert np.allclose(ours, [model.coef_[0], model.intercept_], rtol=1e-4, atol=1e-4)


def test_a_wide_loss_prefers_the_least_squares_line_and_a_narrow_one_the_absolute_line():
    x, y = moved(10.0)
    for line in (huber_line, log_cosh_line):
        assert np.allclose(line(x, y, width=1e4), least_squares_line(x, y), atol=1e-5)
        assert np.allclose(line(x, y, width=1e-3), quantile_line(x, y), atol=2e-3)


def test_lines_through_pairs_leave_out_pairs_one_above_the_other():
    x, y = np.array([0.0, 0.0, 2.0]), np.array([1.0, 3.0, 5.0])
    assert lines_through_pairs(x, y).tolist() == [[2.0, 1.0], [1.0, 3.0]]


def test_bad_data_and_widths_are_refused():
    with pytest.raises(ValueError, match="two different x"):
        lines_through_pairs(np.ones(3), np.arange(3.0))
    for line in (huber_line, log_cosh_line):
        with pytest.raises(ValueError, match="width must be positive"):
            line(X, Y, width=0.0)
        with pytest.raises(np.linalg.LinAlgError):
            line(np.ones(3), np.arange(3.0), width=1.0)


def test_a_search_that_does_not_arrive_says_so(monkeypatch):
    monkeypatch.setattr("learning.optimization.robust.MOST", 3)
    with pytest.raises(ValueError, match="no line was found in 3 rounds"):
        huber_line(*moved(10.0), width=0.1)


def test_points_on_a_line_are_no_trouble():
    x = np.linspace(0.0, 1.0, 5)
    for line in (partial(huber_line, width=0.1), partial(log_cosh_line, width=0.1), quantile_line):
        assert np.allclose(line(x, 3 * x + 8), [3.0, 8.0], rtol=1e-12)
