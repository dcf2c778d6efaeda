"""Never stale, and right after every kind of interruption."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.calibrate import VARIANTS
from nbtolerance.commands import main
from nbtolerance.machine import Device
from nbtolerance.progress import Progress
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings
from nbtolerance.status import status
from nbtolerance.store import DamagedWarning, Store

from .conftest import import_path


def execute(book, **options):
    settings = load_settings(book.root)
    lines = []
    ensure_executed(find_chapters(settings).chapters, settings, report=lines.append, **options)
    return sorted(line.split()[1] for line in lines)


def stale(book):
    settings = load_settings(book.root)
    states = [status(chapter, settings) for chapter in find_chapters(settings).chapters]
    return {now.chapter.name: now.changed for now in states if not now.fresh}


@pytest.fixture
def library(book, monkeypatch):
    """Modules a, b (imported by a) and c; the chapters `a` and `c` import what they are called."""
    package = book.root / "code" / "booklibrary"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("from booklibrary.b import value\n")
    (package / "b.py").write_text("value = 1\n")
    (package / "c.py").write_text("value = 1\n")
    monkeypatch.setenv("PYTHONPATH", import_path(package.parent))
    for name in ("a", "c"):
        book.chapter(name, f"from booklibrary import {name}\nprint({name}.value)")
    return package


def test_an_edit_of_a_module_executes_exactly_the_chapters_that_reach_it(book, library):
    assert execute(book) == ["a", "c"]
    assert stale(book) == {}
    (library / "b.py").write_text("value = 2\n")
    assert stale(book) == {"a": ["file code/booklibrary/b.py"]}
    assert execute(book) == ["a"]
    (library / "__init__.py").write_text("# every module of a package runs this\n")
    assert set(stale(book)) == {"a", "c"}


def test_a_data_file_that_a_chapter_reads_counts(book):
    book.chapter("reads", "print(open('data.csv').read())")
    book.chapter("reads_not", "print(1)")
    data = book.root / "book" / "data.csv"
    data.write_text("1\n")
    execute(book)
    assert stale(book) == {}
    data.write_text("2\n")
    assert stale(book) == {"reads": ["file book/data.csv"]}
    execute(book)
    data.unlink()
    assert stale(book) == {"reads": ["file book/data.csv"]}


def test_another_device_or_version_executes_again(book):
    book.chapter("one", "import numpy")
    execute(book)
    stored = Store(book.root / "_build/executed")
    executed = stored.read("one")
    for key, field, value in (
        ("python", "python", "3.0"),
        ("device", "device", Device("cuda", "X")),
        ("package numpy", "packages", {"numpy": "0.1"}),
    ):
        other = dataclasses.replace(executed.fingerprint, **{field: value})
        stored.write("one", dataclasses.replace(executed, fingerprint=other))
        assert stale(book) == {"one": [key]}


def test_a_run_made_elsewhere_on_purpose_is_held_against_the_code_alone(book):
    book.chapter("one", "import numpy")
    execute(book, elsewhere=True)
    stored = Store(book.root / "_build/executed")
    executed = stored.read("one")
    other = {"python": "3.0", "device": Device("cuda", "X"), "packages": {"numpy": "0.1"}}
    other = dataclasses.replace(executed.fingerprint, **other)
    stored.write("one", dataclasses.replace(executed, fingerprint=other))
    assert stale(book) == {}
    book.chapter("one", "import numpy\n1")
    assert stale(book)["one"][0] == "code"


def test_the_order_is_longest_first(blessed):
    stored = Store(blessed.root / "_build/executed")
    executed = stored.read("one")
    (blessed.root / "book/one.md").unlink()
    for name, seconds in (("quick", 1.0), ("slow", 50.0)):
        made = dataclasses.replace(executed.provenance, seconds=seconds)
        stored.write(name, dataclasses.replace(executed, provenance=made))
        blessed.chapter(name, "2")
    settings = dataclasses.replace(load_settings(blessed.root), workers=1)
    lines = []
    ensure_executed(find_chapters(settings).chapters, settings, report=lines.append)
    assert [line.split()[1] for line in lines] == ["slow", "quick"]
    assert "about" in lines[0]


def test_a_module_beside_a_chapter_counts(book):
    book.chapter("part/one", "import helper\nprint(helper.VALUE)")
    (book.root / "book/part/helper.py").write_text("from further import VALUE\n")
    (book.root / "book/part/further.py").write_text("VALUE = 1\n")
    execute(book)
    assert stale(book) == {}
    (book.root / "book/part/further.py").write_text("VALUE = 2\n")
    assert stale(book) == {"part/one": ["file book/part/further.py"]}


def test_a_kernel_that_is_not_there_is_named_and_the_others_are_run(book):
    path = book.chapter("one", "1")
    path.write_text(path.read_text().replace("name: python3", "name: nosuch"))
    book.chapter("two", "print('two')")
    settings = load_settings(book.root)
    results = ensure_executed(find_chapters(settings).chapters, settings, report=lambda line: None)
    assert "one needs the kernel 'nosuch', which is not installed" in str(results["one"])
    assert results["two"].code_cells[0].outputs[0].text == "two\n"


def test_all_that_varies_a_run_is_in_the_key(blessed, monkeypatch):
    for name in {name for variant in VARIANTS.values() for name in variant}:
        with monkeypatch.context() as patch:
            patch.setenv(name, "1")
            assert stale(blessed) == {"one": [f"environment {name}"]}


def test_the_rest_is_shared_among_the_workers():
    lines = []
    with Progress({"one": 8.0, "two": 20.0, "three": 4.0}, lines.append, workers=2) as progress:
        progress.started("one")
        progress.started("two")
        assert progress.in_work == ["one", "two"]
        progress.finished("one", "executed in 7.0 s")
        assert progress.in_work == ["two"]
        progress.finished("two", "executed in 21.0 s")
        progress.finished("three", "executed in 4.0 s")
    assert lines == [
        "[1/3] one executed in 7.0 s, about 12 s left",
        "[2/3] two executed in 21.0 s, about 2 s left",
        "[3/3] three executed in 4.0 s",
    ]


# What a script starts with `&` ignores SIGINT, and so does all that it starts; Ctrl-C in a terminal
# meets a process that does not.
NOT_IGNORING_SIGINT = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("nbtolerance", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_build_loses_nothing_and_the_next_is_right(book, stop):
    book.chapter("first", "print('first')")
    mark = book.root / "mark"
    cell = f"import os, time\nopen({str(mark)!r}, 'w').close()\ntime.sleep(30)\nprint('second')"
    book.chapter("second", cell)
    build = subprocess.Popen(
        [sys.executable, "-c", NOT_IGNORING_SIGINT, "execute"],
        cwd=book.root,
        stderr=subprocess.PIPE,
    )
    while not (mark.exists() and book.stored("first").exists()):
        assert build.poll() is None
        time.sleep(0.05)
    begin = time.time()
    build.send_signal(stop)
    build.communicate(timeout=20)
    assert time.time() - begin < 15
    assert build.returncode != 0
    first = book.stored("first").read_bytes()
    assert not book.stored("second").exists()
    book.chapter("second", "print('second')")
    assert execute(book) == ["second"]
    assert book.stored("first").read_bytes() == first


def test_a_truncated_entry_is_executed_again_with_a_warning(blessed):
    path = blessed.stored("one")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.warns(DamagedWarning, match="is not used") as said:
        assert execute(blessed) == ["one"]
    assert len([w for w in said if w.category is DamagedWarning]) == 1
    json.loads(path.read_text())


def test_a_full_disk_is_a_clear_error_and_keeps_what_was_good(blessed, monkeypatch, capsys):
    good = blessed.stored("one").read_bytes()
    blessed.chapter("one", "2")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["execute"]) == 1
    assert "cannot write: No space left on device" in capsys.readouterr().err
    assert blessed.stored("one").read_bytes() == good


def test_two_builds_at_once_do_the_work_once(book):
    log = book.root / "log"
    cell = f"with open({str(log)!r}, 'a') as log: log.write('run ')\nimport time; time.sleep(1)"
    book.chapter("one", cell)
    command = [sys.executable, "-m", "nbtolerance", "execute"]
    builds = [
        subprocess.Popen(command, cwd=book.root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = sorted(build.communicate(timeout=60)[0] for build in builds)
    assert [build.returncode for build in builds] == [0, 0]
    assert log.read_text() == "run "
    assert sum("one executed in" in output for output in outputs) == 1
    assert sum("another build is executing" in output for output in outputs) == 1


def test_a_failure_keeps_the_last_good_run(blessed):
    good = blessed.stored("one").read_bytes()
    blessed.chapter("one", "1 / 0")
    execute(blessed)
    assert blessed.stored("one").read_bytes() == good


def test_kernels_do_not_outlive_an_interrupted_build(book):
    mark = book.root / "mark"
    book.chapter(
        "one",
        f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\n"
        f"os.rename({str(mark)!r}, {str(mark) + '2'!r})\ntime.sleep(60)",
    )
    build = subprocess.Popen([sys.executable, "-m", "nbtolerance", "execute"], cwd=book.root)
    done = book.root / "mark2"
    while not done.exists():
        assert build.poll() is None
        time.sleep(0.05)
    build.kill()
    build.wait()
    kernel = int(done.read_text())
    for _ in range(100):
        try:
            os.kill(kernel, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.kill(kernel, signal.SIGKILL)
    pytest.fail("the kernel was still there 10 s after its build had been killed")
