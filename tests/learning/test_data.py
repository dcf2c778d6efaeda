"""Oracles: the moments of the distributions, and least squares on many points."""

import numpy as np
import pytest

from learning.data import APART, CROSSED, clouds, deal_batches, draw_batches, noisy_line
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


@pytest.mark.parametrize(("n", "size", "dealt"), [(12, 3, 12), (12, 5, 10), (7, 7, 7), (1, 1, 1)])
def test_an_epoch_deals_each_point_once_but_those_that_fill_no_batch(n, size, dealt):
    batches = deal_batches(n, epochs=40, batch_size=size, generator=generator())
    assert batches.shape == (40 * (n // size), size)
    for epoch in batches.reshape(40, -1):
        assert len(set(epoch.tolist())) == len(epoch) == dealt
    assert set(batches.ravel().tolist()) == set(range(n))


def test_each_place_of_an_epoch_is_as_likely_to_hold_any_point():
    places = deal_batches(4, epochs=8000, batch_size=2, generator=generator()).reshape(-1, 4)
    share = [np.bincount(places[:, place], minlength=4) / 8000 for place in range(4)]
    assert np.allclose(share, 1 / 4, rtol=0, atol=4 * np.sqrt(3 / 16 / 8000))


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"n": 0}, "n must be at least 1, got 0"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be from 1 to n, got 0 for n = 5"),
        ({"batch_size": 6}, "batch_size must be from 1 to n, got 6 for n = 5"),
    ],
)
def test_a_deal_names_the_rule_that_is_broken(wrong, rule):
    sizes = {"n": 5, "epochs": 1, "batch_size": 2, **wrong}
    with pytest.raises(ValueError, match=rule):
        deal_batches(sizes.pop("n"), **sizes, generator=generator())


@pytest.mark.parametrize("centres", [APART, CROSSED])
def test_clouds_lie_about_the_centres_of_their_class(centres):
    n, spread = 40_000, 0.1
    x, y = clouds(n, generator=generator(), centres=centres, spread=spread)
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((n, 2), (n,), np.float64, np.float64)
    assert set(y) == {0.0, 1.0}
    assert abs(y.mean() - 1 / 2) < 4 / (2 * np.sqrt(n))
    for label in (0, 1):
        from_each = x[y == label, None] - np.array(centres[label])
        nearest = np.abs(from_each).sum(axis=2).argmin(axis=1)
        share = np.bincount(nearest) / len(nearest)
        k, m = len(centres[label]), len(nearest)
        assert np.allclose(share, 1 / k, rtol=0, atol=4 * np.sqrt(1 / k / m))
        noise = from_each[np.arange(m), nearest]
        assert np.allclose(noise.mean(axis=0), 0, rtol=0, atol=4 * spread / np.sqrt(m))
        assert np.allclose(noise.std(axis=0), spread, rtol=0, atol=4 * spread / np.sqrt(2 * m))


def test_clouds_with_no_spread_lie_on_their_centres():
    three = (((0.0, 0.0),), ((1.0, 2.0), (3.0, 4.0)))
    x, y = clouds(200, generator=generator(), centres=three, spread=0.0)
    assert {tuple(row) for row in x[y == 0]} == {(0.0, 0.0)}
    assert {tuple(row) for row in x[y == 1]} == {(1.0, 2.0), (3.0, 4.0)}
    assert np.array_equal(x, clouds(200, generator=generator(), centres=three, spread=0.0)[0])


def test_one_cloud_has_one_point_at_least():
    x, y = clouds(1, generator=generator())
    assert (x.shape, y.shape) == ((1, 2), (1,))


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"n": 0}, "n must be at least 1, got 0"),
        ({"n": 5, "spread": -1.0}, r"spread must be at least 0 and finite, got -1\.0"),
        ({"n": 5, "spread": float("nan")}, "spread must be at least 0 and finite, got nan"),
        ({"n": 5, "spread": float("inf")}, "spread must be at least 0 and finite, got inf"),
        ({"n": 5, "centres": (((0.0, 0.0),),)}, "there must be centres of 2 classes, got 1"),
        ({"n": 5, "centres": ((), ((0.0, 0.0),))}, "a class must have one or more centres"),
        ({"n": 5, "centres": (((0.0,),), ((1.0,),))}, "a class must have one or more centres"),
        ({"n": 5, "centres": (((0.0, np.nan),), ((1.0, 1.0),))}, "a class must have one or more"),
    ],
)
def test_a_broken_rule_of_clouds_is_named_with_the_value(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        clouds(**arguments, generator=generator())
