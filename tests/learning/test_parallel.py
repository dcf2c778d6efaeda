"""Oracles: one process, numpy's sums, torch's DistributedSampler, and closed forms.

Two runs of torchrun are shared by all tests: each takes seconds.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
import pytest
import torch
from torch.utils.data import DistributedSampler

from learning.data import noisy_line
from learning.evaluation import mean_squared_error
from learning.objective import gradient_by_hand, objective
from learning.optimization import Adam, Descent, line_quadratic, minimize
from learning.parallel import (
    Alone,
    Checkpoint,
    Machines,
    average_over,
    break_even,
    checkpoint,
    in_pieces,
    launch,
    load,
    open_columns,
    padded_shard,
    read_log,
    ring_all_reduce,
    save,
    shard,
    step_time,
    train,
    weighted_mean,
)
from learning.parallel.__main__ import main
from learning.parallel.launch import _finish
from learning.parallel.problem import least_squares_on_disk
from learning.representation import Line

X, Y = noisy_line(1001, generator=np.random.default_rng(3))
START = (1.0, -0.5)
# A sum of 1001 terms of one sign, in another order, differs by at most 1000 roundings of 1.1e-16.
CLOSE = {"rtol": 1e-12, "atol": 0.0}


# Who has which points.


@pytest.mark.parametrize("ranks", [1, 2, 3, 4, 13])
def test_each_point_is_in_one_shard_and_shards_are_as_equal_as_can_be(ranks):
    shards = [np.arange(13)[shard(13, ranks=ranks, rank=rank)] for rank in range(ranks)]
    assert [s.tolist() for s in shards] == [
        s.tolist() for s in np.array_split(np.arange(13), ranks)
    ]


@pytest.mark.parametrize("ranks", [1, 2, 3, 5])
def test_padded_shards_are_those_of_torch(ranks):
    for rank in range(ranks):
        theirs = DistributedSampler(range(13), num_replicas=ranks, rank=rank, shuffle=False)
        assert padded_shard(13, ranks=ranks, rank=rank).tolist() == list(theirs)


def test_the_weighted_mean_of_parts_is_the_mean_of_all():
    parts = [X[:7], X[7:13]]
    means, counts = [part.mean() for part in parts], [7, 6]
    assert weighted_mean(means, counts) == pytest.approx(X[:13].mean(), rel=1e-15)
    assert abs(np.mean(means) - X[:13].mean()) > 1e-4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shard(2, ranks=3, rank=0), "ranks must be from 1 to the number of points, 2, got"),
        (lambda: shard(2, ranks=0, rank=0), "ranks must be from 1 to the number of points, 2, got"),
        (lambda: shard(2, ranks=2, rank=2), "rank must be from 0 to 1, got 2"),
        (lambda: padded_shard(2, ranks=3, rank=0), "ranks must be from 1"),
        (lambda: weighted_mean([1.0], [0]), r"must have a count of at least 1, got \[0\]"),
        (lambda: weighted_mean([1.0], [1, 2]), r"each of 1 means must have a count"),
        (lambda: weighted_mean([], []), r"each of 0 means"),
        (lambda: in_pieces(np.mean, piece=0), "piece must be at least 1, got 0"),
        (lambda: ring_all_reduce([np.zeros(2)] * 3), "k vectors must have one shape"),
        (lambda: ring_all_reduce([np.zeros(2), np.zeros(3)]), "k vectors must have one shape"),
        (lambda: launch(ranks=1, max_restarts=-1), "max_restarts must be at least 0, got -1"),
        (lambda: read_log("nowhere"), "there must be a log of a run, got 'nowhere/log.txt'"),
        (lambda: Machines(speed=0.0, latency=0.0, bandwidth=1.0), "speed must be positive"),
        (lambda: Machines(speed=1.0, latency=-1.0, bandwidth=1.0), "latency must be at least 0"),
        (lambda: break_even(CLUSTER, parameters=2, ranks=1), "ranks must be at least 2"),
        (lambda: step_time(CLUSTER, points=0, parameters=2, ranks=1), "points must be at least 1"),
    ],
)
def test_a_broken_rule_is_named_with_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# How they add up, and what it costs.

CLUSTER = Machines(speed=1e10, latency=5e-5, bandwidth=1.25e9)


@pytest.mark.parametrize(("k", "p"), [(1, 5), (2, 8), (3, 12), (4, 10), (7, 7)])
def test_the_ring_gives_everybody_the_sum(k, p):
    vectors = np.random.default_rng(k).integers(-9, 9, (k, p)).astype(float)
    sums, sent = ring_all_reduce(list(vectors))
    assert np.array_equal(sums, np.tile(vectors.sum(axis=0), (k, 1)))
    if p % k == 0:
        assert sent == 2 * (k - 1) * p // k
    assert 2 * (k - 1) * (p // k) <= sent <= 2 * (k - 1) * -(-p // k)


@pytest.mark.parametrize(("ranks", "parameters"), [(2, 2), (3, 1000), (64, 10**6)])
def test_at_the_break_even_many_machines_take_as_long_as_one(ranks, parameters):
    points = break_even(CLUSTER, parameters=parameters, ranks=ranks)
    settings = {"points": points, "parameters": parameters}
    one = sum(step_time(CLUSTER, ranks=1, **settings))
    assert sum(step_time(CLUSTER, ranks=ranks, **settings)) == pytest.approx(one, rel=1e-12)


def test_one_machine_sends_nothing():
    arithmetic, latency, sent = step_time(CLUSTER, points=10_000, parameters=2, ranks=1)
    assert (arithmetic, latency, sent) == (pytest.approx(1.2e-5), 0.0, 0.0)


# Points on the disk.


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parallel")
    np.save(folder / "x.npy", X)
    np.save(folder / "y.npy", Y)
    return folder


@pytest.mark.parametrize("device", [None, torch.device("cpu")])
@pytest.mark.parametrize("piece", [1, 100, 1001, 5000])
def test_pieces_of_files_have_the_loss_and_the_gradient_of_all_points(disk, piece, device):
    problem = least_squares_on_disk(disk / "x.npy", disk / "y.npy", piece=piece, device=device)
    bowl, theta = line_quadratic(X, Y), np.array(START)
    expected = [bowl(theta), *bowl.gradient(theta)]
    assert np.allclose(problem.mean(theta, slice(0, 1001)), expected, **CLOSE)
    rows = np.array([3, 3, 1000])
    expected = objective(Line(0, 0), mean_squared_error, X, Y)(theta, rows)
    assert problem.mean(theta, rows)[0] == pytest.approx(expected, rel=1e-14)


def test_several_inputs_make_a_weighted_sum(tmp_path):
    inputs = np.random.default_rng(0).normal(size=(20, 3))
    np.save(tmp_path / "x.npy", inputs)
    np.save(tmp_path / "y.npy", inputs @ [1.0, -2.0, 3.0] + 0.5)
    problem = least_squares_on_disk(tmp_path / "x.npy", tmp_path / "y.npy", piece=7)
    assert np.allclose(problem.mean(np.array([1.0, -2.0, 3.0, 0.5]), slice(0, 20)), 0, atol=1e-14)
    assert problem.p == 4


# 128 MB of points; what a process may take beyond what it has is 24 MB.
STREAM = """
import resource, sys
import numpy as np
from learning.parallel.problem import least_squares_on_disk
problem = least_squares_on_disk("x.npy", "y.npy", piece=50_000)
pages = int(open("/proc/self/statm").read().split()[5])
resource.setrlimit(resource.RLIMIT_DATA, (pages * resource.getpagesize() + 24_000_000,) * 2)
try:
    np.load("x.npy")
