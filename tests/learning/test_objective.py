"""Oracles: scikit-learn, numpy.linalg.lstsq, autograd; every model, on both kinds of arrays."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression as SklearnLogistic

from learning.arrays import to_numpy
from learning.data import draw_batches, noisy_line
from learning.evaluation import (
    binary_cross_entropy_loss,
    hinge_loss,
    mean_squared_error,
    sum_of_squares_error,
)
from learning.objective import fit, gradient_by_hand, objective
from learning.optimization import Adam, Descent, Momentum, least_squares_line
from learning.representation import FeedForward, Line, Linear, LogisticRegression

GENERATOR = np.random.default_rng(7)
X = GENERATOR.normal(size=(40, 2))
LABELS = (X[:, 0] + X[:, 1] + GENERATOR.normal(size=40) > 0).astype(float)
LOGITS = LogisticRegression.logits
NETWORK = FeedForward.random((2, 5, 3, 1), generator=np.random.default_rng(3))
TWO = FeedForward.random((2, 4, 2), generator=np.random.default_rng(4))
LINE_DATA = noisy_line(40, generator=np.random.default_rng(5))
LOGISTIC = LogisticRegression(np.zeros(2), 0.0)

MODELS = {
    "line": (Line(1.0, 2.0), mean_squared_error, *LINE_DATA, None),
    "linear": (Linear(np.array([1.0, -2.0]), 0.5), sum_of_squares_error, X, LABELS, None),
    "logistic": (
        LogisticRegression(np.array([0.5, 1.0]), -0.2),
        mean_squared_error,
        X,
        LABELS,
        None,
    ),
    "logits": (LOGISTIC, binary_cross_entropy_loss, X, LABELS, LOGITS),
    "margins": (LOGISTIC, hinge_loss, X, LABELS, LOGITS),
    "network": (NETWORK, mean_squared_error, X, LABELS[:, None], None),
    "two outputs": (TWO, mean_squared_error, X, X[:, ::-1].copy(), None),
    "two answers": (TWO, binary_cross_entropy_loss, X, np.stack([LABELS, 1 - LABELS], 1), None),
}
each = pytest.mark.parametrize(("model", "loss", "x", "y", "predict"), MODELS.values(), ids=MODELS)


@each
def test_theta_goes_there_and_back(model, loss, x, y, predict):
    theta = model.parameters
    assert theta.ndim == 1
    again = model.at(theta)
    assert type(again) is type(model)
    assert np.array_equal(again.parameters, theta)
    assert np.array_equal(again(x), model(x))
    other = model.at(theta + 1.0)
    assert np.array_equal(other.parameters, theta + 1.0)
    assert not np.allclose(other(x), model(x))


@each
def test_the_gradient_by_hand_is_autograds(model, loss, x, y, predict):
    theta = torch.tensor(model.parameters, requires_grad=True)
    f = objective(model, loss, torch.from_numpy(x), torch.from_numpy(y), predict=predict)
    for rows in (slice(None), [3, 3, 17]):
        (expected,) = torch.autograd.grad(f(theta, rows), theta)
        by_hand = gradient_by_hand(model, loss, x, y, predict=predict)(model.parameters, rows)
        assert np.allclose(by_hand, expected.numpy(), rtol=1e-11, atol=1e-13)


@each
def test_the_gradient_by_hand_is_a_central_difference(model, loss, x, y, predict):
    f, theta, h = objective(model, loss, x, y, predict=predict), model.parameters, 1e-6
    by_hand = gradient_by_hand(model, loss, x, y, predict=predict)(theta)
    for i, unit in enumerate(np.eye(len(theta))):
        difference = (f(theta + h * unit) - f(theta - h * unit)) / (2 * h)
        assert by_hand[i] == pytest.approx(difference, rel=1e-6, abs=1e-7)


@each
@pytest.mark.parametrize("size", [None, 8], ids=["all points", "batches"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["float64", "float32"])
def test_every_model_can_be_fitted_on_both_kinds_of_arrays(model, loss, x, y, predict, size, dtype):
    batches = size and draw_batches(
        40, steps=30, batch_size=size, generator=np.random.default_rng(0)
    )
    how = {"rule": Momentum(rate=1e-3), "steps": 30, "batches": batches, "predict": predict}
    on_numpy, run = fit(model, loss, x, y, **how)
    xt, yt = (torch.from_numpy(v).to(dtype) for v in (x, y))
    on_torch, torch_run = fit(model, loss, xt, yt, **how)
    rtol = 1e-11 if dtype == torch.float64 else 2e-5
    assert np.allclose(torch_run.losses, run.losses, rtol=rtol)
    assert np.allclose(on_torch.parameters, on_numpy.parameters, rtol=rtol, atol=rtol)
    assert run.losses[-1] < run.losses[0]
    assert np.array_equal(on_numpy.parameters, run.final)


def test_a_fitted_line_is_least_squares():
    line, _ = fit(Line(0, 0), mean_squared_error, *LINE_DATA, Descent(rate=0.5), steps=3000)
    assert np.allclose([line.a, line.b], least_squares_line(*LINE_DATA), rtol=1e-10)


def test_a_fitted_logistic_regression_is_scikit_learns():
    how = {"steps": 4000, "predict": LOGITS, "log_every": 1000}
    model, _ = fit(LOGISTIC, binary_cross_entropy_loss, X, LABELS, Descent(rate=1.0), **how)
    oracle = SklearnLogistic(C=np.inf, tol=1e-12, max_iter=10_000).fit(X, LABELS)
    assert np.allclose(model.weights, oracle.coef_[0], rtol=1e-6)
    assert model.bias == pytest.approx(oracle.intercept_[0], rel=1e-6)
    assert np.allclose(model(X), oracle.predict_proba(X)[:, 1], rtol=1e-6)


def test_a_network_learns_what_no_line_can():
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])  # exclusive or
    start = FeedForward.random((2, 8, 1), generator=np.random.default_rng(0))
    network, run = fit(start, mean_squared_error, x, y, Adam(rate=0.05), steps=600)
    assert run.losses[-1] < 1e-6
    assert np.allclose(network(x), y, atol=1e-2)
    line, _ = fit(
        Linear(np.zeros(2), 0.0), mean_squared_error, x, y[:, 0], Descent(rate=0.3), steps=600
    )
    assert np.allclose(line(x), 0.5, atol=1e-6)


def test_a_gradient_that_is_given_is_used():
    seen = []

    def gradient(theta):
        seen.append(theta)
        return 0.0 * theta

    line, _ = fit(
        Line(1, 2), mean_squared_error, *LINE_DATA, Descent(rate=0.1), steps=3, gradient=gradient
    )
    assert len(seen) == 3
    assert (line.a, line.b) == (1, 2)


def test_a_loss_without_a_derivative_by_hand_is_refused():
    def absolute(prediction, target):
        return abs(prediction - target).mean()

    with pytest.raises(ValueError, match=r"must be one of binary_.*, got absolute"):
        fit(Line(0, 0), absolute, *LINE_DATA, Descent(rate=0.1), steps=1)


def test_shapes_that_would_be_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"must have one shape, got \(40, 1\) and \(40,\)"):
        fit(NETWORK, mean_squared_error, X, LABELS, Descent(rate=0.1), steps=1)


def test_what_is_recorded_is_numpys():
    x, y = (torch.from_numpy(v).to(torch.float32) for v in LINE_DATA)
    line, run = fit(Line(0, 0), mean_squared_error, x, y, Descent(rate=0.1), steps=2)
    assert run.parameters.dtype == run.final.dtype == np.float64
    assert isinstance(line.a, float)
    assert to_numpy(x).dtype == np.float64
