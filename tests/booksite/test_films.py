from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import imageio_ffmpeg

from .conftest import Build, code

PATTERN = ["-f", "lavfi", "-i", "testsrc=duration=0.2:size=64x48:rate=10", "-pix_fmt", "yuv420p"]


def test_a_film_has_two_formats_and_a_link_to_its_file(build: Build, tmp_path: Path) -> None:
    made = tmp_path / "film.mp4"
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *PATTERN, made]
    subprocess.run(ffmpeg, check=True)
    data = base64.b64encode(made.read_bytes()).decode("ascii")
    html = f'<video controls aria-label="A film" src="data:video/mp4;base64,{data}"></video>'
    book = build(code("show()", {"text/html": html}))
    webm, mp4 = book.soup().select("video > source")
    assert (webm["type"], mp4["type"]) == ("video/webm", "video/mp4")
    assert (book.out / str(webm["src"])).read_bytes()[:4] == b"\x1aE\xdf\xa3"  # Matroska's
    assert (book.out / str(mp4["src"])).read_bytes() == made.read_bytes()
    (link,) = book.soup().select("video + .unplayable a[download]")
    assert link["href"] == mp4["src"]


def test_what_cannot_be_encoded_stays_as_it_is(build: Build) -> None:
    data = base64.b64encode(b"not really a film").decode("ascii")
    html = f'<video controls aria-label="A film" src="data:video/mp4;base64,{data}"></video>'
    book = build(code("show()", {"text/html": html}))
    assert not book.warnings
    (mp4,) = book.soup().select("video > source")
    assert (book.out / str(mp4["src"])).read_bytes() == b"not really a film"
