"""What a person types after `python -m nbtolerance`, and what is said when it is wrong."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace

import pytest

from nbtolerance.__main__ import main
from nbtolerance.book import Found
from nbtolerance.selection import UnknownChapterError, select

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
