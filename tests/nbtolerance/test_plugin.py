"""`pytest --nbval` on small foreign books: it passes, and it fails when it should."""

import json
import sys

import pytest

from nbtolerance.book import find_chapters, read_chapter
from nbtolerance.chapter import ChapterFault
from nbtolerance.settings import load_settings

from .conftest import QUANTITY, TWO


def test_a_blessed_chapter_passes(blessed):
    blessed.check().assert_outcomes(passed=3)  # the front matter and two cells


def test_a_chapter_without_code_passes(book):
    book.chapter("prose")
    book.bless()
    book.check().assert_outcomes(passed=1)


def test_plain_markdown_is_not_a_chapter(book):
    book.chapter("one", "1")
    (book.root / "book" / "notes.md").write_text("# Notes\n\n```{code-cell}\n1/0\n```\n")
    book.bless()
    book.check().assert_outcomes(passed=2)


def test_a_changed_number_fails_and_is_explained(blessed):
    blessed.chapter("one", QUANTITY, TWO, tolerance="  one.x: {rtol: 1.0e-9}")
    reference = blessed.reference("one")
    reference.write_text(reference.read_text().replace("2.0", "2.001"))
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*one.md:18: cell 1 of one: one.x differs from its cpu reference",
            "*$.value*expected 2.001*got 2.0*",
            "*allowed: rtol 1e-09, atol 0, scale 1e-12 by one.md:5: tolerance.one.x",
            "*to accept the new values: python -m nbtolerance bless one",
            "*if it differs each time,",
            "*a seed, a tolerance, or the tag nbval-ignore-output",
            "*to allow more: tolerance.one.x in the front matter of one.md, with its why",
        ]
    )


def test_a_change_within_the_tolerance_passes(blessed):
    reference = blessed.reference("one")
    reference.write_text(reference.read_text().replace("2.0", "2.000000002"))
    blessed.check().assert_outcomes(passed=3)


def test_changed_words_fail(book):
    book.chapter("one", "print('converged')")
    book.bless()
    reference = book.reference("one")
    reference.write_text(reference.read_text().replace("converged", "diverged"))
    book.check().assert_outcomes(passed=1, failed=1)


def test_an_output_that_is_new_or_gone_fails(book):
    book.chapter("one", "print('a')", "x = 1")
    book.bless()
    reference = book.reference("one")
    entry = json.loads(reference.read_text())
    first, second = entry["cells"]
    first["outputs"], second["outputs"] = second["outputs"], first["outputs"]
    reference.write_text(json.dumps(entry))
    book.check().assert_outcomes(passed=1, failed=2)


def test_every_device_is_held_against(blessed):
    cuda = blessed.reference("one", "cuda")
    cuda.parent.mkdir(parents=True)
    cuda.write_text(blessed.reference("one").read_text().replace("2.0", "2.5"))
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*one.x differs from its cuda reference"])


def test_a_missing_reference_fails_with_the_command_that_mends_it(blessed):
    blessed.reference("one").unlink()
    result = blessed.check()
    result.assert_outcomes(failed=1, skipped=2)  # a cell that is held against nothing passes not
    result.stdout.fnmatch_lines(["*cpu/one.json is missing*python -m nbtolerance bless one"])


@pytest.mark.parametrize("damage", [lambda t: t[:100], lambda t: "", lambda t: '{"format": 9}'])
def test_an_unreadable_reference_fails_by_name_and_is_kept(blessed, damage):
    reference = blessed.reference("one")
    damaged = damage(reference.read_text())
    reference.write_text(damaged)
    result = blessed.check()
    result.assert_outcomes(failed=1, skipped=2)
    result.stdout.fnmatch_lines(["*cpu/one.json cannot be read*restore it*"])
    assert reference.read_text() == damaged


def test_a_reference_of_other_code_is_stale(blessed):
    blessed.chapter("one", f"y = 0\n{QUANTITY}", TWO)
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*cpu/one.json is stale*python -m nbtolerance bless one"])


