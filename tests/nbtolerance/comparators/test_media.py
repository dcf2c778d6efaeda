"""Sound, PDF and pictures that move. The oracles made the files: `wave`, Matplotlib and Pillow."""

import base64
import io
import sys
import wave
from math import pi, sin, sqrt

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from nbtolerance.comparators import BadOutputError, comparator_for
from nbtolerance.comparators.video import VideoComparator
from nbtolerance.tolerance import Tolerance


def sound(loudness=0.5, seconds=0.5, rate=4000, shift=0):
    file = io.BytesIO()
    waves = (loudness * sin(2 * pi * 440 * i / rate) for i in range(int(seconds * rate)))
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        for value in waves:
            written.writeframesraw(
                (round(32767 * value) + shift).to_bytes(2, "little", signed=True)
            )
    return file.getvalue()


def document(*points):
    figure = Figure()
    figure.subplots().plot(*points)
    file = io.BytesIO()
    figure.savefig(file, format="pdf")
    return file.getvalue()


def moving(*places, interval=100):
    frames = []
    for place in places:
        frames.append(Image.new("L", (64, 64), "white"))
        ImageDraw.Draw(frames[-1]).rectangle([place, 10, place + 20, 40], fill="black")
    file = io.BytesIO()
    frames[0].save(file, "gif", save_all=True, append_images=frames[1:], duration=interval)
    return file.getvalue()


def paths(media_type, a, b):
    comparator = comparator_for(media_type)
    old, new = (comparator.condense(base64.b64encode(data).decode()) for data in (a, b))
    return [d.path for d in comparator.compare(old, new, Tolerance()).differences]


def test_a_sound_passes_within_a_step_of_its_rounding():
    assert not paths("audio/wav", sound(), sound())
    assert not paths("audio/x-wav", sound(), sound(shift=1))
    assert paths("audio/x-wav", sound(), sound(shift=2))


@pytest.mark.parametrize(
    ("other", "path"),
    [
        (sound(loudness=0.501), "loudness[0]"),
        (sound(seconds=0.4), "length"),
        (sound(rate=2000, seconds=1), "rate"),
    ],
)
def test_a_sound_that_is_another_fails(other, path):
    assert paths("audio/wav", sound(), other)[0] == path


@pytest.mark.parametrize(
    ("width", "low", "high", "silence"),
    [(1, 0, 255, 128), (2, -(2**15), 2**15 - 1, 0), (4, -(2**31), 2**31 - 1, 0)],
)
def test_samples_of_any_width_are_shares_of_full_scale(width, low, high, silence):
    """The oracle is what was written: 201 samples, of which every second is kept."""
    whole = [low, silence, high] * 67
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, width, 8000, 0, "NONE", ""))
        written.writeframes(b"".join(v.to_bytes(width, "little", signed=low < 0) for v in whole))
    form = comparator_for("audio/wav").condense(base64.b64encode(file.getvalue()).decode())
    shares = [-1.0, 0.0, 1.0 - 2.0 ** (1 - 8 * width)] * 67
    assert form["bits"] == 8 * width
    assert form["samples"] == shares[::2]
    assert form["loudness"][0] == pytest.approx(sqrt((1 + shares[2] ** 2) / 3))
    assert len(form["loudness"]) == 67


def test_what_is_no_sound_or_no_document_is_refused():
    for media_type in ("audio/wav", "application/pdf"):
        with pytest.raises(BadOutputError):
            comparator_for(media_type).condense("AAAA")


def test_a_document_passes_though_its_date_is_another():
    # Matplotlib writes when a file was made.
    first = document([1, 2, 3])
    assert not paths("application/pdf", first, first.replace(b"(D:2", b"(D:1"))


def test_a_document_is_compared_whether_it_is_packed_or_not():
    with rc_context({"pdf.compression": 0}):
        plain, other = document([1, 2, 3]), document([1, 2, 3, 2])
    assert not paths("application/pdf", document([1, 2, 3]), plain)
    assert paths("application/pdf", plain, other) == ["drawn"]


@pytest.mark.parametrize(
    ("height", "noticed"), [(b"345.6000001 ]", False), (b"345.7 ]", True), (b"345.6 9 ]", True)]
)
def test_the_size_of_a_page_is_compared_but_for_its_last_digits(height, noticed):
    # It follows the longest labels, whose measured lengths are rounded otherwise elsewhere.
    first = document([1, 2, 3])
    assert b"345.6 ]" in first
    assert paths("application/pdf", first, first.replace(b"345.6 ]", height)) == noticed * ["sizes"]


def test_strokes_are_counted_in_streams_alone_and_what_is_no_document_is_quoted():
    pdf = comparator_for("application/pdf")
    assert pdf.condense(base64.b64encode(b"%PDF-1.4\n0 0 m 1 1 l S\n").decode())["drawn"] == {}
    with pytest.raises(BadOutputError, match=r"got b'01234567'$"):
        pdf.condense(base64.b64encode(b"0123456789").decode())


def test_a_document_with_other_strokes_fails():
    assert paths("application/pdf", document([1, 2, 3]), document([1, 2, 3, 2])) == ["drawn"]
    assert paths("application/pdf", document([1, 2]), b"%PDF-1.4") == [
        "pages", "drawn", "sizes", "pages",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "path"),
    [
        (moving(0, 40, 20), "last frame"),
        (moving(0, 40, interval=200), "interval_ms"),
        (moving(0, 20, 40, 10), "frames"),
    ],
)
def test_a_picture_that_moves_otherwise_fails(other, path):
    assert not paths("image/gif", moving(0, 20, 40), moving(0, 20, 40))
    assert path in paths("image/gif", moving(0, 20, 40), other)


def test_two_pictures_are_enough_to_move():
    assert paths("image/gif", moving(0, 20), moving(0, 40)) == ["last frame"]
    still = comparator_for("image/gif").condense(base64.b64encode(moving(0)).decode())
    assert "last" not in still
    assert "interval_ms" not in still


def test_a_video_that_nothing_here_decodes_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(BadOutputError, match=r"nbtolerance\[video\]"):
        VideoComparator().condense("AAAA")
