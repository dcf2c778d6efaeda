"""Momentum in a bowl. Oracles: `numpy.roots`, runs of `minimize`, the equation of the variance."""

import numpy as np
import pytest

from learning import Momentum, minimize
from learning.optimization import (
    Quadratic,
    momentum_roots,
    nesterov_momentum,
    polyak_momentum,
    variance_at_rest,
)

CURVATURES = np.array([0.13, 2.54])


def slowest(rate, beta, nesterov=False):
    return np.abs(momentum_roots(CURVATURES, rate=rate, beta=beta, nesterov=nesterov)).max()


@pytest.mark.parametrize("nesterov", [False, True])
def test_the_roots_are_those_of_the_polynomial(nesterov):
    rates, betas = np.meshgrid([0.0, 1e-3, 0.3, 0.5, 2.0], [0.0, 0.2, 0.9, 1.0])
    got = momentum_roots(2.0, rate=rates, beta=betas, nesterov=nesterov)
    assert got.shape == (4, 5, 2)
    assert (np.abs(got[..., 0]) >= np.abs(got[..., 1]) - 1e-15).all()
    for (i, j), rate in np.ndenumerate(rates):
        beta, step = betas[i, j], 1 - 2 * rate
        middle, product = (
            ((1 + beta) * step, beta * step) if nesterov else (step + beta, beta + 0.0)
        )
        expected = np.roots([1.0, -middle, product])
        order = lambda z: np.sort_complex(np.round(z, 6))  # noqa: E731  # double roots are rough
        assert order(got[i, j]) == pytest.approx(order(expected), abs=1e-6)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize(("rate", "beta"), [(0.3, 0.5), (0.05, 0.9), (0.02, 0.2), (0.9, 0.1)])
def test_a_run_is_a_sum_of_powers_of_the_roots(rate, beta, nesterov):
    """The two first places say how much of each power there is; the later ones follow."""
    bowl = Quadratic(np.array([[1.7]]), np.array([3.0]), 0.0)
    rule = Momentum(rate=rate, beta=beta, nesterov=nesterov)
    run = minimize(bowl, np.array([5.0]), rule, steps=40, gradient=bowl.gradient)
    away = run.parameters[:, 0] - 3.0
    powers = momentum_roots(1.7, rate=rate, beta=beta, nesterov=nesterov) ** np.arange(40)[:, None]
    parts = np.linalg.solve(powers[:2], away[:2].astype(complex))
    assert away == pytest.approx((powers @ parts).real, abs=1e-12)


def test_the_places_where_the_regimes_change():
    for beta in (0.25, 0.64):
        edges = {(1 - beta**0.5) ** 2: beta**0.5, (1 + beta**0.5) ** 2: -(beta**0.5)}
        for edge, root in edges.items():
            inside = momentum_roots(1.0, rate=edge + np.sign(root) * 1e-3, beta=beta)
            outside = momentum_roots(1.0, rate=edge - np.sign(root) * 1e-3, beta=beta)
            assert np.abs(inside) == pytest.approx(beta**0.5)
            assert np.abs(inside.imag).min() > 0
            assert (outside.imag == 0).all()
            assert np.sign(outside.real).tolist() == [np.sign(root)] * 2
        assert momentum_roots(1.0, rate=2 * (1 + beta), beta=beta)[0] == pytest.approx(-1)


def test_no_other_momentum_is_faster_in_the_long_run():
    best = polyak_momentum(CURVATURES)
    assert slowest(best.rate, best.beta) == pytest.approx(best.beta**0.5, abs=1e-7)
    rates, betas = np.meshgrid(np.linspace(0.01, 1.6, 160), np.linspace(0, 0.99, 100))
    others = np.abs(momentum_roots(CURVATURES[:, None, None], rate=rates, beta=betas))
    assert others.max(axis=(0, 3)).min() > best.beta**0.5


def test_nesterov_s_momentum_leaves_what_it_says():
    rule = nesterov_momentum(CURVATURES)
    left = 1 - np.sqrt(CURVATURES[0] / CURVATURES[1])
    assert slowest(rule.rate, rule.beta, nesterov=True) == pytest.approx(left, abs=1e-7)
    assert rule.nesterov
    assert not polyak_momentum(CURVATURES).nesterov


@pytest.mark.parametrize(
    ("rate", "beta"), [(0.05, 0.0), (0.4, 0.6), (0.005, 0.9), (1.1, 0.9), (0.7, 0.0)]
)
def test_the_variance_at_rest_solves_its_equation(rate, beta):
    """Oracle: Σ = M Σ Mᵀ + N for the distance and the velocity, solved as a linear system."""
    step = np.array([[1 - rate * 2.54, -rate * beta], [2.54, beta]])
    noise = 0.7 * np.outer([-rate, 1.0], [-rate, 1.0])
    both = np.linalg.solve(np.eye(4) - np.kron(step, step), noise.ravel())
    got = variance_at_rest(2.54, rate=rate, beta=beta, variance=0.7)
    assert got == pytest.approx(both[0], rel=1e-9)


def test_small_steps_rest_equally_far_away_at_the_same_quotient():
    rates, betas = np.array([1e-3, 1e-4]), np.array([0.0, 0.9])
    plain, heavy = variance_at_rest(2.0, rate=rates, beta=betas, variance=1.0)
    assert heavy == pytest.approx(plain, rel=1e-3)
    assert heavy < plain


def test_bad_input_is_refused():
    for curvature, rate in ((0.0, 0.1), (-1.0, 0.1), (np.nan, 0.1), (1.0, -0.1)):
        with pytest.raises(ValueError, match="curvature must be positive, rate and beta not neg"):
            momentum_roots(curvature, rate=rate, beta=0.5)
    for find in (polyak_momentum, nesterov_momentum):
        with pytest.raises(ValueError, match=r"curvatures must be positive and finite, got \[0"):
            find([0.0, 1.0])
    for rate, beta in ((0.1, 1.0), (4.0, 0.5)):
        with pytest.raises(ValueError, match="beta must be below 1 and rate λ below"):
            variance_at_rest(1.0, rate=rate, beta=beta, variance=1.0)
