"""Oracles: all batches of a few points, one by one; gradient descent; and many runs."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from learning.data import noisy_line
from learning.optimization import (
    Descent,
    batch_covariance,
    expected_losses,
    halving,
    inverse_time,
    line_gradient,
    line_quadratic,
    minimize,
    point_gradients,
)

X, Y = noisy_line(6, generator=np.random.default_rng(5))
START = np.array([-1.0, 1.0])
EACH = point_gradients(-1.0, 1.0, X, Y)


def all_batches(m: int, replace: bool) -> np.ndarray:
    batches = product(range(6), repeat=m) if replace else combinations(range(6), m)
    return np.array(list(batches))


def test_the_gradients_of_the_points_average_to_that_of_all():
    assert np.allclose(EACH.mean(axis=0), line_gradient(-1.0, 1.0, X, Y), rtol=1e-14)
    assert np.allclose(EACH[2], line_gradient(-1.0, 1.0, X[2:3], Y[2:3]), rtol=1e-14)


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("m", [1, 2, 4])
def test_the_covariance_is_that_over_all_batches(m, replace):
    means = EACH[all_batches(m, replace)].mean(axis=1)
    assert np.allclose(means.mean(axis=0), EACH.mean(axis=0), rtol=1e-13)
    counted = np.cov(means.T, bias=True)
    assert np.allclose(batch_covariance(EACH, batch_size=m, replace=replace), counted, rtol=1e-12)


def test_a_batch_of_all_points_does_not_stray_unless_points_come_twice():
    assert not batch_covariance(EACH, batch_size=6, replace=False).any()
    assert batch_covariance(EACH, batch_size=12).any()


@pytest.mark.parametrize("replace", [True, False])
def test_the_expected_losses_are_the_means_over_all_draws_of_two_steps(replace):
    bowl, rate = line_quadratic(X, Y), inverse_time(0.3, half=1)
    batches = all_batches(2, replace)
    losses = [[], []]
    for first in batches:
        there = START - rate(0) * line_gradient(*START, X[first], Y[first])
        losses[0].append(bowl(there))
        for second in batches:
            last = there - rate(1) * line_gradient(*there, X[second], Y[second])
            losses[1].append(bowl(last))
    how = {"rate": rate, "steps": 3, "batch_size": 2, "replace": replace}
    expected = [bowl(START), np.mean(losses[0]), np.mean(losses[1])]
    assert np.allclose(expected_losses(X, Y, START, **how), expected, rtol=1e-12)


def test_a_batch_of_all_points_goes_where_gradient_descent_goes():
    bowl, how = line_quadratic(X, Y), {"rate": halving(0.4, every=20), "steps": 50}
    run = minimize(bowl, START, Descent(rate=how["rate"]), steps=50, gradient=bowl.gradient)
    losses = expected_losses(X, Y, START, batch_size=6, replace=False, **how)
    assert np.allclose(losses, run.losses, rtol=1e-12)


def test_without_noise_the_losses_fall_to_nothing():
    losses = expected_losses(X, 3 * X + 8, START, rate=0.1, steps=3000, batch_size=1)
    assert losses[-1] < 1e-12 * losses[0]


@pytest.mark.parametrize(
    ("how", "rule"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1, got 0 for n = 6"),
        ({"batch_size": 7, "replace": False}, "batch_size must be from 1 to n, got 7 for n = 6"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(how, rule):
    with pytest.raises(ValueError, match=rule):
        batch_covariance(EACH, **how)
    with pytest.raises(ValueError, match=rule):
        expected_losses(X, Y, START, rate=0.1, steps=1, **how)


def test_at_least_one_step_and_two_points_are_needed():
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        expected_losses(X, Y, START, rate=0.1, steps=0, batch_size=1)
    with pytest.raises(ValueError, match="there must be at least 2 points, got 1"):
        batch_covariance(EACH[:1], batch_size=1)
