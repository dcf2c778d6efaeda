"""What a person types after `python -m nbtolerance`, and what is said when it is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import pytest

from nbtolerance.book import Found
from nbtolerance.commands import main
from nbtolerance.selection import UnknownChapterError, select

from .conftest import import_path

NAMES = ["growth", "growth-in-prices", "week 1/übung", "week 1/a[1]", "week 2/intro"]


def found(*names: str) -> Found:
    return Found(chapters=[SimpleNamespace(name=name) for name in names or NAMES])


def chosen(*words: str) -> list[str]:
    return [chapter.name for chapter in select(found(), words)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], NAMES),
        (["growth"], ["growth"]),
        (["week 1/übung"], ["week 1/übung"]),
        ([unicodedata.normalize("NFD", "week 1/übung")], ["week 1/übung"]),
        (["week 1/a[1]"], ["week 1/a[1]"]),  # a name that looks like a pattern
        (["week*"], NAMES[2:]),
        (["*-in-*", "growth"], ["growth", "growth-in-prices"]),
        (["week ?/intro"], ["week 2/intro"]),
    ],
)
def test_names_are_exact_and_patterns_on_request(words, names):
    assert chosen(*words) == names


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("growht", "no chapter is called growht: did you mean growth"),
        ("prices", "no chapter is called prices: did you mean growth-in-prices?"),
        ("GROWTH", "no chapter is called GROWTH: did you mean growth, "),
        ("week 2/intr", "no chapter is called 'week 2/intr': did you mean 'week 2/intro'"),
        ("part/*", "no chapter's name fits 'part/*': there are growth, "),
    ],
)
def test_a_name_that_fits_no_chapter_is_said_with_the_closest(word, said):
    with pytest.raises(UnknownChapterError) as refused:
        chosen("growth", word)
    assert str(refused.value).startswith(said)


def test_an_empty_book_is_said_to_be_empty():
    with pytest.raises(UnknownChapterError, match="there are none"):
        select(Found(), ["one"])


@pytest.mark.parametrize("command", ["bless", "execute", "status", "calibrate"])
def test_every_command_refuses_an_unknown_name(book, command, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    book.chapter("one", "1")
    assert main([command, "on"]) == 1
    assert capsys.readouterr().err == "no chapter is called on: did you mean one?\n"


def test_bless_leaves_a_longer_name_alone(book):
    book.chapter("growth", "1")
    book.chapter("growth in prices", "2")
    book.bless("growth")
    assert book.reference("growth").exists()
    assert not book.reference("growth in prices").exists()
    book.bless("growth in prices")
    assert book.reference("growth in prices").exists()


def test_status_counts_what_is_not_checked_and_names_what_cannot_be_watched(book, capsys):
    book.chapter("one", "import subprocess\nsubprocess.run(['true']);")
    page = book.chapter("two", "2")
    page.write_text(page.read_text().replace("file_format: mystnb\n", ""))
    assert main(["execute"]) == 0
    capsys.readouterr()
    assert main(["status"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "one: fresh",
        "  cannot be watched: what the program true read",
        "not checked: 1 of the book's pages or cells, see above",
    ]
    assert said.err.startswith(f"{page}:6: not checked: ")


def test_status_lists_what_belongs_to_no_chapter(book, capsys):
    book.chapter("one", "1")
    lost = book.chapter("lost", "2")
    book.bless()
    lost.unlink()
    for words, listed in (["status"], True), (["status", "one"], False), (["prune"], True):
        capsys.readouterr()
        assert main(words) == 0
        said = capsys.readouterr().out
        for path in (book.reference("lost"), book.stored("lost")):
            assert (f"belongs to no chapter: {path}\n" in said) == listed
    assert book.reference("lost").exists()
    book.chapter("broken", "3", front="title: a: b\n")  # it may be what they belong to
    assert main(["status"]) == 1
    assert "belongs" not in capsys.readouterr().out


def test_a_damaged_run_is_one_line(book, capsys):
    book.chapter("one", "1")
    main(["execute"])
    book.stored("one").write_text("{")
    capsys.readouterr()
    assert main(["status"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{book.stored('one')} is not used: ")


def test_a_chapter_that_cannot_be_read_stops_no_other(book, capsys):
    book.chapter("bad", "1").write_text("---\nfile_format: mystnb\ntitle: [\n---\n")
    book.chapter("one", "1")
    for command in (["status"], ["execute"], ["bless", "--once"], ["status", "bad", "one"]):
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("CI", raising=False)
            assert main(command) == 1
        said = capsys.readouterr()
        assert "bad.md:3: " in said.err
        assert "one" in said.out
    assert book.reference("one").exists()


def test_a_page_that_is_not_executed_cannot_be_named(book, capsys):
    book.chapter("off", "1", front="mystnb: {execution_mode: 'off'}\n")
    assert main(["execute", "off"]) == 1
    assert "off: the page of that name is not executed, see above" in capsys.readouterr().err


def test_an_error_of_the_system_is_one_line(book, capsys):
    book.chapter("one", "1")
    (book.root / "_build").write_text("a file")
    assert main(["execute"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith(f"{book.root / '_build'}")
    assert not [line for line in lines if "Traceback" in line or "Errno" in line[:10]]


def test_an_interrupt_is_one_line(book, capsys, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    book.chapter("one", "1")
    monkeypatch.setattr("nbtolerance.commands.status", interrupt)
    assert main(["status"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_an_interrupt_while_python_still_imports_is_one_line(tmp_path):
    (tmp_path / "yaml.py").write_text("raise KeyboardInterrupt")  # as if it came then
    ended = subprocess.run(
        [sys.executable, "-m", "nbtolerance", "status"],
        env={**os.environ, "PYTHONPATH": import_path(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.stderr, ended.returncode) == ("interrupted\n", 130)
