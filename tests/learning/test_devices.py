"""Oracle: what a fresh interpreter has imported."""

import os
import subprocess
import sys

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
    with pytest.raises(RuntimeError, match="must name a device that is there, got 'cuda'"):
        devices.describe()


@pytest.mark.parametrize(("present", "expected"), [(True, "cuda"), (False, "cpu")])
def test_without_the_variable_a_gpu_is_used_where_there_is_one(monkeypatch, present, expected):
    monkeypatch.delenv("LEARNING_DEVICE", raising=False)
    monkeypatch.setattr(devices, "_cuda_is_available", lambda: present)
    assert devices.kind() == expected


def test_without_a_driver_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(devices, "_driver_is_installed", lambda: False)
    assert devices._cuda_is_available() is False


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