def test_a_stale_reference_of_a_device_that_is_not_here_may_be_deleted(blessed):
    cuda = blessed.reference("one", "cuda")
    cuda.parent.mkdir(parents=True)
    cuda.write_text(blessed.reference("one").read_text())
    blessed.chapter("one", f"y = 0\n{QUANTITY}", TWO)
    blessed.bless()
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    advice = "*cuda/one.json is stale*On a machine with cuda:*bless one; or delete it*"
    result.stdout.fnmatch_lines([advice])
    cuda.unlink()
    blessed.check().assert_outcomes(passed=3)


def test_nobody_is_told_to_delete_the_only_reference(blessed):
    cuda = blessed.reference("one", "cuda")
    cuda.parent.mkdir(parents=True)
    blessed.reference("one").rename(cuda)
    blessed.chapter("one", f"y = 0\n{QUANTITY}", TWO)
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*cuda/one.json is stale*On a machine with cuda:*bless one"])


def test_an_edit_of_prose_executes_nothing(blessed):
    path = blessed.root / "book" / "one.md"
    run = blessed.stored("one").read_bytes()
    path.write_text(path.read_text() + "\nMore prose.\n")
    blessed.check().assert_outcomes(passed=3)
    assert blessed.stored("one").read_bytes() == run


def test_fresh_executes_again(blessed):
    run = blessed.stored("one").read_bytes()
    blessed.check("--nbtolerance-fresh").assert_outcomes(passed=3)
    assert blessed.stored("one").read_bytes() != run


def test_a_raising_cell_fails_with_its_traceback_and_the_rest_is_not_run(book):
    book.chapter("one", "print(1)", "1 / 0", "print(2)")
    result = book.check("-rs")
    result.assert_outcomes(failed=1, skipped=3)
    result.stdout.fnmatch_lines(
        [
            "*one.md:13: cell 1 of one raised ZeroDivisionError*",
            "SKIPPED*one.md: not run: cell 1 failed",
            "SKIPPED*one.md: not compared: no reference",
        ]
    )
    result.stdout.no_fnmatch_line("*is missing*")
    assert not book.stored("one").exists()


def test_an_expected_exception_is_compared_by_type_and_message(book):
    book.chapter("one", ":tags: [raises-exception]\nint('three')", "print(2)")
    book.bless()
    book.check().assert_outcomes(passed=3)
    reference = book.reference("one")
    reference.write_text(reference.read_text().replace("three", "four"))
    book.check().assert_outcomes(passed=2, failed=1)


def test_a_dead_kernel_is_named_within_seconds(book):
    book.chapter("one", "print(1)", "import os; os._exit(1)")
    result = book.check()
    result.assert_outcomes(failed=1, skipped=2)
    result.stdout.fnmatch_lines(
        ["*cell 1 of one lost its kernel 2 times: the process died with exit status 1"]
    )
    assert result.duration < 30


def test_a_cell_past_its_time_limit_is_named(book):
    book.chapter("one", "print(1)", "import time; time.sleep(60)")
    result = book.check("--nbval-cell-timeout=1")
    result.assert_outcomes(failed=1, skipped=2)
    result.stdout.fnmatch_lines(["*cell 1 of one took longer than the 1 s a cell may take"])


def test_two_quantities_of_one_name_fail(book):
    book.chapter("one", QUANTITY, "report('one.x', 1.0)", "report('one.x', 1.0)")
    book.bless()
    result = book.check()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["one.md: quantity one.x is reported twice"])


def test_two_quantities_of_one_name_in_two_chapters_fail(book):
    book.chapter("one", QUANTITY, "report('one.x', 1.0)")
    book.chapter("two", QUANTITY, "report('one.x', 1.0)")
    book.bless()
    result = book.check()
    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(["*quantity one.x is reported by one and by two"])


def test_a_tolerance_for_a_quantity_that_no_cell_reports_fails(book):
    book.chapter("one", "1", tolerance="  one.y: {rtol: 0.0}")
    book.bless()
    result = book.check()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["one.md:5: tolerance.one.y: no cell reports one.y*"])


