"""Judges: functions that say how good predictions are.

A name that ends in ``_error`` or ``_loss`` is to be made small, one in ``_score`` large. The
prediction comes first, the target second, and residual = prediction - target.
"""

from learning.evaluation.classification import binary_cross_entropy_loss
from learning.evaluation.likelihood import (
    gaussian_likelihood_score,
    gaussian_log_likelihood_score,
)
from learning.evaluation.regression import (
    mean_squared_error,
    root_mean_squared_error,
    sum_of_squares_error,
)
from learning.evaluation.resampling import bootstrap, cross_validated_errors
from learning.evaluation.robust import (
    huber_loss,
    log_cosh_loss,
    mean_absolute_error,
    quantile_loss,
)
from learning.evaluation.utility import forecast_utility_score
from learning.evaluation.variance import r_squared_score

__all__ = [
    "binary_cross_entropy_loss",
    "bootstrap",
    "cross_validated_errors",
    "forecast_utility_score",
    "gaussian_likelihood_score",
    "gaussian_log_likelihood_score",
    "huber_loss",
    "log_cosh_loss",
    "mean_absolute_error",
    "mean_squared_error",
    "quantile_loss",
    "r_squared_score",
    "root_mean_squared_error",
    "sum_of_squares_error",
]