except MemoryError:
    print("all at once: no")
print(problem.mean(np.array([2.0, 1.0]), slice(0, problem.n)).tolist())
"""


def test_a_file_may_be_larger_than_the_memory_that_is_allowed(tmp_path):
    n = 8_000_000
    for name, value in (("x", 1.0), ("y", 5.0)):
        column = np.lib.format.open_memmap(tmp_path / f"{name}.npy", "w+", np.float64, (n,))
        column[:] = value
        column.flush()
    run = subprocess.run(
        [sys.executable, "-c", STREAM], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    # At x = 1 the line 2x + 1 misses 5 by -2: loss 4, and both derivatives are -4.
    assert run.stdout == "all at once: no\n[4.0, -4.0, -4.0]\n"


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (None, np.zeros(3), "there must be a .npy file of numbers, got '.*x.npy'"),
        (np.zeros(3, "float32"), np.zeros(3), "the numbers must be float64, got float32"),
        (np.array(["a", "b"]), np.zeros(2), "the numbers must be float64, got <U1"),
        (np.array([None]), np.zeros(1), "there must be a .npy file of numbers, got '.*x.npy'"),
        (np.zeros(3), np.zeros(4), "one length, at least 1, got 3 and 4 points"),
        (np.zeros(0), np.zeros(0), "one length, at least 1, got 0 and 0 points"),
        (np.zeros((3, 1)), np.zeros((3, 1)), r"y must have one, got \(3, 1\) and \(3, 1\)"),
    ],
)
def test_files_that_do_not_fit_are_refused(tmp_path, x, y, message):
    for name, column in (("x", x), ("y", y)):
        if column is not None:
            np.save(tmp_path / f"{name}.npy", column)
    with pytest.raises(ValueError, match=message):
        open_columns(tmp_path / "x.npy", tmp_path / "y.npy")


def test_a_file_that_is_cut_off_is_refused(tmp_path, disk):
    (tmp_path / "x.npy").write_bytes((disk / "x.npy").read_bytes()[:-8])
    with pytest.raises(ValueError, match=r"there must be a \.npy file"):
        open_columns(tmp_path / "x.npy", disk / "y.npy")


# Checkpoints.

AT = Checkpoint(7, np.array([1.5, -2.0]), (np.array([0.1, 1e-300]), np.array([3.0, 4.0])))


def test_what_is_saved_is_loaded_bit_for_bit(tmp_path):
    save(tmp_path / "c.npz", AT, run={"n": 3, "batch size": None})
    found = load(tmp_path / "c.npz", run={"n": 3, "batch size": None})
    assert found is not None
    assert found.step == 7
    assert np.array_equal([found.theta, *found.memory], [AT.theta, *AT.memory])
    assert [path.name for path in tmp_path.iterdir()] == ["c.npz"]


@pytest.mark.parametrize("other", [{"n": 4, "rate": 0.5}, {"n": 3}, {"n": 3, "rate": 0.5, "m": 1}])
def test_the_checkpoint_of_another_run_is_refused(tmp_path, other):
    save(tmp_path / "c.npz", AT, run=other)
    with pytest.raises(ValueError, match=r"must be of this run, whose \w+ is .*, got .* in '.*c"):
        load(tmp_path / "c.npz", run={"n": 3, "rate": 0.5})


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_file_that_is_no_whole_checkpoint_is_refused(tmp_path, length):
    save(tmp_path / "c.npz", AT, run={})
    whole = (tmp_path / "c.npz").read_bytes()
    (tmp_path / "c.npz").write_bytes(whole[:length])
    with pytest.raises(ValueError, match=r"there must be a whole checkpoint, got '.*c\.npz'"):
        load(tmp_path / "c.npz", run={})


def test_a_write_that_fails_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    save(tmp_path / "c.npz", AT, run={})
    done = []
    monkeypatch.setattr(checkpoint.os, "fsync", lambda file: done.append("fsync"))

    def refuse(*_):
        done.append("replace")
        raise OSError("disk full")

    monkeypatch.setattr(checkpoint.os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        save(tmp_path / "c.npz", Checkpoint(8, AT.theta, ()), run={})
    assert done == ["fsync", "replace"]  # on the disk before it has the name
    found = load(tmp_path / "c.npz", run={})
    assert found is not None
    assert found.step == 7


WRITE = """
from pathlib import Path
import numpy as np
from learning.parallel import Checkpoint, save
for step in range(10**9):
    save(Path("c.npz"), Checkpoint(step, np.full(300_000, float(step)), ()), run={})
    print(step, flush=True)
