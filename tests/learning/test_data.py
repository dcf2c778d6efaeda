"""Oracles: the moments of the distributions, and least squares on many points."""

import numpy as np
import pytest

from learning.data import draw_batches, noisy_line
from learning.optimization import line_gradient


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


def test_a_batch_gradient_is_the_full_gradient_on_average():
    x, y = noisy_line(30, generator=np.random.default_rng(5))
    batches = draw_batches(30, steps=20_000, batch_size=3, generator=np.random.default_rng(0))
    estimates = np.array([line_gradient(-1.0, 1.0, x[b], y[b]) for b in batches])
    error = estimates.mean(axis=0) - line_gradient(-1.0, 1.0, x, y)
    assert np.all(np.abs(error) < 4 * estimates.std(axis=0) / np.sqrt(20_000))


def test_batches_reach_every_index():
    batches = draw_batches(5, steps=100, batch_size=2, generator=np.random.default_rng(0))
    assert batches.shape == (100, 2)
    assert sorted(set(batches.ravel().tolist())) == [0, 1, 2, 3, 4]


def test_the_smallest_draw_of_batches_is_one_index():
    assert draw_batches(1, steps=1, batch_size=1, generator=np.random.default_rng(0)).item() == 0


@pytest.mark.parametrize("name", ["n", "steps", "batch_size"])
def test_a_draw_of_batches_needs_at_least_one_of_each(name):
    sizes = {"n": 5, "steps": 1, "batch_size": 1, name: 0}
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        draw_batches(sizes.pop("n"), **sizes, generator=np.random.default_rng(0))
