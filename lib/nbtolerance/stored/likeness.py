"""Whether two plots look the same, where their pictures are all there is.

Two versions of Matplotlib draw the same curve in pictures of other sizes, with other fonts and
margins. So what is drawn is laid over each other: first the whole pictures, then what is inside of
the axes' frames. A pixel is matched where the other picture has its colour near by. What is left
over in one place says that something else was drawn, as long as both pictures were drawn alike.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import reduce
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageStat

from nbtolerance.comparators.base import Comparison, Difference, Json
from nbtolerance.comparators.pictures import UnreadableError, on_white, opened, payload
from nbtolerance.comparators.registry import register
from nbtolerance.tolerance import Tolerance

Box = tuple[int, int, int, int]
Size = tuple[int, int]
BOX = Image.Resampling.BOX

MEDIA_TYPE = "image/picture"  # a picture that is kept whole to be compared

# Chosen on the pictures of 81 plots, and of changes of them, by Matplotlib 3.6 and 3.11. A place is
# a square of 9 by 9 pixels; the numbers are how many of them may be unmatched.
CANVAS, BORDER, PLACE = (240, 180), 4, 4
ALIKE, CHANGED = 15, 26
ELSEWHERE = 0.1  # of all pixels, where fonts and sizes are others and so is what they hide

_VERSION = re.compile(r"matplotlib version ?(\d+)\.", re.IGNORECASE)


@dataclass(frozen=True)
class Plot:
    """A picture: what is drawn, on white and without margins, and where its frame is.

    ``modern`` says that Matplotlib drew it since 2.0, which changed what axes, lines and colours
    look like where nothing else is said. (Earlier ones did not sign, as a rule.)
    """

    drawn: Image.Image
    frame: Box | None
    modern: bool


def read_plot(content: bytes) -> Plot:
    """Read a picture.

    Raises
    ------
    UnreadableError
        If it cannot be read.
    """
    with opened(content) as image:
        whole, signed = on_white(image), _VERSION.match(str(image.info.get("Software")))
    ink = _strongest(ImageChops.difference(whole, Image.new("RGB", whole.size, _corner(whole))))
    box = ink.point(lambda level: 255 * (level > 24)).getbbox() or (0, 0, *whole.size)
    modern = signed is not None and int(signed[1]) >= 2
    return Plot(whole.crop(box), _frame(ink.crop(box)), modern)


def _frame(ink: Image.Image) -> Box | None:
    """Return where the outermost long lines are: those of axes, as a rule."""
    lines = ink.point(lambda level: 255 * (level > 100))
    width, height = lines.size
    columns, rows = (
        [at for at, level in enumerate(lines.resize(size, BOX).tobytes()) if level > 0.4 * 255]
        for size in ((width, 1), (1, height))
    )
    if not (columns and rows):
        return None
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    large = right - left > 0.4 * width and bottom - top > 0.3 * height
    return (left, top, right, bottom) if large else None


def _corner(image: Image.Image) -> tuple[int, ...]:
    return tuple(image.crop((0, 0, 1, 1)).tobytes())


def _strongest(image: Image.Image) -> Image.Image:
    """Return the strongest of the colours of each pixel."""
    return reduce(ImageChops.lighter, image.split())


def _unmatched(a: Image.Image, b: Image.Image, reach: int, level: int) -> Image.Image:
    """Return, in white, where one of two pictures has a colour that the other lacks near there."""
    off = [
        ImageChops.lighter(
            ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(2 * reach + 1))),
            ImageChops.subtract(other.filter(ImageFilter.MinFilter(2 * reach + 1)), one),
        )
        for one, other in ((a, b), (b, a))
    ]
    return _strongest(ImageChops.lighter(*off)).point(lambda value: 255 * (value > level))


def _worst_place(unmatched: Image.Image) -> float:
    """Return how many pixels are unmatched in the place with most of them."""
    blurred = unmatched.filter(ImageFilter.BoxBlur(PLACE)).tobytes()
    return max(blurred) / 255 * (2 * PLACE + 1) ** 2


def _same(a: Size, b: Size, share: float) -> bool:
    return all(abs(x - y) <= max(share * x, 2) for x, y in zip(a, b, strict=True))


def _shifted(plot: Plot, onto: Plot) -> Image.Image:
    """Return a plot as large as another, and with its frame at the same place."""
    frames = zip(plot.frame or (0, 0), onto.frame or (0, 0), strict=False)
    right, down = (a - b if plot.frame and onto.frame else 0 for a, b in [*frames][:2])
    affine = Image.Transform.AFFINE, (1, 0, right, 0, 1, down)
    return plot.drawn.transform(onto.drawn.size, *affine, fillcolor="white")


def look(old: Plot, new: Plot) -> tuple[str, float]:
    """Compare two plots.

    Returns
    -------
    tuple
        ``alike``, ``changed`` or ``undecided``, and how many pixels of one place are unmatched.
    """
    if _same(old.drawn.size, new.drawn.size, 0.02):
        found = _worst_place(_unmatched(old.drawn, _shifted(new, onto=old), reach=2, level=64))
        if found <= ALIKE:
            return "alike", found
    if old.frame and new.frame:
        a, b, allowed = old.frame, new.frame, 0.01
    else:
        a, b, allowed = (0, 0, *old.drawn.size), (0, 0, *new.drawn.size), 0.02
    first, second = (plot.drawn.resize(CANVAS, BOX, box=box) for plot, box in ((old, a), (new, b)))
    border = BORDER, BORDER, CANVAS[0] - BORDER, CANVAS[1] - BORDER
    unmatched = _unmatched(first, second, reach=2, level=48).crop(border)
    found, share = _worst_place(unmatched), ImageStat.Stat(unmatched).mean[0] / 255
    if _same((a[2] - a[0], a[3] - a[1]), (b[2] - b[0], b[3] - b[1]), allowed):
        changed = found > CHANGED
    else:
        changed = old.modern and share > ELSEWHERE
    decided = changed and old.modern == new.modern
    return "changed" if decided else "undecided", found


class LikenessComparator:
    """Compares pictures that are kept whole by what is drawn, and says where it cannot decide."""

    def condense(self, data: Any) -> Json:
        """Keep all of it, as base64."""
        return base64.b64encode(payload(data)).decode()

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two pictures; `looked_at` counts one that was not compared closely."""
        found = Comparison()
        try:
            old, new = (read_plot(payload(data)) for data in (expected, got))
        except UnreadableError as error:
            found.fail("picture", "picture", "a readable picture", str(error))
            return found
        if new.drawn.getcolors(1):
            found.fail("blank", "picture", "a picture of something", "a blank one")
            return found
        seen, most = look(old, new)
        found.looked_at = int(seen == "undecided")
        if seen == "changed":
            difference = Difference("likeness", "picture", "this picture", "another", most, CHANGED)
            found.differences.append(difference)
        return found


register(MEDIA_TYPE, LikenessComparator())
