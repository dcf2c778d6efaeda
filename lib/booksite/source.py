"""What a function or a class does, in the fewest lines: its source without all that guards it.

Left out are docstrings, checks of the arguments, and the types of arguments and local variables.
They stand in the library's reference. A check is a statement that can only raise, or a call of a
function whose name begins with ``check_`` or ``_check``; a method that does no more is one, too.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

WIDTH = 88  # of a signature, in characters

Function = ast.FunctionDef | ast.AsyncFunctionDef
Edit = tuple[int, int, str]  # the first and last line that are replaced, and by what


def find(name: str) -> Any:
    """Return the function, class or method of a dotted name.

    Raises
    ------
    LookupError
        If nothing of that name can be imported, or it has no source in Python.
    """
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
            for part in parts[length:]:
                found = getattr(found, part)
        except (ImportError, AttributeError):
            continue
        found = getattr(found, "fget", found)  # of a property, the method behind it
        if inspect.isclass(found) or inspect.isfunction(found):
            return found
    raise LookupError(f"must name a function, a class or a method of the library, got {name!r}")


def public_name(thing: Any) -> str:
    """Return the name under which the library's reference has a thing.

    That is its place in the innermost package that offers it in ``__all__``, or else in its module.
    """
    outermost, dot, rest = thing.__qualname__.partition(".")
    package = thing.__module__
    while "." in package:  # the outermost offers what others have, for convenience
        if outermost in getattr(importlib.import_module(package), "__all__", ()):
            return f"{package}.{outermost}{dot}{rest}"
        package = package.rpartition(".")[0]
    return f"{thing.__module__}.{thing.__qualname__}"


def essence(thing: Any) -> str:
    """Return the lines of a function or a class that do its work."""
    source = textwrap.dedent(inspect.getsource(thing))
    lines = source.splitlines()
    (tree,) = ast.parse(source).body
    for first, last, text in sorted(_edits(tree, lines), reverse=True):
        lines[first - 1 : last] = [text] if text else []
        while not text and first <= len(lines) and not lines[first - 1].strip():
            del lines[first - 1]  # the gap below what has gone
    return "\n".join(lines).rstrip()


def _edits(node: ast.stmt, lines: list[str]) -> Iterator[Edit]:
    """Yield what is to be replaced in a function or a class; its lines, and by what."""
    if isinstance(node, Function):
        yield node.lineno, node.body[0].lineno - 1, _signature(node)
    elif not isinstance(node, ast.ClassDef):
        return
    gone = _guards(node)
    for statement in node.body:
        if statement in gone:
            left = "" if len(gone) < len(node.body) else f"{' ' * statement.col_offset}..."
            yield statement.lineno, statement.end_lineno or 0, left
        elif (
            isinstance(node, Function) and isinstance(statement, ast.AnnAssign) and statement.value
        ):
            yield _untyped(statement, statement.value, lines)
        else:
            yield from _edits(statement, lines)


def _guards(node: Function | ast.ClassDef) -> list[ast.stmt]:
    """List what in a body only explains and checks."""
    return [
        statement
        for statement in node.body
        if _is_check(statement)
        or (statement is node.body[0] and _is_docstring(statement))
        or (
            isinstance(node, ast.ClassDef)
            and isinstance(statement, Function)
            and _guards(statement) == statement.body
            and any(map(_is_check, statement.body))
        )
    ]


def _untyped(statement: ast.AnnAssign, value: ast.expr, lines: list[str]) -> Edit:
    """Replace an assignment by one without a type."""
    first, last = statement.target.end_lineno or 0, value.lineno
    name = lines[first - 1].encode()[: statement.target.end_col_offset].decode()
    rest = lines[last - 1].encode()[value.col_offset :].decode()
    return first, last, f"{name} = {rest}"


def _signature(node: Function) -> str:
    """Return the line that begins a function, without types; several where it is long."""
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    pad = " " * node.col_offset
    line = f"{pad}{kind} {node.name}({ast.unparse(node.args)}):"
    return "\n".join(textwrap.wrap(line, WIDTH, subsequent_indent=f"{pad}        "))


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(
        getattr(statement.value, "value", None), str
    )


def _is_check(statement: ast.stmt) -> bool:
    """Tell whether a statement does nothing but raise, if anything."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name.startswith(("check_", "_check"))
    if isinstance(statement, ast.If | ast.For | ast.With):
        branches = [*statement.body, *getattr(statement, "orelse", [])]
        return all(isinstance(s, ast.Raise) or _is_check(s) for s in branches)
    return False
