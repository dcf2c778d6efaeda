"""Oracles: the run that was filmed, ffmpeg's reading of the file, and BeautifulSoup."""

import base64
import io
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from tests.descent import descend_line

from learning.animation import film_line_fit
from learning.data import noisy_line

X, Y = noisy_line(50, generator=np.random.default_rng(1))
RUN = descend_line(X, Y, start=(-1.0, 1.0), rate=0.01, steps=150, log_every=30)


def film():
    return film_line_fit(X, Y, RUN, interval_ms=100, alt='A line & "its" points')


@pytest.fixture(scope="module")
def made():
    return film()


def test_what_is_drawn_is_the_data_and_the_run(made):
    drawn = made.to_json()
    assert np.array_equal(drawn["points"], np.stack([X, Y], axis=1))
    assert drawn["frames"] == 5
    assert drawn["steps"] == [0, 30, 60, 90, 120]
    ends = np.array(drawn["line_ends"])  # (frames, 2, 2)
    assert np.array_equal(ends[:, :, 0], [[0.0, 1.0]] * 5)
    assert np.allclose(ends[:, 0, 1], RUN.parameters[:, 1], rtol=1e-15)
    assert np.allclose(ends[:, 1, 1], RUN.parameters.sum(axis=1), rtol=1e-15)


def test_the_first_frame_shows_the_start(made):
    assert made.drawn["line_ends"][0] == [[0.0, 1.0], [1.0, 0.0]]


def test_every_frame_shows_all_points_and_the_whole_line_where_it_starts(made):
    (left, right), (low, high) = made.drawn["limits"]
    x, y = np.array([*made.drawn["points"], *made.drawn["line_ends"][0]]).T
    assert left < x.min() < x.max() < right
    assert low < y.min() < y.max() < high


def test_a_frame_may_stay_for_a_millisecond():
    assert film_line_fit(X, Y, RUN, interval_ms=1, alt="a film").drawn["interval_ms"] == 1


def test_the_video_has_a_frame_a_record_at_ten_a_second(made, tmp_path):
    file = tmp_path / "film.mp4"
    file.write_bytes(made.video)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(file), "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "500x400" in told
    assert "10 fps" in told
    assert "frame=    5" in told


def test_the_same_run_becomes_the_same_bytes(made):
    again = film()
    assert again.video == made.video
    assert again.poster == made.poster


def test_the_page_gets_a_video_that_waits_for_its_reader(made):
    video = BeautifulSoup(made.to_html("page.film", None), "html.parser").video
    assert not video.has_attr("autoplay")
    assert {"controls", "playsinline", "loop"} <= set(video.attrs)
    assert video["preload"] == "none"
    assert (video["width"], video["height"]) == ("500", "400")
    assert video["aria-label"] == video.p.get_text() == 'A line & "its" points'
    poster = base64.b64decode(video["poster"].partition("base64,")[2])
    assert Image.open(io.BytesIO(poster)).size == (500, 400)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"alt": " "}, "alt must say what the film shows, got ' '"),
        ({"alt": "a film", "interval_ms": 0}, "interval_ms must be at least 1, got 0"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        film_line_fit(X, Y, RUN, **arguments)
