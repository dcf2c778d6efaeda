"""`make audit` fails where it could look nothing up, instead of finding no fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9/"  # the port of a service that discards, and that nobody offers


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """What the target would run."""
    command = ["make", "--no-print-directory", "--dry-run", "audit", f"VENV={sys.prefix}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_packages_that_pip_audit_cannot_look_up_are_faults(lines: list[str]) -> None:
    # It is not run here, where it would have to be installed first.
    (line,) = [line for line in lines if "bin/pip-audit " in line]
    assert {"--strict", "constraints.txt"} <= set(line.split())


def test_npm_fails_where_it_reaches_no_registry(lines: list[str]) -> None:
    unreachable = {"npm_config_registry": NOBODY, "npm_config_fetch_retries": "0"}
    run = subprocess.run(
        ["sh", "-c", lines[-1]],
        cwd=ROOT,
        env={**os.environ, **unreachable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "audit endpoint returned an error" in run.stderr
