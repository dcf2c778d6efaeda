"""References of any shape: one sentence with the file and what mends it, and never a traceback.

The oracle of a good reference is `write`; arbitrary JSON, and damage to a good one, is Hypothesis'.
"""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbtolerance.chapter import Cell
from nbtolerance.check import check_cell
from nbtolerance.commands import main
from nbtolerance.comparators import drawn, widgets
from nbtolerance.comparators.outputs import QUANTITY
from nbtolerance.reference import (
    BadReferenceError,
    bless_command,
    compact,
    devices,
    parse,
    read,
    references,
)
from nbtolerance.settings import Settings
from nbtolerance.tolerance import Tolerances

CHAPTER = SimpleNamespace(name="week 1/übung", tolerances=Tolerances())
CELL = Cell(0, 1, "", "", {})

GOOD = {
    "format": 1,
    "chapter": "week 1/übung",
    "code": "0123",
    "provenance": {
        "device": {"kind": "cpu", "name": "cpu"},
        "date": "2026-01-01T00:00:00+00:00",
        "python": "3.11",
        "processors": "2",
        "packages": {"numpy": "2.0"},
    },
    "cells": [
        {"cell": 0, "outputs": []},
        {
            "cell": 1,
            "name": "one",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "1.5\n"},
                {"output_type": "error", "ename": "E", "evalue": "e"},
                {
                    "output_type": "display_data",
                    "data": {QUANTITY: {"name": "one.x", "value": 1.5}, "text/plain": "1.5"},
                },
            ],
        },
    ],
}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*GOOD, "data", "name", "text", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def places(value, path=()):
    """The paths of all values in JSON."""
    yield path
    items = enumerate(value) if isinstance(value, list) else ()
    for key, inner in value.items() if isinstance(value, dict) else items:
        yield from places(inner, (*path, key))


@st.composite
def damaged(draw):
    """A good reference in which one value is another, or gone."""
    entry = {"file": copy.deepcopy(GOOD)}
    path = draw(st.sampled_from(list(places(entry))[1:]))
    parent = entry
    for key in path[:-1]:
        parent = parent[key]
    if draw(st.booleans()) and isinstance(parent, dict):
        del parent[path[-1]]
    else:
        parent[path[-1]] = draw(values)
    return entry.get("file")


MEDIA = [
    QUANTITY,
    drawn.MEDIA_TYPE,
    widgets.MEDIA_TYPE,
    "text/plain",
    "text/html",
    "text/latex",
    "image/png",
    "image/svg+xml",
    "video/mp4",
    "application/json",
    "application/javascript",
    "chemical/x-atoms",
]


@st.composite
def with_any_data(draw):
    """A reference whose outputs hold anything under the media types that are known."""
    entry = copy.deepcopy(GOOD)
    data = draw(st.dictionaries(st.sampled_from(MEDIA), values, min_size=1, max_size=2))
    entry["cells"][1]["outputs"][2]["data"] = data
    return entry


def reads_or_says(text: str) -> None:
    """Read a reference, and hold it against a good one; only a sentence may come of it."""
    try:
        reference = parse(text, "cpu", Path("x.json"))
    except (ValueError, RecursionError):
        return
    good = parse(json.dumps(GOOD), "cpu", Path("x.json")).outputs
    for ours, theirs in itertools.product([*reference.outputs, *good], repeat=2):
        check_cell(CHAPTER, CELL, reference, ours, theirs)


few = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(values | damaged())
def test_any_json_is_read_or_refused_with_a_sentence(entry):
    reads_or_says(json.dumps(entry))


@few
@given(with_any_data())
def test_any_data_of_an_output_is_compared_or_refused(entry):
    reads_or_says(json.dumps(entry))


@few
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    reads_or_says(text)


def test_what_is_written_is_read():
    assert parse(json.dumps(GOOD), "cpu", Path("x.json")).outputs == [
        cell["outputs"] for cell in GOOD["cells"]
    ]


def changed(path: list[str | int], value: object) -> bytes:
    entry = copy.deepcopy(GOOD)
    inner = entry
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(entry).encode()


@pytest.fixture
def folder(tmp_path):
    return Settings(tmp_path)


