"""Splits and resampling. Oracles: scikit-learn, scipy.stats.bootstrap, and the textbook."""

import numpy as np
import pytest

from learning.data import hold_out, k_folds, noisy_line
from learning.evaluation import bootstrap, cross_validated_errors, mean_squared_error
from learning.optimization import least_squares_line
from learning.representation import Line


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("n", "k"), [(10, 5), (11, 4), (7, 7), (5, 2)])
def test_folds_are_those_of_scikit_learn(n, k):
    """Its KFold deals the same sizes; on points in our random order it deals our very folds."""
    model_selection = pytest.importorskip("sklearn.model_selection")
    order = generator().permutation(n)
    expected = model_selection.KFold(k).split(order)
    for (learn, held), (rest, fold) in zip(
        k_folds(n, k=k, generator=generator()), expected, strict=True
    ):
        assert sorted(order[rest]) == learn.tolist()
        assert sorted(order[fold]) == held.tolist()


def test_each_point_is_held_back_as_often_as_the_next():
    held = np.zeros(9)
    for seed in range(3000):
        learn, kept = hold_out(9, share=1 / 3, generator=generator(seed))
        assert len(kept) == 3
        assert sorted([*learn, *kept]) == list(range(9))
        held[kept] += 1
    assert np.abs(held - 1000).max() < 4 * np.sqrt(3000 * (1 / 3) * (2 / 3))


def test_one_point_may_be_on_either_side():
    for n, share in ((2, 0.5), (5, 0.2), (5, 0.8)):
        learn, kept = hold_out(n, share=share, generator=generator())
        assert (len(learn), len(kept)) == (n - round(share * n), round(share * n))


def fit_line(x, y):
    return Line(*least_squares_line(x, y))


def test_leaving_one_out_has_a_closed_form():
    """The left-out residual of least squares is the residual over one minus the leverage."""
    x, y = noisy_line(12, generator=generator(1))
    folds = k_folds(12, k=12, generator=generator())
    got = cross_validated_errors(fit_line, mean_squared_error, x, y, folds=folds)
    away = x - x.mean()
    leverage = 1 / 12 + away**2 / (away**2).sum()
    expected = ((fit_line(x, y)(x) - y) / (1 - leverage)) ** 2
    order = [held[0] for _, held in folds]
    assert got == pytest.approx(expected[order], rel=1e-9)


def test_the_errors_of_folds_are_those_of_scikit_learn():
    selection = pytest.importorskip("sklearn.model_selection")
    linear = pytest.importorskip("sklearn.linear_model")
    x, y = noisy_line(23, generator=generator(2))
    folds = k_folds(23, k=5, generator=generator())
    scores = selection.cross_val_score(
        linear.LinearRegression(), x[:, None], y, cv=folds, scoring="neg_mean_squared_error"
    )
    got = cross_validated_errors(fit_line, mean_squared_error, x, y, folds=folds)
    assert got == pytest.approx(-scores, rel=1e-9)


def test_a_learner_never_sees_what_is_held_back():
    seen = []

    def learn(x, y):
        seen.append((x.tolist(), y.tolist()))
        return lambda new: 0 * new

    x = np.arange(6.0)
    folds = k_folds(6, k=3, generator=generator())
    cross_validated_errors(learn, mean_squared_error, x, -x, folds=folds)
    assert seen == [(rest.tolist(), (-rest).tolist()) for rest, _ in folds]


def test_the_spread_of_a_mean_is_that_of_the_textbook_and_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    y = generator(3).normal(size=40)
    means = bootstrap(np.mean, y, resamples=4000, generator=generator())
    exact = y.std() / np.sqrt(40)  # over resamples: the spread of the data themselves
    assert means.std() == pytest.approx(exact, rel=4 / np.sqrt(2 * 4000))
    theirs = stats.bootstrap((y,), np.mean, n_resamples=4000, rng=generator(), vectorized=False)
    assert means.std() == pytest.approx(theirs.standard_error, rel=0.08)


def test_a_resample_takes_the_same_rows_of_all_and_any_statistic():
    x = np.arange(5.0)
    got = bootstrap(lambda x, y: np.array([x, y]), x, 2 * x, resamples=7, generator=generator())
    assert got.shape == (7, 2, 5)
    assert np.array_equal(got[:, 1], 2 * got[:, 0])
    rows = generator().integers(5, size=(7, 5))
    assert np.array_equal(got[:, 0], rows)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (lambda: k_folds(5, k=1, generator=generator()), "k must be from 2 to n, got 1"),
        (lambda: k_folds(5, k=6, generator=generator()), "k must be from 2 to n, got 6"),
        (lambda: hold_out(1, share=0.5, generator=generator()), "share must leave points"),
        (lambda: hold_out(5, share=0.0, generator=generator()), "got 0.0 of n = 5"),
        (lambda: hold_out(5, share=1.0, generator=generator()), "got 1.0 of n = 5"),
        (lambda: hold_out(5, share=float("nan"), generator=generator()), "got nan of n = 5"),
        (lambda: hold_out(5, share=0.05, generator=generator()), "got 0.05 of n = 5"),
        (lambda: hold_out(5, share=1e308, generator=generator()), "got 1e.308 of n = 5"),
        (lambda: hold_out(5, share=0.95, generator=generator()), "got 0.95 of n = 5"),
        (lambda: bootstrap(np.mean, resamples=3, generator=generator()), r"one length n > 0"),
        (
            lambda: bootstrap(np.mean, np.ones(0), resamples=3, generator=generator()),
            r"one length n > 0, got \[0\]",
        ),
        (
            lambda: bootstrap(np.mean, np.ones(2), np.ones(3), resamples=3, generator=generator()),
            r"got \[2, 3\]",
        ),
        (
            lambda: bootstrap(np.mean, np.ones(2), resamples=0, generator=generator()),
            "resamples must be at least 1, got 0",
        ),
        (
            lambda: cross_validated_errors(
                fit_line, mean_squared_error, np.ones(2), np.ones(3), folds=[]
            ),
            "x and y must have one length, got 2 and 3",
        ),
        (
            lambda: cross_validated_errors(
                fit_line, mean_squared_error, np.ones(2), np.ones(2), folds=[]
            ),
            "at least one fold, got none",
        ),
    ],
)
def test_a_broken_rule_is_named(broken, rule):
    with pytest.raises(ValueError, match=rule):
        broken()