def test_a_wrong_tolerance_is_named(book):
    book.chapter("one", "1", tolerance="  one.y: {rtol: 1e-6}")
    result = book.check()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*one.md:5: tolerance.one.y.rtol must be a number*got '1e-6'"])


def test_nbvals_markers_keep_their_meaning(book):
    book.chapter(
        "one",
        "# NBVAL_IGNORE_OUTPUT\nimport random\nrandom.random()",
        ":tags: [nbval-skip]\n1 / 0",
        "print(3)",
    )
    book.bless()
    result = book.check()
    result.assert_outcomes(passed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "marked so that it is not run (1 cell)",
            "marked so that the output is not compared (1 cell)",
        ]
    )


def test_lax_compares_only_what_is_marked(book):
    book.chapter("one", "print('a')", "# NBVAL_CHECK_OUTPUT\nprint('b')")
    book.bless()
    reference = book.reference("one")
    reference.write_text(reference.read_text().replace('"a', '"c').replace('"b', '"d'))
    result = book.pytester.runpytest_subprocess("--nbval-lax", "book")
    result.assert_outcomes(passed=2, failed=1)


def test_sanitize_files_are_applied_to_both_sides(book):
    book.chapter("one", "print('at 10:30')")
    book.bless()
    reference = book.reference("one")
    reference.write_text(reference.read_text().replace("10:30", "11:45"))
    book.pytester.makefile(".cfg", sanitize="regex: \\d+:\\d+\nreplace: TIME\n")
    book.check("--nbval-sanitize-with=sanitize.cfg").assert_outcomes(passed=2)
    book.check().assert_outcomes(passed=1, failed=1)


def test_one_cell_can_be_selected(book):
    book.chapter("one", ":name: the_first\nprint(1)", ":name: the_second\nprint(2)")
    book.bless()
    book.check("-k", "the_second").assert_outcomes(passed=1, deselected=2)


def test_two_processes_share_the_work(book):
    for name in ("one", "two"):
        book.chapter(name, QUANTITY, f"report('{name}.x', 1.0)")
    book.bless()
    for name in ("one", "two"):
        book.stored(name).unlink()
    result = book.check_in_two_processes()
    result.assert_outcomes(passed=6)
    rows = json.loads((book.root / "_build" / "check.json").read_text())
    assert sorted(row["name"] for row in rows if row["numbers"]) == ["one.x", "two.x"]


def test_what_fails_is_executed_once_in_shared_runs(book, tmp_path):
    """Each process has tests of it, and says of them what it would have said alone."""
    runs = tmp_path / "runs"
    note = f"print(file := open({str(runs)!r}, 'a'), file.write('x'), file.close())"
    book.chapter("one", note, "print(1 / 0)", "print(3)")
    for name in ("two", "three"):
        book.chapter(name, f"import no_such_module_{name}", *["print(2)"] * 6)
    alone = book.check().parseoutcomes()
    assert runs.read_text() == "x"
    assert alone == {"failed": 3, "skipped": 17}  # of 4, 8 and 8 tests
    result = book.check_in_two_processes()
    assert runs.read_text() == "xx"
    assert result.parseoutcomes() == alone
    book.check_in_two_processes()  # what was told is forgotten with the check
    assert runs.read_text() == "xxx"


def test_another_file_that_cannot_be_collected_fails_no_chapter_in_shared_runs(blessed):
    """With pytest-xdist, the processes run what was collected; without it, pytest stops."""
    blessed.pytester.makepyfile(test_broken="import nowhere_to_be_found")
    result = blessed.pytester.runpytest_subprocess("--nbval", "book", "test_broken.py", "-n", "1")
    result.assert_outcomes(passed=3, errors=1)


