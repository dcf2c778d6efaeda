"""Files to look at when a figure, a picture or a video differs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nbtolerance.comparators import drawn
from nbtolerance.comparators.base import Json, in_a_line
from nbtolerance.comparators.pictures import thumbnail_size
from nbtolerance.comparators.values import NOT_FINITE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL import Image

ENLARGED = 8  # times the size of a thumbnail
SCALES = ("linear", "log", "symlog", "logit", "asinh")  # those that a name alone describes

Draw = Callable[[], Callable[[Path], None]]  # draws, and returns what writes the drawing to a file


class Artifacts(NamedTuple):
    """The files that were written, and a sentence for each that could not be."""

    files: list[Path]
    left_out: list[str]


def write_artifacts(expected: Json, got: Json, folder: Path, stem: str) -> Artifacts:
    """Write expected, got and difference of all that can be seen in two condensed outputs.

    Nothing is raised: the report that names these files matters more than they do.

    Parameters
    ----------
    expected, got
        Condensed outputs (see `outputs.condense_output`), one of which may be None.
    folder
        Where to write; made if it is not there.
    stem
        How the names begin: ``gd-cell-4`` gives ``gd-cell-4-image-png-expected.png``.
    """
    done = Artifacts([], [])
    old, new = dict(_visible(expected)), dict(_visible(got))
    for name in sorted(old.keys() | new.keys()):
        draw, subtract = (_figure, _figures) if name == "figure" else (_picture, _pictures)
        sides = {"expected": old.get(name), "got": new.get(name)}
        drawings: dict[str, Draw] = {w: partial(draw, side) for w, side in sides.items() if side}
        if all(sides.values()):
            drawings["difference"] = partial(subtract, *sides.values())
        for which, drawing in drawings.items():
            path = folder / f"{stem}-{name}-{which}.png"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                drawing()(path)
                done.files.append(path)
            except Exception as error:  # what draws a stranger's data raises anything
                done.left_out.append(f"{path.name}: {in_a_line(error)}")
    return done


def _visible(output: Json) -> Iterator[tuple[str, Json]]:
    """Name each figure and thumbnail: ``figure``, ``image-png``, ``video-mp4-1-first``."""
    for media_type, data in _table(_table(output).get("data")).items():
        if media_type == drawn.MEDIA_TYPE:
            yield "figure", data
            continue
        embedded = _table(data).get("media")
        inside = enumerate(embedded if isinstance(embedded, list) else [], start=1)
        yield from _thumbnails(media_type, data)
        for i, item in ((i, _table(item)) for i, item in inside):
            yield from _thumbnails(f"{item.get('media_type')}-{i}", item.get("data"))


def _table(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _thumbnails(name: str, record: Json) -> Iterator[tuple[str, Json]]:
    for key, suffix in {"thumbnail": "", "first": "-first", "last": "-last"}.items():
        if key in _table(record):
            yield name.replace("/", "-") + suffix, {**record, "thumbnail": record[key]}


def _picture(record: Json) -> Callable[[Path], None]:
    return _enlarged(_small(record))


def _pictures(expected: Json, got: Json) -> Callable[[Path], None]:
    from PIL import ImageChops

    old, new = _small(expected), _small(got)
    if old.size != new.size:
        raise ValueError(f"a picture of {old.size} cannot be subtracted from one of {new.size}")
    return _enlarged(ImageChops.difference(old, new))


def _small(record: Json) -> Image.Image:
    from PIL import Image as Images

    size = thumbnail_size(record["width"], record["height"])
    return Images.frombytes("L", size, base64.b64decode(record["thumbnail"]))


def _enlarged(small: Image.Image) -> Callable[[Path], None]:
    size = small.width * ENLARGED, small.height * ENLARGED
    return small.resize(size, resample=0).save  # 0: the nearest, so that pixels stay pixels


def _figure(data: Json) -> Callable[[Path], None]:
    """Draw a figure again from its data: plainly, for a comparison by eye."""
    figure = _empty(data["title"], len(data["axes"]))
    for i, record in enumerate(data["axes"], start=1):
        in_space = "3d" if "z" in record["axis"] else None
        _draw_axes(figure.add_subplot(len(data["axes"]), 1, i, projection=in_space), record)
    return figure.savefig


def _figures(expected: Json, got: Json) -> Callable[[Path], None]:
    """Draw got − expected of all numbers that both figures have, in the order of the data."""
    figure = _empty("got − expected", 1)
    pairs = zip(_leaves(expected["axes"]), _leaves(got["axes"]), strict=False)
    ax = figure.add_subplot(xlabel="number, in the order of the data", ylabel="difference")
    ax.plot([y - x for x, y in pairs], ".")
    return figure.savefig


def _empty(title: str, count: int) -> Figure:
    from matplotlib.figure import Figure as NewFigure  # not pyplot: it would keep the figure

    figure = NewFigure(figsize=(6, 4 * max(count, 1)), layout="constrained")
    figure.suptitle(title)
    return figure


def _draw_axes(ax: Axes, record: Json) -> None:
    for line in record.get("lines", []):
        arrays = [_floats(line[name]) for name in record["axis"] if name in line]
        ax.plot(*arrays, ".-", markersize=3, linewidth=1)
    for collection in record.get("collections", []):
        _scatter(ax, collection.get("points") or collection.get("vertices"), "z" in record["axis"])
    for patch in record.get("patches", []):
        if "width" in patch:
            ax.bar(patch["x"], patch["height"], patch["width"], patch["y"], align="edge", alpha=0.5)
        else:
            _scatter(ax, patch.get("vertices"))
    for image in record.get("images", []):
        if isinstance(image["values"], list):
            ax.imshow(_floats(image["values"]), aspect="auto")
    for name, axis in record["axis"].items():
        scale = {f"{name}scale": axis["scale"]} if axis["scale"] in SCALES else {}
        limits = tuple(_floats(axis["limits"]))
        ax.set(**{f"{name}label": axis["label"], f"{name}lim": limits}, **scale)
    ax.set_title(record.get("title", ""))


def _scatter(ax: Axes, points: Json, in_space: bool = False) -> None:
    """Draw points: a list of them, or in space a list of the coordinates of all."""
    if in_space and isinstance(points, list) and len(points) == 3:
        ax.plot(*_floats(points), ".", markersize=4)
    elif isinstance(points, list) and points and len(points[0]) == 2:
        ax.plot(*zip(*_floats(points), strict=True), ".", markersize=4)


def _leaves(data: Json) -> Iterator[float]:
    if isinstance(data, float):
        yield data
    elif isinstance(data, dict):
        for key in sorted(data):
            yield from _leaves(data[key])
    elif isinstance(data, list):
        for item in data:
            yield from _leaves(item)


def _floats(values: Json) -> Any:
    """Numbers as Matplotlib takes them; of a summary, its sample."""
    if isinstance(values, dict):
        return _floats(values["sample"])
    if isinstance(values, list):
        return [_floats(value) for value in values]
    return NOT_FINITE.get(values, values)
