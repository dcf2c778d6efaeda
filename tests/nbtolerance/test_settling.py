"""Chapters that read what others write: never a pass with an old number."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.failures import ExecutionError
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings
from nbtolerance.store import Store

from .conftest import opened_in

READ = "print(open('table.txt').read())"
WRITE = "open('table.txt', 'w').write('{}')"


def execute(book, *names, **options):
    """Execute chapters, all of them if none is named: their results, and who was executed."""
    settings = load_settings(book.root)
    chapters = [c for c in find_chapters(settings).chapters if not names or c.name in names]
    lines = []
    results = ensure_executed(chapters, settings, report=lines.append, **options)
    done = [line.split()[1] for line in lines if " executed in " in line]
    return results, done


def said(result):
    assert not isinstance(result, ExecutionError), str(result)
    return result.code_cells[0].outputs[0].text.strip()


def test_from_a_clean_checkout_they_run_in_order_whatever_their_names(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    results, done = execute(book)
    assert said(results["a-reads"]) == "old"
    assert set(done) == {"b-writes", "a-reads"}
    assert execute(book)[1] == []


def test_after_an_edit_of_the_first_one_call_gives_the_new_number(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    execute(book)
    book.chapter("b-writes", WRITE.format("new"))
    results, done = execute(book)
    assert said(results["a-reads"]) == "new"
    assert done == ["b-writes", "a-reads"]
    assert execute(book)[1] == []


def test_a_chain_of_three_settles(book):
    book.chapter("a", "print(open('two.txt').read())")
    book.chapter("b", "open('two.txt', 'w').write(open('one.txt').read())")
    book.chapter("c", "open('one.txt', 'w').write('1')")
    assert said(execute(book)[0]["a"]) == "1"
    book.chapter("c", "open('one.txt', 'w').write('2')")
    results, done = execute(book)
    assert said(results["a"]) == "2"
    assert done == ["c", "b", "a"]


def test_who_wrote_what_a_chapter_reads_is_run_before_it_though_only_that_is_asked_for(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    book.chapter("c-else", "1")
    execute(book)
    book.chapter("b-writes", WRITE.format("new"))
    book.chapter("c-else", "2")
    with opened_in(book.root / "_build" / "executed") as opened:
        results, done = execute(book, "a-reads")
    assert "c-else.json" not in opened
    assert list(results) == ["a-reads"]
    assert said(results["a-reads"]) == "new"
    assert done == ["b-writes", "a-reads"]


def test_a_chapter_whose_input_cannot_be_made_fails(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    execute(book)
    book.chapter("b-writes", "1 / 0")
    results, _ = execute(book, "a-reads")
    assert "may read what b-writes writes, and that fails: " in str(results["a-reads"])
    assert "ZeroDivisionError" in str(results["a-reads"])


def test_a_product_that_was_removed_is_made_again(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    execute(book)
    (book.root / "book/table.txt").unlink()
    results, done = execute(book)
    assert said(results["a-reads"]) == "old"
    assert done[0] == "b-writes"


def test_a_product_that_others_write_too_is_no_dependence(book):
    for name in ("one", "two"):
        book.chapter(name, f"open('t.txt', 'w').write('{name}'); print(open('t.txt').read())")
    results, done = execute(book)
    assert sorted(done) == ["one", "two"]
    assert said(results["one"]) == "one"
    assert execute(book)[1] == []


def test_chapters_that_read_each_others_files_in_a_circle_fail_by_name(book):
    for mine, other in (("one", "two"), ("two", "one")):
        book.chapter(
            mine,
            f"n = len(open('{other}.txt').read())\nopen('{mine}.txt', 'w').write('x' * (n + 1))",
        )
        (book.root / f"book/{mine}.txt").write_text("")
    book.chapter("three", "print(3)")
    results, _ = execute(book)
    for name in ("one", "two"):
        assert "cannot be brought up to date: each run of one, two changes file" in str(
            results[name]
        )
    assert said(results["three"]) == "3"


def test_one_that_changes_what_it_read_fails_by_name(book):
    # What a shell's script writes cannot be seen: that it changed is.
    (book.root / "book").mkdir()
    (book.root / "book/counter.txt").write_text("1\n")
    book.chapter("one", "%%bash\nwc -l counter.txt\necho 1 | tee -a counter.txt")
    results, _ = execute(book)
    assert "file book/counter.txt" in str(results["one"])


def test_fresh_looks_at_no_clock(blessed):
    store = Store(blessed.root / "_build/executed")
    run = store.read("one")
    future = dataclasses.replace(run.provenance, date="2999-01-01T00:00:00+00:00")
    store.write("one", dataclasses.replace(run, provenance=future))
    assert execute(blessed, fresh=True)[1] == ["one"]


def test_fresh_executes_anew_what_is_asked_for_and_not_who_wrote_its_input(book):
    book.chapter("a-reads", READ)
    book.chapter("b-writes", WRITE.format("old"))
    execute(book)
    assert execute(book, "a-reads", fresh=True)[1] == ["a-reads"]


def test_what_several_were_asked_for_at_once_is_done_once(blessed):
    results, _ = execute(blessed)
    asked = [results["one"].provenance.id]
    assert execute(blessed, fresh=asked)[1] == ["one"]
    assert execute(blessed, fresh=asked)[1] == []


def test_two_fresh_builds_at_once_do_the_work_once(blessed):
    log = blessed.root / "log"
    cell = f"with open({str(log)!r}, 'a') as log: log.write('run ')\nimport time; time.sleep(2)"
    blessed.chapter("one", cell)
    command = [sys.executable, "-m", "nbtolerance", "execute", "--fresh"]
    builds = [subprocess.Popen(command, cwd=blessed.root) for _ in range(2)]
    assert [build.wait(timeout=60) for build in builds] == [0, 0]
    assert log.read_text() == "run "


def test_processes_that_share_the_tests_do_the_work_once(book):
    log = book.root / "log"
    cell = f"with open({str(log)!r}, 'a') as log: log.write('run ')\nimport time; time.sleep(1)"
    book.chapter("one", cell, *["1"] * 4)
    book.bless()
    result = book.pytester.runpytest_subprocess(
        "--nbval", "--nbtolerance-fresh", "-n", "2", "-p", "xdist", "book"
    )
    assert result.ret == 0
    assert log.read_text() == "run run "


@pytest.mark.parametrize("words", [["status"], ["execute"]])
def test_reading_a_store_of_another_shape_removes_nothing(book, words):
    book.chapter("one", "1")
    strange = book.root / "_build/executed/one.json"
    strange.parent.mkdir(parents=True)
    strange.write_text('{"format": 1}')
    other = book.root / "_build/executed/notes.txt"
    other.write_text("mine")
    book.command(*words).stdout.no_fnmatch_line("*Traceback*")
    assert other.read_text() == "mine"
    if words == ["status"]:
        assert strange.read_text() == '{"format": 1}'
