"""`python -m nbtolerance`: bless, status, prune, execute."""

import dataclasses
import json
import re
import shlex
import subprocess
import sys

import pytest

from nbtolerance.commands import main
from nbtolerance.files import state
from nbtolerance.products import products
from nbtolerance.store import Store

from .conftest import QUANTITY, TWO, opened_in


def test_bless_refuses_in_ci(book, monkeypatch, capsys):
    book.chapter("one", "1")
    monkeypatch.setenv("CI", "true")
    assert main(["bless"]) == 1
    assert "refused because CI is set" in capsys.readouterr().err
    assert not book.reference("one").exists()


def test_bless_keeps_what_is_within_tolerance(blessed, capsys):
    moved = blessed.reference("one").read_text().replace("2.0", "2.000000002")
    blessed.reference("one").write_text(moved)
    blessed.bless()
    assert blessed.reference("one").read_text() == moved
    assert "one: within tolerance, kept" in capsys.readouterr().out


def test_bless_all_rewrites_what_is_within_tolerance(blessed):
    original = blessed.reference("one").read_text()
    blessed.reference("one").write_text(original.replace("2.0", "2.000000002"))
    blessed.bless("--all")
    assert '"value": 2.0\n' in blessed.reference("one").read_text()


def test_bless_prints_old_new_and_difference(blessed, capsys):
    blessed.reference("one").write_text(blessed.reference("one").read_text().replace("2.0", "2.5"))
    capsys.readouterr()
    blessed.bless()
    out = capsys.readouterr().out
    assert "one.x moved" in out
    assert "expected 2.5, got 2.0, difference 0.5" in out
    assert '"value": 2.0\n' in blessed.reference("one").read_text()


def test_bless_leaves_other_chapters_alone(book):
    book.chapter("one", "1")
    book.chapter("two", "2")
    book.bless("one")
    assert book.reference("one").exists()
    assert not book.reference("two").exists()


def test_bless_opens_no_run_and_no_reference_of_another_chapter(blessed):
    """Two reads a file, so that one has to know who wrote it."""
    store = Store(blessed.root / "_build" / "executed")
    run = store.read("one")
    data = blessed.root / "data.csv"
    data.write_text("1\n")
    reads = dataclasses.replace(run.fingerprint, files={"data.csv": state(str(data))})
    for name, fingerprint in {"two": reads, "three": run.fingerprint}.items():
        blessed.chapter(name, QUANTITY, TWO)
        store.write(name, dataclasses.replace(run, fingerprint=fingerprint))
        blessed.reference(name).write_text(blessed.reference("one").read_text())
    products(store)  # as executing leaves it
    with opened_in(blessed.root) as opened:
        blessed.bless("two", "--all")
    opened = {re.sub(r"/\.(.+)\.[0-9a-f]{32}$", r"/\1", name) for name in opened}  # unfinished
    chapters = {name for name in opened if name.endswith(".json")}
    assert chapters == {"_build/executed/two.json", "tests/reference/cpu/two.json"}


def test_bless_refuses_a_chapter_that_fails(book, capsys):
    book.chapter("one", "1 / 0")
    with pytest.raises(AssertionError):
        book.bless()
    err = capsys.readouterr().err
    assert "nothing blessed for one" in err
    assert "ZeroDivisionError" in err


def test_bless_rewrites_a_reference_of_other_cells(blessed, capsys):
    entry = json.loads(blessed.reference("one").read_text())
    for cells in (entry["cells"][:1], [*entry["cells"], {"cell": 2, "outputs": []}]):
        blessed.reference("one").write_text(json.dumps(entry | {"cells": cells}))
        capsys.readouterr()
        blessed.bless()
        assert f"it has {len(cells)} cells, the chapter 2" in capsys.readouterr().out
        assert json.loads(blessed.reference("one").read_text())["cells"] == entry["cells"]


def test_status_names_what_changed(book, capsys):
    book.chapter("one", "1")
    main(["status"])
    assert capsys.readouterr().out == "one: stale: never executed\n"
    main(["execute"])
    capsys.readouterr()
    main(["status"])
    assert capsys.readouterr().out == "one: fresh\n"
    book.chapter("one", "import numpy")
    main(["status"])
    assert capsys.readouterr().out == "one: stale: code\n"


def test_execute_fails_with_the_place_and_the_traceback(book, capsys):
    book.chapter("one", "1 / 0")
    assert main(["execute"]) == 1
    captured = capsys.readouterr()
    assert "one.md:7: cell 0 of one raised ZeroDivisionError: division by zero" in captured.err


def test_prune_removes_what_no_chapter_owns(book):
    path = book.chapter("one", "1")
    book.chapter("two", "2")
    book.bless()
    path.unlink()
    assert main(["prune", "--yes"]) == 0
    assert [book.stored(n).exists() for n in ("one", "two")] == [False, True]
    assert [book.reference(n).exists() for n in ("one", "two")] == [False, True]


def test_a_wrong_setting_is_named(book, capsys):
    book.pytester.makepyprojecttoml("[tool.nbtolerance]\ntimeout = 'long'\n")
    assert main(["status"]) == 1
    assert "tool.nbtolerance.timeout must be a whole number of seconds" in capsys.readouterr().err
    book.pytester.makepyprojecttoml("[tool.nbtolerance]\nbooks = 'b'\n")
    assert main(["status"]) == 1
    assert "tool.nbtolerance.books is unknown" in capsys.readouterr().err


