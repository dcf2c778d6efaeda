"""Models: the families of functions among which a learner may choose.

A model is a value: its parameters are one vector θ, calling it predicts, a changed model is a new
one. See `Model`.
"""

from learning.representation.features import even_hinges, hinges, legendre, polynomial, waves
from learning.representation.line import Line, Linear
from learning.representation.logistic import LogisticRegression, sigmoid, softmax
from learning.representation.model import Model
from learning.representation.network import FeedForward
from learning.representation.pieces import count_pieces, kinks

__all__ = [
    "FeedForward",
    "Line",
    "Linear",
    "LogisticRegression",
    "Model",
    "count_pieces",
    "even_hinges",
    "hinges",
    "kinks",
    "legendre",
    "polynomial",
    "sigmoid",
    "softmax",
    "waves",
]