def put(content: bytes, folder: Settings) -> Path:
    path = folder.references_path / "cpu" / f"{CHAPTER.name}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe", "can't decode byte 0xff"),
        (b"[1]", "the file must be a table, got [1]"),
        (b"[" * 400 + b"]" * 400, "the file must be a table, got "),
        (b"[" * 100_000, "recursion"),
        (b"9" * 5000, "4300 digits"),
        (b"[1e400]", "a number must be one that a float can hold, got '1e400'"),
        (changed(["format"], 2), "its format must be 1, got 2"),
        (changed(["code"], None), "the file.code must be of type str, got None"),
        (changed(["provenance"], "?"), "the file.provenance must be a table, got '?'"),
        (changed(["provenance", "date"], "?"), "Invalid isoformat string: '?'"),
        (changed(["provenance", "device", "kind"], "../x"), "made of a-z, 0-9, _ and -"),
        (changed(["cells"], {}), "the file.cells must be a list, got {}"),
        (changed(["cells", 1, "outputs", 0], 5), "cell 1: "),
        (changed(["cells", 1, "outputs", 0, "text"], 5), "cell 1: "),
        (changed(["cells", 1, "outputs", 0, "output_type"], "pie"), "must be one of"),
    ],
)
def test_a_bad_reference_is_said_with_file_rule_value_and_what_mends_it(folder, content, said):
    path = put(content, folder)
    with pytest.raises(BadReferenceError) as refused:
        read(CHAPTER, "cpu", folder)
    message = str(refused.value)
    assert message.startswith(f"{path} cannot be read: ")
    assert said in message
    assert message.endswith("python -m nbtolerance bless 'week 1/übung'")
    assert "\n" not in message
    assert path.read_bytes() == content


def test_a_reference_that_is_a_folder_or_a_ring_of_links_is_said(folder):
    path = put(b"", folder)
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(BadReferenceError, match="symbolic links"):
        read(CHAPTER, "cpu", folder)
    path.unlink()
    path.mkdir()
    with pytest.raises(BadReferenceError, match="Is a directory"):
        read(CHAPTER, "cpu", folder)
    path.rmdir()
    assert read(CHAPTER, "cpu", folder) is None


def test_devices_are_folders_with_names_of_devices(folder):
    assert devices(folder) == []
    for name in ("cpu", "cuda", ".git"):
        (folder.references_path / name).mkdir(parents=True)
    (folder.references_path / "README").write_text("not a device")
    assert devices(folder) == ["cpu", "cuda"]
    (folder.references_path / "cpu copy").mkdir()
    with pytest.raises(BadReferenceError, match=r"cpu copy must be called after a device.*a-z"):
        list(references(CHAPTER, folder))


def test_a_references_folder_that_is_a_file_is_said(folder):
    folder.references_path.parent.mkdir()
    folder.references_path.write_text("a file")
    with pytest.raises(BadReferenceError, match=r"reference must be a folder .*Not a directory"):
        devices(folder)


@pytest.mark.parametrize("wrong", ["cpu copy", "a file"])
def test_the_check_and_prune_say_what_is_wrong_with_the_folder(book, capsys, wrong):
    book.chapter("one", "1")
    reference = book.root / "tests" / "reference"
    if wrong == "a file":
        reference.parent.mkdir()
        reference.write_text("")
    else:
        (reference / wrong).mkdir(parents=True)
    result = book.check()
    assert result.ret == 1
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    result.stdout.fnmatch_lines([f"*{reference}*must be *"])
    capsys.readouterr()
    assert main(["prune"]) == 1
    assert "must be " in capsys.readouterr().err


def test_the_command_can_be_pasted():
    assert bless_command("a b") == "python -m nbtolerance bless 'a b'"
    assert bless_command("-x", "--once") == "python -m nbtolerance bless --once -- -x"


def test_references_keep_a_list_of_numbers_on_one_line():
    text = compact({"b": [1.5, 2.5], "a": {"c": [{"d": []}]}})
    assert text == '{\n "a": {\n  "c": [\n   {\n    "d": []\n   }\n  ]\n },\n "b": [1.5, 2.5]\n}'
