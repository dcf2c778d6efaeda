"""What the README shows is what the commands say now: chapters, lines, targets."""

import re
import subprocess
from pathlib import Path

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.settings import load_settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf8")
TARGETS = set(re.findall(r"\bmake ([a-z]+)\b(?= *[`#&A-Z])", TEXT))
CHAPTERS = {chapter.name: chapter for chapter in find_chapters(load_settings(ROOT)).chapters}


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_that_is_named_is_there(target):
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


def test_the_targets_are_found():
    assert {"book", "test", "bless", "wheelhouse", "execute", "check"} <= TARGETS


def test_the_chapters_are_those_of_the_book():
    fresh = re.findall(r"^(\S+): fresh$", TEXT, re.MULTILINE)
    assert fresh == sorted(CHAPTERS)[: len(fresh)] != []
    executed = re.findall(r"^\[(\d+)/(\d+)\] (\S+) executed in", TEXT, re.MULTILINE)
    assert {name for _, _, name in executed} <= set(CHAPTERS)
    last = len(CHAPTERS)
    assert [(int(n), int(of)) for n, of, _ in executed] == [(1, last), (2, last), (last, last)]


def test_the_failure_names_the_lines_that_it_would_name():
    (line, number, name) = re.search(
        r"^book/(?:\S+)\.md:(\d+): cell (\d+) of (\S+): gd\.fit differs", TEXT, re.MULTILINE
    ).groups()
    chapter = CHAPTERS[name]
    cell = chapter.cells[int(number)]
    assert 'report("gd.fit"' in cell.source
    assert cell.line == int(line)
    tolerance = chapter.tolerances.of("gd.fit")
    assert f"  allowed: {tolerance}\n" in TEXT
    assert f"bless {name}\n" in TEXT


def test_the_table_is_that_of_the_check():
    rows = re.findall(r"^(animation\.\w+) +optimization/visualizing +\d+ +cpu", TEXT, re.MULTILINE)
    (chapter,) = [c for c in CHAPTERS.values() if c.name == "optimization/visualizing"]
    assert rows
    assert all(f'"{row}"' in chapter.text for row in rows)
