"""Oracles: scipy's solvers and its conjugate gradients, and torch's second derivatives."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse.linalg
import torch

from learning import noisy_line
from learning.optimization import (
    ConjugateGradients,
    CoordinateDescent,
    Newton,
    Quadratic,
    line_quadratic,
    minimize,
)

P = 5


@pytest.fixture(scope="module")
def bowl():
    generator = np.random.default_rng(2)
    root = generator.normal(size=(P, P))
    return Quadratic(root @ root.T + 0.1 * np.eye(P), generator.normal(size=P), 0.5)


def visited(bowl, rule, steps):
    start = np.zeros(bowl.minimum.size)
    run = minimize(bowl, start, rule(hessian=bowl.hessian), steps=steps, gradient=bowl.gradient)
    return np.vstack([run.parameters, run.final])


def test_one_step_of_newton_arrives_in_any_units(bowl):
    assert np.allclose(visited(bowl, Newton, 1)[-1], bowl.minimum, rtol=1e-10)
    units = np.diag([1.0, 100.0, 0.01, 3.0, 7.0])  # θ = units θ'
    other = Quadratic(units @ bowl.hessian @ units, np.linalg.solve(units, bowl.minimum), 0.5)
    assert np.allclose(units @ visited(other, Newton, 1)[-1], bowl.minimum, rtol=1e-9)


def test_newton_by_the_hessian_of_a_loss_that_is_no_bowl_is_torchs():
    def loss(theta):
        return torch.log(1 + torch.exp(theta @ torch.tensor([1.0, 2.0]).double())) + theta @ theta

    def derive(times):
        def at(theta):
            leaf = torch.from_numpy(theta)
            return getattr(torch.autograd.functional, times)(loss, leaf).numpy()

        return at

    rule, start = Newton(hessian=derive("hessian")), np.array([1.0, -1.0])
    run = minimize(
        lambda theta: float(loss(torch.from_numpy(theta))),
        start,
        rule,
        steps=6,
        gradient=derive("jacobian"),
    )
    optimum = torch.from_numpy(start).clone().requires_grad_()
    search = torch.optim.LBFGS([optimum], line_search_fn="strong_wolfe", tolerance_grad=1e-12)
    search.step(lambda: (search.zero_grad(), loss(optimum), loss(optimum).backward())[1])
    assert np.allclose(run.final, optimum.detach().numpy(), atol=1e-7)


def test_conjugate_gradients_are_scipys_and_arrive_in_p_steps(bowl):
    expected = [np.zeros(P)]
    right = bowl.hessian @ bowl.minimum
    scipy.sparse.linalg.cg(
        bowl.hessian, right, rtol=1e-14, maxiter=P, callback=lambda x: expected.append(x.copy())
    )
    got = visited(bowl, ConjugateGradients, P)
    assert np.allclose(got, expected, rtol=1e-7, atol=1e-9)
    assert np.allclose(got[-1], bowl.minimum, rtol=1e-8)


def test_conjugate_gradients_stay_at_the_bottom():
    bowl = Quadratic(np.diag([1.0, 2.0]), np.zeros(2), 0.0)
    assert (visited(bowl, ConjugateGradients, 2) == 0).all()


def test_a_round_of_one_parameter_after_the_other_is_gauss_and_seidels(bowl):
    got = visited(bowl, CoordinateDescent, 3 * P)[::P]
    lower, upper = np.tril(bowl.hessian), np.triu(bowl.hessian, 1)
    right = bowl.hessian @ bowl.minimum
    for before, after in pairwise(got):
        expected = scipy.linalg.solve_triangular(lower, right - upper @ before, lower=True)
        assert np.allclose(after, expected, rtol=1e-12)


def test_of_a_line_a_round_leaves_a_share_that_depends_on_x_alone():
    x, y = noisy_line(40, generator=np.random.default_rng(4))
    bowl = line_quadratic(x, y)
    away = visited(bowl, CoordinateDescent, 12)[2::2] - bowl.minimum
    assert np.allclose(away[1:] / away[:-1], x.mean() ** 2 / (x * x).mean(), rtol=1e-9)


@pytest.mark.parametrize("rule", [Newton, CoordinateDescent, ConjugateGradients])
def test_the_hessian_has_a_row_and_a_column_for_each_parameter(rule):
    theta, made = np.ones(2), rule(hessian=np.eye(3))
    with pytest.raises(ValueError, match=r"shape \(p, p\), got \(3, 3\) for p = 2"):
        made.update(theta, theta, made.begin(theta), 0)


@pytest.mark.parametrize(
    ("rule", "said"),
    [(CoordinateDescent, "diagonal of hessian must"), (ConjugateGradients, "positive definite")],
)
def test_the_ground_must_curve_upwards(rule, said):
    theta, made = np.ones(2), rule(hessian=-np.eye(2))
    with pytest.raises(ValueError, match=said):
        made.update(theta, theta, made.begin(theta), 0)
