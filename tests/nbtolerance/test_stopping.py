"""However a build ends, nothing of it stays; and while it lasts, nobody else can reach it."""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

WAITS = """
import os, pathlib, subprocess, time
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
pathlib.Path({mark!r} + "-").write_text(f"{{os.getpid()}} {{child.pid}}")
os.rename({mark!r} + "-", {mark!r})
time.sleep(1000)
"""


class Build:
    """``python -m nbtolerance execute``, until its chapter waits for something."""

    def __init__(self, book, temporary):
        self.mark = book.root / "mark"
        self.temporary = temporary
        book.chapter("one", WAITS.format(mark=str(self.mark)))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nbtolerance", "execute"],
            cwd=book.root,
            env={**os.environ, "TMPDIR": str(temporary), "JUPYTER_RUNTIME_DIR": str(temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear,
        )
        while not self.mark.exists():
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.02)
        self.started = [int(word) for word in self.mark.read_text().split()]

    def end(self, number):
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[1]

    def left(self):
        """The files and the processes that are still there."""
        alive = [p for p in map(_process, self.started) if p and p.status() != "zombie"]
        return [*self.temporary.rglob("*"), *alive]


def _hear():
    """Hear the signals that a script's background jobs, and what `nohup` starts, ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _process(number):
    return psutil.Process(number) if psutil.pid_exists(number) else None


@pytest.fixture
def build(book, tmp_path_factory):
    temporary = tmp_path_factory.mktemp("t")
    build = Build(book, temporary)
    yield build
    build.process.kill()
    for number in build.started:
        if psutil.pid_exists(number):
            psutil.Process(number).kill()


def test_nothing_listens_that_others_could_reach(build):
    processes = [psutil.Process(build.process.pid)]
    processes += processes[0].children(recursive=True)
    assert len(processes) > 1  # its kernel
    sockets = [s for p in processes for s in p.net_connections("inet")]
    assert all(ipaddress.ip_address(s.laddr.ip).is_loopback for s in sockets)
    # Its files are for nobody else either.
    assert [oct(f.stat().st_mode & 0o777) for f in build.temporary.iterdir()] == ["0o700"]


def test_an_interrupted_build_says_so_in_one_line_and_leaves_nothing(build):
    said = build.end(signal.SIGINT)
    assert said.splitlines() == ["interrupted"]
    assert build.left() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_build_leaves_nothing(build, number):
    assert build.end(number) == ""
    assert build.process.returncode == -number
    assert build.left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_impatient_second_signal_does_not_stop_the_cleaning(build, number):
    build.process.send_signal(number)
    time.sleep(0.05)
    build.end(number)
    assert build.left() == []


def test_what_a_killed_build_leaves_is_removed_by_the_next(build, book):
    build.end(signal.SIGKILL)
    assert any(build.temporary.iterdir())
    book.chapter("one", "1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(build.temporary))
        assert book.command("execute").ret == 0
    for _ in range(50):  # a killed kernel notices within a second that nobody has started it
        if not build.left():
            break
        time.sleep(0.1)
    assert build.left() == []


def test_a_build_that_is_at_work_is_left_alone_by_the_next(build, book):
    there = sorted(build.temporary.iterdir())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(build.temporary))
        patch.setenv("NBTOLERANCE_STORE", "_build/another")
        book.chapter("one", "1")
        assert book.command("execute").ret == 0
    assert sorted(build.temporary.iterdir()) == there
    assert build.process.poll() is None


def test_a_detached_child_of_a_cell_ends_with_its_kernel(book):
    mark = book.root / "mark"
    cell = WAITS.format(mark=str(mark)).replace("time.sleep(1000)\n", "")
    book.chapter("one", cell)
    assert book.command("execute").ret == 0
    _, child = map(int, mark.read_text().split())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"
