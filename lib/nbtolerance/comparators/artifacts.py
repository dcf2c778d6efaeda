"""Files to look at when a figure, a picture or a video differs."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbtolerance.comparators import figures
from nbtolerance.comparators.base import Json
from nbtolerance.comparators.pictures import thumbnail_size
from nbtolerance.comparators.values import NOT_FINITE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL import Image

ENLARGED = 8  # times the size of a thumbnail


def write_artifacts(expected: Json, got: Json, folder: Path, stem: str) -> list[Path]:
    """Write expected, got and difference of all that can be seen in two condensed outputs.

    Parameters
    ----------
    expected, got
        Condensed outputs (see `outputs.condense_output`), one of which may be None.
    folder
        Where to write; made if it is not there.
    stem
        How the names begin: ``gd-cell-4`` gives ``gd-cell-4-image-png-expected.png``.

    Returns
    -------
    list of Path
        The files written; none where nothing can be seen.
    """
    old, new = dict(_visible(expected)), dict(_visible(got))
    written: list[Path] = []
    for name in sorted(old.keys() | new.keys()):
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{stem}-{name}"
        if name == "figure":
            written += _write_figures(old.get(name), new.get(name), target)
        else:
            written += _write_thumbnails(old.get(name), new.get(name), target)
    return written


def _visible(output: Json) -> Iterator[tuple[str, Json]]:
    """Name each figure and thumbnail: ``figure``, ``image-png``, ``video-mp4-1-first``."""
    for media_type, data in (output or {}).get("data", {}).items():
        if media_type == figures.MEDIA_TYPE:
            yield "figure", data
        else:
            embedded = data.get("media", []) if isinstance(data, dict) else []
            yield from _thumbnails(media_type.replace("/", "-"), data)
            for i, item in enumerate(embedded, start=1):
                name = item["media_type"].replace("/", "-")
                yield from _thumbnails(f"{name}-{i}", item["data"])


def _thumbnails(name: str, record: Json) -> Iterator[tuple[str, Json]]:
    for key in ("thumbnail", "first", "last"):
        if isinstance(record, dict) and key in record and "width" in record:
            suffix = "" if key == "thumbnail" else f"-{key}"
            size = thumbnail_size(record["width"], record["height"])
            yield name + suffix, (size, record[key])


def _write_thumbnails(expected: Any, got: Any, target: Path) -> Iterator[Path]:
    from PIL import ImageChops

    pictures = {"expected": _picture(expected), "got": _picture(got)}
    old, new = pictures["expected"], pictures["got"]
    if old and new and old.size == new.size:
        pictures["difference"] = ImageChops.difference(old, new)
    for name, picture in pictures.items():
        if picture:
            path = target.with_name(f"{target.name}-{name}.png")
            picture.save(path)
            yield path


def _picture(thumbnail: Any) -> Image.Image | None:
    from PIL import Image as Images

    if thumbnail is None:
        return None
    size, content = thumbnail
    small = Images.frombytes("L", size, base64.b64decode(content))
    return small.resize((size[0] * ENLARGED, size[1] * ENLARGED), Images.Resampling.NEAREST)


def _write_figures(expected: Json, got: Json, target: Path) -> Iterator[Path]:
    drawings = {"expected": _drawn(expected), "got": _drawn(got)}
    if expected and got:
        drawings["difference"] = _difference(expected, got)
    for name, figure in drawings.items():
        if figure:
            path = target.with_name(f"{target.name}-{name}.png")
            figure.savefig(path)
            yield path


def _drawn(data: Json) -> Figure | None:
    """Draw a figure again from its data: plainly, for a comparison by eye."""
    if not data:
        return None
    figure, panels = _panels(data["title"], len(data["axes"]))
    for ax, record in zip(panels, data["axes"], strict=True):
        _draw_axes(ax, record)
    return figure


def _panels(title: str, count: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure as NewFigure  # not pyplot: it would keep the figure

    figure = NewFigure(figsize=(6, 4 * max(count, 1)), layout="constrained")
    figure.suptitle(title)
    return figure, [figure.add_subplot(count, 1, i + 1) for i in range(count)]


def _draw_axes(ax: Axes, record: Json) -> None:
    for line in record.get("lines", []):
        ax.plot(_floats(line["x"]), _floats(line["y"]), ".-", markersize=3, linewidth=1)
    for collection in record.get("collections", []):
        _scatter(ax, collection.get("points") or collection.get("vertices"))
    for patch in record.get("patches", []):
        if "width" in patch:
            ax.bar(patch["x"], patch["height"], patch["width"], patch["y"], align="edge", alpha=0.5)
        else:
            _scatter(ax, patch.get("vertices"))
    for image in record.get("images", []):
        if isinstance(image["values"], list):
            ax.imshow(_floats(image["values"]), aspect="auto")
    for name in ("x", "y"):
        axis = record["axis"][name]
        limits = _floats(axis["limits"])
        ax.set(**{f"{name}label": axis["label"], f"{name}scale": axis["scale"]})
        ax.set(**{f"{name}lim": tuple(limits)})
    ax.set_title(record.get("title", ""))


def _scatter(ax: Axes, points: Json) -> None:
    if isinstance(points, list) and points and len(points[0]) == 2:
        ax.plot(*zip(*_floats(points), strict=True), ".", markersize=4)


def _difference(expected: Json, got: Json) -> Figure:
    """Draw got − expected of all numbers that both figures have, in the order of the data."""
    figure, panels = _panels("got − expected", 1)
    a, b = list(_leaves(expected["axes"])), list(_leaves(got["axes"]))
    panels[0].plot([y - x for x, y in zip(a, b, strict=False)], ".")
    panels[0].set(xlabel="number, in the order of the data", ylabel="difference")
    return figure


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
