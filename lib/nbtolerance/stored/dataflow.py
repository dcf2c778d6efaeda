"""Which names a cell needs and which it leaves behind: how a failure reaches later cells."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from nbtolerance.chapter import plain_python

EVERYTHING = "*"  # what a star import binds: names that nobody can know before it has run

_GIVEN = {*dir(builtins), "display", "get_ipython"}


@dataclass
class Names:
    """What a cell does with the notebook's names.

    ``needs`` it reads before it defines them, ``defines`` it binds (``x = 1``, ``def x``),
    ``imports`` likewise, ``tools`` of both are modules, functions and classes, ``changes`` it may
    change in place (``x[0] = 1``, ``x.fit()``, ``train(x)`` as a statement).
    """

    needs: set[str] = field(default_factory=set)
    defines: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    tools: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)


@cache
def names_of(source: str, first_line: int = 1) -> Names:
    """Return the names of a cell, from a line on; none where it is not Python."""
    names = Names()
    try:
        statements = ast.parse(plain_python(source)).body
    except SyntaxError:
        return names
    for statement in statements:
        if (statement.end_lineno or 0) >= first_line:
            _add(names, statement)
    return names


def _add(names: Names, statement: ast.stmt) -> None:
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    known = names.defines | names.imports | set(_targets(statement)) | _GIVEN
    names.needs |= set(_read(table)) - known
    bound = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    imported = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_imported()}
    named = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    made = {statement.name} if named else set()  # type: ignore[attr-defined]  # just asked
    names.defines |= bound | made
    names.imports |= imported | _starred(statement)
    names.tools |= imported | made
    names.changes |= {name for node in ast.walk(statement) for name in _changed(node)}


def _starred(statement: ast.stmt) -> set[str]:
    starred = isinstance(statement, ast.ImportFrom) and statement.names[0].name == EVERYTHING
    return {EVERYTHING} if starred else set()


def _read(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the notebook's names that a scope and the scopes inside it read."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _read(inner)


def _targets(statement: ast.stmt) -> Iterator[str]:
    """Return the names that a loop or a ``with`` binds before its body reads them."""
    heads: list[ast.expr | None] = []
    if isinstance(statement, ast.For):
        heads = [statement.target]
    elif isinstance(statement, ast.With):
        heads = [item.optional_vars for item in statement.items]
    nodes = (node for head in heads if head for node in ast.walk(head))
    return (node.id for node in nodes if isinstance(node, ast.Name))


def _changed(node: ast.AST) -> Iterator[str]:
    """Yield the names whose objects a node may change in place."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from (a.id for a in node.value.args if isinstance(a, ast.Name))
    root: ast.AST | None = None
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        root = node
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        root = node.func
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if isinstance(root, ast.Name):
        yield root.id
