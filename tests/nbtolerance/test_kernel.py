"""What a cell may do to its kernel, and what is said of it."""

from __future__ import annotations

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.failures import ExecutionError
from nbtolerance.kernel import LARGEST
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings


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
    book.chapter("one", "from ipywidgets import Output\nwidget = Output()", *[cell] * 25)
    assert execute(book).provenance.seconds < 60  # what one cell may take


def test_after_a_time_limit_python_complains_of_nothing(book):
    (book.root / "pyproject.toml").write_text("[tool.nbtolerance]\ntimeout = 1\n")
    book.chapter("one", "import time; time.sleep(60)")
    said = book.command("execute").stderr.lines
    assert len(said) == 1
    assert "cell 0 of one took longer than the 1 s a cell may take" in said[0]
