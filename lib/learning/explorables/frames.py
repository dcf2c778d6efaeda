"""Pictures drawn beforehand, and turned over by sliders: for what only Python can compute."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import product
from typing import Any

import matplotlib as mpl
import traitlets
from ipywidgets import HTML, SelectionSlider, Stack, VBox, jslink
from matplotlib.figure import Figure
from PIL import Image

from learning import plots

DPI = 100
COLOURS = 32
MOST = 200  # pictures that a page can carry


class Frames(VBox):  # type: ignore[misc]  # ipywidgets has no types
    """A picture for each value of a parameter, or for each pair of values of two, under sliders.

    The pictures stand in the page, so no kernel is needed to turn them over. Without a script the
    page shows the first of them.

    Parameters
    ----------
    draw
        Takes a value of each parameter, by name, and returns a figure; all of one size.
    describe
        Takes the same, and says what that picture shows, for a reader who cannot see it.
    alt
        What the pictures show together; by default, what the first of them shows.
    parameters
        The parameters by name, one or two, and the values of each: at most 200 pictures in all.

    Raises
    ------
    ValueError
        If the parameters are too few or too many, or a picture has no description.
    """

    alt = traitlets.Unicode(help="What the pictures show together.").tag(sync=True)

    def __init__(
        self,
        draw: Callable[..., Figure],
        describe: Callable[..., str],
        *,
        alt: str = "",
        **parameters: Sequence[float],
    ) -> None:
        _check(parameters)
        settings = [dict(zip(parameters, v, strict=True)) for v in product(*parameters.values())]
        texts = [describe(**setting) for setting in settings]
        for setting, text in zip(settings, texts, strict=True):
            if not text.strip():
                raise ValueError(f"a picture must have a description, got {text!r} at {setting!r}")
        pictures = [_picture(draw, setting) for setting in settings]
        images = [HTML(_tag(png, text)) for png, text in zip(pictures, texts, strict=True)]
        sliders = [_slider(name, values) for name, values in parameters.items()]
        super().__init__([*sliders, _linked(images, sliders)], alt=alt or texts[0])
        self._still = pictures[0]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        shown = super()._repr_mimebundle_(**kwargs)
        still = base64.b64encode(self._still).decode()
        return {**shown, "image/png": still, "text/plain": self.alt}


def quantized(figure: Figure) -> bytes:
    """Return a figure as a PNG file of 32 colours, a quarter of the size that it has with all."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    with Image.open(buffer) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
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


def _tag(png: bytes, text: str) -> str:
    with Image.open(io.BytesIO(png)) as image:
        width, height = image.size
    data = base64.b64encode(png).decode()
    return (
        f'<img alt="{escape(text)}" width="{width}" height="{height}"'
        f' style="max-width: 100%; height: auto" src="data:image/png;base64,{data}">'
    )


def _slider(name: str, values: Sequence[float]) -> SelectionSlider:
    options = [(f"{value:g}", place) for place, value in enumerate(values)]
    return SelectionSlider(options=options, description=name.replace("_", " "))


def _linked(images: Sequence[HTML], sliders: Sequence[SelectionSlider]) -> Stack:
    """Stack the pictures so that each slider chooses; of two, the first chooses among stacks."""
    *outer, inner = sliders
    count = len(inner.options)
    rows = [images[i : i + count] for i in range(0, len(images), count)]
    stacks = [Stack(row, selected_index=0) for row in rows]
    for stack in stacks:
        jslink((inner, "index"), (stack, "selected_index"))
    if not outer:
        return stacks[0]
    whole = Stack(stacks, selected_index=0)
    jslink((outer[0], "index"), (whole, "selected_index"))
    return whole
