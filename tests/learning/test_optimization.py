"""Oracles: torch.optim.SGD, numpy.linalg.lstsq, central differences, autograd, and powers."""

import numpy as np
import pytest
import torch

from learning.data import noisy_line
from learning.evaluation import mean_squared_error
from learning.optimization import (
    descend_line,
    draw_batches,
    gradient_descent,
    least_squares_line,
    line_gradient,
    line_hessian,
    random_search,
    stochastic_gradient_descent,
)

X, Y = noisy_line(30, generator=np.random.default_rng(5))
TX, TY = torch.from_numpy(X), torch.from_numpy(Y)
START = [torch.tensor(-1.0, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)]


def loss(a, b):
    return mean_squared_error(a * TX + b, TY)


def loss_on(x, y, a, b):
    return mean_squared_error(a * x + b, y)


def torch_sgd(batches, *, rate, zero=True):
    """Return the parameters before each step and after the last: shape (steps + 1, 2)."""
    parameters = [p.clone().requires_grad_() for p in START]
    optimizer = torch.optim.SGD(parameters, lr=rate)
    visited = [[p.item() for p in parameters]]
    for batch in batches:
        if zero:
            optimizer.zero_grad()
        loss_on(TX[batch], TY[batch], *parameters).backward()
        optimizer.step()
        visited.append([p.item() for p in parameters])
    return np.array(visited)


@pytest.mark.parametrize("zero", [True, False])
def test_gradient_descent_is_torchs_with_and_without_zeroing(zero):
    run = gradient_descent(loss, START, rate=0.05, steps=20, zero_gradients=zero)
    expected = torch_sgd([slice(None)] * 20, rate=0.05, zero=zero)
    assert np.allclose(run.parameters, expected[:-1], rtol=1e-12)
    assert np.allclose(run.final, expected[-1], rtol=1e-12)


def test_the_log_holds_the_loss_before_each_logged_update():
    run = gradient_descent(loss, START, rate=0.05, steps=10, log_every=4)
    visited = torch_sgd([slice(None)] * 10, rate=0.05)
    expected = [loss(*torch.from_numpy(visited[t])).item() for t in (0, 4, 8)]
    assert run.steps.tolist() == [0, 4, 8]
    assert np.allclose(run.losses, expected, rtol=1e-12)


def test_the_start_is_not_changed():
    gradient_descent(loss, START, rate=0.05, steps=3)
    assert [p.item() for p in START] == [-1.0, 1.0]
    assert START[0].grad is None


def test_stochastic_gradient_descent_is_torchs_on_the_same_batches():
    batches = draw_batches(30, steps=25, batch_size=4, generator=np.random.default_rng(1))
    settings = {"rate": 0.05, "steps": 25, "batch_size": 4, "log_every": 10}
    run = stochastic_gradient_descent(
        loss_on, (TX, TY), START, generator=np.random.default_rng(1), **settings
    )
    expected = torch_sgd([torch.from_numpy(b) for b in batches], rate=0.05)
    assert np.allclose(run.parameters, expected[[0, 10, 20]], rtol=1e-12)
    assert np.allclose(run.final, expected[-1], rtol=1e-12)
    everywhere = [loss(*torch.from_numpy(p)).item() for p in expected[[0, 10, 20]]]
    assert np.allclose(run.losses, everywhere, rtol=1e-12)


def test_a_batch_gradient_is_the_full_gradient_on_average():
    batches = draw_batches(30, steps=20_000, batch_size=3, generator=np.random.default_rng(0))
    estimates = np.array([line_gradient(-1.0, 1.0, X[b], Y[b]) for b in batches])
    error = estimates.mean(axis=0) - line_gradient(-1.0, 1.0, X, Y)
    assert np.all(np.abs(error) < 4 * estimates.std(axis=0) / np.sqrt(20_000))


def test_batches_reach_every_index():
    batches = draw_batches(5, steps=100, batch_size=2, generator=np.random.default_rng(0))
    assert batches.shape == (100, 2)
    assert sorted(set(batches.ravel().tolist())) == [0, 1, 2, 3, 4]


