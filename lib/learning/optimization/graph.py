"""Numbers that remember how they were computed, and the chain rule back through that record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Node:
    """A number of a computation, with the numbers that it was computed from.

    Sums, differences and products of nodes, and `relu`, are nodes again. Each holds its sources,
    and the local derivatives: how many times as much as a source it grows. Two nodes are the same
    only if they are one object, whatever their values are.

    Parameters
    ----------
    value
        The number.
    sources
        Pairs of a node and the local derivative by it. A number that is given has none.

    Notes
    -----
    Source: Linnainmaa (1976); Karpathy's micrograd for the form.

    Examples
    --------
    >>> slope, x = Node(2.0), Node(0.5)
    >>> (slope * x).value
    1.0
    """

    value: float
    sources: tuple[tuple[Node, float], ...] = ()

    def __add__(self, other: Node) -> Node:
        """Add two nodes: the sum grows as fast as each of them."""
        return Node(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other: Node) -> Node:
        """Subtract a node."""
        return Node(self.value - other.value, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other: Node) -> Node:
        """Multiply two nodes: the product grows by each factor as the other one says."""
        return Node(self.value * other.value, ((self, other.value), (other, self.value)))

    def relu(self) -> Node:
        """Return ``max(0, ·)``; at 0 its derivative is taken to be 0, as torch does."""
        passes = float(self.value > 0)
        return Node(passes * self.value, ((self, passes),))


def derivatives(end: Node) -> dict[Node, float]:
    """Differentiate one node by every node that it was computed from: backpropagation.

    ``∂end/∂source = Σ ∂end/∂node · ∂node/∂source``, over the nodes that use the source. Each node
    is visited once, after all that use it.

    Parameters
    ----------
    end
        What is differentiated, such as a loss.

    Returns
    -------
    The derivative by each node, the end itself included.

    Notes
    -----
    Source: Linnainmaa (1976); Rumelhart, Hinton and Williams (1986).

    Examples
    --------
    >>> a, x, b, y = Node(2.0), Node(0.5), Node(6.0), Node(9.0)
    >>> residual = a * x + b - y
    >>> slopes = derivatives(residual * residual)
    >>> slopes[a], slopes[b]
    (-2.0, -4.0)
    """
    slopes = dict.fromkeys(_in_order(end), 0.0)
    slopes[end] = 1.0
    for node in reversed(list(slopes)):
        for source, local in node.sources:
            slopes[source] += slopes[node] * local
    return slopes


def _in_order(end: Node) -> list[Node]:
    """List a node and all that it was computed from, each after its sources."""
    placed: dict[Node, None] = {}
    waiting = [end]
    while waiting:
        ahead = [source for source, _ in waiting[-1].sources if source not in placed]
        waiting.extend(ahead)
        if not ahead:
            placed[waiting.pop()] = None
    return list(placed)
