"""Oracle: what stands on the axes afterwards."""

import io
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from tests.booksite.test_palette import contrast

from booksite import palette
from learning import plots
from learning.data import noisy_line
from learning.evaluation import mean_squared_error
from learning.optimization import least_squares_line

X, Y = noisy_line(20, generator=np.random.default_rng(0))


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_points_are_the_data(ax):
    assert plots.points(ax, X, Y) is ax
    assert np.array_equal(ax.collections[0].get_offsets(), np.stack([X, Y], axis=1))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_classes_are_dots_and_rings_on_equal_axes(ax):
    x, y = np.stack([X, Y], axis=1), (X > 0.5).astype(float)
    assert plots.classes(ax, x, y) is ax
    dots, rings = ax.collections
    assert np.array_equal(dots.get_offsets(), x[y == 1])
    assert np.array_equal(rings.get_offsets(), x[y == 0])
    assert len(rings.get_facecolors()) == 0
    assert to_hex(dots.get_facecolors()[0]) == plots.SECOND
    assert ax.get_aspect() == 1.0


def test_a_line_runs_from_b_to_a_plus_b(ax):
    assert plots.line(ax, 3.0, -8.0) is ax
    assert ax.lines[0].get_xydata().tolist() == [[0.0, -8.0], [1.0, -5.0]]
    assert ax.lines[0].get_label() == "3 x - 8"


@pytest.mark.parametrize(
    ("b", "label"), [(0.0, "3 x + 0"), (0.5, "3 x + 0.5"), (-0.5, "3 x - 0.5")]
)
def test_a_line_is_labelled_with_its_formula(ax, b, label):
    assert plots.line(ax, 3.0, b).lines[0].get_label() == label


def test_residuals_lead_from_target_to_prediction(ax):
    assert plots.residuals(ax, X, Y, Y + 1) is ax
    strokes = np.array(ax.collections[0].get_segments())  # (n, 2, 2)
    assert np.allclose(strokes[:, 0], np.stack([X, Y], axis=1))
    assert np.allclose(strokes[:, 1], np.stack([X, Y + 1], axis=1))


def test_losses_are_drawn_on_a_logarithmic_scale(ax):
    assert plots.losses(ax, [0, 1], [10.0, 1.0], label="log") is ax
    assert ax.lines[0].get_xydata().tolist() == [[0.0, 10.0], [1.0, 1.0]]
    assert ax.get_yscale() == "log"
    ax.figure.draw_without_rendering()
    assert {"0.1", "1", "10"} <= {label.get_text() for label in ax.get_yticklabels()}


def test_the_bowl_is_the_mean_squared_error(ax, monkeypatch):
    drawn = {}

    def contour(grid_a, grid_b, error, **_):
        drawn.update(a=grid_a, b=grid_b, error=error)

    monkeypatch.setattr(ax, "contourf", contour)
    plots.bowl(ax, X, Y, a=np.linspace(0, 6, 5), b=np.linspace(5, 9, 4))
    for a, b, error in zip(*(drawn[k].ravel() for k in ("a", "b", "error")), strict=True):
        assert error == pytest.approx(mean_squared_error(a * X + b, Y), rel=1e-12)


def test_the_bowl_fills_its_frame_and_has_equal_axes(ax):
    assert plots.bowl(ax, X, Y, a=np.linspace(0, 6, 31), b=np.linspace(5, 9, 21)) is ax
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 6.0), (5.0, 9.0))
    assert ax.get_aspect() == 1.0
    drawn = np.concatenate([band.vertices for band in ax.collections[0].get_paths()])
    assert np.allclose([drawn.min(axis=0), drawn.max(axis=0)], [(0.0, 5.0), (6.0, 9.0)])
    assert np.allclose(ax.lines[0].get_xydata(), [least_squares_line(X, Y)])


def test_the_ground_has_a_band_between_every_two_levels(ax):
    a, b = np.linspace(0, 1, 5), np.linspace(0, 2, 9)
    levels = np.array([0.0, 0.5, 1.5, 3.0])
    assert plots.ground(ax, a, b, np.add.outer(b, a), levels=levels) is ax
    bands, edges = ax.collections
    assert len(bands.get_facecolor()) == 3
    assert np.array_equal(edges.levels, levels)
    for low, high, path in zip(levels, levels[1:], bands.get_paths(), strict=False):
        height = path.vertices.sum(axis=1)
        assert low - 1e-9 <= height.min() <= height.max() <= high + 1e-9


def test_a_map_is_the_darker_the_higher_it_is(ax):
    plots.bowl(ax, X, Y, a=np.linspace(0, 6, 31), b=np.linspace(5, 9, 21))
    opacity = ax.collections[0].get_facecolor()[:, 3]
    assert opacity[0] == 0.0
    assert np.all(np.diff(opacity) > 0)


@pytest.mark.parametrize("theme", [0, 1])
def test_a_path_stands_out_from_every_band(theme):
    edge, ground = (palette.COLOURS[name][theme] for name in ("edge", "ground"))
    mixed = plots.DARKEST * np.array(to_rgb(edge)) + (1 - plots.DARKEST) * np.array(to_rgb(ground))
    for thing in ("model", "minimum"):
        assert contrast(palette.COLOURS[thing][theme], to_hex(mixed)) >= 3.0


def test_a_path_visits_its_parameters(ax):
    visited = np.array([[0.0, 1.0], [2.0, 3.0]])
    assert plots.path(ax, visited) is ax
    assert np.array_equal(ax.lines[0].get_xydata(), visited)


def svg(figure):
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=dict(plots.UNDATED))
    return buffer.getvalue()


def drawn_in_style():
    with mpl.rc_context(plots.STYLE):
        figure = Figure()
        ax = plots.points(figure.add_subplot(), X, Y)
        plots.bowl(ax, X, Y, a=np.linspace(0, 6, 21), b=np.linspace(5, 9, 21))
        ax.legend()
        return svg(figure)


def test_every_colour_has_a_relative_in_the_dark():
    used = set(re.findall(r"#[0-9a-f]{6}\b", drawn_in_style()))
    assert used
    assert used <= {light for light, _ in palette.COLOURS.values()}


def test_colours_are_those_of_the_pages():
    light = {name: pair[0] for name, pair in palette.COLOURS.items()}
    names = ["FIRST", "SECOND", "THIRD", "INK", "EDGE", "HAIRLINE"]
    names += [thing.upper() for thing in palette.THINGS]
    assert {name: getattr(plots, name) for name in names} == {n: light[n.lower()] for n in names}


def test_the_same_picture_is_the_same_bytes():
    assert drawn_in_style() == drawn_in_style()
    assert "<dc:date>" not in drawn_in_style()


def test_outside_jupyter_the_style_is_only_a_look():
    code = "from learning import plots; plots.use_style()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_in_jupyter_pictures_become_drawings():
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from learning import plots
plots.use_style()
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from tests.booksite.test_palette import contrast
figure = Figure()
figure.add_subplot()
data, _ = shell.display_formatter.format(figure)
assert "image/svg+xml" in data and "image/png" not in data, list(data)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
