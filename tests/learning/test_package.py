"""What holds for the package as a whole."""

import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import learning

MODULES = [module.name for module in pkgutil.walk_packages(learning.__path__, "learning.")]
VALUES = [
    value
    for name in MODULES
    for value in vars(importlib.import_module(name)).values()
    if dataclasses.is_dataclass(value) and value.__module__ == name
]


def test_there_are_values():
    assert len(VALUES) >= 15


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_what_is_a_value_does_not_change(value):
    instance = object.__new__(value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(instance, dataclasses.fields(value)[0].name, 1)


def test_no_module_waits_for_torch_until_it_computes_with_it():
    code = f"""
import importlib, sys
for name in {MODULES!r}:
    importlib.import_module(name)
    if "torch" in sys.modules:
        sys.exit(name)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr == ""


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name):
    failed, _ = doctest.testmod(importlib.import_module(name), extraglobs={"np": np})
    assert failed == 0


# What draws in a browser, encodes a film, reports to Jupyter or depends on the machine.
OTHERS = ("explorables", "animation", "report", "devices")
CALLED = [
    value
    for name in MODULES
    if name.split(".")[1] not in OTHERS
    for value in vars(importlib.import_module(name)).values()
    if getattr(value, "__module__", None) == name
    and (inspect.isfunction(value) or inspect.isclass(value))
    and not value.__name__.startswith("_")
    and not getattr(value, "_is_protocol", False)
    and value.__name__ != "use_style"  # would change how all other pictures look
]


@pytest.mark.parametrize("value", CALLED, ids=lambda value: value.__name__)
def test_what_can_be_called_has_an_example_and_names_its_parameters(value):
    text = inspect.getdoc(value)
    assert ">>> " in text
    names = [name for name in inspect.signature(value).parameters if not name.startswith("_")]
    assert all(re.search(rf"\b{name}\b", text) for name in names)


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in MODULES for t in finder.find(importlib.import_module(name))]
    assert sum(bool(test.examples) for test in tests) >= 45


def test_its_own_metadata_asks_for_what_the_book_asks_for():
    folder = Path(learning.__path__[0])
    own, book = (
        tomllib.loads((place / "pyproject.toml").read_text("utf8"))["project"]
        for place in (folder, folder.parents[1])
    )
    assert own["version"] == book["version"]
    extras = own["optional-dependencies"].values()
    asked = {*own["dependencies"], *(line for extra in extras for line in extra)}
    assert asked <= {*book["dependencies"]}
