"""The figures that the lecture notebook printed. They are data: typed here once, used everywhere.

Source: the outputs of the lecture notebook from which this book grew. Four decimals are all that it
printed. Its data was drawn without a seed, so the same points cannot be had again.
"""

from __future__ import annotations

START = (1.0260, -0.4221)
"""Slope and intercept from which its 10,000 steps began."""

STEPS = (0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000)
LOSSES = (88.9667, 0.8947, 0.2872, 0.2394, 0.2052, 0.1789, 0.1587, 0.1431, 0.1310, 0.1218)
"""Mean squared error on its 10,000 points, before the update of each of those steps."""

FIT = (3.5324, 7.7169)
"""Slope and intercept after 10,000 steps."""

FIRST_GUESS_MSE = 4.1190
"""Mean squared error of a = 10, b = 5 on 50 points."""

FIRST_GUESS_RMSE = 9.0679
"""Root mean squared error of a = -1, b = 1 on another 50 points; it calls this `avg_loss`."""