def test_the_summary_shows_the_margin(blessed):
    tolerance = "  one.x: {rtol: 1.0e-3, why: for the test}"
    blessed.chapter("one", QUANTITY, TWO, tolerance=tolerance)
    reference = blessed.reference("one")
    reference.write_text(reference.read_text().replace("2.0", "2.0002"))
    result = blessed.check()
    result.stdout.re_match_lines([r"one.x +one +1 +cpu +1e-03 +0e\+00 +\S+ +2.00e-04 +10x"])
    (row,) = (
        row
        for row in json.loads((blessed.root / "_build" / "check.json").read_text())
        if row["name"] == "one.x"
    )
    assert (row["expected"], row["got"], row["passed"]) == (2.0002, 2.0, True)


def test_a_run_without_nbval_is_left_alone(book):
    book.chapter("one", "1 / 0")
    book.pytester.makepyfile("def test_it(): pass")
    book.pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_figure_that_differs_leaves_files_to_look_at(book):
    plot = "import matplotlib.pyplot as plt\nplt.plot([0, 1], [0.0, {y}]);"
    book.chapter("one", plot.format(y=1.0))
    book.bless()
    book.check().assert_outcomes(passed=2)
    book.chapter("one", plot.format(y=1.5))
    result = book.check()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*lines*y*expected 1.0, got 1.5*", "*to look at: *expected.png"])
    written = (book.root / "_build" / "differences" / "one").iterdir()
    kinds = {path.stem.rpartition("-")[2] for path in written}
    assert kinds == {"expected", "got", "difference"}


def test_a_part_below_a_part_is_not_lost(book):
    cell = "import os\nfor n in ('a.b', 'a.b.c', 'a.b.c.d'):\n    report(n, float(os.environ[n]))"
    book.chapter("one", QUANTITY + cell)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("a.b", "a.b.c", "a.b.c.d"):
            patch.setenv(name, "1.0")
        book.bless()
        book.check().assert_outcomes(passed=2)
        patch.setenv("a.b.c.d", "999.0")
        result = book.check("--nbtolerance-fresh")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*expected 1.0, got 999.0*"])


def test_chapters_that_are_well_are_checked_beside_one_that_is_not(book):
    book.chapter("good", "print('good')")
    book.bless()
    book.chapter("bad", "1", tolerance="  x: {rtol: -1}")
    result = book.check()
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*bad.md:5: tolerance.x.rtol must be*got -1"])


def test_hidden_and_built_folders_have_no_chapters(book):
    book.chapter("one", "1")
    for folder in (".venv/lib", "_build/html/_sources"):
        book.chapter(f"{folder}/other", "1")
    settings = load_settings(book.root)
    assert [chapter.name for chapter in find_chapters(settings).chapters] == ["one"]


def test_a_chapter_outside_the_book_is_a_clear_error(book):
    path = book.chapter("one", "1")
    other = book.root / "elsewhere.md"
    other.write_text(path.read_text())
    with pytest.raises(
        ChapterFault, match=r"elsewhere.md:1: a chapter must lie in the book's folder"
    ):
        read_chapter(other, load_settings(book.root))


def test_a_chapter_that_cannot_be_read_fails_and_the_others_are_checked(book):
    book.chapter("good", "print('good')")
    book.bless()
    book.chapter("bad", "1", front="title: Part 1: the start\n")
    result = book.check()
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == 1
    result.stdout.re_match_lines([r".*book/bad\.md:\d+: .*"])


def test_what_nobody_executes_is_named_and_counted(book):
    path = book.chapter("one", "print(1)")
    path.write_text(path.read_text() + "\n````{note}\n```{code-cell} python\n2\n```\n````\n")
    (book.root / "book" / "plain.md").write_text("# Plain\n\n```{code-cell}\n3\n```\n")
    book.bless()
    for run in (book.check, book.check_in_two_processes):
        result = run()
        result.assert_outcomes(passed=2)
        result.stdout.fnmatch_lines(
            [
                "*- not checked -*",
                "*one.md:12: not checked: a code cell that stands inside*",
                "*plain.md:3: not checked: *no front matter*",
                "(2 in all)",
            ],
            consecutive=False,
        )


