"""Oracles: numpy.polyval, scipy.special.expit and softmax, torch.nn.Sequential."""

import numpy as np
import pytest
import torch
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from learning.representation import FeedForward, Line, LogisticRegression, sigmoid, softmax


def test_a_line_is_a_polynomial_of_degree_one():
    x = np.linspace(-2, 2, 9)
    assert np.allclose(Line(3.0, 8.0)(x), np.polyval([3.0, 8.0], x), rtol=1e-15)


def test_a_line_takes_tensors():
    assert Line(2.0, 1.0)(torch.tensor([0.0, 3.0])).tolist() == [1.0, 7.0]


def test_logistic_regression_is_expit_of_the_log_odds():
    generator = np.random.default_rng(0)
    x, w = generator.normal(size=(50, 3)), generator.normal(size=3)
    assert np.allclose(LogisticRegression(w, -0.5)(x), expit(x @ w - 0.5), rtol=1e-12)


def test_logistic_regression_does_not_overflow():
    model = LogisticRegression(np.array([1.0]), 0.0)
    with np.errstate(all="raise"):
        assert model(np.array([[-1e4], [0.0], [1e4]])).tolist() == [0.0, 0.5, 1.0]


def test_softmax_is_scipy_s_for_any_shape_and_for_tensors():
    scores = np.random.default_rng(0).normal(scale=30.0, size=(4, 5, 3))
    assert np.allclose(softmax(scores), scipy_softmax(scores, axis=-1), rtol=1e-12, atol=1e-300)
    tensor = softmax(torch.from_numpy(scores))
    assert np.allclose(tensor.numpy(), softmax(scores), rtol=1e-12, atol=1e-300)


def test_softmax_does_not_overflow_and_does_not_see_a_shift():
    scores = np.array([0.0, 1.0, 3.0])
    with np.errstate(over="raise", invalid="raise"):
        assert softmax(scores + 1e6) == pytest.approx(softmax(scores), rel=1e-9)
        assert softmax(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]


def test_softmax_of_two_classes_is_the_sigmoid_of_the_difference():
    z = np.linspace(-30, 30, 61)
    both = softmax(np.stack([np.zeros_like(z), z], axis=-1))
    assert np.allclose(both[:, 1], sigmoid(z), rtol=0, atol=1e-15)


@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_softmax_needs_a_class(shape):
    with pytest.raises(ValueError, match="scores must be of 1 class at least, got shape"):
        softmax(np.zeros(shape))


def test_a_network_is_what_torch_makes_of_the_same_weights():
    network = FeedForward.random((2, 5, 4, 3), generator=np.random.default_rng(1))
    modules = []
    for w, c in network.layers:
        layer = torch.nn.Linear(*w.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(c)
        modules += [layer, torch.nn.ReLU()]
    reference = torch.nn.Sequential(*modules[:-1])
    x = np.random.default_rng(2).normal(size=(20, 2))
    expected = reference(torch.from_numpy(x)).detach().numpy()
    assert np.allclose(network(x), expected, rtol=1e-12)
    assert network.size == sum(p.numel() for p in reference.parameters())


def test_a_hidden_layer_puts_out_what_torch_s_relu_does():
    network = FeedForward.random((2, 5, 4, 3), generator=np.random.default_rng(1))
    x = np.random.default_rng(2).normal(size=(20, 2))
    taken = network.activations(x)
    assert taken[0] is x
    for h, after, (w, c) in zip(taken, taken[1:], network.layers[:-1], strict=False):
        expected = torch.relu(torch.from_numpy(h @ w + c)).numpy()
        assert np.array_equal(after, expected)


def test_random_weights_have_variance_two_over_inputs():
    ((w, c),) = FeedForward.random((200, 300), generator=np.random.default_rng(3)).layers
    assert w.std() == pytest.approx(np.sqrt(2 / 200), rel=0.02)
    assert np.abs(c).max() <= 1 / np.sqrt(200)
    assert c.std() == pytest.approx(1 / np.sqrt(3 * 200), rel=0.1)  # uniform


@pytest.mark.parametrize(
    "layers",
    [
        ((np.zeros((2, 3)), np.zeros(4)),),
        ((np.zeros((2, 3)), np.zeros(3)), (np.zeros((4, 1)), np.zeros(1))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(layers):
    with pytest.raises(ValueError, match=r"must take what the one before it gives, got \[\(\(2, 3"):
        FeedForward(layers)
