"""`python -m nbtolerance calibrate`: what moves under other settings is seen."""

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.calibrate import VARIANTS, calibrate
from nbtolerance.commands import main
from nbtolerance.settings import load_settings

from .conftest import QUANTITY

MOVES = "import os\nreport('one.x', 2.0 + float(os.environ.get('MOVE', 0)))"
TOLERANCE = "  one.x: {rtol: 1.0e-3, why: for the test}"


def lines(book, **variants):
    settings = load_settings(book.root)
    said = calibrate(find_chapters(settings).chapters, settings, {"as here": {}, **variants})
    return [str(line) for line in said]


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ("0.0", r"one.x *1e-03 *0e\+00 *0.00e\+00 *exact"),
        ("0.0002", r"one.x *1e-03 *0e\+00 *2.00e-04 *10x  moved"),
        ("0.0015", r"one.x *1e-03 *0e\+00 *1.50e-03 *1.33x  moved: tight"),
        ("0.0000001", r"one.x *1e-03 *0e\+00 *1.00e-07 *2e\+04x  moved: loose"),
        ("0.1", r"one.x *1e-03 *0e\+00 *1.00e-01 *0.02x  moved: TOO TIGHT"),
    ],
)
def test_the_spread_is_put_beside_the_tolerance(book, move, said):
    book.chapter("one", QUANTITY, MOVES, tolerance=TOLERANCE)
    pytest.LineMatcher(lines(book, moved={"MOVE": move})).re_match_lines([said])


def test_the_widest_of_all_variants_counts(book):
    book.chapter("one", QUANTITY, MOVES, tolerance=TOLERANCE)
    variants = {"little": {"MOVE": "1e-6"}, "much": {"MOVE": "-1e-4"}, "none": {}}
    (line,) = [line for line in lines(book, **variants) if line.startswith("one.x")]
    assert line.split()[-2:] == ["20x", "much"]


def test_a_variant_that_cannot_be_run_is_named_and_the_others_count(book):
    cell = "import os\nassert 'STOP' not in os.environ"
    book.chapter("one", QUANTITY, MOVES + "\n" + cell)
    said = lines(book, stopped={"STOP": "1"}, again={})
    assert any("one: could not run with stopped" in line for line in said)
    assert said[-1] == "one: 2 runs"


def test_the_command_fails_where_a_variant_cannot_be_run(book, monkeypatch, capsys):
    cell = "import os\nassert os.environ.get('OMP_NUM_THREADS') != '3'"
    book.chapter("one", QUANTITY, MOVES + "\n" + cell)
    monkeypatch.chdir(book.root)
    two = {name: VARIANTS[name] for name in ("as here", "3 threads")}
    monkeypatch.setattr("nbtolerance.calibrate.VARIANTS", two)
    assert main(["calibrate"]) == 1
    assert "one: could not run with 3 threads: " in capsys.readouterr().err
    monkeypatch.setattr("nbtolerance.calibrate.VARIANTS", {"as here": {}})
    assert main(["calibrate"]) == 0


def test_a_chapter_that_cannot_be_run_at_all_is_named(book):
    book.chapter("one", QUANTITY, "raise RuntimeError('broken')")
    said = lines(book)
    assert any("could not run with as here" in line for line in said)
    assert said[-1] == "one: 0 runs"


def test_there_are_variants_of_threads_and_of_instruction_sets():
    names = {key for variant in VARIANTS.values() for key in variant}
    assert {"OMP_NUM_THREADS", "ATEN_CPU_CAPABILITY", "OPENBLAS_CORETYPE"} <= names
