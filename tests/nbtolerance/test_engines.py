"""Side by side on a real cluster: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.failures import ExecutionError, NoWorkerError
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings
from nbtolerance.store import Store

from .conftest import import_path

# A chapter that leaves a mark when it begins.
SLOW = """
import os, time
with open({log!r}, "a") as log: log.write("begun ")
time.sleep({seconds})
"""


class Cluster:
    """A dask scheduler and its workers, as processes; the scheduler has some variables set."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        (folder / "temporary").mkdir()
        place = ("--port", "0", "--scheduler-file", "s.json")
        self._start("scheduler", "--no-dashboard", *place, **env)
        self.address = f"file:{folder / 's.json'}"

    def _start(self, *words: str, **env: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{words[0]}-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=self.folder,
            env={**os.environ, **env},
            stdout=log,
            stderr=log,
        )
        self.processes.append(process)
        return process

    def worker(self, *words: str, **env: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread.

        It has a folder of its own for temporary files: the books here are in the usual one, from
        which nothing counts that lies outside of a book.
        """
        env["TMPDIR"] = str(self.folder / "temporary")
        return self._start(
            "worker", "--scheduler-file", "s.json", "--nthreads", "1", "--no-nanny",
            "--no-dashboard", *words, **env,
        )  # fmt: skip

    def wait_for(self, workers: int) -> str:
        """Wait until so many workers have joined; returns the scheduler's address."""
        from distributed import Client

        with Client(scheduler_file=self.folder / "s.json", timeout=30) as client:
            if workers:
                client.wait_for_workers(workers, timeout=30)
            return str(client.scheduler.address)

    def stop(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module", autouse=True)
def dask():
    """Import once what `pytester` would take out after each test."""
    importlib.import_module("nbtolerance.engines.cluster")


@pytest.fixture
def cluster(tmp_path_factory, request):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), **getattr(request, "param", {}))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler with two workers, for tests that leave it as it is; and its address."""
    cluster = Cluster(tmp_path_factory.mktemp("two"))
    for _ in range(2):
        cluster.worker()
    yield cluster, cluster.wait_for(2)
    cluster.stop()


def execute(book, **options):
    settings = load_settings(book.root)
    return ensure_executed(
        find_chapters(settings).chapters, settings, report=lambda line: None, **options
    )


def test_a_cluster_runs_the_chapters_and_its_workers_share_them(book, two):
    cluster, address = two
    for name in ("one", "two", "three", "four"):
        book.chapter(name, "import os, time; time.sleep(1); print(os.getppid())")
    results = execute(book, scheduler=address)
    parents = {result.code_cells[0].outputs[0].text.strip() for result in results.values()}
    assert parents == {str(p.pid) for p in cluster.processes[1:]}
    assert all(Store(book.root / "_build/executed").read(name) for name in results)


def test_a_lost_workers_chapter_is_run_again_elsewhere(book, cluster):
    log = book.root / "log"
    book.chapter("one", SLOW.format(log=str(log), seconds=1), "print('done', os.getppid())")
    workers = [cluster.worker(), cluster.worker()]
    address = cluster.wait_for(2)
    command = [sys.executable, "-m", "nbtolerance", "execute", "--scheduler", address]
    build = subprocess.Popen(command, cwd=book.root)
    while not log.exists():
        time.sleep(0.05)
    (kernel,) = kernels_of(workers)
    victim, other = workers if kernel == workers[0].pid else reversed(workers)
    victim.send_signal(signal.SIGKILL)
    assert build.wait(timeout=60) == 0
    executed = Store(book.root / "_build/executed").read("one")
    assert executed.code_cells[1].outputs[0].text == f"done {other.pid}\n"
    assert log.read_text() == "begun begun "


def kernels_of(workers):
    """The workers that have a kernel below them, by process id."""
    import psutil

    return {w.pid for w in workers if psutil.Process(w.pid).children()}


def test_a_chapter_that_kills_its_kernel_is_tried_twice_and_reported(book):
    log = book.root / "log"
    cell = f"with open({str(log)!r}, 'a') as log: log.write('begun ')\nimport os; os._exit(1)"
    book.chapter("one", cell)
    (result,) = execute(book).values()
    assert isinstance(result, ExecutionError)
    assert "lost its kernel 2 times" in str(result)
    assert log.read_text() == "begun begun "


# As it is, dask gives a task up when it has lost four workers.
ONE_IS_ENOUGH = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}


@pytest.mark.parametrize("cluster", [ONE_IS_ENOUGH], indirect=True, ids=["one is enough"])
def test_a_chapter_that_kills_its_workers_is_reported_and_the_others_are_run(book, cluster):
    book.chapter("one", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    book.chapter("two", "print('two')")
    for _ in range(2):
        cluster.worker()
    results = execute(book, scheduler=cluster.wait_for(2))
    assert isinstance(results["one"], ExecutionError)
    assert "lost every worker that ran it" in str(results["one"])
    assert results["two"].code_cells[0].outputs[0].text == "two\n"


@pytest.fixture
def library(book, monkeypatch):
    """A library of one module that chapter `one` imports."""
    package = book.root / "code" / "ownlibrary"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.setenv("PYTHONPATH", import_path(package.parent))
    book.chapter("one", "import os, ownlibrary; print(ownlibrary.value, os.getppid())")
    yield package.parent
    sys.modules.pop("ownlibrary", None)


@pytest.fixture
def other_library(tmp_path):
    """Another version of it."""
    package = tmp_path / "other" / "ownlibrary"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("value = 2\n")
    return package.parent


def test_a_worker_with_another_version_of_the_library_is_refused(
    book, cluster, library, other_library
):
    cluster.worker(PYTHONPATH=import_path(other_library))
    with pytest.raises(NoWorkerError, match=r"every worker has other code.*ownlibrary"):
        execute(book, scheduler=cluster.wait_for(1))
    assert not book.stored("one").exists()


def test_chapters_that_read_what_others_write_settle_on_a_cluster_too(book, two):
    book.chapter("a-reads", "print(open('table.txt').read())")
    book.chapter("b-writes", "import time; time.sleep(1); open('table.txt', 'w').write('new')")
    (book.root / "book/table.txt").write_text("old")
    results = execute(book, scheduler=two[1])
    assert results["a-reads"].code_cells[0].outputs[0].text == "new\n"


def test_the_worker_with_the_right_version_is_believed(book, cluster, library, other_library):
    cluster.worker(PYTHONPATH=import_path(other_library))
    right = cluster.worker(PYTHONPATH=import_path(library))
    (result,) = execute(book, scheduler=cluster.wait_for(2)).values()
    assert result.code_cells[0].outputs[0].text == f"1 {right.pid}\n"


def test_chapters_that_need_a_gpu_never_run_at_once(book, cluster):
    for name in ("one", "two"):
        book.chapter(
            name,
            "import time; begin = time.time(); time.sleep(0.3); print(begin, time.time())",
            front="tags: [needs-gpu]\n",
        )
    cluster.worker("--resources", "GPU=1", "--nthreads", "2")
    results = execute(book, scheduler=cluster.wait_for(1))
    texts = (result.code_cells[0].outputs[0].text for result in results.values())
    (_, first_end), (second_begin, _) = sorted(tuple(map(float, t.split())) for t in texts)
    assert first_end <= second_begin


def test_nor_do_they_on_this_machine_while_another_chapter_runs_beside(book, monkeypatch):
    (book.root / "acard.py").write_text("def describe(): return {'kind': 'cuda', 'name': 'a card'}")
    (book.root / "pyproject.toml").write_text(
        "[tool.nbtolerance]\ndevice = 'acard:describe'\nworkers = 3\n"
    )
    monkeypatch.syspath_prepend(book.root)
    cell = "import time; begin = time.time(); time.sleep(0.3); print(begin, time.time())"
    for name in ("one", "two"):
        book.chapter(name, cell, front="tags: [needs-gpu]\n")
    book.chapter("three", cell)
    results = execute(book)
    texts = {name: result.code_cells[0].outputs[0].text for name, result in results.items()}
    times = {name: tuple(map(float, text.split())) for name, text in texts.items()}
    (_, first_end), (second_begin, _) = sorted((times["one"], times["two"]))
    assert first_end <= second_begin
    assert times["three"][0] < second_begin  # it does not wait in line with them


def test_a_chapter_that_needs_a_gpu_is_refused_where_there_is_none(book):
    book.chapter("one", "1", front="tags: [needs-gpu]\n")
    with pytest.raises(NoWorkerError, match="one needs a GPU, and no worker has one"):
        execute(book)


def test_a_missing_worker_is_a_clear_error_of_the_check(book):
    book.chapter("one", "1", front="tags: [needs-gpu]\n")
    result = book.check()
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*one needs a GPU, and no worker has one"])


def test_a_scheduler_that_cannot_be_reached_is_named_in_one_line(book, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    book.chapter("one", "1")
    addresses = ["tcp://127.0.0.1:1", "nonsense", "tls://127.0.0.1:1"]
    code = (
        "import gc, sys; gc.disable(); from nbtolerance.commands import main; "
        "sys.exit(sum(main(['execute', '--scheduler', each]) for each in sys.argv[1:]))"
    )
    result = book.pytester.run(sys.executable, "-c", code, *addresses)
    assert result.ret == 3
    for line, address in zip(result.stderr.lines, addresses, strict=True):
        assert line.startswith(f"the scheduler {address} cannot be reached: ")


def test_a_scheduler_without_workers_is_no_place_to_wait(book, cluster):
    book.chapter("one", "1")
    with pytest.raises(NoWorkerError, match="one cannot be run: the scheduler has no worker"):
        execute(book, scheduler=cluster.wait_for(0))


def test_where_dask_is_not_installed_one_line_says_so(book):
    book.chapter("one", "1")
    code = (
        "import sys; sys.modules['distributed'] = None; from nbtolerance.commands import main; "
        "sys.exit(main(['execute', '--scheduler', 'tcp://127.0.0.1:1']))"
    )
    result = book.pytester.run(sys.executable, "-c", code)
    assert result.ret == 1
    (line,) = result.stderr.lines
    assert "comes with nbtolerance[dask]" in line


def test_nothing_is_started_when_nothing_is_stale(book):
    book.chapter("one", "1")
    execute(book)
    code = (
        "import sys; from nbtolerance.commands import main; main(['execute']); "
        "sys.exit(bool({'distributed', 'nbclient', 'zmq'} & sys.modules.keys()))"
    )
    assert book.pytester.run(sys.executable, "-c", code).ret == 0


def test_chapters_are_run_here_without_dask(book):
    book.chapter("one", "1")
    code = (
        "import sys; from nbtolerance.commands import main; main(['execute']); "
        "sys.exit('distributed' in sys.modules)"
    )
    assert book.pytester.run(sys.executable, "-c", code).ret == 0
    assert book.stored("one").exists()
