"""What a book's own configuration says of executing it: ``_config.yml``, or else ``conf.py``.

Both are read as files, so that the check needs no Sphinx. Of ``conf.py`` that is what is written
out, and not what it computes.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nbtolerance.marked import NO_VALUE, short

LONGEST = 31_536_000  # the largest time limit, a year: a larger one would overflow
SECONDS = f"a whole number of seconds, from 1 to {LONGEST:,}"


class ConfigError(Exception):
    """A book's configuration cannot be used; the message names file, key, rule and value."""


@dataclass(frozen=True)
class BookConfig:
    """What holds for all pages of a book.

    Parameters
    ----------
    timeout
        Seconds a cell may take; ``None`` where nothing is said.
    allow_errors
        Whether a chapter goes on after an error.
    exclude_patterns
        The pages that are not executed, as patterns of the ends of their paths.
    extensions
        The extensions of MyST that are on.
    ignored
        What it says that nbtolerance does not do, a sentence each.
    """

    timeout: int | None = None
    allow_errors: bool = False
    exclude_patterns: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


NOTHING_SAID = BookConfig()


def read_config(folders: Iterable[Path]) -> BookConfig:
    """Read the configuration in the first of the folders that has one.

    Raises
    ------
    ConfigError
        If it cannot be read, or a value that is used here is of the wrong type.
    """
    readers = {"_config.yml": _of_jupyter_book, "conf.py": _of_sphinx}
    for file in (folder / name for folder in folders for name in readers):
        if os.path.isfile(file):  # of a name that is too long, this says no
            return _config(file, _read(file, readers[file.name]))
    return NOTHING_SAID


# MyST-NB's names, which stand in `conf.py`, and those that Jupyter Book has for them.
_EXECUTE = {
    "nb_execution_timeout": "timeout",
    "nb_execution_allow_errors": "allow_errors",
    "nb_execution_excludepatterns": "exclude_patterns",
    "nb_execution_in_temp": "run_in_temp",
}
_EXTENSIONS = "myst_enable_extensions"
# What Jupyter Book turns on where `_config.yml` does not say otherwise.
_BY_DEFAULT = ["colon_fence", "dollarmath", "linkify", "substitution", "tasklist"]
_COMPUTED = object()  # stands for what `conf.py` does not write out


def _read(file: Path, reader: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = reader(file.read_text("utf8"))
        return found
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{file}:{line}: {error.problem}") from None
    except SyntaxError as error:
        raise ConfigError(f"{file}:{error.lineno}: {error.msg}") from None
    except (OSError, RecursionError, yaml.YAMLError, *NO_VALUE) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None


def _of_jupyter_book(text: str) -> dict[str, Any]:
    whole = yaml.safe_load(text)
    execute, parse, config = (
        _table(whole, *keys) for keys in (["execute"], ["parse"], ["sphinx", "config"])
    )
    found = {name: execute[key] for name, key in _EXECUTE.items() if key in execute}
    found[_EXTENSIONS] = parse.get(_EXTENSIONS, _BY_DEFAULT)
    return found | {key: value for key, value in config.items() if key in {*_EXECUTE, _EXTENSIONS}}


def _table(value: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}  # Jupyter Book says what is wrong with it


def _of_sphinx(text: str) -> dict[str, Any]:
    return {
        target.id: _literal(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in {*_EXECUTE, _EXTENSIONS}
    }


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _COMPUTED


def _is_texts(value: object) -> bool:
    listed = isinstance(value, list | tuple | set)
    return listed and all(isinstance(text, str) and Path(text).parts for text in value)  # type: ignore[attr-defined]  # it is listed


_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "nb_execution_timeout": (lambda value: type(value) is int and value <= LONGEST, SECONDS),
    "nb_execution_allow_errors": (lambda value: type(value) is bool, "true or false"),
    "nb_execution_in_temp": (lambda value: type(value) is bool, "true or false"),
    "nb_execution_excludepatterns": (_is_texts, "a list of patterns"),
    _EXTENSIONS: (_is_texts, "a list of names"),
}


def _config(file: Path, found: dict[str, Any]) -> BookConfig:
    said = {name: found[name] for name in found if found[name] not in (None, _COMPUTED)}
    for name, value in said.items():
        holds, rule = _RULES[name]
        if not holds(value):
            raise ConfigError(f"{file}: {_shown(name, file)} must be {rule}, got {short(value)}")
    timeout = said.get("nb_execution_timeout", 0)
    return BookConfig(
        timeout if timeout > 0 else None,
        said.get("nb_execution_allow_errors", False),
        tuple(said.get("nb_execution_excludepatterns", ())),
        tuple(sorted(said.get(_EXTENSIONS, ()))),
        tuple(f"{file}: {_shown(name, file)} is ignored{why}" for name, why in _ignored(found)),
    )


def _shown(name: str, file: Path) -> str:
    return f"execute.{_EXECUTE[name]}" if file.suffix == ".yml" and name in _EXECUTE else name


def _ignored(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if value is _COMPUTED:
            yield name, ", but by the build: it is not written out"
    timeout = found.get("nb_execution_timeout")
    if type(timeout) is int and timeout <= 0:
        yield "nb_execution_timeout", ": a cell always has a time limit"
    if found.get("nb_execution_in_temp") is True:
        yield "nb_execution_in_temp", ": a chapter runs in its own folder"
