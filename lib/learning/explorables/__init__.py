"""Interactive figures that need no kernel: what they compute is computed by their scripts.

Each is an ipywidget of one class and one script. `FitALine` moves a line among points,
`LineAndLandscape` shows it as a point in the landscape of its loss too, and `GradientDescent`,
`StochasticDescent` and `Scrubber` walk through that. `RateAndMomentum` is a map of two settings.
`BuildACurve` adds up hidden units, and in `FourLosses` a point pulls at four lines. `Boundary`
parts two classes, and `Threshold` decides between them. `Backpropagation` goes through a graph of
numbers, forward and back, and `Conditioning` shows the axes of a landscape.
`WhoseFault` swaps each component of a learner, and `ManyMachines` shows what a step costs.
`StepCost` shows what limits the time of a step on one machine.

The formulas stand in ``mathematics.js``, ``descent.js``, ``momentum.js``, ``robust.js``,
``ranking.js`` and ``cost.js``, apart from what draws, and are checked against
`learning.evaluation` and `learning.optimization`.

A figure is read when it is asked for: a page depends on its own, and not on all the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MODULES = {
    "Approximation": "approximation",
    "Backpropagation": "backpropagation",
    "Boundary": "boundary",
    "BuildACurve": "build_a_curve",
    "Conditioning": "conditioning",
    "FitALine": "fit_a_line",
    "FourLosses": "four_losses",
    "GradientDescent": "gradient_descent",
    "LineAndLandscape": "line_and_landscape",
    "ManyMachines": "many_machines",
    "RateAndMomentum": "rate_and_momentum",
    "Race": "race",
    "Scrubber": "scrubber",
    "StepCost": "step_cost",
    "StochasticDescent": "stochastic",
    "Threshold": "threshold",
    "TrainAndTest": "train_and_test",
    "TurnedBowl": "turned_bowl",
    "WhoseFault": "whose_fault",
}
__all__ = list(_MODULES)  # the names stand once


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