"""


def test_a_writer_that_is_killed_leaves_a_whole_checkpoint(tmp_path):
    for delay in (0.003, 0.007, 0.012):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "0\n"
            time.sleep(delay)
            writer.kill()
        found = load(tmp_path / "c.npz", run={})
        assert found is not None
        assert np.array_equal(found.theta, np.full(300_000, float(found.step)))


# The loop, on one process.


def alone(disk, folder, rule, *, steps, every=10, **how):
    problem = least_squares_on_disk(disk / "x.npy", disk / "y.npy", piece=100)
    settings = {"n": problem.n, "folder": folder, "every": every, "run": problem.name, **how}
    return train(problem.mean, np.array(START), rule, steps=steps, **settings)


@pytest.mark.parametrize("rule", [Descent(rate=0.5), Adam(rate=0.1)], ids=["descent", "adam"])
def test_a_run_in_two_halves_ends_where_one_of_a_piece_does(disk, tmp_path, rule):
    (tmp_path / "halves").mkdir()
    (tmp_path / "whole").mkdir()
    with pytest.raises(InterruptedError):
        alone(disk, tmp_path / "halves", rule, steps=40, before=interrupt_at(27))
    ends = alone(disk, tmp_path / "halves", rule, steps=40)
    assert np.array_equal(ends.theta, alone(disk, tmp_path / "whole", rule, steps=40).theta)
    _, steps, losses = read_log(tmp_path / "halves")
    assert steps.tolist() == [*range(27), *range(20, 40)]
    assert np.array_equal(losses[20:27], losses[27:34])
    f = objective(Line(0, 0), mean_squared_error, X, Y)
    gradient = gradient_by_hand(Line(0, 0), mean_squared_error, X, Y)
    run = minimize(f, np.array(START), rule, steps=40, gradient=gradient)
    assert np.allclose(ends.theta, run.final, **CLOSE)
    assert np.allclose(read_log(tmp_path / "whole")[2], run.losses, **CLOSE)


def interrupt_at(when):
    def before(step):
        if step == when:
            raise InterruptedError

    return before


class Two:
    """Two ranks in one process: the other one says the same, or, of a single number, one more."""

    rank, size = 0, 2

    def __init__(self, more: float) -> None:
        self.more = more

    def total(self, numbers):
        return 2 * numbers + self.more


def test_ranks_that_see_different_things_do_not_begin(disk, tmp_path):
    with pytest.raises(ValueError, match="all ranks must see the same points, settings and check"):
        alone(disk, tmp_path, Descent(rate=0.5), steps=1, ranks=Two(1.0))
    alone(disk, tmp_path, Descent(rate=0.5), steps=1, ranks=Two(0.0))


def test_an_average_over_ranks_is_a_gradient_for_minimize():
    f = objective(Line(0, 0), mean_squared_error, X, Y)
    gradient = gradient_by_hand(Line(0, 0), mean_squared_error, X, Y)
    together = average_over(Alone(), gradient, 1001)
    batches = np.random.default_rng(0).integers(1001, size=(20, 5))
    settings = {"steps": 20, "batches": batches}
    runs = [
        minimize(f, np.array(START), Descent(rate=0.1), gradient=g, **settings)
        for g in (gradient, together)
    ]
    assert np.allclose(runs[0].final, runs[1].final, **CLOSE)


# Real processes: torchrun, gloo, and a rank that is killed.

SETTINGS = {"rate": 0.5, "steps": 60, "every": 25, "begin": START}


class Listening(threading.Thread):
    """Watches at which addresses our children listen, and to whom they are connected."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.addresses: set[str] = set()
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            for child in psutil.Process().children(recursive=True):
                try:
                    found = child.net_connections("inet")
                except psutil.Error:
                    continue
                self.addresses |= {place.laddr.ip for place in found}


