"""The README's worked example is made, blessed, checked and broken, and reports what it says."""

import re
import sys
from pathlib import Path

import pytest

import nbtolerance
from nbtolerance.calibrate import VARIANTS
from nbtolerance.comparators import comparator_for
from nbtolerance.settings import RULES, Settings
from nbtolerance.stored import verdicts
from nbtolerance.tolerance import Tolerance

README = (Path(nbtolerance.__file__).parent / "README.md").read_text("utf8")
BLOCK = re.compile(r"^(?P<fence>```+)(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
FILE = re.compile(
    r"`(?P<name>[\w./-]+)`:\n\n(?P<fence>```+)\w+\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)


def typed():
    """What is typed at a prompt, with the lines that it should print."""
    for block in BLOCK.finditer(README):
        if block["language"] == "console":
            for entry in block["text"].removeprefix("$ ").split("\n$ "):
                command, *lines = entry.strip().splitlines()
                yield command, [pattern(line) for line in lines]


def pattern(line):
    """A line that is to be printed; the README's `…` stands for anything."""
    return re.sub(r"([][?])", r"[\1]", line).replace("…", "*")


@pytest.fixture
def foreign_book(pytester):
    for file in FILE.finditer(README):
        path = pytester.path / file["name"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(file["text"], "utf8")
    return pytester


def test_the_worked_example_reports_what_the_readme_says(foreign_book, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    bless, check, check_again = typed()
    for command, lines in (bless, check):
        run(foreign_book, command).stdout.fnmatch_lines(lines)
    constants = foreign_book.path / "book" / "constants.json"
    constants.write_text(constants.read_text().replace("9.81", "9.80"))
    command, lines = check_again
    run(foreign_book, command).stdout.fnmatch_lines(lines)


def run(pytester, command):
    program, *words = command.split()
    words = words if program == "python" else ["-m", program, *words]
    return pytester.run(sys.executable, *words)


def test_the_worked_example_imports_nothing_of_this_book():
    assert not re.search(r"(?:import|from) learning", README)


def test_the_comparator_of_the_readme_works():
    (code,) = (block["text"] for block in BLOCK.finditer(README) if block["language"] == "python")
    exec(code, {})
    atoms = comparator_for("chemical/x-atoms")
    water = atoms.condense("H O H")
    assert atoms.compare(water, atoms.condense("O H H"), Tolerance()).passed
    assert not atoms.compare(water, atoms.condense("H H"), Tolerance()).passed


@pytest.mark.parametrize("name", RULES)
def test_every_setting_is_in_the_readme(name):
    default = getattr(Settings(Path()), name)
    shown = f'"{default}"' if isinstance(default, str) else str(default)
    assert f"| `{name}` | `{shown}` |" in README


def test_every_option_is_in_the_readme(pytester):
    options = re.findall(r"--nbtolerance-[\w-]+", pytester.runpytest("--help").stdout.str())
    assert options
    assert all(f"| `{option}` |" in README for option in options)


@pytest.mark.parametrize(
    "outcome", [verdicts.PASSED, verdicts.NEVER_RUN, verdicts.IGNORED, *verdicts.CAUSES]
)
def test_every_outcome_is_in_the_readme(outcome):
    assert f"| {outcome} |" in README


def test_the_number_of_settings_is_that_of_calibrate():
    assert f"under {len(VARIANTS)} settings" in README
