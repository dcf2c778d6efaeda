"""Judges of classes. Oracles: sklearn.metrics, scipy.stats.mannwhitneyu, and the two normals."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats
from sklearn import calibration, metrics

from learning import evaluation as ev
from learning.evaluation.slopes import slope_of


def drawn(seed, n=60, ties=False):
    generator = np.random.default_rng(seed)
    score, target = generator.normal(size=n), generator.integers(2, size=n).astype(float)
    return (score.round(0) if ties else score), target


each_draw = pytest.mark.parametrize("ties", [False, True])


def test_decisions_are_judged_as_by_sklearn():
    for seed in range(20):
        score, target = drawn(seed)
        decision = score > 0.4
        count = ev.confusion(decision, target)
        cells = (count.true_negatives, count.false_positives)
        cells += (count.false_negatives, count.true_positives)
        assert cells == tuple(metrics.confusion_matrix(target, decision).ravel())
        assert ev.accuracy_score(decision, target) == metrics.accuracy_score(target, decision)
        assert ev.precision_score(decision, target) == metrics.precision_score(target, decision)
        assert ev.recall_score(decision, target) == metrics.recall_score(target, decision)


def test_precision_without_a_yes_is_sklearns():
    never, target = np.zeros(4), np.array([0, 1, 1, 0])
    assert ev.precision_score(never, target) == 0.0
    assert metrics.precision_score(target, never, zero_division=0) == 0.0


def test_recall_without_anything_to_find_is_refused():
    with pytest.raises(ValueError, match="hold a yes at least, got 3 times no"):
        ev.recall_score(np.ones(3), np.zeros(3))


def test_costs_are_counted():
    decision, target = np.array([1, 1, 1, 0, 0]), np.array([1, 0, 0, 1, 0])
    cost = ev.mean_cost_loss(decision, target, false_positive_cost=2, false_negative_cost=7)
    assert cost == (2 * 2 + 7 * 1) / 5


@pytest.mark.parametrize("costs", [(1, 9), (3, 1), (0.2, 0.5)])
def test_no_threshold_is_cheaper_than_the_costs_one(costs):
    """Oracle: the expected costs, where each probability is as frequent as another."""
    false_positive, false_negative = costs
    p = np.linspace(0.0005, 0.9995, 1000)
    act = p >= p[:, None]
    expected = np.where(act, (1 - p) * false_positive, p * false_negative).sum(axis=1)
    best = ev.cheapest_threshold(
        false_positive_cost=false_positive, false_negative_cost=false_negative
    )
    assert p[expected.argmin()] == pytest.approx(best, abs=1e-3)


@each_draw
def test_the_roc_curve_is_sklearns(ties):
    for seed in range(20):
        score, target = drawn(seed, ties=ties)
        expected = metrics.roc_curve(target, score, drop_intermediate=False)
        for got, wanted in zip(ev.roc_curve(score, target), expected, strict=True):
            assert np.array_equal(got, wanted)


@each_draw
def test_the_area_is_sklearns_and_mann_and_whitneys(ties):
    for seed in range(20):
        score, target = drawn(seed, ties=ties)
        area = ev.area_under_roc_score(score, target)
        assert area == pytest.approx(metrics.roc_auc_score(target, score), rel=1e-13)
        yes, no = score[target == 1], score[target == 0]
        statistic = stats.mannwhitneyu(yes, no).statistic
        assert area == statistic / (len(yes) * len(no))
        assert ev.area_under_roc_score(-score, target) == pytest.approx(1 - area, abs=1e-15)
        false, true, _ = ev.roc_curve(score, target)
        assert area == pytest.approx(np.trapezoid(true, false), rel=1e-13)


def test_the_area_of_two_normals():
    generator = np.random.default_rng(5)
    target = np.repeat([0, 1], 20_000)
    score = generator.normal(size=40_000) + 1.5 * target
    expected = NormalDist().cdf(1.5 / 2**0.5)
    assert ev.area_under_roc_score(score, target) == pytest.approx(expected, abs=0.006)


def test_the_area_at_its_ends():
    target = np.array([0, 0, 1, 1])
    assert ev.area_under_roc_score(target, target) == 1
    assert ev.area_under_roc_score(-target, target) == 0
    assert ev.area_under_roc_score(np.ones(4), target) == 0.5


@each_draw
def test_the_precision_recall_curve_is_sklearns(ties):
    for seed in range(20):
        score, target = drawn(seed, ties=ties)
        recall, precision, threshold = ev.precision_recall_curve(score, target)
        wanted = metrics.precision_recall_curve(target, score)
        assert np.array_equal(precision[::-1], wanted[0])
        assert np.array_equal(recall[::-1], wanted[1])
        assert np.array_equal(threshold[:0:-1], wanted[2])
        expected = metrics.average_precision_score(target, score)
        assert ev.average_precision_score(score, target) == pytest.approx(expected, rel=1e-13)


def test_bins_are_sklearns():
    generator = np.random.default_rng(3)
    for bins in (1, 5, 10):
        p = np.concatenate([generator.random(100), np.linspace(0, 1, 11)])
        y = (generator.random(len(p)) < p).astype(float)
        happened, predicted = calibration.calibration_curve(y, p, n_bins=bins)
        found = ev.reliability(p, y, bins=bins)
        assert found.happened == pytest.approx(happened, rel=1e-13)
        assert found.predicted == pytest.approx(predicted, rel=1e-13)
        assert found.counts.sum() == len(p)


def test_the_calibration_error_by_hand_and_of_many_outcomes():
    p = np.array([0.1, 0.2, 0.9, 0.95])
    outcomes = np.array([[0, 0, 1, 1], [1, 0, 1, 0]])
    got = ev.binned_calibration_error(p, outcomes, bins=2)
    expected = [0.5 * 0.15 + 0.5 * 0.075, 0.5 * 0.35 + 0.5 * 0.425]
    assert got == pytest.approx(expected, rel=1e-13)
    one = ev.binned_calibration_error(p, outcomes[1], bins=2)
    assert one == pytest.approx(expected[1], rel=1e-13)
    assert ev.reliability(p, outcomes[0], bins=10).counts.tolist() == [1, 1, 1, 1]


YES_AND_NO = np.array([0.0, 1.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.confusion(np.array([0.5, 1]), YES_AND_NO), "decision must be 0 or 1, got"),
        (lambda: ev.confusion(YES_AND_NO, np.array([np.nan, 1])), "target must be 0 or 1, got"),
        (lambda: ev.confusion(YES_AND_NO, np.ones(3)), r"one shape, got \(2,\), \(3,\)"),
        (lambda: ev.confusion(np.ones(0), np.ones(0)), r"n at least 1, got \(0,\)"),
        (lambda: ev.roc_curve(YES_AND_NO, np.ones(2)), "both yes and no, got 2 times 1"),
        (lambda: ev.area_under_roc_score(YES_AND_NO, np.zeros(2)), "got 2 times 0"),
        (lambda: ev.area_under_roc_score(np.ones(3), YES_AND_NO), r"got \(3,\), \(2,\)"),
        (lambda: ev.average_precision_score(np.array([np.nan, 1]), YES_AND_NO), "got nan"),
        (lambda: ev.reliability(np.array([0.5, 1.1]), YES_AND_NO), "from 0 to 1, got"),
        (lambda: ev.reliability(np.array([0.5, np.nan]), YES_AND_NO), "from 0 to 1, got"),
        (lambda: ev.reliability(YES_AND_NO, np.array([0.5, 1])), "target must be 0 or 1, got"),
        (lambda: ev.reliability(YES_AND_NO, np.ones(3)), r"n cases, got \(2,\), \(3,\)"),
        (lambda: ev.reliability(YES_AND_NO, YES_AND_NO, bins=0), "at least 1, got 0"),
        (
            lambda: ev.cheapest_threshold(false_positive_cost=0, false_negative_cost=1),
            "positive and finite, got 0",
        ),
    ],
)
def test_what_breaks_a_rule_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_hinge_is_sklearns_and_its_slope_at_the_kink_the_mean_of_both_sides():
    for seed in range(5):
        score, target = drawn(seed)
        assert ev.hinge_loss(score, target) == pytest.approx(metrics.hinge_loss(target, score))
    one = np.ones(1)
    assert slope_of(ev.hinge_loss)(one, one) == -0.5
    assert slope_of(ev.hinge_loss)(-one, 0 * one) == 0.5
    with pytest.raises(ValueError, match="shape"):
        ev.hinge_loss(np.zeros(2), np.zeros(3))
