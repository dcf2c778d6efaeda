"""Searches: ways to find parameters that make a loss small. A run returns a `Trajectory`."""

from learning.optimization.contest import steps_by_rate
from learning.optimization.cost import Roofline, work
from learning.optimization.curvature import ConjugateGradients, CoordinateDescent, Newton
from learning.optimization.graph import Node, derivatives
from learning.optimization.least_squares import least_squares
from learning.optimization.momentum import (
    momentum_roots,
    nesterov_momentum,
    polyak_momentum,
    variance_at_rest,
)
from learning.optimization.noise import batch_covariance, expected_losses, point_gradients
from learning.optimization.quadratic import (
    Quadratic,
    least_squares_line,
    line_gradient,
    line_hessian,
    line_quadratic,
)
from learning.optimization.robust import (
    huber_line,
    lines_through_pairs,
    log_cosh_line,
    quantile_line,
)
from learning.optimization.rules import AdaGrad, Adam, Descent, Momentum, RMSProp, Rule
from learning.optimization.schedules import halving, inverse_time
from learning.optimization.search import minimize, random_search
from learning.optimization.trajectory import Trajectory, steps_until

__all__ = [
    "AdaGrad",
    "Adam",
    "ConjugateGradients",
    "CoordinateDescent",
    "Descent",
    "Momentum",
    "Newton",
    "Node",
    "Quadratic",
    "RMSProp",
    "Roofline",
    "Rule",
    "Trajectory",
    "batch_covariance",
    "derivatives",
    "expected_losses",
    "halving",
    "huber_line",
    "inverse_time",
    "least_squares",
    "least_squares_line",
    "line_gradient",
    "line_hessian",
    "line_quadratic",
    "lines_through_pairs",
    "log_cosh_line",
    "minimize",
    "momentum_roots",
    "nesterov_momentum",
    "point_gradients",
    "polyak_momentum",
    "quantile_line",
    "random_search",
    "steps_by_rate",
    "steps_until",
    "variance_at_rest",
    "work",
]