class Runs(NamedTuple):
    """The folders of two runs, and the addresses that they used."""

    four: Path
    killed: Path
    addresses: set[str]


@pytest.fixture(scope="module")
def runs(disk: Path) -> Runs:
    """Run four ranks; then two, with Adam on batches of 7 + 6 points, of which one is killed."""
    files = {"x": disk / "x.npy", "y": disk / "y.npy", **SETTINGS}
    adam = {"rule": "adam", "batch_size": 13, "seed": 5}
    heard = Listening()
    heard.start()
    launch(ranks=4, folder=disk / "four", **files)
    launch(ranks=2, folder=disk / "killed", max_restarts=1, kill="0:43", **adam, **files)
    heard.done.set()
    heard.join()
    return Runs(disk / "four", disk / "killed", heard.addresses)


def ends(folder: Path) -> Checkpoint:
    found = load(folder / "checkpoint.npz")
    assert found is not None
    return found


def test_four_ranks_end_where_one_process_does(runs):
    expected = line_quadratic(X, Y).descend(np.array(START), rate=0.5, steps=60)
    assert np.allclose(ends(runs.four).theta, expected.final, **CLOSE)
    again, steps, losses = read_log(runs.four)
    assert not again.any()
    assert steps.tolist() == list(range(60))
    assert np.allclose(losses, expected.losses, **CLOSE)


def test_two_ranks_of_which_one_was_killed_end_where_one_process_does(runs):
    rows = [np.random.default_rng([5, step]).integers(1001, size=13) for step in range(60)]
    f = objective(Line(0, 0), mean_squared_error, X, Y)
    gradient = gradient_by_hand(Line(0, 0), mean_squared_error, X, Y)
    settings = {"batches": rows, "gradient": gradient, "steps": 60}
    expected = minimize(f, np.array(START), Adam(rate=0.5), **settings).final
    assert np.allclose(ends(runs.killed).theta, expected, rtol=1e-10)


def test_after_a_kill_all_restart_and_repeat_what_came_after_the_checkpoint(runs):
    again, steps, losses = read_log(runs.killed)
    assert steps.tolist() == [*range(43), *range(25, 60)]
    assert again.tolist() == [0] * 43 + [1] * 35
    assert np.array_equal(losses[25:43], losses[43:61])  # the same ranks add up in the same order


