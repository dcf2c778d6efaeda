"""Widgets: the state of all that a view shows, with nothing random and nothing of the layout."""

from __future__ import annotations

import copy
import hashlib
import html
import re
from collections.abc import Callable
from typing import Any

from nbtolerance.comparators.base import BadOutputError, Comparison, Json, in_a_line, require
from nbtolerance.comparators.registry import (
    compare_as,
    compare_embedded,
    condense_as,
    condense_embedded,
)
from nbtolerance.comparators.text import TEXT, is_bar
from nbtolerance.comparators.values import JsonComparator, Place
from nbtolerance.tolerance import Tolerance

MEDIA_TYPE = "application/vnd.jupyter.widget-view+json"
OUTPUTS = "application/vnd.nbtolerance.outputs+json"  # those that an Output widget holds

_REFERENCE = "IPY_MODEL_"
# Which code shows a widget and how often it was shown: not what it shows.
_MACHINERY = ("_model_", "_view_", "_esm", "_css", "_anywidget_id", "_dom_classes", "msg_id")
_PICTURE = re.compile(r"data:(?P<type>image/[\w.+-]+);base64,")
_CONDENSED = "condensed_outputs"  # marks the outputs that an Output widget holds
_EMPTY: tuple[Json, ...] = (None, "", [], {})

WidgetState = dict[str, Any]


def resolve_view(view: Json, state: WidgetState | None) -> Json:
    """Return the models that a view shows, each in the place of the reference to it.

    Parameters
    ----------
    view
        The output's data: ``{"model_id": …}``.
    state
        The notebook's ``metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]``.

    Returns
    -------
    Json
        ``{"model": name, "state": {…}}``, nested. Random ids are gone: a model that was met before
        is ``{"seen": n}``, the n-th of this view, so cycles end. Versions, view counts, source code
        and empty values are left out, and so is what a bar of progress says; outputs, pictures and
        HTML are condensed by their own comparators, and an array of bytes is kept with its type. A
        model that the state lacks is ``{"unresolved": true}``.

    Raises
    ------
    BadOutputError
        If the view or the state is none.
    """
    require(view, model_id=str)
    try:
        return _Resolver(state or {}).model(view["model_id"])
    except BadOutputError:
        raise
    except Exception as error:  # the state may hold anything, nested without end
        raise BadOutputError(f"the state of a widget cannot be read: {in_a_line(error)}") from error


def resolve_outputs(outputs: list[Json], state: WidgetState | None) -> list[Json]:
    """Put in the place of each widget view what it shows; other outputs are left as they are."""
    return [_resolved(output, lambda view: resolve_view(view, state)) for output in outputs]


def _resolved(output: Json, resolve: Callable[[Json], Json]) -> Json:
    data = output.get("data", {})
    view = data.get(MEDIA_TYPE)
    if not isinstance(view, dict) or "model_id" not in view:
        return output
    return {**output, "data": {**data, MEDIA_TYPE: resolve(view)}}


class _Resolver:
    def __init__(self, state: WidgetState) -> None:
        self.models = state
        self.seen: dict[str, int] = {}

    def model(self, model_id: str) -> Json:
        if model_id in self.seen:
            return {"seen": self.seen[model_id]}
        if model_id not in self.models:
            return {"unresolved": True}
        self.seen[model_id] = len(self.seen)
        model = self.models[model_id]
        if self._is_bar(model):
            return {"model": "a bar of progress", "state": {}}
        state = {
            key: self._entry(model, key, value)
            for key, value in sorted(_with_buffers(model).items())
            if not key.startswith(_MACHINERY)
        }
        state = {key: value for key, value in state.items() if value not in _EMPTY}
        name = model.get("model_name", "")
        if not state and name.endswith(("LayoutModel", "StyleModel")):
            return {}  # all of it at its defaults
        return {"model": name, "state": state}

    def _is_bar(self, model: Json) -> bool:
        """Whether a model is a bar of tqdm: words, the bar, and how far and how fast it goes."""
        children = model.get("state", {}).get("children")
        if not (model.get("model_name") == "HBoxModel" and children and len(children) == 3):
            return False
        pace = self.models.get(str(children[2]).removeprefix(_REFERENCE), {}).get("state", {})
        return is_bar(html.unescape(str(pace.get("value"))))

    def _entry(self, model: Json, key: str, value: Json) -> Json:
        if key == "outputs" and model.get("model_name") == "OutputModel":
            outputs = [
                _resolved(output, lambda view: self.model(view["model_id"])) for output in value
            ]
            return {_CONDENSED: condense_as(OUTPUTS, outputs)}
        if key == "value" and model.get("model_name", "").startswith("HTML"):
            return condense_embedded("text/html", value)
        return self._value(value)

    def _value(self, value: Json) -> Json:
        if isinstance(value, str) and value.startswith(_REFERENCE):
            return self.model(value.removeprefix(_REFERENCE))
        if isinstance(value, str) and (found := _PICTURE.match(value)):
            return condense_embedded(found["type"], value[found.end() :])
        if isinstance(value, (list, tuple)):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in sorted(value.items())}
        return value


def _with_buffers(model: Json) -> WidgetState:
    """Return a model's state with its binary parts where they belong."""
    state: WidgetState = copy.deepcopy(model.get("state", {}))
    for buffer in model.get("buffers", []):
        *above, last = buffer["path"]
        place: Any = state
        for step in above:
            place = place[step]
        if isinstance(place, dict) and "dtype" in place:
            place["bdata"] = buffer["data"]  # as Plotly writes an array
        else:
            place[last] = _binary(model, buffer["data"])
    return state


def _binary(model: Json, data: str) -> Json:
    """Return a picture or a video as such, and any other binary part by its digest."""
    kind = {"ImageModel": "image", "VideoModel": "video"}.get(model.get("model_name", ""))
    if kind:
        form = model["state"].get("format") or "png"
        return condense_embedded(f"{kind}/{form}", data)
    return {"sha256": hashlib.sha256(data.encode()).hexdigest()}


class WidgetComparator(JsonComparator):
    """Compares resolved views as JSON; what is embedded in them by its own comparator."""

    def condense(self, data: Any) -> Json:
        """Without the notebook's widget state a view is unresolved; see `resolve_view`."""
        if not (isinstance(data, dict) and data.keys() & {"model", "seen", "unresolved"}):
            return resolve_view(data, None)
        return super().condense(data)

    def _node(self, found: Comparison, place: Place, tolerance: Tolerance) -> None:
        path, expected, got = place
        keys = [set(value) if isinstance(value, dict) else set() for value in (expected, got)]
        if keys[0] == {"unresolved"} or keys[1] == {"unresolved"}:
            found.fail(path, "unknown", _what(expected), _what(got))
        elif keys[0] == keys[1] == {_CONDENSED}:
            compared = compare_as(OUTPUTS, expected[_CONDENSED], got[_CONDENSED], tolerance)
            found.add(compared, prefix=f"{path}: ")
        elif keys[0] == keys[1] == {"media_type", "data"}:
            found.add(compare_embedded(expected, got, tolerance), prefix=f"{path}: ")
        else:
            super()._node(found, place, tolerance)


def _what(value: Json) -> str:
    unresolved = value == {"unresolved": True}
    return "a view whose state was not saved" if unresolved else "the state of a view"


WIDGETS = WidgetComparator(words=TEXT.compare)
