"""What one process of a check tells the others of chapters that failed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from nbtolerance.book import read_chapter
from nbtolerance.failures import ExecutionError
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.session import ChapterCheck
from nbtolerance.settings import load_settings
from nbtolerance.settling import Settling
from nbtolerance.store import Executed, Provenance, Store
from nbtolerance.told import tell, told


def read(book):
    return read_chapter(book.root / "book" / "one.md", load_settings(book.root))


@pytest.fixture
def failure(book):
    book.chapter("one", "1 / 0")
    chapter = read(book)
    run = Executed(chapter.notebook, Fingerprint(chapter.code))
    return ExecutionError(chapter, 0, "raised ZeroDivisionError", run)


def test_what_is_told_is_added_to_what_was_told_before(tmp_path, failure):
    assert told(tmp_path) == {}
    tell(tmp_path, {"one": failure})
    tell(tmp_path, {"two": failure})
    assert set(told(tmp_path)) == {"one", "two"}
    assert str(told(tmp_path)["one"]) == str(failure)


def test_nothing_is_told_where_the_folder_is_not(tmp_path, failure):
    elsewhere = tmp_path / "elsewhere"
    tell(elsewhere, {"one": failure})
    assert told(elsewhere) == {}
    assert not elsewhere.exists()


def test_a_folder_of_another_user_is_not_read(tmp_path, failure, monkeypatch):
    tell(tmp_path, {"one": failure})
    monkeypatch.setattr("os.getuid", lambda: tmp_path.stat().st_uid + 1)
    assert told(tmp_path) == {}
    tell(tmp_path, {"two": failure})
    monkeypatch.undo()
    assert set(told(tmp_path)) == {"one"}


def test_a_chapter_that_was_changed_since_is_executed(book, failure):
    settling = Settling([failure.chapter], load_settings(book.root), ())
    settling.take_over({"one": failure})
    assert settling.failures() == {"one": failure}
    book.chapter("one", "1 / 1")
    changed = Settling([read(book)], load_settings(book.root), ())
    changed.take_over({"one": failure})
    assert changed.failures() == {}
    assert [one.chapter.name for one in changed.stale()] == ["one"]


def test_all_processes_are_told_of_the_runs_that_the_first_is_told_of(book, failure, request):
    check = ChapterCheck.__new__(ChapterCheck)
    check.settings = load_settings(book.root)
    option = SimpleNamespace(nbtolerance_fresh=True)
    check.config = SimpleNamespace(option=option, add_cleanup=request.addfinalizer)
    store = Store(check.settings.store_path)
    nodes = [SimpleNamespace(workerinput={}) for _ in range(2)]
    for node in nodes:  # between them, the first has executed the chapter
        store.write("one", replace(failure.partial, provenance=Provenance()))
        there = store.ids()
        check.pytest_configure_node(node)
    assert nodes[0].workerinput == nodes[1].workerinput
    assert nodes[0].workerinput["nbtolerance"]["unwanted"] not in ([], there)
