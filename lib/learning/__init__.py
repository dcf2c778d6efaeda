"""What the chapters of "Components of Learning" import.

One module an idea: :mod:`~learning.data` draws, :mod:`~learning.representation` holds the models,
:mod:`~learning.evaluation` judges them, :mod:`~learning.optimization` searches among them,
:mod:`~learning.theory` predicts what the search will find, and :mod:`~learning.report` carries a
result to the page. :mod:`~learning.devices`, :mod:`~learning.plots` and :mod:`~learning.animation`
are the tools around them, :mod:`~learning.published` holds the figures that the book is compared
with. Nothing here knows how the book is built.

Importing the package imports neither torch nor matplotlib.
"""

from learning.data import noisy_line
from learning.evaluation import (
    forecast_utility_score,
    mean_squared_error,
    root_mean_squared_error,
    sum_of_squares_error,
)
from learning.report import Fit, LossLog, Table, report
from learning.representation import FeedForward, Line, LogisticRegression

__all__ = [
    "FeedForward",
    "Fit",
    "Line",
    "LogisticRegression",
    "LossLog",
    "Table",
    "forecast_utility_score",
    "mean_squared_error",
    "noisy_line",
    "report",
    "root_mean_squared_error",
    "sum_of_squares_error",
]