@pytest.mark.parametrize("device", ["no_such_module:describe", "where:fails"])
def test_a_device_that_cannot_be_told_is_one_sentence(blessed, device):
    (blessed.root / "where.py").write_text("def fails():\n    raise RuntimeError('no driver')\n")
    blessed.chapter("two", "2")
    blessed.pytester.makepyprojecttoml(f"[tool.nbtolerance]\ndevice = '{device}'\n")
    result = blessed.pytester.runpytest("--nbval", "book")
    result.assert_outcomes(failed=1, skipped=4)
    result.stdout.fnmatch_lines(
        ["*pyproject.toml: tool.nbtolerance.device = * must be a function*"]
    )


def test_a_store_that_cannot_be_written_is_one_sentence(book):
    book.chapter("one", "1")
    (book.root / "_build").write_text("a file, where the store's folder would be")
    result = book.check()
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*_build*"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


@pytest.mark.parametrize("limit", ["0", "-1", "0.5", "nan", "inf"])
def test_a_time_limit_follows_the_rule_of_the_settings(book, limit):
    book.chapter("one", "1")
    result = book.pytester.runpytest("--nbval", "book", f"--nbval-cell-timeout={limit}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --nbval-cell-timeout must be *, got {limit}"])


def test_a_wrong_setting_is_one_sentence(book):
    book.pytester.makepyprojecttoml("[tool.nbtolerance]\ntime_out = 5\n")
    result = book.pytester.runpytest("--nbval", "book")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml: tool.nbtolerance.time_out is unknown*"])


def test_a_reference_without_a_chapter_fails_where_the_whole_book_is_checked(book):
    book.chapter("kept", "1")
    lost = book.chapter("lost", "2")
    book.bless()
    lost.unlink()
    result = book.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "lost.json and 1 more belong to no chapter:",
            "*cpu/lost.json",
            "*python -m nbtolerance prune",
        ]
    )
    book.pytester.runpytest("--nbval", "book/kept.md").assert_outcomes(passed=2)
    book.check("-k", "kept").assert_outcomes(passed=2, deselected=1)


def test_a_reference_with_more_cells_than_the_chapter_fails(blessed):
    entry = json.loads(blessed.reference("one").read_text())
    more = {**entry, "cells": [*entry["cells"], entry["cells"][0]]}
    blessed.reference("one").write_text(json.dumps(more))
    result = blessed.check()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*is stale*(it has 3 cells, the chapter 2)*bless one"])


def test_a_reference_with_fewer_cells_than_the_chapter_fails(blessed):
    entry = json.loads(blessed.reference("one").read_text())
    blessed.reference("one").write_text(json.dumps({**entry, "cells": entry["cells"][:1]}))
    result = blessed.check()
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*is stale*(it has 1 cells, the chapter 2)*bless one"])


def test_one_missing_package_is_one_failure(book):
    book.chapter("fine", "1")
    book.bless()
    for name in ("a", "b", "c"):
        book.chapter(name, "x = 1", "import no_such_module.part", "print(x)", "print(x)")
    result = book.check("-rs")
    # By hand: a front matter and 4 cells of each of the three, one of which is the failure.
    result.assert_outcomes(passed=2, failed=1, skipped=14)
    result.stdout.fnmatch_lines(
        [
            "the module no_such_module* is not there, and needed by: a, b, c. Install *",
            "*a.md:*: cell 1 of a raised ModuleNotFoundError*",
            "SKIPPED*not run: no module no_such_module*, see cell 1 of a",
        ]
    )


def test_a_cell_behind_one_that_failed_does_not_pass_when_it_alone_is_asked_for(book):
    book.chapter("one", "1", ":name: breaks\n1 / 0", ":name: behind\nprint(2)")
    for name in ("breaks", "behind", "front"):
        result = book.check("-k", name)
        result.assert_outcomes(failed=1, deselected=3)
        result.stdout.fnmatch_lines(["*one.md:13: cell 1 of one raised ZeroDivisionError*"])


