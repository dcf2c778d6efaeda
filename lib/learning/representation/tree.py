"""Decision trees: questions of one input each, and the two ways to choose them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from learning.arrays import Floats


@dataclass(frozen=True)
class Leaf:
    """An end of a tree, which gives all points that arrive the same class.

    Parameters
    ----------
    answer
        The class, 0 or 1.

    Examples
    --------
    >>> Leaf(1.0)(np.array([[0.2, 0.3], [0.1, 0.9]]))
    array([1., 1.])
    """

    answer: float

    def __call__(self, x: ArrayLike) -> Floats:
        """Predict a class for each point, x of shape (n, inputs)."""
        return np.full(len(np.asarray(x)), self.answer)


@dataclass(frozen=True)
class Split:
    """A question, is an input larger than a threshold?, and a tree for each answer.

    Parameters
    ----------
    feature
        The number of the input, counted from 0.
    threshold
        In units of that input.
    below, above
        What decides for points whose input is at most the threshold, and for the others.

    Examples
    --------
    >>> tree = Split(1, 0.5, Leaf(0.0), Leaf(1.0))
    >>> tree(np.array([[0.2, 0.3], [0.1, 0.9]]))
    array([0., 1.])
    """

    feature: int
    threshold: float
    below: Tree
    above: Tree

    def __call__(self, x: ArrayLike) -> Floats:
        """Predict a class for each point, x of shape (n, inputs)."""
        points = np.asarray(x, dtype=np.float64)
        asked = points[:, self.feature] > self.threshold
        return np.where(asked, self.above(points), self.below(points))


Tree = Leaf | Split
Impurity = Callable[[Any, Any], Any]


def mistakes(ones: Floats, size: Floats) -> Floats:
    """Count what the more frequent class gets wrong, ``min(ones, size - ones)``.

    Parameters
    ----------
    ones, size
        How many points of class 1 a part has, and how many points, of one shape.

    Returns
    -------
    Of the same shape, in points.

    Examples
    --------
    >>> mistakes(np.array([1.0, 4.0]), np.array([4.0, 4.0]))
    array([1., 0.])
    """
    return np.minimum(ones, size - ones)


def gini(ones: Floats, size: Floats) -> Floats:
    """Count what a class drawn like the points' own would get wrong, ``2 ones (1 - ones / size)``.

    Parameters
    ----------
    ones, size
        As for `mistakes`.

    Returns
    -------
    Of the same shape, in points, on average over draws.

    Notes
    -----
    Source: Breiman et al. (1984).

    Examples
    --------
    >>> gini(np.array([1.0, 4.0]), np.array([4.0, 4.0]))
    array([1.5, 0. ])
    """
    return 2.0 * ones * (1.0 - ones / size)


def greedy_tree(x: ArrayLike, y: ArrayLike, *, depth: int, impurity: Impurity = mistakes) -> Tree:
    """Grow a tree from the top: the best first question by itself, then the best in each part.

    A question is best whose two answers have the least impurity together; the first such in the
    order of inputs and thresholds. A part of one class is not split.

    Parameters
    ----------
    x, y
        The points, shape (n, inputs), and their classes 0 and 1, shape (n,).
    depth
        How many questions a point may be asked; at least 0.
    impurity
        What a part with so many points of class 1, of so many points, counts: `mistakes`, or
        `gini`.

    Returns
    -------
    The tree.

    Raises
    ------
    ValueError
        If x, y or depth breaks its rule.

    Notes
    -----
    Source: Breiman et al. (1984).

    Examples
    --------
    >>> greedy_tree([[1.0], [2.0], [4.0]], [0, 0, 1], depth=1)
    Split(feature=0, threshold=3.0, below=Leaf(answer=0.0), above=Leaf(answer=1.0))
    """
    points, classes = _checked(x, y, depth)
    found = _best_question(points, classes, impurity) if depth and np.ptp(classes) else None
    if found is None:
        return _leaf(classes)
    feature, threshold = found
    above = points[:, feature] > threshold
    parts = [
        greedy_tree(points[p], classes[p], depth=depth - 1, impurity=impurity)
        for p in (~above, above)
    ]
    return Split(feature, threshold, *parts)


def best_tree(x: ArrayLike, y: ArrayLike, *, depth: int) -> Tree:
    """Find a tree of a depth with the fewest mistakes, by trying all first questions.

    The last question is the greedy one, which is best there. Each further level multiplies the
    work by the number of questions, at most ``inputs (n - 1)``.

    Parameters
    ----------
    x, y, depth
        As for `greedy_tree`.

    Returns
    -------
    The first tree of those with the fewest mistakes.

    Raises
    ------
    ValueError
        If x, y or depth breaks its rule.

    Examples
    --------
    Two questions tell what no single one does:

    >>> x, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]
    >>> [count_mistakes(best_tree(x, y, depth=depth), x, y) for depth in (1, 2)]
    [2, 0]
    """
    points, classes = _checked(x, y, depth)
    if depth < 2:
        return greedy_tree(points, classes, depth=depth)
    best = greedy_tree(points, classes, depth=depth)
    fewest = count_mistakes(best, points, classes)
    for feature, threshold in _questions(points):
        if not fewest:
            break
        above = points[:, feature] > threshold
        parts = [best_tree(points[p], classes[p], depth=depth - 1) for p in (~above, above)]
        tree = Split(feature, threshold, *parts)
        if (wrong := count_mistakes(tree, points, classes)) < fewest:
            best, fewest = tree, wrong
    return best


def count_mistakes(tree: Tree, x: ArrayLike, y: ArrayLike) -> int:
    """Count the points that a tree puts into the wrong class.

    Parameters
    ----------
    tree
        The tree.
    x, y
        The points, shape (n, inputs), and their classes, shape (n,).

    Returns
    -------
    From 0 to n.

    Examples
    --------
    >>> count_mistakes(Leaf(1.0), [[0.2], [0.3]], [1, 0])
    1
    """
    return int(np.count_nonzero(tree(x) != np.asarray(y)))


def _checked(x: ArrayLike, y: ArrayLike, depth: int) -> tuple[Floats, Floats]:
    points, classes = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if points.ndim != 2 or classes.shape != points.shape[:1] or not classes.size:
        got = f"{points.shape} and {classes.shape}"
        raise ValueError(f"x must have the shape (n, inputs) and y (n,), n at least 1, got {got}")
    if not np.isfinite(points).all() or not np.isin(classes, (0.0, 1.0)).all():
        raise ValueError("x must be finite and y of 0 and 1, got other values")
    if depth < 0:
        raise ValueError(f"depth must be at least 0, got {depth!r}")
    return points, classes


def _leaf(classes: Floats) -> Leaf:
    return Leaf(float(classes.mean() > 0.5))


def _questions(points: Floats) -> Iterator[tuple[int, float]]:
    """Yield each question that tells points apart, with its threshold between two of them."""
    for feature, values in enumerate(points.T):
        distinct = np.unique(values)
        for threshold in 0.5 * (distinct[1:] + distinct[:-1]):
            yield feature, float(threshold)


def _best_question(points: Floats, classes: Floats, impurity: Impurity) -> tuple[int, float] | None:
    """Return the question whose answers have the least impurity, if any tells points apart."""
    least, best = np.inf, None
    for feature, values in enumerate(points.T):
        order = np.argsort(values, kind="stable")
        rising, ones = values[order], np.cumsum(classes[order])
        (cuts,) = np.nonzero(
            rising[1:] > rising[:-1]
        )  # after each of these, and not between equals
        if not cuts.size:
            continue
        below, size = ones[cuts], cuts + 1.0
        left = impurity(below, size) + impurity(ones[-1] - below, len(classes) - size)
        first = int(np.argmin(left))
        if left[first] < least:
            least, cut = left[first], cuts[first]
            best = (feature, float(rising[cut : cut + 2].mean()))
    return best
