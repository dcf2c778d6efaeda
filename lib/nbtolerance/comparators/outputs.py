"""Whole outputs of a cell: what a reference keeps of them, and when two lists of them agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from nbtolerance.comparators import drawn, widgets
from nbtolerance.comparators.base import (
    BadOutputError,
    Comparator,
    Comparison,
    Json,
    require,
    require_shallow,
)
from nbtolerance.comparators.markup import MarkupComparator
from nbtolerance.comparators.registry import compare_as, condense_as
from nbtolerance.comparators.text import FACE, TEXT, joined, without_bars
from nbtolerance.comparators.values import json_type
from nbtolerance.marked import short
from nbtolerance.tolerance import Tolerance

Output = dict[str, Any]
Pair = tuple[int, Output | None, Output | None]

QUANTITY = "application/vnd.nbtolerance.quantity+json"  # a value with its name, to all its digits
EARLIER_QUANTITY = "application/vnd.learning.quantity+json"  # as it was called at first

# Rounded prints of a quantity, which is compared to all its digits beside them.
_FACES: dict[str, Comparator] = {
    "text/plain": FACE,
    "text/markdown": FACE,
    "text/latex": FACE,
    "text/html": MarkupComparator(text=FACE),
}


# What an output of each type has, beside its type.
_PARTS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "error": {"ename": str, "evalue": str},
    "display_data": {"data": dict},
    "execute_result": {"data": dict},
}


def whole(outputs: Any) -> list[Output]:
    """Return the outputs of a cell, stored or condensed; lines of text are joined.

    A quantity that goes by the type's earlier name is given today's.

    Raises
    ------
    BadOutputError
        If they are not a list, one of them lacks a part of its type, or is nested too deep.
    """
    if not isinstance(outputs, list):
        raise BadOutputError(f"the outputs of a cell must be a list, got {short(outputs)}")
    require_shallow(outputs)
    read = [{**o, "text": joined(o["text"])} if _has_text(o) else o for o in outputs]
    for output in read:
        require(output, output_type=str)
        if output["output_type"] not in _PARTS:
            raise BadOutputError(f"output_type must be one of {list(_PARTS)}, got {short(output)}")
        require(output, **_PARTS[output["output_type"]])
        require({"name": "", "data": {}, **output}, name=str, data=dict)  # if it has them
    return [_renamed(output) for output in read]


def _renamed(output: Output) -> Output:
    data = output.get("data", {})
    if EARLIER_QUANTITY not in data:
        return output
    today = {QUANTITY if kind == EARLIER_QUANTITY else kind: form for kind, form in data.items()}
    return {**output, "data": today}


def _has_text(output: Json) -> bool:
    return isinstance(output, dict) and output.get("output_type") == "stream" and "text" in output


def condense_output(output: Output, widget_state: widgets.WidgetState | None = None) -> Output:
    """Return the part of a notebook output that a reference keeps: small, stable JSON.

    Parameters
    ----------
    output
        A ``stream``, ``display_data``, ``execute_result`` or ``error`` of nbformat 4.
    widget_state
        The notebook's widget state, needed to resolve widget views.

    Returns
    -------
    dict
        With ``output_type`` and one of: ``name`` and ``text``; ``ename`` and ``evalue``; ``data``,
        each media type condensed by its comparator. Execution counts, metadata and tracebacks are
        dropped. An ``execute_result`` becomes a ``display_data``: on a page they are one.

    Raises
    ------
    BadOutputError
        If it is no output, or its data is not what its media type says.
    """
    (output,) = widgets.resolve_outputs(whole([output]), widget_state)
    kind = output["output_type"]
    if kind == "stream":
        return {"output_type": kind, "name": output["name"], "text": TEXT.condense(output["text"])}
    if kind == "error":
        return {"output_type": kind, "ename": output["ename"], "evalue": output["evalue"]}
    shown = _compared(output["data"])
    data = {media_type: condense_as(media_type, form) for media_type, form in shown}
    return {"output_type": "display_data", "data": data, **_glued(output.get("metadata"))}


def _glued(metadata: Json) -> dict[str, str]:
    scrapbook = metadata.get("scrapbook") if isinstance(metadata, dict) else None
    name = scrapbook.get("name") if isinstance(scrapbook, dict) else None
    return {"name": name} if name and isinstance(name, str) else {}


def condense_outputs(
    outputs: list[Output], widget_state: widgets.WidgetState | None = None
) -> list[Output]:
    """Condense the outputs of a cell, after the streams of one name have been joined.

    Bars of progress are no results, and are left out.
    """
    masked = [
        {**o, "text": TEXT.condense(o["text"])} if _has_text(o) else o for o in whole(outputs)
    ]
    return [condense_output(output, widget_state) for output in _results(coalesced(masked))]


def _results(outputs: Iterable[Output]) -> Iterator[Output]:
    """Leave out bars of progress, and streams that are nothing else."""
    for output in outputs:
        text = without_bars(output["text"]) if _has_text(output) else ""
        if not _has_text(output) or text == output["text"]:
            yield output
        elif text.strip():
            yield {**output, "text": text}


def coalesced(outputs: list[Output]) -> list[Output]:
    """Join streams of the same name, as nbval does; the outputs given are left as they are."""
    # Here, not above: a kernel that only extracts figure data must not load pytest.
    from nbformat import from_dict
    from nbval.plugin import coalesce_streams

    copies = [from_dict(output) for output in whole(outputs)]  # type: ignore[no-untyped-call]
    return [dict(output) for output in coalesce_streams(copies)]


def compare_outputs(
    expected: list[Output], got: list[Output], tolerance_for: Callable[[Output], Tolerance]
) -> Comparison:
    """Compare the condensed outputs of a cell with their reference.

    Parameters
    ----------
    expected, got
        Condensed outputs, in the order in which they appeared.
    tolerance_for
        Returns the tolerance of a condensed output, found by the name of its quantity or cell.

    Returns
    -------
    Comparison
        Paths read ``output 2, text/plain: number 3, line 1``. An output without a counterpart is
        one difference, ``missing`` or ``unexpected`` (or ``error``), which says what it was.

    Raises
    ------
    BadOutputError
        If one of them is no output. Data that cannot be compared is a difference.
    """
    found = Comparison()
    for number, old, new in _pair(
        list(_results(coalesced(expected))), list(_results(coalesced(got)))
    ):
        where = f"output {number}"
        if old is not None and new is not None:
            found.add(_compare(old, new, tolerance_for(old)), prefix=where)
        elif old is not None:
            found.fail(where, "missing", describe(old), None)
        elif new is not None:
            cause = "error" if new["output_type"] == "error" else "unexpected"
            found.fail(where, cause, None, describe(new))
    return found


def describe(output: Output) -> str:
    """Return a condensed output in a few words, for a message."""
    if output["output_type"] == "stream":
        return f"{output['name']}: {output['text'].strip()[:60]!r}"
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    name = _name(output)
    return ", ".join(sorted(output["data"])) + (f" ({name})" if name else "")


def _pair(expected: list[Output], got: list[Output]) -> Iterator[Pair]:
    """Pair outputs in order, by what they are, so that one that is missing moves no other."""
    before, after = [_kind(o) for o in expected], [_kind(o) for o in got]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        old, new = expected[i:i_end], got[j:j_end]
        while old and new and old[0]["output_type"] == new[0]["output_type"]:
            yield j_end - len(new) + 1, old.pop(0), new.pop(0)
        yield from ((i_end - len(old) + k, o, None) for k, o in enumerate(old, start=1))
        yield from ((j_end - len(new) + k, None, o) for k, o in enumerate(new, start=1))


def _kind(output: Output) -> tuple[str, ...]:
    types = sorted(output.get("data", ()))
    return (output["output_type"], output.get("name", ""), _name(output), *types)


def _name(output: Output) -> str:
    """Return the name that a JSON output goes by, if it says so: a reported quantity does."""
    named = (d.get("name") for d in output.get("data", {}).values() if isinstance(d, dict))
    return next((name for name in named if isinstance(name, str)), "")


# Of an output that is a text: its name, the cause if that differs, and the entry with the text.
_TEXTS = {"stream": ("name", "type", "text"), "error": ("ename", "error", "evalue")}


def _compare(expected: Output, got: Output, tolerance: Tolerance) -> Comparison:
    """Compare two outputs of one type."""
    kind = expected["output_type"]
    if kind not in _TEXTS:
        old, new = dict(_compared(expected["data"])), dict(_compared(got["data"]))
        return _compare_data(old, new, tolerance)
    found = Comparison()
    name, cause, text = _TEXTS[kind]
    if expected[name] != got[name]:
        found.fail(f", {name}", cause, expected[name], got[name])
    compared = TEXT.compare(expected[text], got[text], tolerance)
    found.add(compared, prefix=f", {got[name]}: ")
    return found


def _compare_data(
    expected: dict[str, Json], got: dict[str, Json], tolerance: Tolerance
) -> Comparison:
    found = Comparison()
    with_data = any(media_type.endswith("json") for media_type in expected.keys() & got.keys())
    for media_type in sorted(expected.keys() | got.keys()):
        path, what = f", {media_type}", f"an output of type {media_type}"
        old, new = expected.get(media_type), got.get(media_type)
        if media_type not in got:
            found.fail(path, "missing", what, None)
        elif media_type not in expected:
            # A stored notebook has only the picture; figure data comes with our own runs.
            if not (media_type == drawn.MEDIA_TYPE and _has_picture(expected)):
                found.fail(path, "unexpected", None, what)
        elif json_type(old) != json_type(new):
            # Condensed by another comparator, when the reference was made.
            found.fail(path, "type", old, new)
        else:
            face = _FACES.get(media_type) if QUANTITY in expected else None
            compared = compare_as(media_type, old, new, tolerance, face)
            if with_data and not media_type.endswith("json"):
                compared.looked_at = 0  # the data is compared beside what it looks like
            found.add(compared, prefix=f"{path}: ")
    return found


def _compared(data: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """Return the media types that are compared: not an object's name beside its picture."""
    shown = _has_picture(data) or drawn.MEDIA_TYPE in data or widgets.MEDIA_TYPE in data
    return ((t, d) for t, d in sorted(data.items()) if not (shown and t == "text/plain"))


def _has_picture(data: dict[str, Json]) -> bool:
    return any(media_type.startswith("image/") for media_type in data)


class OutputsComparator:
    """Compares outputs that another output holds, as a widget may; see `compare_outputs`."""

    def condense(self, data: Any) -> Json:
        """Condense them as those of a cell."""
        return condense_outputs(data)

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare them as those of a cell, all within one tolerance."""
        return compare_outputs(expected, got, lambda _: tolerance)
