"""Judges: functions that say how good predictions are.

A name that ends in ``_error`` or ``_loss`` is to be made small, one in ``_score`` large. The
prediction comes first, the target second, and residual = prediction - target.
"""

from learning.evaluation.calibration import Reliability, binned_calibration_error, reliability
from learning.evaluation.classification import binary_cross_entropy_loss, hinge_loss
from learning.evaluation.decisions import (
    Confusion,
    accuracy_score,
    cheapest_threshold,
    confusion,
    mean_cost_loss,
    precision_score,
    recall_score,
)
from learning.evaluation.likelihood import (
    gaussian_likelihood_score,
    gaussian_log_likelihood_score,
)
from learning.evaluation.ranking import (
    area_under_roc_score,
    average_precision_score,
    precision_recall_curve,
    roc_curve,
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
    "Confusion",
    "Reliability",
    "accuracy_score",
    "area_under_roc_score",
    "average_precision_score",
    "binary_cross_entropy_loss",
    "binned_calibration_error",
    "bootstrap",
    "cheapest_threshold",
    "confusion",
    "cross_validated_errors",
    "forecast_utility_score",
    "gaussian_likelihood_score",
    "gaussian_log_likelihood_score",
    "hinge_loss",
    "huber_loss",
    "log_cosh_loss",
    "mean_absolute_error",
    "mean_cost_loss",
    "mean_squared_error",
    "precision_recall_curve",
    "precision_score",
    "quantile_loss",
    "r_squared_score",
    "recall_score",
    "reliability",
    "roc_curve",
    "root_mean_squared_error",
    "sum_of_squares_error",
]
