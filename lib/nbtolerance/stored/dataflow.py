"""Which names a cell reads and which it leaves behind: how a failure reaches later cells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_CELL_MAGIC = "%%"


@dataclass(frozen=True)
class Names:
    """What a cell does with the notebook's names.

    ``reads`` it needs, ``defines`` are new or bound anew (``x = 1``, also by an import),
    ``changes`` may be changed in place (``x[0] = 1``, ``x.fit()``), ``passes`` are handed to
    functions that may change them, ``imports`` are modules and what comes from them.
    """

    reads: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()


@cache
def names_of(source: str) -> Names:
    """The names of a cell; none where it is not Python."""
    try:
        nodes = list(ast.walk(ast.parse(_python(source))))
    except SyntaxError:
        return Names()
    read, defined, imported = set(), set(), set()
    for node in nodes:
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else defined).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
    changed = {name for node in nodes for name in _changed(node)}
    passed = {a.id for n in nodes if isinstance(n, ast.Call) for a in n.args if _is_name(a)}
    return Names(*map(frozenset, (read, defined | imported, changed, passed, imported)))


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _changed(node: ast.AST) -> Iterator[str]:
    """The name whose object a node changes in place."""
    stored = isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    root: ast.AST | None = node if stored else node.func if called else None  # type: ignore[attr-defined]
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if isinstance(root, ast.Name):
        yield root.id


def _python(source: str) -> str:
    """A cell without IPython's magics; the body of a cell magic such as ``%%time`` is kept."""
    from IPython.core.inputtransformer2 import TransformerManager

    if source.lstrip().startswith(_CELL_MAGIC):
        source = source.lstrip().partition("\n")[2]
    return TransformerManager().transform_cell(source)