def test_the_gradient_by_hand_is_autograds():
    a, b = (p.clone().requires_grad_() for p in START)
    loss(a, b).backward()
    assert np.allclose(line_gradient(-1.0, 1.0, X, Y), [a.grad.item(), b.grad.item()], rtol=1e-13)


def test_the_gradient_by_hand_is_a_central_difference():
    def error(a, b):
        return mean_squared_error(a * X + b, Y)

    h = 1e-4
    by_a = (error(2 + h, 7) - error(2 - h, 7)) / (2 * h)
    by_b = (error(2, 7 + h) - error(2, 7 - h)) / (2 * h)
    assert np.allclose(line_gradient(2.0, 7.0, X, Y), [by_a, by_b], rtol=1e-8)


def test_the_hessian_is_autograds():
    expected = torch.autograd.functional.hessian(lambda p: loss(p[0], p[1]), torch.ones(2).double())
    assert np.allclose(line_hessian(X), expected.numpy(), rtol=1e-13)


def test_least_squares_is_lstsqs():
    expected = np.linalg.lstsq(np.stack([X, np.ones_like(X)], axis=1), Y)[0]
    assert np.allclose(least_squares_line(X, Y), expected, rtol=1e-11)


def test_least_squares_needs_two_different_x():
    with pytest.raises(np.linalg.LinAlgError):
        least_squares_line(np.ones(4), np.arange(4.0))


def test_descent_by_hand_is_torchs():
    run = descend_line(X, Y, start=(-1.0, 1.0), rate=0.05, steps=20, log_every=7)
    expected = torch_sgd([slice(None)] * 20, rate=0.05)
    assert run.steps.tolist() == [0, 7, 14]
    assert np.allclose(run.parameters, expected[[0, 7, 14]], rtol=1e-12)
    assert np.allclose(run.final, expected[-1], rtol=1e-12)
    assert run.losses[0] == pytest.approx(loss(*START).item(), rel=1e-14)


def test_descent_by_hand_converges_to_least_squares():
    run = descend_line(X, Y, start=(-1.0, 1.0), rate=0.5, steps=2000, log_every=1000)
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


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: gradient_descent(loss, START, rate=1, steps=0), "steps must be at least 1, got 0"),
        (
            lambda: descend_line(X, Y, start=(0, 0), rate=1, steps=5, log_every=0),
            "log_every must be at least 1, got 0",
        ),
        (
            lambda: draw_batches(5, steps=1, batch_size=0, generator=np.random.default_rng()),
            "batch_size must be at least 1, got 0",
        ),
        (
            lambda: random_search(
                loss, low=(0, 0), high=(1, 1), candidates=0, generator=np.random.default_rng()
            ),
            "candidates must be at least 1, got 0",
        ),
    ],
)
def test_a_broken_rule_is_named_with_the_value(call, rule):
    with pytest.raises(ValueError, match=rule):
        call()


def test_the_least_that_the_rules_allow():
    run = gradient_descent(loss, START, rate=0.05, steps=1, log_every=1)
    assert np.allclose(run.final, torch_sgd([slice(None)], rate=0.05)[-1], rtol=1e-12)
    settings = {"generator": np.random.default_rng(0)}
    assert draw_batches(5, steps=1, batch_size=1, **settings).shape == (1, 1)
    best, _ = random_search(loss_of_a_point, low=(0, 0), high=(1, 1), candidates=1, **settings)
    assert best.shape == (2,)


def loss_of_a_point(a, b):
    return a + b


def test_every_step_is_recorded_unless_told_otherwise():
    every = [0, 1, 2, 3]
    data = {"batch_size": 2, "generator": np.random.default_rng(0)}
    assert gradient_descent(loss, START, rate=0.05, steps=4).steps.tolist() == every
    run = stochastic_gradient_descent(loss_on, (TX, TY), START, rate=0.05, steps=4, **data)
    assert run.steps.tolist() == every
    assert descend_line(X, Y, start=(0, 0), rate=0.05, steps=4).steps.tolist() == every