def test_a_device_without_a_reference_is_held_against_the_others(book):
    book.chapter("one", QUANTITY, "report('one.x', 2.0)")
    book.chapter("two", "print(1)")
    book.bless()
    for name in ("one", "two"):
        other = book.reference(name, "cuda")
        other.parent.mkdir(parents=True, exist_ok=True)
        book.reference(name).rename(other)
    result = book.check()
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["no cpu reference: held against cuda (2 chapters)"])
    result = book.check("--nbtolerance-strict-device")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(["*cpu/one.json is missing*bless one"])
    other = book.reference("one", "cuda")
    other.write_text(other.read_text().replace("2.0", "2.5"))
    book.check().assert_outcomes(passed=4, failed=1)


def test_the_printed_command_is_one_that_a_shell_understands(book):
    book.chapter("week 1/übung", "print(1)")
    result = book.check()
    result.stdout.fnmatch_lines(["*python -m nbtolerance bless 'week 1/übung'"])


def test_a_check_whose_rows_cannot_be_written_still_reports(blessed):
    (blessed.root / "_build" / "check.json").mkdir()
    result = blessed.check()
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["one.x*one*cpu*", "the rows were not written: *check.json*"])


def test_a_run_in_another_kernel_is_never_taken_for_the_usual_one(book, monkeypatch):
    folder = book.root / "share" / "kernels" / "other"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Other", "language": "python", "env": {"WHICH": "other"}}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(book.root / "share"))
    book.chapter("one", "import os\nprint(os.environ.get('WHICH', 'the usual'))")
    book.bless()
    result = book.check("--nbval-kernel-name=other")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*the usual*other*"])
    book.check().assert_outcomes(passed=2)
    book.check("--nbval-kernel-name=other").assert_outcomes(passed=1, failed=1)


def test_a_kernel_that_is_not_there_fails_unless_the_current_one_is_asked_for(blessed):
    path = blessed.root / "book" / "one.md"
    path.write_text(path.read_text().replace("python3", "someones-own"))
    result = blessed.check()
    result.assert_outcomes(failed=1, skipped=2)
    result.stdout.fnmatch_lines(["*needs the kernel 'someones-own', which is not installed*"])
    blessed.check("--nbval-current-env").assert_outcomes(passed=3)


def test_what_may_be_chance_is_told_apart_from_what_was_changed(blessed):
    blessed.chapter("one", f"{QUANTITY}print(2)", TWO)
    result = blessed.check()
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.no_fnmatch_line("*if it differs each time*")
    result.stdout.fnmatch_lines(["*to allow more: give the cell a :name:, and that name an entry*"])


def test_pictures_without_their_data_are_counted(book):
    book.chapter(
        "one",
        "import io\nfrom IPython.display import Image, display\nfrom PIL import Image as Images\n"
        "file = io.BytesIO()\nImages.linear_gradient('L').save(file, 'png')\n"
        "display(Image(file.getvalue()))",
        "import matplotlib.pyplot as plt\nplt.plot([0, 1], [0.0, 1.0]);",
    )
    book.bless()
    result = book.check()
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["picture, not compared closely (1 cell)"])


def test_differences_that_cannot_be_drawn_into_a_folder_are_still_reported(book):
    book.chapter("one", "import matplotlib.pyplot as plt\nplt.plot([0, 1], [0.0, 1.0]);")
    book.bless()
    reference = book.reference("one")
    reference.write_text(reference.read_text().replace("1.0", "1.5"))
    (book.root / "_build" / "differences").write_text("a file in the folder's place")
    result = book.check()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*expected 1.5, got 1.0*", "*not drawn: *NotADirectoryError*"])


