"""Whole outputs, the registry, messages and files. Oracle: tables written by hand."""

import base64
import copy
from importlib.metadata import EntryPoint

import pytest
from matplotlib.figure import Figure

from nbtolerance.comparators import (
    Comparison,
    comparator_for,
    compare_outputs,
    condense_output,
    condense_outputs,
    drawn,
    explain,
    register,
    registry,
)
from nbtolerance.comparators.markup import MarkupComparator
from nbtolerance.comparators.pictures import DrawingComparator, PictureComparator
from nbtolerance.comparators.registry import Unknown
from nbtolerance.comparators.text import TextComparator
from nbtolerance.comparators.values import JsonComparator
from nbtolerance.tolerance import Tolerance

from .test_pictures import png

QUANTITY = "application/vnd.nbtolerance.quantity+json"


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data):
    return {"output_type": "display_data", "metadata": {"x": 1}, "data": data}


def quantity(name, value):
    return shown(
        **{QUANTITY: {"name": name, "value": value}, "text/plain": f"{name} = {value:.4f}"}
    )


def earlier(name, value):
    """A quantity under the name that its media type had at first."""
    data = quantity(name, value)["data"]
    return shown(**{"application/vnd.learning.quantity+json": data.pop(QUANTITY), **data})


def error(kind="ValueError", message="rate 0.5 is too large"):
    return {"output_type": "error", "ename": kind, "evalue": message, "traceback": ["at line 7"]}


def picture(**options):
    data = base64.b64encode(png(**options)).decode()
    return shown(**{"image/png": data, "text/plain": "<Figure size 640x480 with 1 Axes>"})


def figure(k=1.0):
    ax = Figure().subplots()
    ax.plot([1.0, 2.0], [1.0, k])
    output = picture()
    output["data"][drawn.MEDIA_TYPE] = drawn.figure_data(ax.figure)
    return output


def differences(expected, got):
    a, b = condense_outputs(expected), condense_outputs(got)
    found = compare_outputs(a, b, lambda output: Tolerance())
    return [(d.path, d.cause) for d in found.differences]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ([stream("a 1\n"), stream("b\n")], [stream("a 1\nb\n")]),
        ([stream(["a\n", "b"])], [stream("a\nb")]),
        ([stream("a"), stream("w", "stderr"), stream("b")], [stream("ab"), stream("w", "stderr")]),
        ([stream("10%\r100%")], [stream("100%")]),
        ([quantity("gd.fit", 3.0)], [quantity("gd.fit", 3.0000001)]),
        ([quantity("gd.fit", 0.12345)], [quantity("gd.fit", 0.12345000001)]),  # prints 0.1235
        ([earlier("gd.fit", 3.0)], [quantity("gd.fit", 3.0000001)]),
        ([picture()], [{**picture(), "data": {**picture()["data"], "text/plain": "<Figure 2>"}}]),
        ([picture()], [figure()]),  # a stored notebook has no figure data
        ([error()], [{**error(), "traceback": ["at line 8"]}]),
        ([error()], [error(message="rate 0.50000001 is too large")]),
        (
            [{**shown(**{"text/plain": "3"}), "output_type": "execute_result"}],
            [shown(**{"text/plain": "3"})],
        ),
        ([], []),
    ],
)
def test_what_shows_the_same_passes(expected, got):
    assert not differences(expected, got)


@pytest.mark.parametrize(
    ("expected", "got", "found"),
    [
        ([stream("a 0.5")], [stream("a 0.6")], ("output 1, stdout: number 1, line 1", "value")),
        ([stream("a")], [], ("output 1", "missing")),
        ([], [stream("a")], ("output 1", "unexpected")),
        ([], [error()], ("output 1", "error")),
        ([stream("a")], [stream("a", "stderr")], ("output 1, name", "type")),
        ([error()], [error("TypeError")], ("output 1, ename", "error")),
        ([error()], [error(message="no")], ("output 1, ValueError: word 1, line 1", "words")),
        (
            [quantity("gd.fit", 3.0)],
            [quantity("gd.fit", 3.00001)],
            (f"output 1, {QUANTITY}: $.value", "value"),
        ),
        (
            [earlier("gd.fit", 3.0)],
            [earlier("gd.fit", 3.00001)],
            (f"output 1, {QUANTITY}: $.value", "value"),
        ),
        (
            [quantity("a", 1.0), quantity("b", 2.0)],
            [quantity("b", 2.0)],
            ("output 1", "missing"),
        ),
        (
            [quantity("b", 2.0)],
            [quantity("a", 1.0), quantity("b", 2.0)],
            ("output 1", "unexpected"),
        ),
        ([picture()], [picture(at=40)], ("output 1, image/png: thumbnail", "picture")),
        (
            [figure()],
            [figure(1.001)],
            (f"output 1, {drawn.MEDIA_TYPE}: $.axes[0].lines[0].y[1]", "value"),
        ),
        ([figure()], [picture()], (f"output 1, {drawn.MEDIA_TYPE}", "missing")),
        (
            [shown(**{"text/plain": "a"})],
            [shown(**{"text/plain": "a", "text/html": "a"})],
            ("output 1, text/html", "unexpected"),
        ),
        (
            [shown(**{"application/x-odd": "a"})],
            [shown(**{"application/x-odd": "a"})],
            ("output 1, application/x-odd: ", "unknown"),
        ),
    ],
)
def test_each_kind_of_damage_is_named(expected, got, found):
    assert found in differences(expected, got)


