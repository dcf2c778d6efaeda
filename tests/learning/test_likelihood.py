"""Oracles: scipy.stats, torch.distributions, sklearn.metrics, and closed forms."""

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn import metrics

from learning import evaluation, noisy_line
from learning.optimization import least_squares_line

generator = np.random.default_rng(0)
PREDICTION, TARGET = generator.normal(size=(2, 40))
BOTH = [evaluation.gaussian_likelihood_score, evaluation.gaussian_log_likelihood_score]


def test_the_log_likelihood_is_scipys():
    expected = stats.norm.logpdf(TARGET, loc=PREDICTION, scale=0.7).sum()
    ours = evaluation.gaussian_log_likelihood_score(PREDICTION, TARGET, noise=0.7)
    assert ours == pytest.approx(expected, rel=1e-14)


def test_the_likelihood_is_the_product_of_scipys_densities():
    expected = stats.norm.pdf(TARGET, loc=PREDICTION, scale=0.7).prod()
    ours = evaluation.gaussian_likelihood_score(PREDICTION, TARGET, noise=0.7)
    assert ours == pytest.approx(expected, rel=1e-13)


def test_tensors_stay_tensors():
    prediction, target = torch.from_numpy(PREDICTION), torch.from_numpy(TARGET)
    expected = torch.distributions.Normal(prediction, 0.7).log_prob(target).sum()
    log, product = (score(prediction, target, noise=0.7) for score in reversed(BOTH))
    assert torch.allclose(log, expected, rtol=1e-14)
    assert torch.allclose(product, expected.exp(), rtol=1e-12)
    ours = evaluation.r_squared_score(prediction, target)
    assert float(ours) == pytest.approx(metrics.r2_score(TARGET, PREDICTION), rel=1e-13)


def test_the_product_underflows_and_the_sum_does_not():
    x, y = noisy_line(10_000, generator=np.random.default_rng(0))
    product, log = (score(3.0 * x + 8.0, y, noise=0.3) for score in BOTH)
    assert product == 0.0
    expected = -10_000 * np.log(0.3 * np.sqrt(2 * np.pi * np.e))
    # over draws, give or take √(n / 2)
    assert log == pytest.approx(expected, abs=4 * np.sqrt(10_000 / 2))


def test_the_most_probable_noise_is_the_root_mean_square():
    x, y = noisy_line(50, generator=np.random.default_rng(1))
    a, b = least_squares_line(x, y)
    best = evaluation.root_mean_squared_error(a * x + b, y)

    def near(factor):
        score = evaluation.gaussian_log_likelihood_score
        return score(a * x + b, y, noise=factor * best)

    assert near(1.0) > max(near(0.999), near(1.001))
    # where the curvature by log(noise) is -2 n
    assert (near(np.exp(1e-3)) + near(np.exp(-1e-3)) - 2 * near(1.0)) / 1e-6 == pytest.approx(
        -2 * x.size, rel=1e-4
    )


@pytest.mark.parametrize("score", BOTH)
@pytest.mark.parametrize("noise", [0.0, -1.0, float("nan")])
def test_noise_must_be_positive(score, noise):
    with pytest.raises(ValueError, match=f"noise must be positive, got {noise}"):
        score(PREDICTION, TARGET, noise=noise)


def test_r_squared_is_sklearns():
    expected = metrics.r2_score(TARGET, PREDICTION)
    assert evaluation.r_squared_score(PREDICTION, TARGET) == pytest.approx(expected, rel=1e-13)


def test_r_squared_of_the_mean_is_0_and_of_the_least_squares_line_a_squared_correlation():
    x, y = noisy_line(50, generator=np.random.default_rng(1))
    a, b = least_squares_line(x, y)
    assert evaluation.r_squared_score(np.full(50, y.mean()), y) == 0.0
    expected = np.corrcoef(x, y)[0, 1] ** 2
    assert evaluation.r_squared_score(a * x + b, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("target", [[8.0], [0.1, 0.1, 0.1], [8.0, np.nan]])
def test_r_squared_has_nothing_to_compare_with_where_targets_do_not_differ(target):
    with pytest.raises(ValueError, match="targets must be numbers that differ, got"):
        evaluation.r_squared_score(np.array(target), np.array(target))


@pytest.mark.parametrize("score", [*BOTH, evaluation.r_squared_score])
def test_shapes_must_agree(score):
    settings = {} if score is evaluation.r_squared_score else {"noise": 1.0}
    with pytest.raises(ValueError, match="one shape"):
        score(PREDICTION[:, None], TARGET, **settings)
