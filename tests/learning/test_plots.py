"""Oracle: what stands on the axes afterwards."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from learning import plots
from learning.data import noisy_line
from learning.evaluation import mean_squared_error

X, Y = noisy_line(20, generator=np.random.default_rng(0))


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_points_are_the_data(ax):
    assert plots.points(ax, X, Y) is ax
    assert np.array_equal(ax.collections[0].get_offsets(), np.stack([X, Y], axis=1))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_a_line_runs_from_b_to_a_plus_b(ax):
    assert plots.line(ax, 3.0, -8.0) is ax
    assert ax.lines[0].get_xydata().tolist() == [[0.0, -8.0], [1.0, -5.0]]
    assert ax.lines[0].get_label() == "3 x - 8"


def test_residuals_lead_from_target_to_prediction(ax):
    assert plots.residuals(ax, X, Y, Y + 1) is ax
    strokes = np.array(ax.collections[0].get_segments())  # (n, 2, 2)
    assert np.allclose(strokes[:, 0], np.stack([X, Y], axis=1))
    assert np.allclose(strokes[:, 1], np.stack([X, Y + 1], axis=1))


def test_losses_are_drawn_on_a_logarithmic_scale(ax):
    assert plots.losses(ax, [0, 1], [10.0, 1.0], label="log") is ax
    assert ax.lines[0].get_xydata().tolist() == [[0.0, 10.0], [1.0, 1.0]]
    assert ax.get_yscale() == "log"


def test_the_bowl_is_the_mean_squared_error(ax, monkeypatch):
    drawn = {}

    def contour(grid_a, grid_b, error, **_):
        drawn.update(a=grid_a, b=grid_b, error=error)

    monkeypatch.setattr(ax, "contour", contour)
    plots.bowl(ax, X, Y, a=np.linspace(0, 6, 5), b=np.linspace(5, 9, 4))
    for a, b, error in zip(*(drawn[k].ravel() for k in ("a", "b", "error")), strict=True):
        assert error == pytest.approx(mean_squared_error(a * X + b, Y), rel=1e-12)


def test_a_path_visits_its_parameters(ax):
    visited = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert plots.path(ax, visited) is ax
    assert np.array_equal(ax.lines[0].get_xydata(), visited)