def test_an_output_that_is_not_what_it_says_fails_in_its_cell_alone(book):
    broken = "display({'image/png': 'no base64!'}, raw=True)"
    book.chapter("one", "print(1)")
    book.bless()
    entry = json.loads(book.reference("one").read_text())
    book.chapter("one", "print(1)", broken, "print(3)")
    shown = entry["cells"][0]["outputs"]
    entry["cells"] = [{"cell": n, "outputs": o} for n, o in enumerate([shown, [], shown])]
    book.reference("one").write_text(json.dumps(entry))
    result = book.check()
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    result.stdout.fnmatch_lines(["*one.md:13: cell 1 of one: *", "*expected 1, got 3*"])


def test_all_that_is_wrong_with_a_chapter_as_a_whole_is_said_at_once(book):
    book.chapter("one", ":name: shown\n1", "2", tolerance="  one.y: {rtol: 0.0}")
    result = book.check()
    result.assert_outcomes(failed=1, skipped=2)
    result.stdout.fnmatch_lines(
        ["*one.json is missing*", "*tolerance.one.y: no cell reports one.y*"]
    )
    book.check("-k", "shown").assert_outcomes(failed=1, deselected=2)


def test_links_are_followed_once_as_the_commands_do(book):
    book.chapter("one", "1")
    (book.root / "book" / "two.md").symlink_to("one.md")
    (book.root / "book" / "again").symlink_to(".")
    book.bless()
    chapters = find_chapters(load_settings(book.root)).chapters
    assert [chapter.name for chapter in chapters] == ["one", "two"]
    book.check().assert_outcomes(passed=4)


def test_a_run_that_fails_in_one_of_two_processes_fails_the_check(book):
    # The processes share no folder, as on two machines, so that each executes what fails. The child
    # of a cell leaves a folder behind, so that the run fails the first time only: in gw1, since gw0
    # waits. The test that would say so is the second, which goes to the process that was ready
    # first: gw0, since gw1 waits.
    folder = book.root / "ran"
    cell = f"import subprocess\nassert subprocess.call(['mkdir', {str(folder)!r}])"
    folder.mkdir()
    book.chapter("one", cell, *["print(1)"] * 6)
    book.bless()
    book.stored("one").unlink()
    folder.rmdir()
    book.pytester.makeconftest(
        """
        import os, time
        import pytest

        def wait_in(process, file):
            for _ in range(600):
                if os.environ.get("PYTEST_XDIST_WORKER") != process or os.path.exists(file):
                    return
                time.sleep(0.1)

        def pytest_configure(config):
            getattr(config, "workerinput", {})["nbtolerance"] = {}

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionstart():
            wait_in("gw1", "ready")

        def pytest_collection():
            if os.environ.get("PYTEST_XDIST_WORKER") == "gw0":
                open("ready", "w").close()

        def pytest_collection_modifyitems():
            wait_in("gw0", "ran")
        """
    )
    result = book.check_in_two_processes()
    assert "failed" not in result.parseoutcomes()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["tests were skipped on account of *Cell 0*, which passed*"])


def test_a_bad_output_is_told_also_where_there_is_no_reference(book):
    data = "{'application/vnd.learning.quantity+json': {'value': 1.0}}"
    book.chapter("one", "print(1)", f"display({data}, raw=True)", "print(3)")
    result = book.check()
    result.assert_outcomes(failed=2, skipped=2)
    result.stdout.fnmatch_lines(
        ["*one.json is missing*", "*one.md:13: cell 1 of one: a quantity must be a table with*"]
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--nbval-sanitize-with=missing.cfg"],
            "--nbval-sanitize-with=missing.cfg: *No such file*",
        ),
        (["--nbval-sanitize-with=bad.cfg"], "--nbval-sanitize-with=bad.cfg: *"),
        (["--nbval-kernel-name=x", "--nbval-current-env"], "*exclude each other"),
    ],
)
def test_options_that_cannot_be_used_are_one_sentence(book, options, said):
    book.chapter("one", "1")
    book.pytester.makefile(".cfg", bad="regex: (\nreplace: x\n")
    result = book.pytester.runpytest("--nbval", "book", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
