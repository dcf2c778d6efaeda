"""Pictures and videos. Oracle: NumPy on the pixels that are drawn here."""

import base64
import io

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from nbtolerance.comparators import pictures
from nbtolerance.comparators.pictures import (
    RMS_BOUND,
    DrawingComparator,
    PictureComparator,
    rms_difference,
)
from nbtolerance.comparators.video import VideoComparator
from nbtolerance.tolerance import Tolerance

PICTURES, DRAWINGS, VIDEOS = PictureComparator(), DrawingComparator(), VideoComparator()


def pixels(size=(64, 48), at=20, lightness=0):
    grey = np.full(size[::-1], 230 + lightness, dtype=np.uint8)
    grey[:, at : at + 8] = 20
    return grey


def encoded(grey, form="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, form)
    return buffer.getvalue()


def png(**options):
    return encoded(pixels(**options))


def video(path, count=10, size=(64, 48), fps=10, speed=3):
    writer = imageio_ffmpeg.write_frames(
        str(path), size, pix_fmt_in="gray", fps=fps, macro_block_size=1, ffmpeg_log_level="error"
    )
    writer.send(None)
    for i in range(count):
        writer.send(pixels(size, at=5 + speed * i).tobytes())
    writer.close()
    return base64.b64encode(path.read_bytes()).decode()


def differing(comparator, expected, got):
    found = comparator.compare(comparator.condense(expected), comparator.condense(got), Tolerance())
    assert all(d.cause == "picture" for d in found.differences)
    return {d.path for d in found.differences}


@pytest.mark.parametrize(
    ("got", "where"),
    [
        (png(), set()),
        (png(lightness=3), set()),
        (png(size=(64, 50)), {"height"}),
        (png(at=40), {"thumbnail"}),
        (encoded(np.full((48, 64), 255, np.uint8)), {"blank"}),
        (b"no picture", {"unreadable"}),
        (png()[:60], {"unreadable"}),
    ],
)
def test_a_picture_is_checked_for_what_can_be_seen(got, where):
    assert where <= differing(PICTURES, png(), got)
    assert bool(where) == bool(differing(PICTURES, png(), got))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_raster_format_is_read(form):
    record = PICTURES.condense(base64.b64encode(encoded(pixels(), form)).decode())
    assert (record["format"], record["width"], record["height"]) == (form.lower(), 64, 48)


def test_the_rms_is_numpys():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, 24, 32), dtype=np.uint8)
    texts = [base64.b64encode(x.tobytes()).decode() for x in (a, b)]
    expected = np.sqrt(np.mean((a.astype(float) - b) ** 2))
    assert rms_difference(*texts) == pytest.approx(expected)
    assert expected > RMS_BOUND


def test_a_thumbnail_is_32_wide_and_at_most_128_high():
    sizes = {(64, 64): 32, (64, 128): 64, (320, 100): 10, (10, 1000): 128, (1000, 1): 1}
    assert {size: pictures.thumbnail_size(*size) for size in sizes} == {
        size: (32, height) for size, height in sizes.items()
    }


def test_transparent_is_white():
    clear, white = np.zeros((48, 64, 4), np.uint8), np.full((48, 64), 255, np.uint8)
    clear[10:20, 10:30] = (0, 0, 0, 255)
    white[10:20, 10:30] = 0
    assert differing(PICTURES, encoded(clear), encoded(white)) == set()


def test_a_blank_picture_fails_beside_a_blank_reference():
    blank = encoded(np.full((48, 64), 255, np.uint8))
    assert differing(PICTURES, blank, blank) == {"blank"}


SVG = '<svg width="10pt" height="5pt"><metadata>2024</metadata><path d="M0 0"/><text>a</text></svg>'


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("2024", "2025", set()),
        ("M0 0", "M0 1", set()),
        ("10pt", "10.000001pt", set()),
        ("10pt", "10.001pt", {"width"}),
        ("10pt", "10px", {"width"}),
        (' width="10pt"', "", {"width"}),
        ('<path d="M0 0"/>', "", {"elements"}),
        ("<svg", "<div", {"elements"}),
    ],
)
def test_a_drawing_is_checked_for_size_and_elements(old, new, where):
    assert where <= differing(DRAWINGS, SVG, SVG.replace(old, new))
    assert bool(where) == bool(differing(DRAWINGS, SVG, SVG.replace(old, new)))


def test_a_drawings_text_is_compared():
    a, b = DRAWINGS.condense(SVG), DRAWINGS.condense(SVG.replace("<text>a", "<text>b"))
    assert [d.cause for d in DRAWINGS.compare(a, b, Tolerance()).differences] == ["words"]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return video(tmp_path_factory.mktemp("film") / "a.mp4")


def test_a_video_is_described(film):
    record = VIDEOS.condense(film)
    assert (record["frames"], record["width"], record["height"]) == (10, 64, 48)
    assert record["interval_ms"] == 100.0
    assert record["first"] != record["last"]
    assert record["moves"]
    assert differing(VIDEOS, film, film) == set()


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"count": 9}, "frames"),
        ({"size": (64, 50)}, "height"),
        ({"fps": 12}, "interval_ms"),
        ({"speed": 0}, "moves"),
        ({"speed": 1}, "last frame"),
    ],
)
def test_each_kind_of_damage_to_a_video_is_named(film, tmp_path, options, where):
    assert where in differing(VIDEOS, film, video(tmp_path / "b.mp4", **options))


@pytest.mark.parametrize("broken", ["", base64.b64encode(b"no video at all").decode()])
def test_a_video_that_does_not_decode_is_a_difference(film, broken):
    assert differing(VIDEOS, film, broken) == {"unreadable"}


def test_a_truncated_video_is_a_difference(film):
    content = base64.b64decode(film)
    assert differing(VIDEOS, film, base64.b64encode(content[: len(content) // 2]).decode())
