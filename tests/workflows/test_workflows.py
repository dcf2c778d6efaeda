"""What GitHub reads: valid by the published schemas, pinned, and made of make's targets alone."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check
from click.testing import CliRunner

from .github import in_order, results

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINS = re.compile(r"^([\w.-]+)==([\w.+-]+)$", re.MULTILINE)

each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(file.read_text("utf8"))["jobs"].values():
        yield from job["steps"]


def test_there_are_three() -> None:
    assert [file.name for file in FILES] == ["check.yml", "publish.yml", "weekly.yml"]


ISSUES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").iterdir())
SCHEMAS = {
    "github-workflows": FILES,
    "dependabot": [ROOT / ".github/dependabot.yml"],
    "github-issue-forms": [form for form in ISSUES if form.name != "config.yml"],
    "github-issue-config": [form for form in ISSUES if form.name == "config.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_they_are_valid_by_the_vendored_schema(schema: str) -> None:
    assert SCHEMAS[schema]
    files = map(str, SCHEMAS[schema])
    run = CliRunner().invoke(check, ["--builtin-schema", f"vendor.{schema}", *files])
    assert run.exit_code == 0, run.output


@each
def test_every_action_is_pinned_by_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf8"))
    assert used
    pinned = re.compile(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert not [line for line in used if not pinned.fullmatch(line)]


@each
def test_steps_run_only_targets_that_make_has(file: Path) -> None:
    runs = [step["run"] for step in steps(file) if "run" in step]
    assert runs
    for line in runs:
        words = re.fullmatch(r"make [a-z]+(?: [a-z]+)*(?: [A-Z]+=[\w.-]+)*", line)
        assert words, f"not a line of make: {line}"
        known = subprocess.run(
            ["make", "--dry-run", *line.split()[1:]], cwd=ROOT, capture_output=True, check=False
        )
        assert known.returncode == 0, known.stderr


@each
def test_permissions_are_named_and_only_publishing_may_write(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    writing = {name for name, job in workflow["jobs"].items() if "permissions" in job}
    assert writing <= {"notebooks", "deploy"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


PUBLISH = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf8"))
JOBS = ["wheelhouse", "execute", "render", "notebooks", "deploy"]


def ends(runner: str, failing: str = "") -> list[str]:
    """How the jobs of the publish workflow end, in their order."""
    assert [name for name, _ in in_order(PUBLISH)] == JOBS
    return list(results(PUBLISH, {"GPU_RUNNER": runner}, failing).values())


def test_pages_are_deployed_after_execution_check_and_rendering() -> None:
    assert ends('["gpu"]') == ["success"] * 5
    render = PUBLISH["jobs"]["render"]["steps"]
    assert [s["run"] for s in render if "run" in s] == [
        "make check",
        "make pdf epub",
        "make book",
    ]


def test_without_a_gpu_nothing_waits_for_one() -> None:
    assert ends("") == ["skipped", "skipped", "success", "success", "success"]
    running = [PUBLISH["jobs"][name] for name in ("render", "notebooks", "deploy")]
    assert {job["runs-on"] for job in running} == {"ubuntu-latest"}
    # It is read also where the job is skipped, and then it must still be JSON.
    (default,) = re.findall(r"\|\| '(.*)'", PUBLISH["jobs"]["execute"]["runs-on"])
    assert json.loads(default)


@pytest.mark.parametrize(
    ("runner", "failing"), [*(('["gpu"]', job) for job in JOBS[:-1]), ("", "render")]
)
def test_a_job_that_fails_stops_those_after_it(runner: str, failing: str) -> None:
    place = JOBS.index(failing)
    assert ends(runner, failing)[place:] == ["failure"] + ["skipped"] * (4 - place)


def test_no_step_may_fail_and_be_passed_over() -> None:
    assert not [s for file in FILES for s in steps(file) if "continue-on-error" in s]


def test_a_push_is_checked_as_the_project_checks_itself() -> None:
    check = [step["run"] for step in steps(ROOT / ".github/workflows/check.yml") if "run" in step]
    assert (ROOT / ".ci" / "run").read_text("utf8").splitlines()[-2:] == check


def test_what_executes_is_pinned_as_what_renders() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(PINS.findall((ROOT / name).read_text("utf8")))

    executing, whole = pins("requirements-execute.txt"), pins("requirements.txt")
    assert executing
    assert {name: whole.get(name) for name in executing} == executing
