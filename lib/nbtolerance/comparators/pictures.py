"""Pictures: a smoke check, since the data of a figure is compared beside them."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nbtolerance.comparators.base import (
    BadOutputError,
    Comparison,
    Difference,
    Json,
    in_a_line,
    require,
)
from nbtolerance.comparators.elements import tree
from nbtolerance.comparators.text import TEXT, joined
from nbtolerance.marked import short
from nbtolerance.tolerance import Tolerance

if TYPE_CHECKING:
    from PIL import Image

WIDTH, MAX_HEIGHT = 32, 128  # of a thumbnail

# Of 255 grey levels. Fonts and antialiasing of another version stay below 5 at this size; a curve
# drawn elsewhere is mostly above, but a small change is not: that is what figure data is for.
RMS_BOUND = 8.0

# Of a drawing's width and height, which follow its longest labels: fonts are measured by rounded
# sums, whose last digit is another one on another processor.
DRAWN_SIZE = Tolerance(rtol=1.0e-6)


def payload(data: Any) -> bytes:
    """Return the bytes of a picture or video as Jupyter sends it: base64, in one string or lines.

    Raises
    ------
    BadOutputError
        If it is not base64.
    """
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode("".join(joined(data).split()), validate=True)
    except ValueError as error:
        said = f"a picture or video must be base64, got {short(data)} ({in_a_line(error)})"
        raise BadOutputError(said) from error


class UnreadableError(Exception):
    """A picture that cannot be opened; the message says why."""


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """Open a picture; what goes wrong inside of the ``with`` is said of the picture.

    Raises
    ------
    UnreadableError
        If it cannot be read, or has more pixels than Pillow holds to be safe.
    """
    from PIL import Image as Images

    bomb = Images.DecompressionBombWarning
    try:
        with warnings.catch_warnings(action="error", category=bomb):
            image = Images.open(io.BytesIO(content))
        with image:
            yield image
    except (Images.DecompressionBombError, bomb) as error:
        raise UnreadableError(f"too large: more than {Images.MAX_IMAGE_PIXELS:,} pixels") from error
    except Exception as error:  # each of Pillow's plugins raises what it likes
        raise UnreadableError(" ".join(str(error).split())) from error


def on_white(image: Image.Image) -> Image.Image:
    """Return a picture on white where it is transparent."""
    from PIL import Image as Images

    white = Images.new("RGBA", image.size, "white")
    return Images.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def grey(image: Image.Image) -> Image.Image:
    """Return a picture in grey, on white where it is transparent."""
    return on_white(image).convert("L")


def thumbnail_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the thumbnail of a picture: 32 pixels wide, the height in proportion."""
    return WIDTH, min(max(round(height * WIDTH / width), 1), MAX_HEIGHT)


def thumbnail(image: Image.Image) -> str:
    """Return a small grey picture: a byte a pixel, row by row, in base64."""
    from PIL import Image as Images

    size = thumbnail_size(*image.size)
    return base64.b64encode(image.resize(size, Images.Resampling.BOX).tobytes()).decode()


def rms_difference(a: str, b: str) -> float:
    """Return how far two thumbnails of one size differ: root mean square, of 255 levels."""
    pixels = list(zip(base64.b64decode(a), base64.b64decode(b), strict=True))
    return math.sqrt(sum((x - y) ** 2 for x, y in pixels) / len(pixels))


def compare_thumbnails(found: Comparison, path: str, expected: str, got: str) -> None:
    """Fail where two thumbnails of one size are further apart than `RMS_BOUND`.

    Raises
    ------
    BadOutputError
        If they are not thumbnails of one size.
    """
    try:
        rms = rms_difference(expected, got)
    except (ValueError, ZeroDivisionError) as error:
        raise BadOutputError(f"{path} must be base64 of a byte a pixel: {error}") from error
    if rms > RMS_BOUND:
        difference = Difference(path, "picture", "this picture", "another", rms, RMS_BOUND)
        found.differences.append(difference)


