"""Training error, held-out error and test error of polynomials, degree by degree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from learning import plots
from learning.arrays import Floats
from learning.evaluation import mean_squared_error
from learning.explorables.base import Explorable, bundle, interval
from learning.optimization import least_squares
from learning.representation import legendre

DEGREES = (*range(1, 21), 25, 30, 40, 50, 70, 100, 140, 200)
PLACES = 200


class TrainAndTest(Explorable):
    """A polynomial among points, and its errors by degree. Some of the points are held out.

    The reader chooses a degree from the training error and the held-out error, and only then sees
    the test error. New data show how much a fit depends on the points; the earlier fits stay as
    ghosts. Beyond as many weights as points, it is the sum of Legendre polynomials with the
    smallest weights.

    Parameters
    ----------
    x, y
        Several sets of points, shape (sets, n) each, with x from 0 to 1.
    truth
        The function that the points lie about; it takes an array and returns one.
    noise
        The standard deviation of the points about it, in units of y.
    learn
        How many points of a set are learned from; the others are held out.
    degrees
        Those on offer, rising.
    draw, degree
        Which set is shown, and which degree.
    chosen
        The degree that the reader had judged, or -1.
    y_range, x_label, y_label
        The part of the plane that is shown, and what the axes are called.
    alt
        What the figure is, for a reader who cannot see it.

    Raises
    ------
    ValueError
        If x and y do not have one shape with two axes, or `learn` leaves no point on one side.
    """

    _esm = bundle("train_and_test.js")

    xs = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    ys = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    truth = traitlets.List(traitlets.Float(), help="At the middles of 200 parts.").tag(sync=True)
    noise = traitlets.Float(0.0, min=0.0).tag(sync=True)
    learn = traitlets.Int(1, min=1).tag(sync=True)
    degrees = traitlets.List(traitlets.Int(min=1), list(DEGREES)).tag(sync=True)
    draw = traitlets.Int(0, min=0).tag(sync=True)
    degree = traitlets.Int(1, min=1).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    y_range = interval()
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    def __init__(
        self,
        x: Floats,
        y: Floats,
        *,
        truth: Callable[[Floats], Floats],
        noise: float,
        learn: int,
        **traits: Any,
    ) -> None:
        xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if xs.shape != ys.shape or xs.ndim != 2:
            raise ValueError(f"x and y must have one shape (sets, n), got {xs.shape}, {ys.shape}")
        if not 1 <= learn < xs.shape[1]:
            raise ValueError(f"learn must be from 1 to n - 1 = {xs.shape[1] - 1}, got {learn!r}")
        known = truth(self.places).tolist()
        data = {"xs": xs.tolist(), "ys": ys.tolist(), "truth": known}
        settings = {"y_range": [-2.2, 2.2], **data, "noise": noise, "learn": learn, **traits}
        super().__init__(**settings)

    @property
    def places(self) -> Floats:
        """Where the truth is known: the middles of 200 equal parts of 0 to 1."""
        return (np.arange(PLACES) + 0.5) / PLACES

    def weights(self, degree: int) -> Floats:
        """Return the fit of a degree to the set that is shown, shape (degree + 1,)."""
        x, y = self._points()
        return least_squares(legendre(x[: self.learn], degree), y[: self.learn])

    def errors(self, degree: int) -> tuple[float, float, float]:
        """Return the training, the held-out and the test error of a degree."""
        (x, y), weights = self._points(), self.weights(degree)
        residual = legendre(x, degree) @ weights - y
        test = mean_squared_error(legendre(self.places, degree) @ weights, np.array(self.truth))
        seen, held = residual[: self.learn], residual[self.learn :]
        return float((seen**2).mean()), float((held**2).mean()), float(test) + self.noise**2

    @traitlets.default("alt")
    def _describe(self) -> str:
        held = len(self.xs[0]) - self.learn
        return (
            f"Two plots. Left, {self.learn} points, {held} others that are held out, and a"
            " polynomial whose degree can be chosen. Right, its training error and its held-out"
            " error against the degree, on logarithmic scales."
        )

    def static_figure(self) -> Figure:
        """Draw the points and the fit, and beside them the two errors that are seen at first."""
        figure = Figure(figsize=(5.6, 3.0), layout="constrained")
        left, right = figure.subplots(1, 2)
        self._draw_fit(left)
        errors = np.array([self.errors(degree) for degree in self.degrees])
        right.loglog(self.degrees, errors[:, 0], color=plots.FIRST, label="training")
        right.loglog(self.degrees, errors[:, 1], color=plots.GRADIENT, label="held out")
        right.set(xlabel="degree", ylabel="mean squared error", ylim=(1e-2, 1e3))
        right.legend()
        return figure

    def _draw_fit(self, ax: Axes) -> None:
        x, y = self._points()
        fine = np.linspace(0, 1, 401)
        plots.points(ax, x[: self.learn], y[: self.learn])
        ax.plot(x[self.learn :], y[self.learn :], "o", color=plots.GRADIENT, markersize=5)
        ax.plot(fine, legendre(fine, self.degree) @ self.weights(self.degree), color=plots.MODEL)
        ax.set(xlim=(0, 1), ylim=self.y_range, xlabel=self.x_label, ylabel=self.y_label)

    def _points(self) -> tuple[Floats, Floats]:
        return np.array(self.xs[self.draw]), np.array(self.ys[self.draw])
