"""What a cell may do to its kernel, and what is said of it."""

from __future__ import annotations

import os

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.failures import ExecutionError
from nbtolerance.kernel import LARGEST
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings
from nbtolerance.used import UNWATCHED


def execute(book):
    settings = load_settings(book.root)
    chapters = find_chapters(settings).chapters
    (result,) = ensure_executed(chapters, settings, report=lambda line: None).values()
    return result


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("import os; os.abort()", "the process died by SIGABRT\n*Fatal Python error: Aborted"),
        ("import ctypes; ctypes.string_at(0)", "the process died by SIGSEGV\n*Segmentation fault"),
        (
            "import os, sys\nprint('no more memory', file=sys.stderr)\nos._exit(137)",
            "the process died with exit status 137\n*no more memory",
        ),
    ],
)
def test_a_dead_kernels_status_and_last_words_are_told(book, cell, said):
    book.chapter("one", "1", cell)
    result = execute(book)
    assert isinstance(result, ExecutionError)
    assert result.number == 1
    for part in said.split("*"):
        assert part in result.reason


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("while True: print('x' * 1000)", "has outputs of more than 10 MB in all"),
        (f"print('x' * {LARGEST + 1})", "has outputs of more than 10 MB in all"),
        (f"for _ in range(11): print('é' * {LARGEST // 10})", "more than 10 MB in all"),
        ("print('x' * 200_000_000)", "sent a message of more than 64 MB"),
        ("exit()", "ends its kernel"),
        ("display({'text/html': 5}, raw=True)", "has an output that cannot be kept: 5 is not"),
        (
            "from IPython.display import JSON\ndeep = []\nfor _ in range(400): deep = [deep]\n"
            "display(JSON(deep))",
            "nested more than 100 deep",
        ),
    ],
)
def test_a_cell_that_does_what_none_may_is_named(book, cell, said):
    book.chapter("one", "1", cell, "print('after')")
    result = execute(book)
    assert isinstance(result, ExecutionError)
    assert result.number == 1
    assert said in result.reason


@pytest.mark.parametrize(
    "cell",
    [
        "import os, shutil; shutil.rmtree(os.environ['NBTOLERANCE_FOLDER'])",
        "import os; open(os.environ['NBTOLERANCE_FOLDER'] + '/log', 'a').write('spoilt')",
    ],
)
def test_a_run_that_spoils_its_notes_says_that_it_was_not_watched(book, cell):
    book.chapter("one", cell)
    assert execute(book).provenance.unseen == (UNWATCHED,)


def test_a_chapter_that_puts_something_else_in_the_place_of_open_is_still_watched(book):
    book.chapter("one", "import builtins, io\nbuiltins.open = None\nio.open('one.txt', 'w')")
    assert "book/one.txt" in execute(book).fingerprint.products


def test_a_file_whose_name_is_no_text_is_noted_and_named(book):
    book.chapter("one", "import os\nos.close(os.open(b'\\xff', os.O_RDONLY))")
    (book.root / "book").joinpath(os.fsdecode(b"\xff")).write_text("1")
    execute(book)
    (book.root / "book").joinpath(os.fsdecode(b"\xff")).write_text("2")
    book.command("status").stdout.fnmatch_lines(["one: stale: file book/?udcff"])


def test_what_is_just_small_enough_is_kept(book):
    book.chapter("one", f"print('x' * {LARGEST - 100})")
    assert len(execute(book).code_cells[0].outputs[0].text) == LARGEST - 99


def test_what_replaces_earlier_outputs_is_not_added_to_them(book):
    book.chapter(
        "one",
        "from IPython.display import clear_output, display\n"
        f"for _ in range(5):\n    clear_output()\n    print('x' * {LARGEST // 2})\n"
        f"handle = display('', display_id=True)\n"
        f"for _ in range(5):\n    handle.update('x' * {LARGEST // 2})",
    )
    assert not isinstance(execute(book), ExecutionError)


def test_no_cell_with_an_output_widget_waits_for_its_limit(book):
    # As it was sent before, without a look at what had come in meanwhile, about every fifth of
    # these cells waited: that none of 25 does by chance is as likely as 1 in 250.
    cell = "with widget:\n    for i in range(60): print(i, flush=True)"
    (book.root / "pyproject.toml").write_text("[tool.nbtolerance]\ntimeout = 300\n")
    book.chapter("one", "from ipywidgets import Output\nwidget = Output()", *[cell] * 25)
    assert execute(book).provenance.seconds < 300  # what one cell may take


@pytest.mark.parametrize("cell", ["import time; time.sleep(60)", "while True: display(1)"])
def test_after_a_time_limit_python_complains_of_nothing(book, cell):
    (book.root / "pyproject.toml").write_text("[tool.nbtolerance]\ntimeout = 1\n")
    book.chapter("one", cell)
    said = book.command("execute").stderr.lines
    assert len(said) == 1
    assert "cell 0 of one took longer than the 1 s a cell may take" in said[0]
