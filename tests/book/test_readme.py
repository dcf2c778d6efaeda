"""What the README shows is what the commands say now, and what it names is there."""

import re
import subprocess
from pathlib import Path

import pytest
from tests import transcripts

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf8")
TARGETS = set(re.findall(r"\bmake ([a-z]+)\b(?= *[`#&A-Z])", TEXT + CONTRIBUTING))
CHAPTERS = transcripts.chapters()


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_that_is_named_is_there(target):
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


def test_the_targets_are_found():
    assert {"book", "test", "bless", "chapter", "wheelhouse", "execute", "check"} <= TARGETS


def test_the_checks_whose_failures_are_explained_are_there():
    rows = re.findall(r"^\| (.*?) \|", CONTRIBUTING, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([a-z]+_[a-z_]+)…?`", row)]
    files = [file for room in ("book", "site") for file in (ROOT / "tests" / room).glob("*.py")]
    code = "".join(file.read_text("utf8") for file in files)
    assert len(named) > 12
    assert [name for name in named if not re.search(rf"def \w*{name}", code)] == []


@pytest.mark.parametrize("name", transcripts.ALIKE)
def test_a_transcript_is_what_is_made_of_it(name):
    assert transcripts.remade(TEXT, {name: transcripts.ALIKE[name]}) == TEXT


def test_the_transcripts_are_found():
    assert [block["name"] for block in transcripts.BLOCK.finditer(TEXT)] == list(transcripts.ALL)


def test_the_chapters_are_those_of_the_book():
    assert set(re.findall(r"^\[\d+/\d+\] (\S+) executed in", TEXT, re.MULTILINE)) <= set(CHAPTERS)


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
