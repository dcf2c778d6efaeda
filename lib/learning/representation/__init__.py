"""Models: the families of functions among which a learner may choose.

A model is a value: its parameters are one vector θ, calling it predicts, a changed model is a new
one. See `Model`.
"""

from learning.representation.features import even_hinges, hinges, legendre, polynomial, waves
from learning.representation.line import Line, Linear
from learning.representation.logistic import LogisticRegression, sigmoid, softmax
from learning.representation.model import Model
from learning.representation.naive_bayes import NaiveBayes
from learning.representation.neighbours import Neighbours
from learning.representation.network import FeedForward
from learning.representation.pieces import count_pieces, kinks
from learning.representation.tree import (
    Leaf,
    Split,
    best_tree,
    count_mistakes,
    gini,
    greedy_tree,
    mistakes,
)

__all__ = [
    "FeedForward",
    "Leaf",
    "Line",
    "Linear",
    "LogisticRegression",
    "Model",
    "NaiveBayes",
    "Neighbours",
    "Split",
    "best_tree",
    "count_mistakes",
    "count_pieces",
    "even_hinges",
    "gini",
    "greedy_tree",
    "hinges",
    "kinks",
    "legendre",
    "mistakes",
    "polynomial",
    "sigmoid",
    "softmax",
    "waves",
]
