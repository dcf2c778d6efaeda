"""Oracle: what a fresh interpreter has imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from learning import devices


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_describing_the_cpu_does_not_import_torch():
    code = "import sys; from learning import devices; d = devices.describe(); "
    code += "print(d['kind'], bool(d['name']), 'torch' in sys.modules)"
    assert run(code, LEARNING_DEVICE="cpu") == "cpu True False"


def test_the_package_imports_neither_torch_nor_matplotlib():
    code = "import sys, learning; print({'torch', 'matplotlib'} & set(sys.modules))"
    assert run(code) == "set()"


def test_an_unknown_device_is_refused(monkeypatch):
    monkeypatch.setenv("LEARNING_DEVICE", "tpu")
    with pytest.raises(ValueError, match=r"LEARNING_DEVICE must be cpu or cuda.*got 'tpu'"):
        devices.kind()


def test_an_absent_gpu_that_was_asked_for_is_an_error(monkeypatch):
    monkeypatch.setenv("LEARNING_DEVICE", "cuda")
    monkeypatch.setattr(devices, "_cuda_is_available", lambda: False)
    with pytest.raises(RuntimeError, match="must be cpu on a machine without a GPU, got 'cuda'"):
        devices.describe()


@pytest.mark.parametrize(("present", "expected"), [(True, "cuda"), (False, "cpu")])
def test_without_the_variable_a_gpu_is_used_where_there_is_one(monkeypatch, present, expected):
    monkeypatch.delenv("LEARNING_DEVICE", raising=False)
    monkeypatch.setattr(devices, "_cuda_is_available", lambda: present)
    assert devices.kind() == expected


def test_without_a_driver_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(devices, "_driver_is_installed", lambda: False)
    assert devices._cuda_is_available() is False


@pytest.mark.parametrize("installed", [True, False])
def test_torch_is_asked_for_a_gpu_where_there_is_a_driver(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.setattr(devices, "_driver_is_installed", lambda: installed)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices._cuda_is_available() is installed


@pytest.mark.parametrize("there", [None, "libcuda.so.1", "nvcuda.dll"])
def test_the_driver_is_found_by_either_systems_name(
    monkeypatch: pytest.MonkeyPatch, there: str | None
) -> None:
    def load(library: str) -> None:
        if library != there:
            raise OSError

    monkeypatch.setattr(devices.ctypes, "CDLL", load)
    assert devices._driver_is_installed() is (there is not None)


def test_prepare_makes_torch_repeatable(monkeypatch):
    monkeypatch.setenv("LEARNING_DEVICE", "cpu")
    threads, before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    try:
        assert devices.prepare() == torch.device("cpu")
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
        assert not torch.backends.cuda.matmul.allow_tf32
        assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(before)


def test_a_gpu_is_waited_for_before_the_clock_starts_and_before_it_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The oracle: the order of events that CUDA's documentation asks of a timing.
    events: list[str] = []
    clock = iter([1.0, 3.5])

    def tick() -> float:
        events.append("clock")
        return next(clock)

    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: events.append("wait"))
    monkeypatch.setattr(devices.time, "perf_counter", tick)
    with devices.timed("cuda") as elapsed:
        events.append("work")
    assert events == ["wait", "clock", "work", "wait", "clock"]
    assert elapsed.seconds == 2.5


def test_a_cpu_needs_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: pytest.fail("waited"))
    with devices.timed(torch.device("cpu")) as elapsed:
        sum(range(1000))
    assert elapsed.seconds > 0


def test_nothing_else_in_the_book_reads_a_clock() -> None:
    root = Path(__file__).resolve().parents[2]
    sources = [*(root / "lib/learning").rglob("*.py"), *(root / "book").rglob("*.md")]
    clocks = ("perf_counter", "time.time(", "monotonic(", "%timeit", "%%time")
    reading = [p.name for p in sources if any(c in p.read_text("utf8") for c in clocks)]
    assert reading == ["devices.py"]
