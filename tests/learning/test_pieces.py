"""Kinks and pieces. Oracles: closed forms, and second differences on a fine grid."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from learning.representation import FeedForward, count_pieces, kinks


def stack(first, middle, last, depth):
    return FeedForward((first, *[middle] * (depth - 1), last))


def tents(depth):
    """The hat 2 min(x, 1 - x), applied `depth` times to inputs from 0 to 1."""
    ones, bias, fall = np.ones((1, 2)), np.array([0.0, -0.5]), np.array([[2.0], [-4.0]])
    return stack((ones, bias), (fall @ ones, bias), (fall, np.zeros(1)), depth)


def zigzag(width, depth):
    """Fold 0 … 1 onto itself, width + 1 times a layer: the bound (width + 1)^depth is reached.

    Its pieces rise and fall by turns. The third unit faces left and gives the first piece its
    slope, which therefore is twice as large.
    """
    slope = (width + 0.5) * (-1.0) ** np.arange(width + 1)
    slope[0] *= 2
    places = (np.arange(width) + 0.5) / (width + 0.5)
    facing = np.where(np.arange(width) == 2, -1.0, 1.0)
    out = np.diff(slope)[:, None]
    start = -(out[:, 0] * np.maximum(0, -facing * places)).sum()
    inward, bias = facing[None, :], -facing * places
    first, last = (inward, bias), (out, np.array([start]))
    return stack(first, (out @ inward, bias + start * facing), last, depth)


def by_a_grid(network, low, high, n):
    """Count the runs of grid points at which the second difference is not zero."""
    x = np.linspace(low, high, n)[:, None]
    bent = np.abs(np.diff(network(x)[:, 0], 2)) > 1e-9
    return int((np.diff(bent.astype(int), prepend=0) == 1).sum())


def test_units_of_one_layer_bend_where_their_input_is_zero():
    network = FeedForward.random((1, 7, 1), generator=np.random.default_rng(0))
    w, c = network.layers[0]
    assert np.allclose(kinks(network), np.sort(-c / w[0]), rtol=1e-14)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", [(4,), (4, 4), (3, 5, 4)])
def test_the_kinks_are_those_that_a_fine_grid_shows(seed, hidden):
    network = FeedForward.random((1, *hidden, 1), generator=np.random.default_rng(seed))
    found = kinks(network, low=-2.0, high=2.0)
    n = 400_001
    apart = np.diff(found, prepend=-2.0, append=2.0).min()
    assert apart > 8 / n  # the grid tells them apart
    assert by_a_grid(network, -2.0, 2.0, n) == found.size


def test_between_its_kinks_a_network_is_straight():
    network = FeedForward.random((1, 8, 8, 8, 1), generator=np.random.default_rng(3))
    ends = kinks(network)
    for left, right in pairwise(ends.tolist()):
        y = network(np.linspace(left, right, 5)[:, None])[:, 0]
        assert y == pytest.approx(np.linspace(y[0], y[-1], 5), abs=1e-12)


@pytest.mark.parametrize("depth", range(1, 11))
def test_tents_double_their_pieces_layer_by_layer(depth):
    assert count_pieces(tents(depth), low=0.0, high=1.0) == 2**depth
    inner = np.arange(1, 2**depth) / 2**depth
    assert np.array_equal(kinks(tents(depth), low=0.0, high=1.0), inner)


@pytest.mark.parametrize(("width", "depth"), [(3, 1), (3, 4), (5, 3), (8, 2), (8, 3)])
def test_the_bound_on_the_pieces_is_reached(width, depth):
    assert count_pieces(zigzag(width, depth)) == (width + 1) ** depth


def test_no_random_network_passes_the_bound():
    for seed in range(50):
        network = FeedForward.random((1, 3, 3, 1), generator=np.random.default_rng(seed))
        assert 1 <= count_pieces(network) <= 16


def test_a_bend_that_others_undo_is_none():
    """relu(x) - relu(-x) = x."""
    both = (np.array([[1.0, -1.0]]), np.zeros(2))
    identity = FeedForward((both, (np.array([[1.0], [-1.0]]), np.zeros(1))))
    assert kinks(identity).size == 0


def test_a_network_without_hidden_units_is_one_piece():
    line = FeedForward(((np.array([[3.0]]), np.array([8.0])),))
    assert count_pieces(line) == 1


def test_a_constant_network_is_one_piece():
    off = FeedForward(((np.zeros((1, 2)), np.array([1.0, -1.0])), (np.ones((2, 1)), np.zeros(1))))
    assert count_pieces(off) == 1


def test_an_end_is_no_kink():
    assert kinks(tents(1), low=0.5, high=2.0).size == 0
    assert kinks(tents(1), low=0.0).tolist() == [0.5]
    assert kinks(tents(1), high=0.5).tolist() == [0.0]


def test_a_network_of_tensors_is_counted_too():
    network = FeedForward.random((1, 6, 6, 1), generator=np.random.default_rng(1))
    tensors = network.at(torch.from_numpy(network.parameters))
    assert np.array_equal(kinks(tensors), kinks(network))


@pytest.mark.parametrize(
    ("sizes", "where", "message"),
    [
        ((2, 3, 1), {}, "the network must have one input, got 2"),
        ((1, 3, 1), {"low": 1.0, "high": 1.0}, r"low must be less than high, got 1\.0 and 1\.0"),
        ((1, 3, 1), {"low": np.nan}, "low must be less than high, got nan"),
    ],
)
def test_what_cannot_be_counted_is_refused(sizes, where, message):
    network = FeedForward.random(sizes, generator=np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        kinks(network, **where)


def test_parameters_must_be_finite():
    network = FeedForward.random((1, 3, 1), generator=np.random.default_rng(0))
    with pytest.raises(ValueError, match="must be finite, got inf or nan"):
        count_pieces(network.at(np.full(network.size, np.nan)))