def test_nothing_listens_or_speaks_beyond_the_machine(runs):
    assert runs.addresses
    assert runs.addresses <= {"127.0.0.1", "::1"}


def running_on(folder: Path) -> list[list[str]]:
    """Return the commands of all processes that name the folder: an orphan is nobody's child."""
    found = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return [words for words in found if any(str(folder) in word for word in words)]


def test_no_process_is_left(runs, disk):
    command = [sys.executable, "-c", "input()", str(disk)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as one:
        assert len(running_on(disk)) == 1
        one.kill()
    assert running_on(disk) == []


def test_a_run_that_has_ended_is_not_repeated(runs, disk, capsys):
    log = (runs.four / "log.txt").read_text()
    assert main(arguments(disk, runs.four)) == 0
    found = ends(runs.four).theta.tolist()
    assert capsys.readouterr().out == f"60 steps, ranks: 1, parameters: {found}\n"
    assert (runs.four / "log.txt").read_text() == log


# What a command is told.


def arguments(disk, folder, *more, begin="1.0,-0.5"):
    files = ["--x", f"{disk}/x.npy", "--y", f"{disk}/y.npy", "--folder", str(folder)]
    return [*files, "--rate", "0.5", "--steps", "60", "--every", "25", f"--begin={begin}", *more]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--ranks", "0"], "ranks must be from 1 to the points of a step, 1001, got 0"),
        (["--ranks", "9", "--batch-size", "8"], "ranks must be from 1 to the points of a step, 8"),
        (["--steps", "0"], "steps must be at least 1, got 0"),
        (["--every", "0"], "every must be at least 1, got 0"),
        (["--batch-size", "0"], "batch-size must be at least 1, got 0"),
        (["--piece", "0"], "piece must be at least 1, got 0"),
        (["--rate", "-1"], "rate must be finite and at least 0, got -1.0"),
        (["--kill", "1"], "kill must be RANK:STEP, such as 1:70, got '1'"),
        (["--begin=1,2,3"], "begin must be 2 numbers, one more than inputs, got '1,2,3'"),
        (["--begin=1;2"], "begin must be numbers with commas between, got '1;2'"),
        (["--y", "nowhere.npy"], "there must be a .npy file of numbers, got 'nowhere.npy'"),
        (["--ranks", "2", "--max-restarts", "-1"], "max_restarts must be at least 0, got -1"),
    ],
)
def test_a_wrong_command_is_refused_before_anything_starts(disk, tmp_path, capsys, more, message):
    assert main(arguments(disk, tmp_path / "new", *more)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.match(f"error: .*{re.escape(message)}.*\n$", said.err)
    assert not (tmp_path / "new").exists()


def test_more_ranks_than_torchrun_has_started_are_refused(disk, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    assert main(arguments(disk, tmp_path, "--ranks", "2")) == 2
    assert "ranks must be as many as torchrun has started, 3, got 2" in capsys.readouterr().err


def test_a_gpu_that_is_not_there_is_refused(disk, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    assert main(arguments(disk, tmp_path, "--device", "cuda")) == 2
    assert "there must be a GPU for each rank of a machine, got 0" in capsys.readouterr().err


def test_another_runs_checkpoint_ends_the_process_with_a_message(disk, tmp_path):
    assert main(arguments(disk, tmp_path)) == 0
    command = [sys.executable, "-m", "learning.parallel", *arguments(disk, tmp_path, begin="0,0")]
    run = subprocess.run([*command, "--ranks=2"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        "error: the checkpoint must be of this run, whose start is [0.0, 0.0], "
        f"got [1.0, -0.5] in '{tmp_path}/checkpoint.npz'\n"
    )


def test_the_help_tells_how_to_use_a_cluster(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "torchrun --nnodes 4" in capsys.readouterr().out


def test_a_rank_kills_itself_only_where_it_is_asked_to(disk, tmp_path, monkeypatch):
    killed = []
    monkeypatch.setattr(os, "kill", lambda who, how: killed.append((who, how)))
    assert main(arguments(disk, tmp_path, "--kill", "0:7")) == 0
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_who_interrupts_a_run_ends_what_it_has_started():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            _finish([sys.executable, "-c", "import time; time.sleep(600)"], "nowhere")
    finally:
        signal.signal(signal.SIGALRM, before)
    words = [child.cmdline() for child in psutil.Process().children()]
    assert not [each for each in words if "import time; time.sleep(600)" in each]
