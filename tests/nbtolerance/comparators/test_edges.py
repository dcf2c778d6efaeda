"""Where one thing ends and the next begins. Oracle: what was handed in, and the rules by hand."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path as Outline
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection

from nbtolerance.comparators import (
    BadOutputError,
    artifacts,
    comparator_for,
    compare_outputs,
    condense_outputs,
)
from nbtolerance.comparators.base import Comparison, Difference
from nbtolerance.comparators.drawn import MEDIA_TYPE, figure_data
from nbtolerance.comparators.report import describe, explain
from nbtolerance.comparators.text import TEXT, tokens
from nbtolerance.comparators.video import VideoComparator, _last_line
from nbtolerance.comparators.widgets import MEDIA_TYPE as VIEW
from nbtolerance.tolerance import Tolerance

from .test_libraries import bar
from .test_outputs import shown, stream
from .test_pictures import png, video

ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}


def causes(expected, got, states=(None, None)):
    forms = (condense_outputs(*both) for both in zip((expected, got), states, strict=True))
    return [d.cause for d in compare_outputs(*forms, lambda _: Tolerance()).differences]


def causes_by(media_type, expected, got):
    found = comparator_for(media_type).compare(expected, got, Tolerance())
    return [d.cause for d in found.differences]


def data(draw, **kinds):
    ax = Figure().add_subplot(**kinds)
    draw(ax)
    return figure_data(ax.figure)["axes"][0]


def test_what_has_no_difference_has_no_margin():
    assert Difference("$", "words", "a", "b").margin == 0
    assert Difference("$", "value", 1.0, 2.0, difference=1.0).margin == 0


def test_a_difference_is_told_with_what_is_allowed_or_not_at_all():
    assert (
        describe(Difference("$", "value", 1, 2, difference=1.0)) == "$: expected 1, got 2 [value]"
    )


def test_the_worst_is_told_once():
    found = Comparison()
    for value in (2.0, 1.5):
        found.number("$", 1.0, value, 0.1)
    assert sum("got 2.0" in line for line in explain(found)) == 1


def test_outputs_of_other_kinds_are_no_pair():
    got = [ERROR, stream("a\n", "stderr")]
    assert causes([stream("a\n")], got) == ["missing", "error", "unexpected"]


def test_only_the_data_of_a_figure_may_come_beside_its_picture():
    picture = png()
    expected = [shown(**{"image/png": picture})]
    assert causes(expected, [shown(**{"image/png": picture, "text/html": "<p>a"})]) == [
        "unexpected"
    ]
    figure = {"image/png": picture, MEDIA_TYPE: figure_data(Figure())}
    assert causes(expected, [shown(**figure)]) == []
    assert causes([shown(**{"text/html": "a"})], [shown(**{"text/html": "a", **figure})]) != []


def test_a_document_without_its_entries_is_refused():
    whole = {"pages": 1, "sizes": [], "drawn": {}}
    for pair in ((whole, {}), ({}, whole)):
        with pytest.raises(BadOutputError):
            comparator_for("application/pdf").compare(*pair, Tolerance())


def test_a_line_over_categories_has_their_places():
    (line,) = data(lambda ax: ax.plot(["a", "b"], [1.0, 2.0]))["lines"]
    assert (line["x"], line["y"]) == ([0.0, 1.0], [1.0, 2.0])


def test_what_is_hidden_says_so():
    (line,) = data(lambda ax: ax.plot([1.0, 2.0])[0].set_visible(False))["lines"]
    assert line["visible"] is False


BEND = [[4.0, 5.0], [5.0, 5.0], [6.0, 7.0]]


@pytest.mark.parametrize(
    ("arrow", "ends"),
    [
        (FancyArrowPatch((0, 1), (2, 3)), [[0.0, 1.0], [2.0, 3.0]]),
        (FancyArrowPatch(path=Outline(BEND, [1, 3, 3])), BEND),
    ],
)
def test_an_arrow_has_its_ends(arrow, ends):
    (patch,) = data(lambda ax: ax.add_patch(arrow))["patches"]
    assert patch["ends"] == ends


CORNERS = np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]])


@pytest.mark.parametrize("kind", [Poly3DCollection, Line3DCollection])
def test_what_is_drawn_in_space_has_the_places_of_its_corners(kind):
    record = data(lambda ax: ax.add_collection3d(kind([CORNERS])), projection="3d")
    (points,) = (collection["points"] for collection in record["collections"])
    assert np.allclose(np.reshape(points, (3, -1))[:, :3], CORNERS.T)


def test_points_in_space_are_drawn_again_where_they_were():
    ax = Figure().add_subplot(projection="3d")
    ax.scatter(*CORNERS.T)
    again = figure_data(artifacts._figure(figure_data(ax.figure)).__self__)["axes"][0]
    (line,) = again["lines"]
    assert [line[name] for name in "xyz"] == CORNERS.T.tolist()


def test_a_whole_number_has_no_digit_to_round():
    assert [d.cause for d in TEXT.compare("x 3", "x 3.01", Tolerance()).differences] == ["value"]


def test_lines_and_brackets_are_counted_from_the_first():
    assert next(iter(tokens("\n1"))).line == 2
    assert [token.text for token in tokens(") 10.")] == [")", "10", "."]


def test_a_film_is_looked_at_and_has_its_pace(tmp_path):
    film = VideoComparator().condense(video(tmp_path / "a.mp4", fps=30))
    assert film["interval_ms"] == 33.3
    assert VideoComparator().compare(film, film, Tolerance()).looked_at == 1


def test_of_what_ffmpeg_says_the_last_line_is_told():
    assert _last_line("reading\n no film \n") == "no film"


def test_a_view_that_is_not_resolved_is_unknown_on_either_side():
    lost, found = {"unresolved": True}, {"model": "IntSliderModel", "state": {}}
    assert causes_by(VIEW, lost, found) == causes_by(VIEW, found, lost) == ["unknown"]


def test_outputs_in_a_widget_and_none_are_compared():
    outputs = {"model": "OutputModel", "state": {"outputs": {"condensed_outputs": []}}}
    none = {"model": "OutputModel", "state": {"outputs": {"a": 1.0}}}
    assert causes_by(VIEW, outputs, none)
    assert causes_by(VIEW, none, outputs)


def test_three_widgets_in_a_column_are_no_bar_of_progress():
    def column(value):
        models = bar(value, 97.8)
        return {**models, "box": {**models["box"], "model_name": "VBoxModel"}}

    view = [shown(**{VIEW: {"model_id": "box"}})]
    assert causes(view, view, (column(2), column(1)))
