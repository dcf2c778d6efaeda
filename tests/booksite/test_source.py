from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from booksite import source

LIBRARY = '''
class Shape:
    """A thing with a side."""

    side: float = 1.0  # in metres

    def __post_init__(self) -> None:
        """Check the side."""
        check_by(self.side < 0)

    def area(self) -> float:
        """Multiply."""
        square: float = self.side * self.side  # by itself
        return square

    def empty(self) -> None:
        """Do nothing."""


def halve(value: float, *, times: int = 1, by: "dict[str, int] | None" = None) -> float:
    """Halve a value.

    Over and over.
    """
    if times < 0:
        raise ValueError(times)
    for name in ("a", "b"):
        if not name:
            raise ValueError(name)
    check_by(by)

    # What is left is the work.
    if times == 0:
        return value
    return halve(value / 2, times=times - 1)


def check_by(by: object) -> None:
    if by:
        raise ValueError
'''


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "deep").mkdir()
    (tmp_path / "shapes" / "deep" / "plain.py").write_text(LIBRARY)
    (tmp_path / "shapes" / "deep" / "__init__.py").write_text(
        "from shapes.deep.plain import halve\n__all__ = ['halve']\n"
    )
    (tmp_path / "shapes" / "__init__.py").write_text(
        "from shapes.deep import halve\n__all__ = ['halve']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("shapes.deep.plain")
    for name in [name for name in sys.modules if name.partition(".")[0] == "shapes"]:
        del sys.modules[name]


def test_of_a_function_the_work_is_left(library: Any) -> None:
    assert source.essence(library.halve) == (
        "def halve(value, *, times=1, by=None):\n"
        "    # What is left is the work.\n"
        "    if times == 0:\n"
        "        return value\n"
        "    return halve(value / 2, times=times - 1)"
    )


def test_of_a_class_the_docstrings_go_and_what_only_checks(library: Any) -> None:
    assert source.essence(library.Shape) == (
        "class Shape:\n"
        "    side: float = 1.0  # in metres\n\n"
        "    def area(self):\n"
        "        square = self.side * self.side  # by itself\n"
        "        return square\n\n"
        "    def empty(self):\n"
        "        ..."
    )


def test_what_is_left_computes_the_same(library: Any) -> None:
    names: dict[str, Any] = {}
    exec(source.essence(library.halve), names)
    assert names["halve"](12.0, times=2) == library.halve(12.0, times=2) == 3.0


def test_a_long_signature_takes_several_lines(library: Any, tmp_path: Path) -> None:
    arguments = ", ".join(f"argument_{i}" for i in range(20))
    (tmp_path / "shapes" / "wide.py").write_text(f"def wide({arguments}):\n    return 1\n")
    lines = source.essence(importlib.import_module("shapes.wide").wide).splitlines()
    assert max(map(len, lines)) <= source.WIDTH
    assert "".join(line.strip() for line in lines[:-1]).replace(",", ", ").replace("  ", " ") == (
        f"def wide({arguments}):"
    )


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("shapes.halve", "shapes.deep.halve"),
        ("shapes.deep.plain.halve", "shapes.deep.halve"),
        ("shapes.deep.plain.Shape.area", "shapes.deep.plain.Shape.area"),
    ],
)
def test_a_thing_is_found_by_each_of_its_names(library: Any, name: str, public: str) -> None:
    assert source.public_name(source.find(name)) == public


@pytest.mark.parametrize("name", ["shapes.half", "no_such.thing", "shapes", "math.sqrt"])
def test_what_has_no_source_is_not_found(library: Any, name: str) -> None:
    with pytest.raises(LookupError, match=f"got '{name}'"):
        source.find(name)