def blessed(book, capsys, *words):
    """The exit status, and what was said, without the lines of progress."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CI", raising=False)
        status = main(["bless", *words])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_what_is_random_is_named_and_refused_with_what_helps(book, capsys):
    book.chapter("one", QUANTITY, "import random\nreport('one.x', random.random())", "print(3)")
    book.chapter("two", "2")
    status, said = blessed(book, capsys)
    assert status == 1
    assert "nothing blessed for one: two runs of it differ" in said
    assert "one.x:" in said
    assert "a seed" in said
    assert "nbval-ignore-output" in said
    assert "python -m nbtolerance bless --once one" in said
    assert [book.reference(name).exists() for name in ("one", "two")] == [False, True]
    assert blessed(book, capsys, "--once", "one")[0] == 0
    assert book.reference("one").exists()


def test_what_is_random_and_marked_or_allowed_is_blessed(book, capsys):
    ignored = ":tags: [nbval-ignore-output]\nimport random\nrandom.random()"
    book.chapter("one", ignored)
    allowed = "  two.x: {rtol: 1.0, atol: 1.0, why: for the test}"
    two = "import random\nreport('two.x', random.random())"
    book.chapter("two", QUANTITY, two.replace("\n", "\n"), tolerance=allowed)
    assert blessed(book, capsys)[0] == 0
    assert blessed(book, capsys)[1].count("within tolerance, kept") == 2


def test_the_second_run_leaves_the_stored_one_as_it_was(book, capsys):
    count = "n = Path('count.txt')\nn.write_text((n.read_text() if n.exists() else '') + 'x')"
    book.chapter("one", f"from pathlib import Path\n{count};")
    main(["execute"])
    before = book.stored("one").read_bytes()
    assert blessed(book, capsys)[0] == 0
    assert book.stored("one").read_bytes() == before


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "show('application/vnd.nbtolerance.quantity+json', {'value': 1})",
            "a table with a text as name",
        ),
        ("show('application/vnd.nbtolerance.quantity+json', [1])", "a table with a text as name"),
        (
            "show('application/vnd.nbtolerance.quantity+json', {'name': 5})",
            "a table with a text as name",
        ),
        ("show('chemical/x-atoms', 'HOH')", "no comparator|none is registered"),
        (
            "show('application/json', __import__('json').loads('[' * 400 + ']' * 400))",
            "deep|recursion",
        ),
    ],
)
def test_what_the_check_would_choke_on_is_refused(book, capsys, cell, said):
    show = "from IPython.display import display\ndef show(t, d): display({t: d}, raw=True)"
    book.chapter("one", show, cell)
    status, text = blessed(book, capsys)
    assert status == 1
    assert "nothing blessed for one: " in text
    assert re.search(said, text)
    assert "Traceback" not in text
    assert not book.reference("one").exists()


def test_a_references_folder_that_is_a_file_is_one_sentence(book, capsys):
    book.chapter("one", "1")
    (book.root / "tests").write_text("a file")
    status, said = blessed(book, capsys)
    assert status == 1
    assert re.search(r"nothing blessed for one: \S*tests\S*: (Not a directory|File exists)", said)


def test_names_with_quotes_and_dashes_can_be_pasted(book, capsys):
    for name in ("-x", "it's $HOME"):
        book.chapter(name, "import random\nrandom.random()")
    said = blessed(book, capsys)[1]
    pasted = re.findall(r"bless it all the same: python -m nbtolerance (.*)", said)
    assert len(pasted) == 2
    for line in pasted:
        assert blessed(book, capsys, *shlex.split(line)[1:])[0] == 0
    assert book.reference("-x").exists()
    assert book.reference("it's $HOME").exists()


def test_prune_lists_first_and_removes_only_what_is_ours(book, capsys):
    path = book.chapter("part/one", "1")
    book.bless()
    path.unlink()
    foreign = book.reference("notes")
    foreign.write_text('{"format": 1}')
    unfinished = book.stored("part/one").with_name(f".one.json.{'0' * 32}")
    unfinished.write_text("half")
    capsys.readouterr()
    assert main(["prune"]) == 0
    listed = capsys.readouterr().out
    assert str(book.stored("part/one")) in listed
    assert str(book.reference("part/one")) in listed
    assert book.stored("part/one").exists()
    assert main(["prune", "--yes"]) == 0
    assert foreign.exists()
    assert not book.stored("part/one").parent.exists()
    assert not book.reference("part/one").parent.exists()
    assert not unfinished.exists()


def test_prune_waits_for_a_build_at_work_whose_unfinished_files_are_its_own(book):
    store = Store(book.root / "_build/executed")
    book.chapter("one", "1")
    (book.root / "tests/reference").mkdir(parents=True)
    unfinished = store.folder / f".one.json.{'0' * 32}"  # as `write_whole` names them
    command = [sys.executable, "-m", "nbtolerance", "prune", "--yes"]
    with store.lock(print):  # a build is at work
        unfinished.touch()
        pruning = subprocess.Popen(command, cwd=book.root, stderr=subprocess.PIPE, text=True)
        assert "another build is executing" in pruning.stderr.readline()
        assert unfinished.exists()
    pruning.communicate(timeout=60)
    assert pruning.returncode == 0
    assert not unfinished.exists()  # nobody has it any more


def test_prune_is_refused_while_a_chapter_cannot_be_read(book, capsys):
    book.chapter("one", "1")
    book.bless()
    (book.root / "book" / "one.md").write_text("---\nfile_format: mystnb\ntitle: [\n---\n")
    assert main(["prune", "--yes"]) == 1
    assert "nothing is removed while a chapter cannot be read" in capsys.readouterr().err
    assert book.reference("one").exists()
