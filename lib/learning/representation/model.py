"""What a model is: a function with parameters, all of them in one vector θ."""

from __future__ import annotations

from typing import Any, Protocol, Self


class Model(Protocol):
    """A frozen value that predicts; a model with other parameters is another value.

    Arrays are NumPy's or torch's, and stay what they are: a model at a tensor θ computes tensors.
    """

    @property
    def parameters(self) -> Any:
        """Return θ, shape (p,)."""

    def at(self, theta: Any) -> Self:
        """Return the member of the same family that has the parameters theta, shape (p,)."""

    def __call__(self, x: Any) -> Any:
        """Predict at x, whose first axis counts the n points."""

    def pullback(self, x: Any, slope: Any) -> Any:
        """Carry the derivatives of a loss by the predictions back to the parameters.

        Parameters
        ----------
        x
            The inputs.
        slope
            The derivative of the loss by each prediction, shaped like the predictions at x.

        Returns
        -------
        The derivative of the loss by θ, shape (p,): the chain rule, by hand.
        """
