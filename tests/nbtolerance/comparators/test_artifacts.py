"""Files to look at. Oracle: Pillow opens what was written; arbitrary JSON raises nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from nbtolerance.comparators import artifacts, condense_output
from nbtolerance.comparators.artifacts import write_artifacts
from nbtolerance.comparators.drawn import MEDIA_TYPE, figure_data

from .strategies import QUICK, nested, scalars
from .test_outputs import figure, shown, stream
from .test_pictures import video


def drawn(draw, k, **axes):
    ax = Figure().subplots(subplot_kw=axes)
    draw(ax, k)
    return {"data": {MEDIA_TYPE: figure_data(ax.figure)}}


def contours(ax, k):
    grid = np.linspace(-1, 1, 9)
    ax.figure.colorbar(ax.contourf(grid, grid, k * np.outer(grid, grid), levels=[-1, -0.2, 0, 1]))


def in_space(ax, k):
    ax.plot([0.0, 1.0], [0.0, 1.0], [0.0, k])
    ax.scatter([0.0, 1.0], [0.0, 1.0], [0.0, k])


def kinds(tmp_path, old, new, stem="c"):
    files, left_out = write_artifacts(old, new, tmp_path / "out", stem)
    for file in files:
        assert np.asarray(Image.open(file).convert("L")).std() > 0
    return [file.stem.removeprefix(f"{stem}-") for file in files], left_out


@pytest.mark.parametrize(
    ("draw", "axes"),
    [
        (contours, {}),
        (in_space, {"projection": "3d"}),
        (lambda ax, k: ax.loglog([1, 2], [1, k]), {}),
    ],
)
def test_what_matplotlib_draws_can_be_looked_at(tmp_path, draw, axes):
    files, left_out = kinds(tmp_path, drawn(draw, 1.0, **axes), drawn(draw, 2.0, **axes))
    assert files == ["figure-expected", "figure-got", "figure-difference"]
    assert left_out == []


def test_what_is_drawn_again_has_the_data_of_what_was_drawn():
    def draw(ax, k):
        ax.bar([1.0, 2.0], [3.0, k], 0.5)
        ax.imshow([[0.0, k], [1.0, 2.0]])
        ax.scatter([1.0, 2.0], [k, 4.0])

    old, new = (drawn(draw, k)["data"][MEDIA_TYPE] for k in (1.0, 2.0))
    again = figure_data(artifacts._figure(old).__self__)
    (before,), (after,) = old["axes"], again["axes"]
    places = ("x", "y", "width", "height")
    assert [[bar[p] for p in places] for bar in after["patches"]] == [
        [bar[p] for p in places] for bar in before["patches"]
    ]
    assert [image["values"] for image in after["images"]] == [[[0.0, 1.0], [1.0, 2.0]]]
    assert [line["y"] for line in after["lines"]] == [[1.0, 4.0]]
    (line,) = artifacts._figures(old, new).__self__.axes[0].lines
    assert set(line.get_ydata()) == {0.0, 1.0}


def test_figures_pictures_and_videos_leave_files_to_look_at(tmp_path):
    html = f'<video src="data:video/mp4;base64,{video(tmp_path / "a.mp4")}">'
    outputs = [figure(), figure(2.0), shown(**{"text/html": html}), stream("a")]
    old, new, film, text = [condense_output(output) for output in outputs]
    whole = ("expected", "got", "difference")
    files = write_artifacts(old, new, tmp_path / "out", "cell-1").files
    assert [f.name for f in files] == [
        f"cell-1-{kind}-{which}.png" for kind in ("figure", "image-png") for which in whole
    ]
    assert len(write_artifacts(film, film, tmp_path / "out", "cell-2").files) == 6
    assert len(write_artifacts(old, None, tmp_path / "out", "cell-3").files) == 2
    assert write_artifacts(text, text, tmp_path / "none", "cell-4") == ([], [])
    assert not (tmp_path / "none").exists()


def test_what_cannot_be_drawn_is_said_and_hides_nothing_else(tmp_path):
    old, new = condense_output(figure()), condense_output(figure(2.0))
    del old["data"][MEDIA_TYPE]["axes"][0]["axis"]
    new["data"]["image/png"]["thumbnail"] = "no base64"
    files, left_out = kinds(tmp_path, old, new)
    assert files == ["figure-got", "figure-difference", "image-png-expected"]
    assert [line.partition(":")[0] for line in left_out] == [
        "c-figure-expected.png",
        "c-image-png-got.png",
        "c-image-png-difference.png",
    ]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "out").write_text("a file")
    files, left_out = kinds(tmp_path, condense_output(figure()), None)
    assert files == []
    assert len(left_out) == 2
    assert "FileExistsError" in left_out[0]


records = nested(scalars)
keys = st.sampled_from(["image/png", "text/html", "video/mp4", MEDIA_TYPE])
named = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ["title", "axes", "thumbnail", "first", "width", "height", "media"], records
    ),
)


@QUICK
@given(records | st.fixed_dictionaries({"data": st.dictionaries(keys, named | records)}))
def test_arbitrary_records_raise_nothing(tmp_path_factory, output):
    write_artifacts(output, output, tmp_path_factory.getbasetemp() / "any", "c")
