"""Data that is drawn: a generator goes in, arrays come out."""

from learning.data.batches import draw_batches
from learning.data.line import INTERCEPT, NOISE, SLOPE, noisy_line

__all__ = ["INTERCEPT", "NOISE", "SLOPE", "draw_batches", "noisy_line"]
