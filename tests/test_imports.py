"""Nothing in lib/ imports in a circle, not even for the type checker."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[1] / "lib"
MODULES = {
    ".".join(file.relative_to(LIB).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(LIB.rglob("*.py"))
}


def imported(module: str, file: Path) -> set[str]:
    """The modules of lib/ that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    found = {name for name in names if name in MODULES}
    # "from package import module" needs the module alone.
    return {
        name
        for name in found
        if not any(other.startswith(f"{name}.") for other in found)
        and not module.startswith(f"{name}.")
    } - {module}


GRAPH = {module: imported(module, file) for module, file in MODULES.items()}


def test_the_graph_has_the_arrows_that_are_there() -> None:
    assert "learning.optimization.trajectory" in GRAPH["learning.optimization.search"]
    assert sum(map(len, GRAPH.values())) > 200


def test_nothing_imports_in_a_circle() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("nbtolerance", ("booksite", "learning")),
        ("learning", ("booksite", "nbtolerance")),
        ("booksite", ("learning",)),
        (
            "nbtolerance.comparators",
            ("nbtolerance.runner", "nbtolerance.refresh", "nbtolerance.store"),
        ),
        ("nbtolerance.check", ("nbtolerance.runner", "nbtolerance.refresh")),
    ],
)
def test_the_arrows_point_one_way(above: str, below: tuple[str, ...]) -> None:
    wrong = {
        (module, name)
        for module, names in GRAPH.items()
        for name in names
        if (module == above or module.startswith(f"{above}.")) and name.startswith(below)
    }
    assert not wrong
