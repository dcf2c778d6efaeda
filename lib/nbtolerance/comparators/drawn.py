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
SAMPLE = 200  # as many numbers, stretches and colours are kept of more


def figure_data(figure: Figure) -> Json:
    """Return what a figure shows: for each axes its words, limits, scales and drawn numbers.

    Colours belong to it, since they tell one series from another; line widths and fonts are left
    out: they are how data is shown, not what. What is drawn but hidden has ``"visible": false``.
    Numbers are in data coordinates and always floats; NaN and the infinities are strings.
    """
    return _around(figure) | {"axes": [_axes(ax) for ax in figure.axes]}


def _around(figure: Any) -> dict[str, Json]:
    """Return what a figure shows, or a part of one, beside its axes."""
    over = [*figure.lines, *figure.patches, *figure.artists]  # across axes, in shares of the figure
    some = {
        "lines": [_line(artist) for artist in over if hasattr(artist, "get_xdata")],
        "patches": [_patch(artist) for artist in over if hasattr(artist, "get_patch_transform")],
        "images": [_image(image) for image in figure.images],
        "subfigures": [_around(part) for part in figure.subfigs],
    }
    return {
        "title": figure.get_suptitle(),
        "texts": [text.get_text() for text in figure.texts if text is not figure._suptitle],
        "legends": [_legend(legend) for legend in figure.legends],
        **{key: value for key, value in some.items() if value},
    }


def _axes(ax: Axes) -> Json:
    if not hasattr(ax, "get_title"):  # a second axis for the same data
        ax.apply_aspect()  # as drawing does: its limits follow from the first
    legend = ax.legend_ if ax.legend_ and ax.legend_.get_visible() else None
    data = {
        **_titles(ax),
        "axis": {name: _axis(ax, name) for name in ("x", "y", "z") if hasattr(ax, f"{name}axis")},
        "legend": _legend(legend) if legend else [],
        "legend colours": [_colours(handle) for handle in legend.legend_handles] if legend else [],
        "texts": [_text(text) for text in ax.texts],
        "lines": [_line(line) for line in ax.lines],
        "collections": [_collection(c) for c in ax.collections],
        "patches": [_patch(patch) for patch in ax.patches],
        "images": [_image(image) for image in ax.images],
        "tables": [_table(table) for table in ax.tables],
        "artists": [_other(artist) for artist in ax.artists],
        "inset": [_axes(inner) for inner in ax.child_axes],  # type: ignore[arg-type]  # they are Axes
    }
    return {key: value for key, value in data.items() if value} | _view(ax) | _hidden(ax)


def _titles(ax: Axes) -> dict[str, str]:
    if not hasattr(ax, "get_title"):
        return {}
    places = {"title": "center", "left title": "left", "right title": "right"}
    return {name: ax.get_title(loc) for name, loc in places.items()}  # type: ignore[arg-type]


def _view(ax: Any) -> dict[str, Json]:
    """From where a space is seen, in degrees."""
    return {"view": numbers([ax.elev, ax.azim, ax.roll])} if hasattr(ax, "elev") else {}


def _other(artist: Any) -> Json:
    """Return the words of the key of arrows, of a box, or of another artist without a list."""
    texts = artist.findobj(lambda one: hasattr(one, "get_text"))
    words = [text for one in (getattr(artist, "text", None), *texts) if (text := _words(one))]
    return _named(artist) | {"texts": list(dict.fromkeys(words))}


def _words(text: Any) -> str:
    return str(text.get_text()) if hasattr(text, "get_text") else ""


def _text(text: Any) -> Json:
    place = getattr(text, "get_position_3d", text.get_position)()
    record = {"text": text.get_text(), "at": numbers(place), **_hidden(text)}
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
    coordinates = {name: numbers(a) for name, a in zip("xyz", arrays, strict=False)}
    return _named(line) | coordinates | {"colours": _colours(line)}


def _collection(collection: Any) -> Json:
    record = _named(collection)
    in_space = _in_space(collection)
    if hasattr(collection, "levels"):
        record["levels"] = numbers(collection.levels)
    if in_space is not None:
        record["points"] = [numbers(a) for a in in_space]
    elif hasattr(collection, "levels"):
        record["vertices"] = _vertices(collection)
    elif hasattr(collection, "get_coordinates"):
        record["corners"] = numbers(collection.get_coordinates())
    elif _has_offsets(collection):
        record["points"] = numbers(collection.get_offsets())
        record["sizes"] = numbers(_or_empty(getattr(collection, "get_sizes", None)))
    else:
        record["vertices"] = _vertices(collection)
    for key in ("U", "V", "u", "v"):  # of arrows, and of barbs
        if hasattr(collection, key):
            record[key.lower()] = numbers(getattr(collection, key))
    if collection.get_array() is None:
        return record | {"colours": _colours(collection)}
    return record | {"values": numbers(collection.get_array()), **_mapping(collection)}


