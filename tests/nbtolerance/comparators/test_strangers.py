"""Outputs and references of any shape. Oracle: a difference, or one sentence; never a traceback.

Where the two sides are one, what passes must be what is whole: nothing unreadable ever passes.
"""

import base64
import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtolerance.comparators import (
    BadOutputError,
    Comparison,
    comparator_for,
    compare_outputs,
    condense_output,
    condense_outputs,
    drawn,
    explain,
)
from nbtolerance.comparators.outputs import coalesced
from nbtolerance.comparators.widgets import MEDIA_TYPE as VIEW
from nbtolerance.comparators.widgets import OUTPUTS, resolve_view
from nbtolerance.tolerance import Tolerance

from .strategies import QUICK, nested, scalars, special
from .test_pictures import png

TYPES = ["text/plain", "text/html", "image/png", "image/svg+xml", "video/mp4", VIEW, OUTPUTS]
TYPES += [drawn.MEDIA_TYPE, "application/vnd.nbtolerance.quantity+json", "x/unknown"]

anything = nested(scalars | special | st.just(base64.b64encode(png()).decode()))
keys = ["markup", "media", "media_type", "data", "width", "height", "thumbnail", "first", "last"]
keys += ["elements", "text", "unreadable", "model", "state", "condensed_outputs", "axes", "axis"]
forms = anything | st.dictionaries(st.sampled_from(keys), anything, max_size=5)
media = st.dictionaries(st.sampled_from(TYPES), forms, max_size=3)
outputs = anything | st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "odd"])},
    optional={
        "name": st.text(max_size=4) | anything,
        "text": st.text() | st.lists(st.text()) | anything,
        "ename": st.text() | anything,
        "evalue": st.text() | anything,
        "data": media | anything,
        "metadata": anything,
    },
)


def deep(levels):
    value = 0.5
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def compared(media_type, expected, got):
    """What comparing finds, the sentence of what it refuses included."""
    try:
        return explain(comparator_for(media_type).compare(expected, got, Tolerance()))
    except BadOutputError as error:
        return [str(error)]


def one_line(error):
    assert len(str(error).splitlines()) == 1
    assert "Traceback" not in str(error)


@QUICK
@given(st.sampled_from(TYPES), anything)
def test_any_data_is_condensed_or_refused_in_a_sentence(media_type, data):
    try:
        comparator_for(media_type).condense(data)
    except BadOutputError as error:
        one_line(error)


@QUICK
@given(st.sampled_from(TYPES), forms, forms)
def test_any_two_forms_are_compared_or_refused(media_type, expected, got):
    compared(media_type, expected, got)
    compared(media_type, got, got)


@QUICK
@given(st.lists(outputs, max_size=3) | anything, st.lists(outputs, max_size=3) | anything)
def test_any_outputs_are_compared_or_refused(expected, got):
    with contextlib.suppress(BadOutputError):
        assert isinstance(compare_outputs(expected, got, lambda o: Tolerance()), Comparison)
    for step in (condense_outputs, coalesced):
        with contextlib.suppress(BadOutputError):
            assert isinstance(step(expected), list)


@QUICK
@given(outputs, st.dictionaries(st.sampled_from(["a", "b"]), anything) | anything)
def test_any_output_is_condensed_or_refused(output, state):
    try:
        condensed = condense_output(output, state)
    except BadOutputError as error:
        one_line(error)
    else:
        compare_outputs([condensed], [condensed], lambda o: Tolerance())


models = st.fixed_dictionaries(
    {},
    optional={
        "model_name": st.sampled_from(["OutputModel", "HTMLModel", "ImageModel"]) | anything,
        "state": st.dictionaries(
            st.sampled_from(["outputs", "value", "format"]),
            anything | st.just("IPY_MODEL_a") | st.lists(outputs),
        ),
        "buffers": anything | st.lists(st.fixed_dictionaries({"path": anything, "data": anything})),
    },
)


@QUICK
@given(st.dictionaries(st.sampled_from(["a", "b"]), models))
def test_any_state_of_a_widget_is_resolved_or_refused(state):
    try:
        resolve_view({"model_id": "a"}, state)
    except BadOutputError as error:
        one_line(error)


@pytest.mark.parametrize("media_type", ["image/png", "image/svg+xml", "video/mp4", VIEW, OUTPUTS])
@pytest.mark.parametrize("data", [None, 5, "no base64!", {}, [[]], {"a": None}])
def test_what_is_no_picture_view_or_output_never_passes(media_type, data):
    output = {"output_type": "display_data", "data": {media_type: data}}
    try:
        got = condense_outputs([output])
    except BadOutputError as error:
        one_line(error)
    else:
        assert not compare_outputs(got, got, lambda o: Tolerance()).passed


@pytest.mark.parametrize("media_type", TYPES)
def test_what_is_nested_too_deep_is_refused(media_type):
    with pytest.raises(BadOutputError, match="deep"):
        condense_output({"output_type": "display_data", "data": {media_type: deep(400)}})


@pytest.mark.parametrize("media_type", TYPES[:-1])
def test_a_form_that_a_comparator_cannot_read_is_a_difference(media_type):
    got = [{"output_type": "display_data", "data": {media_type: {"odd": 1.0}}}]
    other = [{"output_type": "display_data", "data": {media_type: {"odd": 2.0}}}]
    assert not compare_outputs(other, got, lambda o: Tolerance()).passed


def bomb(width, height):
    """A PNG that says that it is large, and has a few bytes."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


@pytest.mark.parametrize("size", [(30_000, 30_000), (12_000, 12_000)])
def test_a_picture_that_is_too_large_is_unreadable(size):
    (output,) = condense_outputs(
        [{"output_type": "display_data", "data": {"image/png": bomb(*size)}}]
    )
    assert output["data"]["image/png"]["unreadable"].startswith("too large")
    (difference,) = compare_outputs([output], [output], lambda o: Tolerance()).differences
    assert difference.path == "output 1, image/png: unreadable"


def test_an_output_widget_that_shows_itself_ends():
    data = {VIEW: {"model_id": "a"}}
    shown = [{"output_type": "display_data", "data": data}]
    state = {"a": {"model_name": "OutputModel", "state": {"outputs": shown}}}
    resolved = resolve_view({"model_id": "a"}, state)
    (inner,) = resolved["state"]["outputs"]["condensed_outputs"]
    assert inner["data"][VIEW] == {"seen": 0}


def test_models_nested_without_end_are_refused():
    state = {
        str(i): {"model_name": "M", "state": {"child": f"IPY_MODEL_{i + 1}"}} for i in range(5_000)
    }
    with pytest.raises(BadOutputError, match="the state of a widget cannot be read"):
        resolve_view({"model_id": "0"}, state)
