"""Feedforward networks: layers of weighted sums, with everything negative cut off between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from learning.arrays import Array, flat


@dataclass(frozen=True)
class FeedForward:
    """A feedforward network: layers of ``h @ W + c`` with ReLU, ``max(0, ·)``, between them.

    Its parameters θ are the entries of W and then of c, layer by layer.

    Parameters
    ----------
    layers
        One pair (W, c) a layer, of shapes (inputs, outputs) and (outputs,). The outputs of a layer
        are the inputs of the next.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    A network of one hidden unit that bends at x = 1:

    >>> hidden = (np.array([[1.0]]), np.array([-1.0]))
    >>> output = (np.array([[2.0]]), np.array([0.0]))
    >>> FeedForward((hidden, output))(np.array([[0.0], [1.0], [3.0]]))
    array([[0.],
           [0.],
           [4.]])
    """

    layers: tuple[tuple[Any, Any], ...]

    def __post_init__(self) -> None:
        """Check that the shapes fit together."""
        shapes = [(tuple(w.shape), tuple(c.shape)) for w, c in self.layers]
        fits = all(w[1:] == c for w, c in shapes)
        if not fits or any(p[0][1] != q[0][0] for p, q in pairwise(shapes)):
            raise ValueError(f"each layer must take what the one before it gives, got {shapes!r}")

    @classmethod
    def random(cls, sizes: tuple[int, ...], *, generator: np.random.Generator) -> FeedForward:
        """Draw a network with the given layer sizes, input first.

        Weights are normal with variance 2 / inputs, which keeps the size of what passes through.
        Biases are uniform within ±1 / sqrt(inputs), so that units bend at different places.
        Source: He et al. (2015) for the weights.
        """
        return cls(
            tuple(
                (
                    generator.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out)),
                    generator.uniform(-1.0, 1.0, n_out) / np.sqrt(n_in),
                )
                for n_in, n_out in pairwise(sizes)
            )
        )

    def __call__(self, x: Array) -> Array:
        """Compute outputs, shape (n, last size), of inputs x, shape (n, first size)."""
        w, c = self.layers[-1]
        y: Array = self.activations(x)[-1] @ w + c
        return y

    def activations(self, x: Array) -> list[Array]:
        """Return what each layer takes in: x, then what each hidden layer puts out.

        ``h = max(0, x W + c)``, layer by layer.

        Parameters
        ----------
        x
            The inputs, shape (n, first size).

        Returns
        -------
        One array a layer, of shape (n, inputs of that layer).

        Examples
        --------
        >>> hidden = (np.array([[1.0, 2.0]]), np.array([-1.0, 0.0]))
        >>> network = FeedForward((hidden, (np.array([[2.0], [1.0]]), np.array([0.0]))))
        >>> network.activations(np.array([[3.0], [1.0]]))[1]
        array([[2., 6.],
               [0., 2.]])
        """
        inputs = [x]
        for w, c in self.layers[:-1]:
            h = inputs[-1] @ w + c  # (n, n_in) -> (n, n_out)
            inputs.append(h * (h > 0))
        return inputs

    @property
    def parameters(self) -> Any:
        """Return θ, shape (size,)."""
        return flat([piece for layer in self.layers for piece in layer])

    def at(self, theta: Any) -> FeedForward:
        """Return the network of the same shapes with the parameters theta, shape (size,)."""
        layers, end = [], 0
        for w, c in self.layers:
            start, middle = end, end + w.shape[0] * w.shape[1]
            end = middle + c.shape[0]
            layers.append((theta[start:middle].reshape(w.shape), theta[middle:end]))
        return FeedForward(tuple(layers))

    def pullback(self, x: Array, slope: Array) -> Array:
        """Carry slopes by the outputs, shape (n, last size), back through every layer."""
        pieces: list[Array] = []
        inputs = self.activations(x)
        for (w, _), h in zip(reversed(self.layers), reversed(inputs), strict=True):
            pieces += [slope.sum(0), h.T @ slope]
            slope = (slope @ w.T) * (h > 0)  # a unit that is cut off passes nothing back
        return flat(pieces[::-1])

    @property
    def size(self) -> int:
        """Count the parameters of the network, all entries of every W and c."""
        return sum(w.shape[0] * w.shape[1] + c.shape[0] for w, c in self.layers)
