"""Videos: frames, size and pace exact, the first and the last frame as pictures."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from nbtolerance.comparators.base import BadOutputError, Comparison, Json
from nbtolerance.comparators.pictures import compare_thumbnails, payload, require_kept, thumbnail
from nbtolerance.tolerance import Tolerance

# Grey levels by which some pixel must change before a video counts as moving: more than the
# compression of a still picture adds, far less than a line that moves.
MOVES = 16


class VideoComparator:
    """Compares videos: decodable, of as many frames, of the same size and pace, moving, alike.

    The frames' data is to be reported beside a video and compared there; of the pixels only grey
    thumbnails of the first and the last frame are compared, as those of pictures are.
    """

    def condense(self, data: Any) -> Json:
        """Frames, size, interval, whether it moves, a digest and two thumbnails.

        Raises
        ------
        BadOutputError
            If nothing is installed that decodes videos.
        """
        content = payload(data)
        record: dict[str, Json] = {"sha256": hashlib.sha256(content).hexdigest()}
        try:
            return record | _describe(content)
        except ImportError as error:
            raise BadOutputError(f"a video is decoded by nbtolerance[video]: {error}") from error
        except Exception as error:  # whatever ffmpeg and Pillow make of the bytes
            return record | {"unreadable": _last_line(str(error))}

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed videos."""
        require_kept(expected, got, first=str, last=str)
        found = Comparison(looked_at=1)
        if "unreadable" in got:
            found.fail("unreadable", "picture", "a video that decodes", got["unreadable"])
            return found
        for key in ("frames", "width", "height", "interval_ms"):
            if expected.get(key) != got.get(key):
                found.fail(key, "picture", expected.get(key), got.get(key))
        if not got.get("moves"):
            found.fail("moves", "picture", "a moving picture", "the last frame is the first")
        if found.passed:
            for key in ("first", "last"):
                compare_thumbnails(found, f"{key} frame", expected[key], got[key])
        return found


def _describe(content: bytes) -> dict[str, Json]:
    from PIL import Image, ImageChops

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video"
        path.write_bytes(content)
        (width, height), fps, count, first, last = _decode(path)
    ends = [Image.frombytes("L", (width, height), frame) for frame in (first, last)]
    _, most = ImageChops.difference(*ends).getextrema()
    return {
        "frames": count,
        "width": width,
        "height": height,
        "interval_ms": round(1000 / fps, 1),
        "moves": bool(most > MOVES),  # type: ignore[operator]  # one band: an int, not a pair
        "first": thumbnail(ends[0]),
        "last": thumbnail(ends[1]),
    }


def _decode(path: Path) -> tuple[tuple[int, int], float, int, bytes, bytes]:
    """Decode every frame, and return size, frames a second, their count, the first and the last."""
    import imageio_ffmpeg

    frames: Iterator[Any] = imageio_ffmpeg.read_frames(
        str(path), pix_fmt="gray", bits_per_pixel=8, output_params=["-fps_mode", "passthrough"]
    )
    with closing(frames):  # type: ignore[type-var]  # a generator
        about = next(frames)
        count, first, last = 0, b"", b""
        for last in frames:
            first = first or last
            count += 1
    if not count or not about["fps"]:
        raise ValueError("no frame could be decoded")
    return about["size"], about["fps"], count, first, last


def _last_line(text: str) -> str:
    return (text.strip() or "no reason given").splitlines()[-1].strip()
