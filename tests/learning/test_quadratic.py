"""Oracles: autograd, central differences, numpy.linalg.lstsq, and the loop itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from learning.data import noisy_line
from learning.evaluation import mean_squared_error
from learning.objective import objective
from learning.optimization import (
    Descent,
    least_squares_line,
    line_gradient,
    line_hessian,
    line_quadratic,
    minimize,
)
from learning.representation import Line

X, Y = noisy_line(30, generator=np.random.default_rng(5))
LOSS = objective(Line(0, 0), mean_squared_error, X, Y)


def test_the_gradient_by_hand_is_autograds():
    theta = torch.tensor([-1.0, 1.0], dtype=torch.float64, requires_grad=True)
    objective(Line(0, 0), mean_squared_error, torch.from_numpy(X), torch.from_numpy(Y))(
        theta
    ).backward()
    assert np.allclose(line_gradient(-1.0, 1.0, X, Y), theta.grad.numpy(), rtol=1e-13)


def test_the_gradient_by_hand_is_a_central_difference():
    h = 1e-4
    by_a = (LOSS([2 + h, 7]) - LOSS([2 - h, 7])) / (2 * h)
    by_b = (LOSS([2, 7 + h]) - LOSS([2, 7 - h])) / (2 * h)
    assert np.allclose(line_gradient(2.0, 7.0, X, Y), [by_a, by_b], rtol=1e-8)


def test_the_hessian_is_autograds():
    f = objective(Line(0, 0), mean_squared_error, torch.from_numpy(X), torch.from_numpy(Y))
    expected = torch.autograd.functional.hessian(f, torch.ones(2).double())
    assert np.allclose(line_hessian(X), expected.numpy(), rtol=1e-13)


def test_least_squares_is_lstsqs():
    expected = np.linalg.lstsq(np.stack([X, np.ones_like(X)], axis=1), Y)[0]
    assert np.allclose(least_squares_line(X, Y), expected, rtol=1e-11)


def test_least_squares_needs_two_different_x():
    with pytest.raises(np.linalg.LinAlgError):
        least_squares_line(np.ones(4), np.arange(4.0))


def test_the_quadratic_is_the_mean_squared_error():
    bowl = line_quadratic(X, Y)
    for theta in ([-1.0, 1.0], [3.0, 8.0], [100.0, -50.0]):
        assert bowl(np.array(theta)) == pytest.approx(LOSS(theta), rel=1e-12)
        expected = line_gradient(*theta, X, Y)
        assert np.allclose(bowl.gradient(np.array(theta)), expected, rtol=1e-11)


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
def test_the_closed_form_is_the_loop(rate):
    bowl, start = line_quadratic(X, Y), np.array([-1.0, 1.0])
    settings = {"steps": 50, "log_every": 7}
    loop = minimize(bowl, start, Descent(rate=rate), gradient=bowl.gradient, **settings)
    closed = bowl.descend(start, rate=rate, **settings)
    assert closed.steps.tolist() == loop.steps.tolist() == list(range(0, 50, 7))
    assert np.allclose(closed.losses, loop.losses, rtol=1e-10)
    assert np.allclose(closed.parameters, loop.parameters, rtol=1e-10)
    assert np.allclose(closed.final, loop.final, rtol=1e-10)
