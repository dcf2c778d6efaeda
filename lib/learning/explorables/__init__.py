"""Interactive figures that need no kernel: what they compute is computed by their scripts.

Each is an ipywidget of one class and one script. `FitALine` moves a line among points,
`LineAndLandscape` shows it as a point in the landscape of its loss too, and `GradientDescent`,
`StochasticDescent` and `Scrubber` walk through that. `BuildACurve` adds up hidden units, and in
`FourLosses` a point pulls at four lines. `Boundary` parts two classes, and `Threshold` decides
between them.

The formulas stand in ``mathematics.js``, ``descent.js``, ``robust.js`` and ``ranking.js``, apart
from what draws, and are checked against `learning.evaluation` and `learning.optimization`.
"""

from learning.explorables.approximation import Approximation
from learning.explorables.boundary import Boundary
from learning.explorables.build_a_curve import BuildACurve
from learning.explorables.fit_a_line import FitALine
from learning.explorables.four_losses import FourLosses
from learning.explorables.gradient_descent import GradientDescent
from learning.explorables.line_and_landscape import LineAndLandscape
from learning.explorables.scrubber import Scrubber
from learning.explorables.stochastic import StochasticDescent
from learning.explorables.threshold import Threshold
from learning.explorables.train_and_test import TrainAndTest

__all__ = [
    "Approximation",
    "Boundary",
    "BuildACurve",
    "FitALine",
    "FourLosses",
    "GradientDescent",
    "LineAndLandscape",
    "Scrubber",
    "StochasticDescent",
    "Threshold",
    "TrainAndTest",
]
