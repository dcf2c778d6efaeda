"""Oracles: scipy.linalg.lstsq, the pseudoinverse, scikit-learn's Ridge, a line's closed form."""

import numpy as np
import pytest
import scipy.linalg
from sklearn.linear_model import Ridge

from learning import noisy_line
from learning.optimization import least_squares, least_squares_line
from learning.representation import legendre


@pytest.fixture
def drawn():
    generator = np.random.default_rng(3)
    return generator.normal(size=(12, 4)), generator.normal(size=12)


def test_it_is_scipys(drawn):
    assert np.allclose(least_squares(*drawn), scipy.linalg.lstsq(*drawn)[0], rtol=1e-12)


def test_of_a_line_it_is_the_closed_form():
    x, y = noisy_line(50, generator=np.random.default_rng(1))
    b, a = least_squares(np.stack([np.ones(50), x], axis=1), y)
    assert (a, b) == pytest.approx(tuple(least_squares_line(x, y)), rel=1e-12)


def test_of_several_it_is_the_shortest():
    x, y = noisy_line(8, generator=np.random.default_rng(1))
    design = legendre(x, 30)
    weights = least_squares(design, y)
    assert np.allclose(design @ weights, y, rtol=1e-10)
    assert np.allclose(weights, np.linalg.pinv(design) @ y, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("ridge", [1e-6, 0.1, 10.0])
def test_with_a_ridge_it_is_scikit_learns(drawn, ridge):
    design, y = drawn
    theirs = Ridge(alpha=12 * ridge, fit_intercept=False).fit(design, y).coef_
    assert np.allclose(least_squares(design, y, ridge=ridge), theirs, rtol=1e-9)


@pytest.mark.parametrize(
    ("design", "y", "ridge", "said"),
    [
        (np.ones((3, 2)), np.ones(2), 0.0, r"got \(3, 2\) and \(2,\)"),
        (np.ones(3), np.ones(3), 0.0, r"got \(3,\) and \(3,\)"),
        (np.ones((0, 2)), np.ones(0), 0.0, "n at least 1"),
        (np.full((3, 2), np.nan), np.ones(3), 0.0, "must be finite"),
        (np.ones((3, 2)), np.full(3, np.inf), 0.0, "must be finite"),
        (np.ones((3, 2)), np.ones(3), -1.0, "ridge must be at least 0, got -1.0"),
        (np.ones((3, 2)), np.ones(3), np.nan, "ridge must be at least 0, got nan"),
    ],
)
def test_what_breaks_a_rule_is_named(design, y, ridge, said):
    with pytest.raises(ValueError, match=said):
        least_squares(design, y, ridge=ridge)
