"""Naive Bayes. Oracle: scikit-learn, without the little that it adds to each variance."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from learning.data import clouds
from learning.representation import NaiveBayes

X, Y = clouds(80, generator=np.random.default_rng(1))
NEW, _ = clouds(50, generator=np.random.default_rng(2))


def test_the_log_odds_are_those_of_the_most_likely_clouds():
    theirs = GaussianNB(var_smoothing=0.0).fit(X, Y)
    model = NaiveBayes.counted(X, Y)
    assert np.allclose(model.means, theirs.theta_, rtol=1e-13)
    assert np.allclose(model.variances, theirs.var_, rtol=1e-13)
    assert np.allclose(model.shares, theirs.class_prior_, rtol=1e-13)
    logs = theirs.predict_log_proba(NEW)
    assert np.allclose(model(NEW), logs[:, 1] - logs[:, 0], rtol=1e-10)


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (X, 0 * Y, "points of both classes"),
        (np.ones((4, 1)), np.array([0.0, 1.0, 0.0, 1.0]), "variances must be positive"),
    ],
)
def test_what_breaks_a_rule_is_refused(x, y, said):
    with pytest.raises(ValueError, match=said):
        NaiveBayes.counted(x, y)


def test_shares_must_be_positive():
    with pytest.raises(ValueError, match=r"shares must be positive, got .*0\.0"):
        NaiveBayes(np.array([0.0, 1.0]), np.zeros((2, 1)), np.ones((2, 1)))
