"""What holds for the package as a whole."""

import dataclasses
import importlib
import pkgutil
import subprocess
import sys

import pytest

import learning

MODULES = [m.name for m in pkgutil.iter_modules(learning.__path__) if not m.ispkg]
VALUES = [
    value
    for name in MODULES
    for value in vars(importlib.import_module(f"learning.{name}")).values()
    if dataclasses.is_dataclass(value) and value.__module__ == f"learning.{name}"
]


def test_there_are_values():
    assert len(VALUES) >= 9


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_what_is_a_value_does_not_change(value):
    instance = object.__new__(value)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(instance, dataclasses.fields(value)[0].name, 1)


@pytest.mark.parametrize("name", MODULES)
def test_no_module_waits_for_torch_until_it_computes_with_it(name):
    code = f"import sys, learning.{name}; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
