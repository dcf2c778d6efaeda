"""The chain rule on a graph. Oracles: torch's autograd, closed forms, and the count of paths."""

import numpy as np
import pytest
import torch

from learning.optimization import Node, derivatives


def network(x, w, c, v, b, y):
    """Compute all that a network of two units computes for a point, of nodes or of tensors."""
    s = [wi * x + ci for wi, ci in zip(w, c, strict=True)]
    h = [each.relu() for each in s]
    out = v[0] * h[0] + v[1] * h[1] + b
    r = out - y
    return [*s, *h, out, r, r * r]


@pytest.mark.parametrize("seed", range(20))
def test_every_derivative_is_autograd_s(seed):
    numbers = np.random.default_rng(seed).normal(size=9).tolist()
    ours = [Node(value) for value in numbers]
    theirs = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in numbers]
    computed = []
    for leaves in (ours, theirs):
        x, w1, w2, c1, c2, v1, v2, b, y = leaves
        computed.append(network(x, (w1, w2), (c1, c2), (v1, v2), b, y))
    slopes = derivatives(computed[0][-1])
    asked = [*theirs, *computed[1]]
    expected = torch.autograd.grad(computed[1][-1], asked)
    for node, tensor, slope in zip([*ours, *computed[0]], asked, expected, strict=True):
        assert node.value == pytest.approx(tensor.item(), rel=1e-14)
        assert slopes[node] == pytest.approx(slope.item(), rel=1e-13, abs=1e-15)


def test_a_node_that_is_used_twice_adds_up():
    a = Node(3.0)
    slopes = derivatives(a * a * a + a)
    assert slopes[a] == 3 * 3.0**2 + 1


def test_at_zero_a_hinge_passes_nothing_back_as_in_torch():
    zero = torch.zeros((), dtype=torch.float64, requires_grad=True)
    torch.relu(zero).backward()
    s = Node(0.0)
    assert derivatives(s.relu())[s] == zero.grad.item() == 0


def test_each_node_is_visited_once_however_many_paths_lead_to_it():
    # Each doubling doubles the number of paths: no walk over paths would come to an end.
    first = end = Node(1.0)
    for _ in range(1000):
        end = end + end
    assert derivatives(end)[first] == end.value == 2.0**1000


def test_equal_values_are_different_nodes():
    a, b = Node(1.0), Node(1.0)
    assert len(derivatives(a * b)) == 3
