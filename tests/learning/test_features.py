"""Oracles: numpy.polyval, scipy.special.eval_legendre, a network of ReLU units, orthogonality,
numpy.interp, numpy.fft."""

import numpy as np
import pytest
from scipy.special import eval_legendre

from learning.representation import (
    FeedForward,
    even_hinges,
    hinges,
    legendre,
    polynomial,
    waves,
)

X = np.linspace(0.0, 1.0, 23)


def test_powers_are_those_of_a_polynomial():
    weights = np.array([2.0, -1.0, 0.5, 3.0])
    assert np.allclose(polynomial(X, 3) @ weights, np.polyval(weights[::-1], X), rtol=1e-14)


def test_legendre_is_scipy_on_0_to_1():
    columns = [eval_legendre(k, 2 * X - 1) for k in range(9)]
    assert np.allclose(legendre(X, 8), np.stack(columns, axis=1), atol=1e-14)


def test_legendre_is_orthogonal():
    nodes, weights = np.polynomial.legendre.leggauss(12)
    design = legendre((nodes + 1) / 2, 6)
    gram = design.T @ (weights[:, None] / 2 * design)
    assert np.allclose(gram, np.diag(1 / (2 * np.arange(7) + 1)), atol=1e-14)


def test_hinges_are_the_hidden_units_of_a_network():
    places = [-0.5, 0.25, 0.75]
    hidden = (np.ones((1, 3)), -np.array(places))
    network = FeedForward((hidden, (np.eye(3), np.zeros(3))))
    assert np.array_equal(hinges(X, places), network(X[:, None]))


@pytest.mark.parametrize("features", [polynomial, legendre])
def test_there_is_a_column_a_degree_and_one_more(features):
    assert features(X, 0).shape == (23, 1)
    assert features([], 2).shape == (0, 3)


@pytest.mark.parametrize("features", [polynomial, legendre])
def test_what_breaks_a_rule_is_named(features):
    with pytest.raises(ValueError, match="degree must be at least 0, got -1"):
        features(X, -1)
    with pytest.raises(ValueError, match=r"x must have one axis, got the shape \(2, 2\)"):
        features(np.eye(2), 1)


def test_even_hinges_make_every_broken_line_with_even_bends():
    """Oracle: numpy.interp."""
    for count in (2, 3, 6):
        places = np.linspace(0, 1, count)
        heights = np.random.default_rng(count).normal(size=count)
        slopes = np.diff(heights, prepend=heights[0]) * (count - 1)
        weights = np.concatenate([heights[:1], np.diff(slopes)])
        broken = np.interp(X, places, heights)
        assert np.allclose(even_hinges(X, count) @ weights, broken, atol=1e-14)
    assert np.array_equal(even_hinges(X, 1), np.ones((23, 1)))


def test_waves_are_those_of_a_fourier_transform():
    x = np.arange(16) / 16
    y = np.random.default_rng(0).normal(size=16)
    share = np.fft.rfft(y) / 16
    weights = [share[0].real]
    for k in (1, 2, 3):
        weights += [2 * share[k].real, -2 * share[k].imag]
    found = np.linalg.lstsq(waves(x, 7), y)[0]
    assert np.allclose(found, weights, atol=1e-14)
    for count in (1, 2, 6):
        assert np.array_equal(waves(x, count), waves(x, 7)[:, :count])


@pytest.mark.parametrize("features", [even_hinges, waves])
def test_a_count_of_columns_is_at_least_1(features):
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        features(X, 0)
    with pytest.raises(ValueError, match="x must have one axis"):
        features(np.eye(2), 3)
