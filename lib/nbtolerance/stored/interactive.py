"""Widgets of a stored notebook: their state may not be stored, or be that of older models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from nbtolerance.comparators.base import Json
from nbtolerance.comparators.outputs import whole
from nbtolerance.comparators.text import joined
from nbtolerance.comparators.widgets import MEDIA_TYPE, WidgetState, resolve_outputs

Output = dict[str, Any]
Runs = tuple[list[Output], list[Output]]

UNSAVED = "widgets without stored state"

# What earlier versions stored in the place of a view.
_STAND_IN = re.compile(r"Failed to display Jupyter Widget|^A Jupyter Widget$")
_REFERENCE = re.compile(r"IPY_MODEL_(\w+)")


def level_views(runs: Runs, states: tuple[WidgetState, WidgetState]) -> tuple[Runs, set[str]]:
    """Take out views whose state is not stored, and of older models what today's have not.

    Parameters
    ----------
    runs
        The outputs of a cell: those stored, and those of this run.
    states
        The widget states of the two notebooks.

    Returns
    -------
    tuple
        The outputs, each view in the form that `resolve_view` gives it, and what was left out.
        What an ``Output`` widget shows today stands by itself where the cell stored other outputs.
    """
    old, new = map(whole, runs)
    pairs = zip_longest(_views(old), _views(new))
    lost = [(a, b) for a, b in pairs if not _is_stored(a, states[0])]
    old = [output for output in old if all(output is not a for a, _ in lost)]
    for view in (b for _, b in lost if b):
        at = next(i for i, output in enumerate(new) if output is view)
        new[at : at + 1] = _inside(view, states[1]) if old else []
    old, new = (resolve_outputs(o, s) for o, s in zip((old, new), states, strict=True))
    if _versions(states[0]) != _versions(states[1]):
        for a, b in zip(_views(old), _views(new), strict=False):
            _share_entries(a["data"][MEDIA_TYPE], b["data"][MEDIA_TYPE])
    return (old, new), {UNSAVED} if lost else set()


def _views(outputs: list[Output]) -> list[Output]:
    return [o for o in outputs if MEDIA_TYPE in o.get("data", {}) or _is_stand_in(o)]


def _is_stand_in(output: Output) -> bool:
    forms = (output.get("data", {}).get(f"text/{kind}", "") for kind in ("plain", "html"))
    return any(_STAND_IN.search(joined(form).strip()) for form in forms)


def _model(view: Output) -> str:
    shown = view["data"].get(MEDIA_TYPE)
    return str(shown.get("model_id")) if isinstance(shown, dict) else ""


def _is_stored(view: Output | None, state: WidgetState) -> bool:
    """Whether a view can be compared; one that is new cannot where no state is stored at all."""
    return bool(state) if view is None else _model(view) in state


def _inside(view: Output, state: WidgetState) -> list[Output]:
    """Return what the ``Output`` widgets below a view show."""
    return [
        output
        for name in _below(_model(view), state, set())
        for output in state[name].get("state", {}).get("outputs", [])
    ]


def _below(name: str, state: WidgetState, seen: set[str]) -> Iterator[str]:
    if name in state and name not in seen:
        seen.add(name)
        yield name
        for inner in _REFERENCE.findall(repr(state[name].get("state"))):
            yield from _below(inner, state, seen)


def _versions(state: WidgetState) -> set[str]:
    return {str(model.get("model_module_version")) for model in state.values()}


def _share_entries(a: Json, b: Json) -> None:
    """Of two forms of a model, keep the entries that both have."""
    if isinstance(a, dict) and isinstance(b, dict):
        if isinstance(a.get("state"), dict) and isinstance(b.get("state"), dict):
            for key in a["state"].keys() ^ b["state"].keys():
                a["state"].pop(key, None)
                b["state"].pop(key, None)
        for key in a.keys() & b.keys():
            _share_entries(a[key], b[key])
    elif isinstance(a, list) and isinstance(b, list):
        for one, other in zip(a, b, strict=False):
            _share_entries(one, other)
