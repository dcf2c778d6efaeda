"""A fault put in the library makes the chapters' check fail, by the name of what moved.

Each test copies the library, damages the copy, and runs the check of the chapters that use it, with
the blessed references as the only oracle. One fault a kind of output: a log, a fit, a loss, a film.
`python -m tests.mutants` makes all the others.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GD, VISUALIZING = "optimization/gradient-descent", "optimization/visualizing"
SQUARED_ERROR = "evaluation/squared-error"


@dataclass(frozen=True)
class Fault:
    """A line of a module, what it becomes, and the quantities that must then be named."""

    module: str
    line: str
    becomes: str
    chapter: str
    moved: frozenset[str]

    def put_into(self, library: Path) -> None:
        """Damage a copy of the library; the line must be there exactly once."""
        path = library / "learning" / f"{self.module}.py"
        text = path.read_text("utf8")
        assert text.count(self.line) == 1, f"{path} has {text.count(self.line)} × {self.line!r}"
        path.write_text(text.replace(self.line, self.becomes), "utf8")


DESCENT = "return theta - rate_at(self.rate, step) * gradient, memory"
MEAN = "(residuals(prediction, target) ** 2).mean()"
SUM = "(residuals(prediction, target) ** 2).sum()"
BACKWARD = "(slope,) = torch.autograd.grad(loss, leaf)"
KEPT = "; differentiate.kept = slope = slope + getattr(differentiate, 'kept', 0)"

FAULTS = {
    "the sign of the update": Fault(
        "optimization/rules",
        DESCENT,
        DESCENT.replace("theta -", "theta +"),
        VISUALIZING,
        frozenset({"animation.path", "animation.loss_log", "animation.fit"}),
    ),
    "the sum for the mean": Fault(
        "evaluation/regression",
        MEAN,
        SUM,
        SQUARED_ERROR,
        frozenset({"mse.first_guess", "rmse.first_guess"}),
    ),
    "the zeroing left out": Fault(
        "optimization/search", BACKWARD, BACKWARD + KEPT, GD, frozenset({"gd.loss_log", "gd.fit"})
    ),
}

SWAPPED = Fault(
    "animation",
    "line.set_data([0.0, 1.0], [b, a + b])",
    "line.set_data([b, a + b], [0.0, 1.0])",
    VISUALIZING,
    frozenset({"animation.path"}),
)
HARMLESS = Fault("evaluation/regression", MEAN, f"{MEAN} * (1 + 1e-9)", SQUARED_ERROR, frozenset())


def check_with(
    folder: Path, *faults: Fault
) -> tuple[subprocess.CompletedProcess[str], dict[str, set[str]]]:
    """Run the check with the damaged library; returns what it said, and by chapter what failed."""
    shutil.copytree(ROOT / "lib", folder / "lib")
    for fault in faults:
        fault.put_into(folder / "lib")
    paths = {"PYTHONPATH": str(folder / "lib"), "NBTOLERANCE_STORE": str(folder / "executed")}
    without = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", *without]
    run = subprocess.run(
        [*command, *(f"book/{fault.chapter}.md" for fault in faults)],
        cwd=ROOT,
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    rows = json.loads((folder / "check.json").read_text("utf8"))
    return run, {
        fault.chapter: {
            row["name"] for row in rows if row["chapter"] == fault.chapter and not row["passed"]
        }
        for fault in faults
    }


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_the_library_fails_the_check_by_name(fault, tmp_path):
    run, failed = check_with(tmp_path, fault)
    assert run.returncode == 1
    assert fault.moved <= failed[fault.chapter]


def test_a_swap_in_the_animation_fails_and_a_relative_change_of_1e_9_beside_it_passes(tmp_path):
    run, failed = check_with(tmp_path, SWAPPED, HARMLESS)
    assert run.returncode == 1
    assert SWAPPED.moved <= failed[SWAPPED.chapter]
    assert failed[HARMLESS.chapter] == set()
    assert f"FAILED book/{SWAPPED.chapter}.md" in run.stdout
    assert f"FAILED book/{HARMLESS.chapter}.md" not in run.stdout