class PictureComparator:
    """Compares raster pictures: readable, of the same size and number of frames, not blank, alike.

    Alike means that grey thumbnails differ by at most `RMS_BOUND`, in the root mean square. One
    that moves, as a GIF may, has the same pace, and its last frame is alike as well.

    No tolerance applies. Digests say where a reference came from; unequal ones are no failure.
    """

    def condense(self, data: Any) -> Json:
        """Size, frames and their pace, whether it is blank, a digest and thumbnails."""
        content = payload(data)
        record: dict[str, Json] = {"sha256": hashlib.sha256(content).hexdigest()}
        try:
            return record | _describe(content)
        except UnreadableError as error:
            return record | {"unreadable": str(error)}

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed pictures."""
        require_kept(expected, got, thumbnail=str)
        found = Comparison(looked_at=1)
        for key in ("unreadable", "width", "height", "frames", "blank"):
            if key == "unreadable" and key in got:
                found.fail(key, "picture", "a readable picture", got[key])
            elif expected.get(key) != got.get(key):
                found.fail(key, "picture", expected.get(key), got.get(key))
        if got.get("blank") and found.passed:
            found.fail("blank", "picture", "a picture of something", "a blank one")
        if found.passed:
            compare_thumbnails(found, "thumbnail", expected["thumbnail"], got["thumbnail"])
        if "last" in expected and "last" in got:  # which earlier references lack
            _compare_motion(found, expected, got)
        return found


def _compare_motion(found: Comparison, expected: Json, got: Json) -> None:
    if expected["interval_ms"] != got["interval_ms"]:
        found.fail("interval_ms", "picture", expected["interval_ms"], got["interval_ms"])
    if found.passed:
        compare_thumbnails(found, "last frame", expected["last"], got["last"])


def require_kept(*forms: Json, **entries: type) -> None:
    """Refuse forms that neither have some entries nor say that they were unreadable."""
    for form in forms:
        lost = isinstance(form, dict) and "unreadable" in form
        require(form, **({"unreadable": str} if lost else entries))


def _describe(content: bytes) -> dict[str, Json]:
    with opened(content) as image:
        form, (width, height) = (image.format or "").lower(), image.size
        frames, interval = getattr(image, "n_frames", 1), image.info.get("duration", 0)
        first = last = grey(image)
        if frames > 1:
            image.seek(frames - 1)
            last = grey(image)
    moves = {"interval_ms": interval, "last": thumbnail(last)} if frames > 1 else {}
    ranges = (first.getextrema(), last.getextrema())
    return {
        "format": form,
        "width": width,
        "height": height,
        "frames": frames,
        "blank": all(darkest == lightest for darkest, lightest in ranges),
        "thumbnail": thumbnail(first),
        **moves,
    }


class DrawingComparator:
    """Compares SVG: the size, how many elements of each kind there are, and the text.

    Where its lines run is not compared; the data of a figure is, beside it.
    """

    def condense(self, data: Any) -> Json:
        """Size, elements by name, text, a digest."""
        source = joined(data)
        drawing = tree(source)
        for dated in drawing("metadata"):
            dated.decompose()
        size = drawing.svg.attrs if drawing.svg else {}
        return {
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
            "format": "svg",
            "width": size.get("width"),
            "height": size.get("height"),
            "elements": dict(sorted(Counter(element.name for element in drawing(True)).items())),
            "text": drawing.get_text(" ", strip=True),
        }

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two condensed drawings."""
        for form in (expected, got):
            require(form, elements=dict, text=str)
        found = Comparison(looked_at=1)
        for key in ("width", "height"):
            if not TEXT.compare(str(expected.get(key)), str(got.get(key)), DRAWN_SIZE).passed:
                found.fail(key, "picture", expected.get(key), got.get(key))
        if expected["elements"] != got["elements"]:
            found.fail("elements", "picture", expected["elements"], got["elements"])
        if not got["elements"].get("svg"):
            found.fail("elements", "picture", "a drawing", "no <svg> element")
        found.add(TEXT.compare(expected["text"], got["text"], tolerance), prefix="text: ")
        return found
