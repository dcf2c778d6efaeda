"""What a Matplotlib figure shows, taken from it in the kernel as JSON.

The kernel imports this module before a notebook's first cell; so it imports nothing heavy.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbtolerance.comparators.base import Json

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

MEDIA_TYPE = "application/vnd.nbtolerance.figure+json"

MOST = 2_000  # numbers of one array that are kept; of a larger one, a summary and a sample
SAMPLE = 200


def figure_data(figure: Figure) -> Json:
    """Return what a figure shows: for each axes its words, limits, scales and drawn numbers.

    Colours, line widths and fonts are left out: they are how data is shown, not what. What is drawn
    but hidden has ``"visible": false``. Numbers are in data coordinates and always floats; NaN and
    the infinities are strings.
    """
    over = [*figure.lines, *figure.patches, *figure.artists]  # across axes, in shares of the figure
    across = {
        "lines": [_line(artist) for artist in over if hasattr(artist, "get_xdata")],
        "patches": [_patch(artist) for artist in over if hasattr(artist, "get_patch_transform")],
        "images": [_image(image) for image in figure.images],
    }
    return {
        "title": figure.get_suptitle(),
        "texts": [text.get_text() for text in figure.texts if text is not figure._suptitle],  # type: ignore[attr-defined]
        "legends": [_legend(legend) for legend in figure.legends],
        "axes": [_axes(ax) for ax in figure.axes],
        **{key: value for key, value in across.items() if value},
    }


def _axes(ax: Axes) -> Json:
    legend = ax.get_legend()
    data = {
        "title": ax.get_title(),
        "axis": {name: _axis(ax, name) for name in ("x", "y", "z") if hasattr(ax, f"{name}axis")},
        "legend": _legend(legend) if legend and legend.get_visible() else [],
        "texts": [_text(text) for text in ax.texts],
        "lines": [_line(line) for line in ax.lines],
        "collections": [_collection(c) for c in ax.collections],
        "patches": [_patch(patch) for patch in ax.patches],
        "images": [_image(image) for image in ax.images],
        "tables": [_table(table) for table in ax.tables],
        "inset": [_axes(inner) for inner in ax.child_axes],  # type: ignore[arg-type]  # they are Axes
    }
    return {key: value for key, value in data.items() if value} | _hidden(ax)


def _text(text: Any) -> Json:
    record = {"text": text.get_text(), "at": numbers(text.get_position()), **_hidden(text)}
    target = getattr(text, "xy", None)  # of an annotation
    return record if target is None else record | {"target": numbers(target)}


def _axis(ax: Axes, name: str) -> Json:
    axis = getattr(ax, f"{name}axis")
    record = {
        "label": axis.get_label_text(),
        "limits": numbers(getattr(ax, f"get_{name}lim")()),
        "scale": axis.get_scale(),
    }
    # Ticks that are words are data (the names of bars); ticks that are numbers follow the limits.
    if type(axis.get_major_formatter()).__name__ in ("FixedFormatter", "StrCategoryFormatter"):
        record["ticks"] = [label.get_text() for label in axis.get_ticklabels()]
    return record


def _line(line: Any) -> Json:
    in_space = hasattr(line, "get_data_3d")
    arrays = line.get_data_3d() if in_space else line.get_data(orig=False)
    return _named(line) | {name: numbers(a) for name, a in zip("xyz", arrays, strict=False)}


def _collection(collection: Any) -> Json:
    record = _named(collection)
    if hasattr(collection, "_offsets3d"):  # Matplotlib has no public way to points in space
        record["points"] = [numbers(a) for a in collection._offsets3d]
    elif hasattr(collection, "levels"):
        record["levels"] = numbers(collection.levels)
        record["vertices"] = _vertices(collection)
    elif hasattr(collection, "get_coordinates"):
        record["corners"] = numbers(collection.get_coordinates())
    elif _has_offsets(collection):
        record["points"] = numbers(collection.get_offsets())
        record["sizes"] = numbers(_or_empty(getattr(collection, "get_sizes", None)))
    else:
        record["vertices"] = _vertices(collection)
    for key in ("U", "V"):  # of arrows
        if hasattr(collection, key):
            record[key.lower()] = numbers(getattr(collection, key))
    if collection.get_array() is not None:
        record |= {"values": numbers(collection.get_array()), **_norm(collection)}
    return record


def _norm(drawn: Any) -> Json:
    """How values become colours, where that is not evenly."""
    name = type(drawn.norm).__name__
    return {} if name in ("Normalize", "NoNorm") else {"norm": name}


def _has_offsets(collection: Any) -> bool:
    offsets = collection.get_offsets()
    return len(offsets) > 1 or type(collection).__name__ == "PathCollection" or bool(offsets.any())


def _vertices(collection: Any) -> Json:
    import numpy as np

    pieces = [path.vertices for path in collection.get_paths()]
    return numbers(np.concatenate(pieces) if pieces else [])


def _patch(patch: Any) -> Json:
    from matplotlib import patches

    record = _named(patch)
    if isinstance(patch, patches.Rectangle):
        box = (*patch.get_xy(), patch.get_width(), patch.get_height())
        return record | {
            k: numbers(v) for k, v in zip(("x", "y", "width", "height"), box, strict=True)
        }
    if isinstance(patch, patches.FancyArrowPatch):  # its path is in pixels
        return record | {"ends": numbers(getattr(patch, "_posA_posB", None) or [])}
    outline = patch.get_path().transformed(patch.get_patch_transform())
    return record | {"vertices": numbers(outline.vertices)}


def _image(image: Any) -> Json:
    return _named(image) | {
        "values": numbers(image.get_array()),
        "extent": numbers(image.get_extent()),
        "limits": numbers([math.nan if v is None else v for v in image.get_clim()]),
        **_norm(image),
    }


def _table(table: Any) -> Json:
    cells = sorted(table.get_celld().items())
    return [{"row": i, "column": j, "text": cell.get_text().get_text()} for (i, j), cell in cells]


def _legend(legend: Any) -> list[str]:
    return [text.get_text() for text in legend.get_texts()]


def _named(artist: Artist) -> dict[str, Json]:
    label = str(artist.get_label())
    return {
        "kind": type(artist).__name__,
        "label": "" if label.startswith("_") else label,  # "_child0" is Matplotlib's own
        **_hidden(artist),
    }


def _hidden(artist: Artist) -> dict[str, Json]:
    return {} if artist.get_visible() else {"visible": False}


def _or_empty(method: Callable[[], Any] | None) -> Any:
    return method() if method else []


def numbers(values: Any) -> Json:
    """Return an array as nested lists of floats, or the summary of more than `MOST` numbers.

    The summary is ``count``, ``shape``, ``finite`` (how many are), ``min``, ``max``,
    ``mean_magnitude``, ``rms``, and a ``sample`` at even distances. None of them cancels, so each
    moves by no more than the values do, relative to their size. A change between the samples that
    leaves these as they are is not seen.
    """
    import numpy as np

    array: NDArray[np.float64] = np.ma.filled(np.ma.asarray(values, dtype=float), math.nan)
    return _plain(array.tolist()) if array.size <= MOST else _summary(array)


def _summary(array: NDArray[np.float64]) -> Json:
    import numpy as np

    finite = array[np.isfinite(array)]
    magnitude = np.abs(finite) if finite.size else np.array([math.nan])
    return {
        "count": array.size,
        "shape": list(array.shape),
        "finite": finite.size,
        "min": _plain(float(np.min(finite, initial=math.inf))),
        "max": _plain(float(np.max(finite, initial=-math.inf))),
        "mean_magnitude": _plain(float(np.mean(magnitude))),
        "rms": _plain(float(np.sqrt(np.mean(magnitude**2)))),
        "sample": _plain(array.ravel()[:: -(-array.size // SAMPLE)].tolist()),
    }


def _plain(value: Any) -> Json:
    """JSON of floats in nested lists, with words for what JSON has no number for."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def install_formatter(ip: Any) -> None:
    """Let a running IPython send the data of every Matplotlib figure beside its picture.

    Matplotlib is not imported on that account. A formatter that was registered for the class
    ``Figure`` would not do: ``select_figure_formats`` takes those away again.

    Parameters
    ----------
    ip
        The shell, as ``get_ipython()`` returns it.
    """
    from IPython.core.formatters import BaseFormatter
    from traitlets import ObjectName, Unicode

    class FigureDataFormatter(BaseFormatter):
        format_type = Unicode(MEDIA_TYPE)
        print_method = ObjectName("_nbtolerance_figure_")
        _return_type = dict

        def __call__(self, obj: Any) -> Json:
            matplotlib = sys.modules.get("matplotlib.figure")
            is_figure = matplotlib is not None and isinstance(obj, matplotlib.Figure)
            return figure_data(obj) if self.enabled and is_figure else None

    ip.display_formatter.formatters[MEDIA_TYPE] = FigureDataFormatter(parent=ip.display_formatter)
