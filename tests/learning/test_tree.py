"""Trees. Oracles: all trees of a depth, one by one, and impurities by their definition."""

from itertools import pairwise, product

import numpy as np
import pytest

from learning.representation import (
    Leaf,
    Split,
    best_tree,
    count_mistakes,
    gini,
    greedy_tree,
    mistakes,
)


def draw(seed, n=9, values=4):
    """Points on a grid, so that many share a coordinate, with classes by a coin."""
    generator = np.random.default_rng(seed)
    return generator.integers(values, size=(n, 2)) * 0.5, generator.integers(2, size=n) * 1.0


def all_questions(x):
    for feature in range(x.shape[1]):
        for a, b in pairwise(sorted(set(x[:, feature]))):
            yield feature, (a + b) / 2


def all_trees(x, depth):
    yield from (Leaf(0.0), Leaf(1.0))
    if depth:
        smaller = list(all_trees(x, depth - 1))
        for question, below, above in product(all_questions(x), smaller, smaller):
            yield Split(*question, below, above)


@pytest.mark.parametrize("seed", range(8))
def test_no_tree_of_the_depth_makes_fewer_mistakes(seed):
    x, y = draw(seed, values=3)
    for depth in (0, 1, 2):
        fewest = min(count_mistakes(tree, x, y) for tree in all_trees(x, depth))
        assert count_mistakes(best_tree(x, y, depth=depth), x, y) == fewest


def by_definition(impurity, x, y, question):
    """The impurity of the two parts, counted point by point."""
    feature, threshold = question
    total = 0.0
    for part in (x[:, feature] <= threshold, x[:, feature] > threshold):
        share = y[part].mean()
        guesses = {mistakes: min(share, 1 - share), gini: 2 * share * (1 - share)}
        total += part.sum() * guesses[impurity]
    return total


@pytest.mark.parametrize("impurity", [mistakes, gini])
@pytest.mark.parametrize("seed", range(8))
def test_the_first_question_leaves_the_least_impurity(impurity, seed):
    x, y = draw(seed, n=30, values=6)
    tree = greedy_tree(x, y, depth=1, impurity=impurity)
    left = {q: by_definition(impurity, x, y, q) for q in all_questions(x)}
    least = min(left.values())
    first = next(q for q, value in left.items() if value <= least + 1e-12)
    assert (tree.feature, tree.threshold) == pytest.approx(first)
    for part, leaf in (
        (x[:, first[0]] <= first[1], tree.below),
        (x[:, first[0]] > first[1], tree.above),
    ):
        assert leaf == Leaf(float(y[part].mean() > 0.5))


def test_each_part_is_grown_by_itself():
    x, y = draw(3, n=40, values=9)
    tree = greedy_tree(x, y, depth=3, impurity=gini)
    below = x[:, tree.feature] <= tree.threshold
    assert tree.below == greedy_tree(x[below], y[below], depth=2, impurity=gini)
    assert tree.above == greedy_tree(x[~below], y[~below], depth=2, impurity=gini)
    assert np.array_equal(tree(x)[below], tree.below(x[below]))


def test_a_part_of_one_class_or_of_one_point_is_an_end():
    assert greedy_tree([[0.0], [1.0]], [1, 1], depth=3) == Leaf(1.0)
    assert greedy_tree([[2.0], [2.0]], [0, 1], depth=3) == Leaf(0.0)  # nothing tells them apart
    assert best_tree([[2.0], [2.0]], [0, 1], depth=2) == Leaf(0.0)


@pytest.mark.parametrize("grow", [greedy_tree, best_tree])
@pytest.mark.parametrize(
    ("x", "y", "depth", "said"),
    [
        ([1.0, 2.0], [0, 1], 1, r"shape \(n, inputs\).*got \(2,\) and \(2,\)"),
        ([[1.0], [2.0]], [0, 1, 1], 1, r"got \(2, 1\) and \(3,\)"),
        (np.zeros((0, 1)), [], 1, r"n at least 1"),
        ([[1.0], [np.nan]], [0, 1], 1, "x must be finite"),
        ([[1.0], [2.0]], [0, 2], 1, "y of 0 and 1"),
        ([[1.0], [2.0]], [0, 1], -1, "depth must be at least 0, got -1"),
    ],
)
def test_what_breaks_a_rule_is_refused(grow, x, y, depth, said):
    with pytest.raises(ValueError, match=said):
        grow(x, y, depth=depth)
