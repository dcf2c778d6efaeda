"""Oracles: the moments of the distributions, and least squares on many points."""

import numpy as np
import pytest

from learning.data import noisy_line


def generator(seed=0):
    return np.random.default_rng(seed)


def test_the_same_seed_draws_the_same_points():
    first, second = noisy_line(20, generator=generator()), noisy_line(20, generator=generator())
    assert np.array_equal(first, second)


def test_without_noise_the_points_lie_on_the_line():
    x, y = noisy_line(20, generator=generator(), slope=-2.0, intercept=0.5, noise=0.0)
    assert np.allclose(y, -2.0 * x + 0.5, rtol=0, atol=1e-15)


def test_x_is_uniform_and_the_noise_has_standard_deviation_0_3():
    n = 100_000
    x, y = noisy_line(n, generator=generator())
    e = y - (3 * x + 8)
    assert x.min() >= 0
    assert x.max() <= 1
    assert abs(x.mean() - 1 / 2) < 4 * np.sqrt(1 / 12 / n)
    assert abs(e.mean()) < 4 * 0.3 / np.sqrt(n)
    assert abs(e.std() - 0.3) < 4 * 0.3 / np.sqrt(2 * n)
    assert abs(np.corrcoef(x, e)[0, 1]) < 4 / np.sqrt(n)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"n": 0}, "n must be at least 1, got 0"),
        ({"n": 5, "noise": -1.0}, r"noise must be at least 0, got -1\.0"),
        ({"n": 5, "noise": float("nan")}, "noise must be at least 0, got nan"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        noisy_line(**arguments, generator=generator())


def test_one_point_is_enough():
    x, y = noisy_line(1, generator=generator())
    assert (x.shape, y.shape) == ((1,), (1,))
