"""Pictures drawn beforehand, and turned over by sliders: for what only Python can compute."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import matplotlib as mpl
import traitlets
from matplotlib.figure import Figure
from PIL import Image

from learning import plots
from learning.explorables.base import Explorable, bundle

PNG = "data:image/png;base64,"
DPI = 100
COLOURS = 32
MOST = 200  # pictures that a page can carry


class Frames(Explorable):
    """A picture for each value of a parameter, or for each pair of values of two, under sliders.

    No kernel is needed to turn the pictures over: on a page each is a file, loaded when it is first
    shown. Without a script the page shows the one that is chosen at first.

    Parameters
    ----------
    draw
        Takes a value of each parameter, by name, and returns a figure; all of one size.
    describe
        Takes the same, and says what that picture shows, for a reader who cannot see it.
    alt
        What the pictures show together; by default, what the first of them shows.
    places
        Where each slider stands, counted from 0; by default, all at their first values.
    parameters
        The parameters by name, one or two, and the values of each: at most 200 pictures in all.

    Raises
    ------
    ValueError
        If the parameters are too few or too many, or a picture has no description.
    """

    _esm = bundle("frames.js")

    names = traitlets.List(traitlets.Unicode(), help="Of the sliders.").tag(sync=True)
    labels = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    places = traitlets.List(traitlets.Int(), help="Where the sliders stand.").tag(sync=True)
    pictures = traitlets.List(traitlets.Unicode(), help="PNG, as data URIs.").tag(sync=True)
    texts = traitlets.List(traitlets.Unicode(), help="What each picture shows.").tag(sync=True)
    size = traitlets.List(traitlets.Int(), help="Of a picture, in pixels.").tag(sync=True)

    def __init__(
        self,
        draw: Callable[..., Figure],
        describe: Callable[..., str],
        *,
        alt: str = "",
        places: Sequence[int] = (),
        **parameters: Sequence[float],
    ) -> None:
        _check(parameters)
        settings = [dict(zip(parameters, v, strict=True)) for v in product(*parameters.values())]
        texts = [describe(**setting) for setting in settings]
        for setting, text in zip(settings, texts, strict=True):
            if not text.strip():
                raise ValueError(f"a picture must have a description, got {text!r} at {setting!r}")
        pictures = [_picture(draw, setting) for setting in settings]
        super().__init__(
            names=[name.replace("_", " ") for name in parameters],
            labels=[[f"{value:g}" for value in values] for values in parameters.values()],
            places=list(places or [0] * len(parameters)),
            pictures=[PNG + base64.b64encode(png).decode("ascii") for png in pictures],
            texts=texts,
            size=_size(pictures[0]),
            alt=alt or texts[0],
        )

    @property
    def index(self) -> int:
        """Which picture is shown, counted from 0; the last slider turns fastest."""
        index = 0
        for place, labels in zip(self.places, self.labels, strict=True):
            index = index * len(labels) + place
        return index

    def still(self) -> tuple[str, str]:
        """Return the picture that is shown first."""
        return "image/png", self.pictures[self.index].removeprefix(PNG)


def quantized(figure: Figure) -> bytes:
    """Return a figure as a PNG file of 32 colours, a quarter of the size that it has with all."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor="white")
    with Image.open(buffer) as image:
        # Of lines, few in colour, the best covering keeps each colour, and is the smallest.
        method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
        few = image.convert("RGB").quantize(COLOURS, method=method, dither=dither)
    small = io.BytesIO()
    few.save(small, format="png", optimize=True, dpi=(DPI, DPI))
    return small.getvalue()


def _check(parameters: Mapping[str, Sequence[float]]) -> None:
    if len(parameters) not in (1, 2):
        raise ValueError(f"there must be one or two parameters, got {sorted(parameters)!r}")
    counts = {name: len(values) for name, values in parameters.items()}
    total = len(list(product(*parameters.values())))
    if not 1 <= total <= MOST:
        raise ValueError(f"there must be 1 to {MOST} pictures, got {total} from {counts!r}")


def _picture(draw: Callable[..., Figure], setting: Mapping[str, float]) -> bytes:
    with mpl.rc_context(plots.STYLE):  # type: ignore[arg-type]  # as in plots
        return quantized(draw(**setting))


def _size(png: bytes) -> list[int]:
    with Image.open(io.BytesIO(png)) as image:
        return [image.width, image.height]