def _in_space(artist: Any) -> Any:
    """Return the arrays of x, y and z of what is drawn in space, or none.

    What Matplotlib has publicly is projected, and only when the figure is drawn.
    """
    import numpy as np

    if hasattr(artist, "_offsets3d"):  # of points
        return artist._offsets3d
    if hasattr(artist, "_faces"):  # of polygons
        return np.moveaxis(np.ma.filled(np.ma.asarray(artist._faces), math.nan), -1, 0)
    if hasattr(artist, "_segments3d"):  # of lines
        pieces = list(artist._segments3d)
    elif hasattr(artist, "_3dverts_codes"):  # of contours
        pieces = [vertices for vertices, _ in artist._3dverts_codes]
    elif hasattr(artist, "_segment3d"):  # of a patch
        pieces = [artist._segment3d]
    else:
        return None
    joined = [np.reshape(np.asarray(piece, dtype=float), (-1, 3)) for piece in pieces]
    return np.concatenate([np.empty((0, 3)), *joined]).T


def _mapping(drawn: Any) -> dict[str, Json]:
    """How values become colours: the limits, colours at even distances, and whether it is even."""
    import numpy as np

    values, name = drawn.get_array(), type(drawn.norm).__name__
    drawn.autoscale_None()  # as drawing does
    some = np.unique(np.ma.compressed(values))
    low, high = drawn.get_clim()
    if name != "NoNorm" and low is not None and high is not None:
        some = np.linspace(low, high, 9)
    even = {} if name in ("Normalize", "NoNorm") else {"norm": name}
    return {"limits": _limits(drawn), "colours": _hexes(drawn.to_rgba(some)), **even}


def _limits(drawn: Any) -> Json:
    return numbers([math.nan if limit is None else limit for limit in drawn.get_clim()])


def _colours(artist: Any) -> Json:
    """Return the colours of a line and its marks, or of faces and edges, as they were given."""
    from matplotlib.collections import Collection
    from matplotlib.colors import to_rgba_array

    if hasattr(artist, "get_markerfacecolor"):
        kinds = [artist.get_color(), artist.get_markerfacecolor(), artist.get_markeredgecolor()]
    elif isinstance(artist, Collection):  # that of a space has other colours once it is drawn
        faces = Collection.get_facecolor(artist)
        as_faces = isinstance(artist._edgecolors, str)  # type: ignore[attr-defined]
        kinds = [faces, [] if as_faces else Collection.get_edgecolor(artist)]
    elif hasattr(artist, "get_facecolor"):
        kinds = [artist.get_facecolor(), artist.get_edgecolor()]
    else:
        return []
    return [colour for kind in kinds for colour in _hexes(to_rgba_array(kind))]


def _hexes(colours: Any) -> list[str]:
    from matplotlib.colors import to_hex

    return [to_hex(c, keep_alpha=True) for c in colours[:: max(-(-len(colours) // SAMPLE), 1)]]


def _has_offsets(collection: Any) -> bool:
    offsets = collection.get_offsets()
    return len(offsets) > 1 or type(collection).__name__ == "PathCollection" or bool(offsets.any())


def _vertices(collection: Any) -> Json:
    import numpy as np

    pieces = [path.vertices for path in collection.get_paths()]
    return numbers(np.concatenate(pieces) if pieces else [])


def _patch(patch: Any) -> Json:
    from matplotlib import patches

    record = _named(patch) | {"colours": _colours(patch)}
    if (in_space := _in_space(patch)) is not None:
        return record | {"points": [numbers(a) for a in in_space]}
    if isinstance(patch, patches.Rectangle):
        box = (*patch.get_xy(), patch.get_width(), patch.get_height())
        return record | {
            k: numbers(v) for k, v in zip(("x", "y", "width", "height"), box, strict=True)
        }
    if isinstance(patch, patches.FancyArrowPatch):  # its outline is in pixels
        ends, path = getattr(patch, "_posA_posB", None), getattr(patch, "_path_original", None)
        along = [] if ends or path is None else path.vertices
        return record | {"ends": numbers(ends or along)}
    outline = patch.get_path().transformed(patch.get_patch_transform())
    return record | {"vertices": numbers(outline.vertices)}


def _image(image: Any) -> Json:
    values = image.get_array()
    mapping = _mapping(image) if values.ndim == 2 else {"limits": _limits(image)}
    record = {"values": numbers(values), "extent": numbers(image.get_extent()), **mapping}
    return _named(image) | record


def _table(table: Any) -> Json:
    return [
        {"row": i, "column": j, "text": _words(cell.get_text()), "colours": _colours(cell)}
        for (i, j), cell in sorted(table.get_celld().items())
    ]


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
    ``mean_magnitude``, ``rms``, a ``sample`` at even distances, and a weighted mean magnitude of
    each of the ``stretches`` between them. None of them cancels, so each moves by no more than the
    values do, relative to their size. A change that leaves these as they are is not seen.
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
        "stretches": _plain(_stretches(array.ravel())),
    }


def _stretches(array: NDArray[np.float64]) -> list[float]:
    """Return the mean magnitudes of stretches, weighted so that order and signs count.

    A weight goes from 1 to 2 along a stretch, and is larger by 2 where a number is below zero.
    """
    import numpy as np

    starts = np.arange(0, array.size, length := -(-array.size // SAMPLE))
    weights = 1.0 + np.arange(array.size) % length / length + 2.0 * (array < 0)
    sums = np.add.reduceat(np.where(np.isfinite(array), weights * np.abs(array), 0.0), starts)
    return list((sums / length).tolist())


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