@pytest.mark.parametrize(
    ("output", "looked_at"),
    [(picture(), 1), (figure(), 0), (stream("0.5"), 0), (quantity("q", 1.0), 0)],
)
def test_a_picture_without_its_data_is_counted(output, looked_at):
    outputs = condense_outputs([output])
    assert compare_outputs(outputs, outputs, lambda output: Tolerance()).looked_at == looked_at


def test_each_output_has_its_own_tolerance():
    def tolerance_for(output):
        loose = output["data"][QUANTITY]["name"] == "loose"
        return Tolerance(rtol=0.1 if loose else 1e-6)

    old = condense_outputs([quantity("loose", 1.0), quantity("tight", 1.0)])
    new = condense_outputs([quantity("loose", 1.05), quantity("tight", 1.05)])
    found = compare_outputs(old, new, tolerance_for)
    assert {d.path.partition(",")[0] for d in found.differences} == {"output 2"}


def test_a_reference_is_stable_and_the_outputs_are_left_alone():
    outputs = [stream("a"), stream("b"), picture(), error(), quantity("q", 1.0)]
    before = copy.deepcopy(outputs)
    condensed = condense_outputs(outputs)
    assert outputs == before
    assert condensed == condense_outputs(outputs)
    assert "metadata" not in str(condensed)
    assert "text/plain" not in condensed[1]["data"]


def test_widget_views_are_resolved_through_the_state():
    view = shown(
        **{"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "W()"}
    )
    state = {"x": {"model_name": "M", "state": {"value": 0.5}}}
    expected, got = condense_output(view, state), condense_output(view, state)
    assert compare_outputs([expected], [got], lambda output: Tolerance()).passed
    lost = condense_output(view)
    assert not compare_outputs([lost], [lost], lambda output: Tolerance()).passed


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("text/plain", TextComparator),
        ("text/latex", TextComparator),
        ("text/html", MarkupComparator),
        (QUANTITY, JsonComparator),
        ("application/json", JsonComparator),
        ("image/webp", PictureComparator),
        ("image/svg+xml", DrawingComparator),
        ("application/x-odd", Unknown),
    ],
)
def test_a_comparator_is_found_by_name_or_pattern(media_type, kind):
    assert isinstance(comparator_for(media_type), kind)


class Anything:
    def condense(self, data):
        return data

    def compare(self, expected, got, tolerance):
        return Comparison()


def test_a_book_adds_its_own(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    register("audio/*", Anything())
    assert isinstance(comparator_for("audio/ogg"), Anything)


def test_another_package_adds_its_own(monkeypatch):
    entry = EntryPoint("model/x", f"{__name__}:Anything", registry.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [entry])
    registry._plugins.cache_clear()
    assert isinstance(comparator_for("model/x"), Anything)
    monkeypatch.undo()
    registry._plugins.cache_clear()


def test_an_explanation_counts_shows_and_names_the_worst():
    old, new = ([1.0] * 10), ([1.0] * 3 + [1.1] * 6 + [2.0])
    found = JsonComparator().compare(old, new, Tolerance())
    lines = explain(found, limit=2)
    assert lines[0] == "7 of 10 numbers differ; by cause: 7 × value"
    assert "$[3]: expected 1.0, got 1.1, difference 0.1, allowed 1e-06" in lines[1]
    assert lines[3] == "  … and 5 more"
    assert "$[9]: expected 1.0, got 2.0" in lines[4]
    assert explain(Comparison()) == []


def test_a_number_is_explained_to_all_its_digits():
    found = JsonComparator().compare(0.1 + 0.2, 0.4, Tolerance())
    assert "expected 0.30000000000000004, got 0.4" in explain(found)[1]


def test_what_is_glued_for_the_prose_is_compared_as_its_own_type():
    def glued(text):
        data = {"application/papermill.record/text/plain": text}
        metadata = {"scrapbook": {"name": "fit.a"}}
        return condense_output({"output_type": "display_data", "data": data, "metadata": metadata})

    assert glued("3.5")["name"] == "fit.a"
    names = []
    compared = compare_outputs(
        [glued("3.5")], [glued("3.9")], lambda o: names.append(o["name"]) or Tolerance()
    )
    assert [d.cause for d in compared.differences] == ["value"]
    assert names == ["fit.a"]


def test_a_reference_that_another_comparator_condensed_is_a_difference():
    old = {"output_type": "display_data", "data": {"text/plain": {"sha256": "0"}}}
    new = {"output_type": "display_data", "data": {"text/plain": "3.5"}}
    compared = compare_outputs([old], [new], lambda o: Tolerance())
    assert [d.cause for d in compared.differences] == ["type"]
