"""The Python side. Oracles: the library's own functions; what a notebook would store."""

import json

import numpy as np
import pytest
from tests.descent import descend_line

from learning import plots
from learning.evaluation import mean_squared_error
from learning.explorables import FitALine, GradientDescent, LineAndLandscape
from learning.explorables.base import Explorable, OnALine, bundle, style_sheet
from learning.optimization import line_hessian

from .conftest import kinds

VIEW = "application/vnd.jupyter.widget-view+json"
FIGURES = kinds(OnALine)


def stored(widget):
    return json.loads(json.dumps(widget.get_state()))


@pytest.mark.parametrize("figure", FIGURES)
def test_the_data_is_stored_as_it_is(figure, points):
    x, y = points
    state = stored(figure(x, y))
    assert (state["x"], state["y"]) == (x.tolist(), y.tolist())


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_comes_with_a_still_picture_and_a_text(figure, points):
    widget = figure(*points)
    data, _ = widget._repr_mimebundle_()
    assert data[VIEW]["model_id"] == widget.model_id
    assert data["image/svg+xml"].count("<svg") == 1
    assert data["text/plain"] == widget.alt
    assert len(widget.alt.split()) >= 8


@pytest.mark.parametrize("figure", FIGURES)
def test_a_still_picture_is_the_same_each_time(figure, points):
    first, again = (figure(*points)._repr_mimebundle_()[0]["image/svg+xml"] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("figure", FIGURES)
def test_colours_of_a_still_are_those_of_the_book(figure, points):
    still = figure(*points)._repr_mimebundle_()[0]["image/svg+xml"]
    assert plots.FIRST in still


@pytest.mark.parametrize("figure", FIGURES)
def test_a_text_may_be_given(figure, points):
    assert figure(*points, alt="Points.").alt == "Points."


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    ("x", "y", "rule"),
    [
        ([0.0, 1.0], [1.0], "one shape"),
        ([[0.0, 1.0]], [[1.0, 2.0]], "one shape"),
        ([0.0, np.nan], [1.0, 2.0], "finite"),
        ([1.0, 1.0], [1.0, 2.0], "two different x"),
    ],
)
def test_bad_data_is_refused(figure, x, y, rule):
    with pytest.raises(ValueError, match=rule):
        figure(x, y)


@pytest.mark.parametrize("name", ["a_range", "b_range", "x_range", "y_range"])
def test_a_range_has_its_lower_end_first(points, name):
    with pytest.raises(
        ValueError, match=rf"{name} must have its lower end first, got \[2.0, 1.0\]"
    ):
        FitALine(*points, **{name: (2.0, 1.0)})


def test_figures_are_found_by_their_kind_and_one_that_has_no_still_says_so():
    assert {FitALine, GradientDescent, LineAndLandscape} <= set(FIGURES) < set(kinds(Explorable))
    with pytest.raises(NotImplementedError):
        Explorable(alt="Nothing.").static_figure()


def test_the_loss_is_the_mean_squared_error(points):
    x, y = points
    assert FitALine(x, y, a=10, b=5).loss == mean_squared_error(10 * x + 5, y)


def test_residuals_are_drawn_only_when_judged(points):
    drawn = [len(FitALine(*points, judged=j).static_figure().axes[0].collections) for j in (1, 0)]
    assert drawn == [2, 1]


def test_the_view_fits_the_points_unless_it_is_given(points):
    _, y = points
    low, high = FitALine(*points).y_range
    room = 0.15 * (y.max() - y.min())
    assert (low, high) == pytest.approx((y.min() - room, y.max() + room))
    assert FitALine(*points, y_range=(0, 16)).y_range == [0, 16]


def test_a_still_landscape_has_the_line_as_a_point(points):
    left, right = LineAndLandscape(*points, a=10, b=5).static_figure().axes
    assert left.lines[-1].get_ydata().tolist() == [5, 15]
    assert right.lines[-1].get_xydata().tolist() == [[10, 5]]


def test_a_descent_is_the_library_s(points):
    x, y = points
    figure = GradientDescent(x, y, start=(-1, 1), rate=0.2, steps=30)
    expected = descend_line(x, y, start=(-1, 1), rate=0.2, steps=30)
    assert np.array_equal(figure.trajectory.final, expected.final)
    path = figure.static_figure().axes[0].lines[-1].get_xydata()
    assert np.array_equal(path, np.vstack([expected.parameters, expected.final]))


def test_the_bound_is_where_a_run_begins_to_grow(points):
    x, y = points
    figure = GradientDescent(x, y)
    assert figure.largest_rate == pytest.approx(2 / np.linalg.eigvalsh(line_hessian(x)).max())
    for share, grows in ((0.99, False), (1.01, True)):
        run = descend_line(x, y, start=(0, 0), rate=share * figure.largest_rate, steps=200)
        assert bool(run.losses[-1] > run.losses[0]) is grows


def test_a_script_has_each_of_its_files_once():
    script = bundle("gradient_descent.js")
    for once in ("export function run(", "export function plot(", "export function landscape("):
        assert script.count(once) == 1


def test_the_style_sheet_has_the_colours_of_static_figures():
    css = style_sheet()
    assert "$" not in css
    assert all(c in css for c in (plots.POINTS, plots.MODEL, plots.SECOND, plots.RESIDUAL))
