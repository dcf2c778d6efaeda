"""Oracles: sklearn.metrics, torch.nn.functional, and a count by hand."""

import numpy as np
import pytest
import torch
from sklearn import metrics

from learning import evaluation

generator = np.random.default_rng(0)
PREDICTION, TARGET = generator.normal(size=(2, 40))


def test_mean_squared_error_is_sklearns():
    expected = metrics.mean_squared_error(TARGET, PREDICTION)
    assert evaluation.mean_squared_error(PREDICTION, TARGET) == pytest.approx(expected, rel=1e-14)


def test_root_mean_squared_error_is_sklearns():
    expected = metrics.root_mean_squared_error(TARGET, PREDICTION)
    ours = evaluation.root_mean_squared_error(PREDICTION, TARGET)
    assert ours == pytest.approx(expected, rel=1e-14)


def test_the_sum_of_squares_is_a_squared_norm():
    expected = np.linalg.norm(PREDICTION - TARGET) ** 2
    assert evaluation.sum_of_squares_error(PREDICTION, TARGET) == pytest.approx(expected, rel=1e-14)


def test_mean_squared_error_of_tensors_is_torchs():
    prediction, target = torch.from_numpy(PREDICTION), torch.from_numpy(TARGET)
    expected = torch.nn.functional.mse_loss(prediction, target)
    assert torch.allclose(evaluation.mean_squared_error(prediction, target), expected)


def test_utility_is_twice_the_pinball_loss_where_costs_add_up_to_two():
    # sklearn's loss weighs shortage by alpha and surplus by 1 - alpha
    ours = evaluation.forecast_utility_score(
        PREDICTION, TARGET, shortage_cost=1.8, surplus_cost=0.2
    )
    expected = -2 * metrics.mean_pinball_loss(TARGET, PREDICTION, alpha=0.9)
    assert ours == pytest.approx(expected, rel=1e-14)


def test_utility_by_hand():
    prediction, target = np.array([1.0, 5.0]), np.array([3.0, 4.0])  # two short, one over
    score = evaluation.forecast_utility_score(
        prediction, target, shortage_cost=9.0, surplus_cost=1.0
    )
    assert score == -(2 * 9 + 1 * 1) / 2
