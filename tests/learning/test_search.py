"""Oracles: numpy.linalg.lstsq, torch, powers, and the definition of what is recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from learning.data import draw_batches, noisy_line
from learning.evaluation import mean_squared_error
from learning.objective import ALL, objective
from learning.optimization import (
    Descent,
    least_squares_line,
    minimize,
    random_search,
    steps_until,
)
from learning.representation import Line

X, Y = noisy_line(30, generator=np.random.default_rng(5))
START = torch.tensor([-1.0, 1.0], dtype=torch.float64)
LOSS = objective(Line(0, 0), mean_squared_error, torch.from_numpy(X), torch.from_numpy(Y))
RULE = Descent(rate=0.05)


def test_the_log_holds_the_loss_before_each_logged_update():
    run = minimize(LOSS, START, RULE, steps=10, log_every=4)
    every = minimize(LOSS, START, RULE, steps=10)
    assert run.steps.tolist() == [0, 4, 8]
    assert every.steps.tolist() == list(range(10))
    assert np.array_equal(run.parameters, every.parameters[[0, 4, 8]])
    expected = [LOSS(torch.from_numpy(theta)).item() for theta in run.parameters]
    assert np.allclose(run.losses, expected, rtol=1e-14)
    assert np.array_equal(run.final, every.final)


def test_with_batches_the_log_still_holds_the_loss_on_all_points():
    batches = draw_batches(30, steps=10, batch_size=4, generator=np.random.default_rng(1))
    run = minimize(LOSS, START, RULE, steps=10, batches=batches, log_every=3)
    expected = [LOSS(torch.from_numpy(theta)).item() for theta in run.parameters]
    assert np.allclose(run.losses, expected, rtol=1e-14)


def test_a_step_looks_at_its_own_batch():
    seen = []

    def gradient(theta, rows=ALL):
        seen.append(rows)
        return theta

    minimize(
        lambda theta: 0.0, np.zeros(2), RULE, steps=2, batches=[[3, 1], [4]], gradient=gradient
    )
    assert seen == [[3, 1], [4]]


def test_a_run_in_float32_stays_in_float32():
    seen = []

    def f(theta):
        seen.append(theta.dtype)
        return (theta**2).sum()

    minimize(f, torch.ones(3), RULE, steps=3)
    assert set(seen) == {torch.float32}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"steps": 5, "log_every": 0}, "log_every must be at least 1, got 0"),
        ({"steps": 3, "batches": [[0], [1]]}, "there must be a batch for each of 3 steps, got 2"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(settings, message):
    with pytest.raises(ValueError, match=message):
        minimize(LOSS, START, RULE, **settings)


def test_numpy_needs_a_gradient():
    message = "start must be a tensor where no gradient is given, got ndarray"
    with pytest.raises(ValueError, match=message):
        minimize(LOSS, np.zeros(2), RULE, steps=1)


def test_the_least_that_the_rules_allow():
    run = minimize(LOSS, START, RULE, steps=1, log_every=1)
    assert run.steps.tolist() == [0]
    best, _ = random_search(
        lambda a, b: a + b,
        low=(0, 0),
        high=(1, 1),
        candidates=1,
        generator=np.random.default_rng(0),
    )
    assert best.shape == (2,)


def test_enough_steps_find_least_squares():
    run = minimize(LOSS, START, Descent(rate=0.5), steps=2000, log_every=1000)
    assert np.allclose(run.final, least_squares_line(X, Y), rtol=1e-10)


def test_random_search_keeps_the_best_candidate():
    low, high = (0.0, 5.0), (5.0, 10.0)
    best, least = random_search(
        lambda a, b: (a - 1) ** 2 + (b - 9) ** 2,
        low=low,
        high=high,
        candidates=200,
        generator=np.random.default_rng(0),
    )
    tried = np.random.default_rng(0).uniform(low, high, (200, 2))
    losses = ((tried - [1, 9]) ** 2).sum(axis=1)
    assert least == pytest.approx(losses.min(), rel=1e-14)
    assert np.array_equal(best, tried[losses.argmin()])


def test_random_search_needs_a_candidate():
    with pytest.raises(ValueError, match="candidates must be at least 1, got 0"):
        random_search(
            min, low=(0, 0), high=(1, 1), candidates=0, generator=np.random.default_rng(0)
        )


def test_the_first_recorded_step_with_a_loss_so_small():
    run = minimize(LOSS, START, RULE, steps=10, log_every=3)
    for i in range(4):
        assert steps_until(run, run.losses[i]) == run.steps[i]
    assert steps_until(run, (run.losses[1] + run.losses[2]) / 2) == 6
    assert steps_until(run, run.losses[3] / 2) == np.inf
