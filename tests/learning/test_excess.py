"""Three parts of an error. Oracles: SciPy's integrals and minima, and the steps one by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize

from learning.data import noisy_line
from learning.excess import Excess, Search, polynomial_excess


def bent(x):
    return 3.0 * x + 8.0 + np.sin(5.0 * x)


X, NOISE = noisy_line(15, generator=np.random.default_rng(4))
Y = NOISE - (3.0 * X + 8.0) + bent(X)


def expected(weights):
    """The mean over x of the squared distance to the truth, of weights of the powers of x."""
    return quad(lambda x: (np.polynomial.Polynomial(weights)(x) - bent(x)) ** 2, 0, 1)[0]


def objective(weights, ridge):
    residual = np.polynomial.Polynomial(weights)(X) - Y
    return (residual**2).mean() + ridge * (np.asarray(weights) ** 2).sum()


def least(function, degree):
    found = minimize(function, np.zeros(degree + 1), method="BFGS", options={"gtol": 1e-9})
    return found.x


@pytest.mark.parametrize("degree", [0, 1, 3])
@pytest.mark.parametrize("ridge", [0.0, 0.01])
def test_the_best_that_is_allowed_and_the_best_on_the_points(degree, ridge):
    got = polynomial_excess(X, Y, bent, degree=degree, ridge=ridge)
    allowed = expected(least(expected, degree))
    chosen = expected(least(lambda weights: objective(weights, ridge), degree))
    assert got.approximation == pytest.approx(allowed, rel=1e-6)
    assert got.estimation == pytest.approx(chosen - allowed, rel=1e-4)
    assert got.optimization == 0.0
    assert got.total == pytest.approx(chosen, rel=1e-4)


@pytest.mark.parametrize("degree", [0, 1, 9])
@pytest.mark.parametrize("ridge", [0.0, 0.01])
def test_a_search_ends_where_its_steps_lead(degree, ridge):
    start = (-0.4, 1.0)
    weights = np.zeros(degree + 1)
    weights[:2] = start[: degree + 1]
    powers = X[:, None] ** np.arange(degree + 1)
    for _ in range(30):
        residual = powers @ weights - Y
        weights = weights - 0.1 * (2 * powers.T @ residual / len(X) + 2 * ridge * weights)
    search = Search(rate=0.1, steps=30, start=start)
    got = polynomial_excess(X, Y, bent, degree=degree, ridge=ridge, search=search)
    exact = polynomial_excess(X, Y, bent, degree=degree, ridge=ridge)
    assert got.total == pytest.approx(expected(weights), rel=1e-6)
    assert (got.approximation, got.estimation) == (exact.approximation, exact.estimation)


def test_what_a_search_leaves_unfinished_can_be_good():
    search = Search(rate=0.1, steps=100)
    got = polynomial_excess(X[:11], Y[:11], bent, degree=9, search=search)
    assert got.optimization < 0 < got.total < got.estimation


def test_the_parts_add_up():
    assert Excess(1.0, 2.0, -0.5).total == 2.5
