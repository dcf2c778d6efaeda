"""Data that is drawn: a generator goes in, arrays come out."""

from learning.data.batches import deal_batches, draw_batches
from learning.data.line import INTERCEPT, NOISE, SLOPE, noisy_line
from learning.data.plane import APART, CROSSED, clouds
from learning.data.splits import hold_out, k_folds

__all__ = [
    "APART",
    "CROSSED",
    "INTERCEPT",
    "NOISE",
    "SLOPE",
    "clouds",
    "deal_batches",
    "draw_batches",
    "hold_out",
    "k_folds",
    "noisy_line",
]
