"""Nearest neighbours. Oracle: scikit-learn."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from learning.data import clouds
from learning.representation import Neighbours

X, Y = clouds(60, generator=np.random.default_rng(1))
NEW, _ = clouds(50, generator=np.random.default_rng(2))


@pytest.mark.parametrize("k", [1, 2, 7, 60])
def test_the_share_of_yes_among_the_nearest(k):
    theirs = KNeighborsClassifier(k).fit(X, Y).predict_proba(NEW)[:, 1]
    assert np.allclose(Neighbours(X, Y, k)(NEW), theirs, rtol=0, atol=1e-15)


def test_nobody_asked_is_nobody_answered():
    assert Neighbours(X, Y, 5)(NEW[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("x", "y", "k", "said"),
    [
        (X[:, 0], Y, 1, r"shape \(n, inputs\).*got \(60,\), \(60,\)"),
        (X, Y[:3], 1, r"got \(60, 2\), \(3,\)"),
        (X * np.inf, Y, 1, "finite"),
        (X, Y + 1, 1, "y of 0 and 1"),
        (X, Y, 0, "k must be from 1 to 60, got 0"),
        (X, Y, 61, "got 61"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_breaks_a_rule_is_refused(x, y, k, said):
    with pytest.raises(ValueError, match=said):
        Neighbours(x, y, k)
