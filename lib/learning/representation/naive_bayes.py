"""Naive Bayes: a round cloud a class, found by counting and averaging."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from learning.arrays import Floats


@dataclass(frozen=True)
class NaiveBayes:
    """Two classes whose inputs are normal and independent of each other within a class.

    ``log-odds = log p(y = 1) + log p(x | 1) - log p(y = 0) - log p(x | 0)``, where each
    ``log p(x | y)`` is a sum over the inputs: that is what is naive.

    Parameters
    ----------
    shares
        How frequent each class is, shape (2,).
    means, variances
        Of each input in each class, shape (2, inputs); variances are positive.

    Raises
    ------
    ValueError
        If a share or a variance is not positive.

    Notes
    -----
    Source: Hastie, Tibshirani and Friedman (2009), section 6.6.3.

    Examples
    --------
    >>> x, y = np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([0.0, 0.0, 1.0, 1.0])
    >>> model = NaiveBayes.counted(x, y)
    >>> model.means.ravel(), float(model(np.array([[3.0]]))[0])
    (array([1., 5.]), 0.0)
    """

    shares: Floats
    means: Floats
    variances: Floats

    def __post_init__(self) -> None:
        """Check that the logarithms exist."""
        _check_positive(shares=self.shares, variances=self.variances)

    @classmethod
    def counted(cls, x: Floats, y: Floats) -> NaiveBayes:
        """Choose the most likely clouds for points x, shape (n, inputs), and classes y, (n,).

        No search is needed: the likelihood is greatest at the shares, the means and the variances
        of the points themselves.
        """
        of_class = [x[y == value] for value in (0.0, 1.0)]
        if not all(len(points) for points in of_class):
            raise ValueError("there must be points of both classes, got one class")
        return cls(
            np.array([len(points) / len(x) for points in of_class]),
            np.array([points.mean(axis=0) for points in of_class]),
            np.array([points.var(axis=0) for points in of_class]),
        )

    def __call__(self, x: Floats) -> Floats:
        """Return the log-odds of a yes at points x, shape (m, inputs)."""
        away = (x[:, None, :] - self.means) ** 2 / self.variances  # (m, 2, inputs)
        logs = np.log(self.shares) - 0.5 * (away + np.log(self.variances)).sum(axis=2)
        odds: Floats = logs[:, 1] - logs[:, 0]
        return odds


def _check_positive(**each: Floats) -> None:
    for name, values in each.items():
        if not (values > 0).all():
            raise ValueError(f"{name} must be positive, got {values.min()!r} among them")
