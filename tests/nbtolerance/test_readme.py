"""The README's worked example, where only nbtolerance and what it asks for are installed.

It is made, blessed, checked, broken and mended, and reports what the README says.
"""

import importlib.metadata
import re
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import nbtolerance
from booksite.library import build
from nbtolerance.calibrate import VARIANTS
from nbtolerance.comparators import comparator_for
from nbtolerance.settings import RULES, Settings
from nbtolerance.stored import verdicts
from nbtolerance.tolerance import Tolerance
from tests.environment import closure, link

PACKAGE = Path(nbtolerance.__file__).parent
ROOT = PACKAGE.parents[1]
README = (PACKAGE / "README.md").read_text("utf8")
BLOCK = re.compile(r"^(?P<fence>```+)(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
FILE = re.compile(
    r"`(?P<name>[\w./-]+)`:\n\n(?P<fence>```+)\w+\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)


def typed():
    """What is typed at a prompt, with the lines that it should print."""
    for block in BLOCK.finditer(README):
        if block["language"] == "console":
            for entry in block["text"].removeprefix("$ ").split("\n$ "):
                command, *lines = entry.strip().splitlines()
                yield command, [pattern(line) for line in lines]


def pattern(line):
    """A line that is to be printed; the README's `…` stands for anything."""
    return re.sub(r"([][?])", r"[\1]", line).replace("…", "*")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build(PACKAGE, folder)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture
def foreign_book(pytester, monkeypatch):
    """The example's folder, in a process that sees neither this repository nor its environment."""
    for name in ("CI", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    for file in FILE.finditer(README):
        path = pytester.path / file["name"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(file["text"], "utf8")
    return pytester


def test_the_worked_example_reports_what_the_readme_says(foreign_book, wheel, tmp_path_factory):
    python = environment_with(wheel, tmp_path_factory.mktemp("environment"))
    constants = foreign_book.path / "book" / "constants.json"
    bless, check, check_broken, bless_moved, check_again = typed()

    def agrees(entry):
        command, lines = entry
        program, *words = command.split()
        words = words if program == "python" else ["-m", program, *words]
        foreign_book.run(python, *words).stdout.fnmatch_lines(lines)

    agrees(bless)
    agrees(check)
    constants.write_text(constants.read_text().replace("9.81", "9.80"))
    agrees(check_broken)
    agrees(bless_moved)
    agrees(check_again)


def environment_with(wheel, folder):
    """Make an environment of a wheel and of what it asks for, and of nothing else of what is here.

    A wheel without scripts is installed by unpacking it.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(packages)
    (installed,) = importlib.metadata.distributions(path=[str(packages)])
    link(closure(installed.requires), packages)
    assert not {"learning", "booksite", "torch", "numpy"} & {p.name for p in packages.iterdir()}
    return folder / "bin" / "python"


def test_the_wheel_has_all_modules_of_the_checker_and_nothing_of_the_book(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    code = {name for name in names if ".dist-info/" not in name}
    modules = {f"nbtolerance/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*.py")}
    assert code == modules | {"nbtolerance/py.typed"}


def test_the_changelog_has_the_version(wheel):
    changes = (PACKAGE / "CHANGELOG.md").read_text("utf8")
    assert f"## {wheel.name.split('-')[1]}\n" in changes


@pytest.mark.parametrize("place", ["lib/nbtolerance", "lib/learning", "."])
def test_what_a_distribution_asks_for_was_tested(place):
    project = tomllib.loads((ROOT / place / "pyproject.toml").read_text("utf8"))["project"]
    extras = project["optional-dependencies"].values()
    for line in (*project["dependencies"], *(line for extra in extras for line in extra)):
        requirement = Requirement(line)
        assert requirement.specifier.contains(importlib.metadata.version(requirement.name))


def test_the_worked_example_imports_nothing_of_this_book():
    assert not re.search(r"(?:import|from) learning", README)


def test_the_comparator_of_the_readme_works():
    (code,) = (block["text"] for block in BLOCK.finditer(README) if block["language"] == "python")
    exec(code, {})
    atoms = comparator_for("chemical/x-atoms")
    water = atoms.condense("H O H")
    assert atoms.compare(water, atoms.condense("O H H"), Tolerance()).passed
    assert not atoms.compare(water, atoms.condense("H H"), Tolerance()).passed


@pytest.mark.parametrize("name", RULES)
def test_every_setting_is_in_the_readme(name):
    default = getattr(Settings(Path()), name)
    shown = f'"{default}"' if isinstance(default, str) else str(default)
    assert f"| `{name}` | `{shown}` |" in README


def test_every_option_is_in_the_readme(pytester):
    options = re.findall(r"--nbtolerance-[\w-]+", pytester.runpytest("--help").stdout.str())
    assert options
    assert all(f"| `{option}` |" in README for option in options)


@pytest.mark.parametrize("outcome", verdicts.OUTCOMES)
def test_every_outcome_is_in_the_readme(outcome):
    assert f"| {outcome} |" in README


def test_the_number_of_settings_is_that_of_calibrate():
    assert f"under {len(VARIANTS)} settings" in README
