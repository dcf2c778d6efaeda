"""`python -m nbtolerance`: bless, status, prune, execute."""

import json

import pytest

from nbtolerance.__main__ import main
from nbtolerance.reference import compact

from .conftest import QUANTITY


def test_bless_refuses_in_ci(book, monkeypatch, capsys):
    book.chapter("one", "1")
    monkeypatch.setenv("CI", "true")
    assert main(["bless"]) == 1
    assert "refused because CI is set" in capsys.readouterr().err
    assert not book.reference("one").exists()


def test_bless_keeps_what_is_within_tolerance(book, capsys):
    book.chapter("one", QUANTITY, "report('one.x', 2.0)")
    book.bless()
    moved = book.reference("one").read_text().replace("2.0", "2.000000002")
    book.reference("one").write_text(moved)
    book.bless()
    assert book.reference("one").read_text() == moved
    assert "one: within tolerance, kept" in capsys.readouterr().out


def test_bless_all_rewrites_what_is_within_tolerance(book):
    book.chapter("one", QUANTITY, "report('one.x', 2.0)")
    book.bless()
    original = book.reference("one").read_text()
    book.reference("one").write_text(original.replace("2.0", "2.000000002"))
    book.bless("--all")
    assert '"value": 2.0\n' in book.reference("one").read_text()


def test_bless_prints_old_new_and_difference(book, capsys):
    book.chapter("one", QUANTITY, "report('one.x', 2.0)")
    book.bless()
    book.reference("one").write_text(book.reference("one").read_text().replace("2.0", "2.5"))
    capsys.readouterr()
    book.bless()
    out = capsys.readouterr().out
    assert "one.x moved" in out
    assert "expected 2.5, got 2.0, difference 0.5" in out
    assert '"value": 2.0\n' in book.reference("one").read_text()


def test_bless_leaves_other_chapters_alone(book):
    book.chapter("one", "1")
    book.chapter("two", "2")
    book.bless("one")
    assert book.reference("one").exists()
    assert not book.reference("two").exists()


def test_bless_refuses_a_chapter_that_fails(book, capsys):
    book.chapter("one", "1 / 0")
    with pytest.raises(AssertionError):
        book.bless()
    err = capsys.readouterr().err
    assert "nothing blessed for one" in err
    assert "ZeroDivisionError" in err


def test_bless_rewrites_a_reference_of_other_cells(book, capsys):
    book.chapter("one", "1", "2")
    book.bless()
    entry = json.loads(book.reference("one").read_text())
    for cells in (entry["cells"][:1], [*entry["cells"], {"cell": 2, "outputs": []}]):
        book.reference("one").write_text(json.dumps(entry | {"cells": cells}))
        capsys.readouterr()
        book.bless()
        assert f"it has {len(cells)} cells, the chapter 2" in capsys.readouterr().out
        assert json.loads(book.reference("one").read_text())["cells"] == entry["cells"]


def test_status_names_what_changed(book, capsys):
    book.chapter("one", "1")
    main(["status"])
    assert capsys.readouterr().out == "one: stale: never executed\n"
    main(["execute"])
    capsys.readouterr()
    main(["status"])
    assert capsys.readouterr().out == "one: fresh\n"
    book.chapter("one", "import numpy")
    main(["status"])
    assert capsys.readouterr().out == "one: stale: code\n"


def test_execute_fails_with_the_place_and_the_traceback(book, capsys):
    book.chapter("one", "1 / 0")
    assert main(["execute"]) == 1
    captured = capsys.readouterr()
    assert "one.md:7: cell 0 of one raised ZeroDivisionError: division by zero" in captured.err


def test_prune_removes_what_no_chapter_owns(book):
    path = book.chapter("one", "1")
    book.chapter("two", "2")
    book.bless()
    path.unlink()
    assert main(["prune"]) == 0
    assert [book.stored(n).exists() for n in ("one", "two")] == [False, True]
    assert [book.reference(n).exists() for n in ("one", "two")] == [False, True]


def test_a_wrong_setting_is_named(book, capsys):
    book.pytester.makepyprojecttoml("[tool.nbtolerance]\ntimeout = 'long'\n")
    assert main(["status"]) == 1
    assert "tool.nbtolerance.timeout must be a whole number of seconds" in capsys.readouterr().err
    book.pytester.makepyprojecttoml("[tool.nbtolerance]\nbooks = 'b'\n")
    assert main(["status"]) == 1
    assert "tool.nbtolerance.books is unknown" in capsys.readouterr().err


def test_references_keep_a_list_of_numbers_on_one_line():
    text = compact({"b": [1.5, 2.5], "a": {"c": [{"d": []}]}})
    assert text == '{\n "a": {\n  "c": [\n   {\n    "d": []\n   }\n  ]\n },\n "b": [1.5, 2.5]\n}'
