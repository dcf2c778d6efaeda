"""What the chapters of "Components of Learning" import.

One room an idea: :mod:`~learning.data` draws, :mod:`~learning.representation` holds the models,
:mod:`~learning.evaluation` judges them, :mod:`~learning.objective` puts the three together,
:mod:`~learning.optimization` searches, :mod:`~learning.theory` predicts what the search will find,
and :mod:`~learning.report` carries a result to the page. :mod:`~learning.devices`,
:mod:`~learning.plots` and :mod:`~learning.animation` are the tools around them. Nothing here knows
how the book is built.

Importing the package imports neither torch nor matplotlib.
"""

from learning.data import draw_batches, noisy_line
from learning.evaluation import (
    binary_cross_entropy_loss,
    forecast_utility_score,
    mean_squared_error,
    root_mean_squared_error,
    sum_of_squares_error,
)
from learning.objective import fit, objective
from learning.optimization import AdaGrad, Adam, Descent, Momentum, RMSProp, minimize
from learning.report import Fit, LossLog, Table, report
from learning.representation import FeedForward, Line, LogisticRegression

__all__ = [
    "AdaGrad",
    "Adam",
    "Descent",
    "FeedForward",
    "Fit",
    "Line",
    "LogisticRegression",
    "LossLog",
    "Momentum",
    "RMSProp",
    "Table",
    "binary_cross_entropy_loss",
    "draw_batches",
    "fit",
    "forecast_utility_score",
    "mean_squared_error",
    "minimize",
    "noisy_line",
    "objective",
    "report",
    "root_mean_squared_error",
    "sum_of_squares_error",
]
