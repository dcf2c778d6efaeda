"""What a cell tells of the environment that it ran in, and of no result: versions, devices."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Any

from nbtolerance.chapter import plain_python

# What code asks of the environment, as `ast.unparse` writes it; magics are calls there.
_ASKS = re.compile(
    r"__version__|\bversion_info\b|\bsys\.(?:version|executable|platform|path|prefix)\b"
    r"|\bplatform\.\w+\(|\b(?:cpu_count|getcwd|show_versions|show_config|get_device_name)\("
    r"|\bcuda\.(?:is_available|device_count)\(|\blist_physical_devices\("
    r"|run_line_magic\('(?:watermark|version_information|load_ext|pip|conda|pwd)'"
    r"|\.system\('(?:pip|conda|nvidia-smi|pwd|which|uname|(?:python|jupyter)\d? --version)\b"
)
_GPU = re.compile(r"cuda|gpu", re.IGNORECASE)

_VERSION = re.compile(r"\bv?\d+\.\d+\.\d+(?:[.+-]?[A-Za-z]\w*|\.\d+)*(?!\w)(?!\.\d)")
_ON_DEVICE = re.compile(r", device='(?:cuda|mps|xla)(?::\d+)?'")
_DEVICE = re.compile(r"\bdevice\(type='\w+'(?:, index=\d+)?\)|\b(?:cuda|mps|xla|cpu)\b(?::\d+)?")

_BUILTINS = {*dir(builtins), "get_ipython", "display"}


def tells_only_of_it(source: str, tools: set[str]) -> bool:
    """Whether all that a cell can show is what it asks of the environment.

    Parameters
    ----------
    source
        The code of the cell.
    tools
        The names of the notebook's modules, functions and classes: what it computed has others.
    """
    shows = [s for s in _statements(source) if not isinstance(s, ast.Import | ast.ImportFrom)]
    asks = [bool(_ASKS.search(ast.unparse(statement))) for statement in shows]
    return any(asks) and all(
        isinstance(statement, ast.Expr)
        and _names(statement) <= (_BUILTINS | tools if asked else _BUILTINS)
        for statement, asked in zip(shows, asks, strict=True)
    )


def names_a_gpu(source: str) -> bool:
    """Whether the code of a cell, without its comments, speaks of a GPU."""
    return any(_GPU.search(ast.unparse(statement)) for statement in _statements(source))


def without_it(value: Any) -> Any:
    """Return condensed outputs with one word for all versions, and one for all devices."""
    if isinstance(value, dict):
        return {key: without_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_it(item) for item in value]
    if not isinstance(value, str):
        return value
    return _DEVICE.sub("<device>", _ON_DEVICE.sub("", _VERSION.sub("<version>", value)))


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(plain_python(source)).body
    except SyntaxError:
        return []


def _names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
