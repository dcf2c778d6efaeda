"""Where a book keeps its things: the table ``[tool.nbtolerance]`` of its ``pyproject.toml``."""

from __future__ import annotations

import functools
import importlib
import os
import re
import runpy
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from nbtolerance.bookconfig import (
    LONGEST,
    NOTHING_SAID,
    SECONDS,
    BookConfig,
    ConfigError,
    read_config,
)
from nbtolerance.machine import CPU, Device
from nbtolerance.marked import short
from nbtolerance.records import require
from nbtolerance.refusal import NbToleranceError

STORE = "NBTOLERANCE_STORE"  # the environment variable that overrides the setting for one run


class SettingsError(NbToleranceError):
    """A setting is wrong; the message names the file, the key, the rule and the value."""


@dataclass(frozen=True)
class Settings:
    """The paths and limits of one book.

    Parameters
    ----------
    root
        The folder that the other paths are relative to: where ``pyproject.toml`` stands.
    book
        The folder of the chapters.
    references
        The folder of the blessed references, one folder a device in it.
    store
        The folder of the executed chapters.
    device
        ``"module:function"``, called without arguments, returns ``{"kind": "cpu", "name": …}``.
        A file of the book (``"lib/devices.py:function"``) is read without the package around it.
        Empty: everything runs on a nameless CPU.
    timeout
        Seconds a cell may take.
    workers
        How many chapters are executed at once on this machine; 0: as many as it has cores.
    config
        What the book's own configuration says of all pages.
    kernel
        The kernel that one check runs all chapters in; empty: each in the one that it names.
    """

    root: Path
    book: str = "book"
    references: str = "tests/reference"
    store: str = "_build/executed"
    device: str = ""
    timeout: int = 600
    workers: int = 0
    config: BookConfig = NOTHING_SAID
    kernel: str = ""

    @property
    def book_path(self) -> Path:
        """The folder of the chapters."""
        return self.root / self.book

    @property
    def references_path(self) -> Path:
        """The folder of the blessed references."""
        return self.root / self.references

    @property
    def store_path(self) -> Path:
        """The folder of the executed chapters; ``NBTOLERANCE_STORE`` overrides it for one run."""
        return self.root / (os.environ.get(STORE) or self.store)

    def describe_device(self) -> Device:
        """Ask the book which device its chapters would run on here, and what it is called.

        Raises
        ------
        SettingsError
            If the function is not there, raises, or returns something else.
        """
        if not self.device:
            return CPU
        where = f"{self.root / 'pyproject.toml'}: tool.nbtolerance.device = {self.device!r}"
        module, _, function = self.device.partition(":")
        try:
            answer = getattr(_module(module, self.root), function)()
        # It is a stranger's code, which may raise anything, or end the program.
        except (Exception, SystemExit) as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise SettingsError(f"{where} must be a function to call, but {said}") from error
        try:
            both = isinstance(answer, dict) and set(answer) == {"kind", "name"}
            require(both, "it must return {'kind': …, 'name': …}", answer)
            return Device(**answer)
        except ValueError as error:
            raise SettingsError(f"{where}: {error}") from None


def _module(name: str, root: Path) -> ModuleType | SimpleNamespace:
    """Import a module by its name, or run a file by its path below the book's root."""
    return _run(root / name) if name.endswith(".py") else importlib.import_module(name)


@functools.cache
def _run(file: Path) -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(file)))


def load_settings(start: Path) -> Settings:
    """Read the settings of the book that ``start`` lies in.

    The nearest folder upwards whose ``pyproject.toml`` has a ``[tool.nbtolerance]`` table is the
    root; where there is none, the nearest with a ``_config.yml``, else ``start`` itself, with the
    defaults.

    Raises
    ------
    SettingsError
        If a file cannot be read, a key is unknown, or a value breaks its rule.
    """
    start = start.resolve()
    above = (start, *start.parents)
    tables = ((folder, _table(folder / "pyproject.toml")) for folder in above)
    root, table = next(((f, t) for f, t in tables if t is not None), (None, {}))
    if root is None:
        root = next((f for f in above if (f / "_config.yml").is_file()), start)
    _check_values(table, f"{root / 'pyproject.toml'}: tool.nbtolerance.")
    settings = Settings(root, **table)
    _check_paths(settings)
    try:
        config = read_config((settings.book_path, root))
    except ConfigError as error:
        raise SettingsError(str(error)) from None
    timeout = table.get("timeout") or config.timeout or settings.timeout
    return replace(settings, config=config, timeout=timeout)


def _table(file: Path) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    try:
        whole = tomllib.loads(file.read_text("utf8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+)", str(error))
        raise SettingsError(f"{file}:{line[1] if line else 1}: is not TOML: {error}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from None
    tool = whole.get("tool", {})
    table = tool.get("nbtolerance") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{file}: tool.nbtolerance must be a table, got {short(table)}")
    return table


@dataclass(frozen=True)
class _Rule:
    kind: type
    holds: Callable[[Any], Any]
    words: str


_FUNCTION = re.compile(r"(?:(?:\w+(?:\.\w+)*|[^:\0]+\.py):\w+)?")
_FOLDER = _Rule(str, lambda text: text and "\0" not in text, "a folder's name")
RULES = {
    "book": _FOLDER,
    "references": _FOLDER,
    "store": _FOLDER,
    "device": _Rule(str, _FUNCTION.fullmatch, '"module:function" or "file.py:function"'),
    "timeout": _Rule(int, lambda n: 0 < n <= LONGEST, SECONDS),
    "workers": _Rule(int, lambda n: 0 <= n <= 1000, "a whole number, from 0 to 1,000"),
}


def _check_values(table: Mapping[str, Any], where: str) -> None:
    for key, value in table.items():
        rule = RULES.get(key)
        if rule is None:
            raise SettingsError(f"{where}{key} is unknown; known are {', '.join(RULES)}")
        if type(value) is not rule.kind or not rule.holds(value):
            raise SettingsError(f"{where}{key} must be {rule.words}, got {short(value)}")


def _check_paths(settings: Settings) -> None:
    """Refuse folders in which this program would meet, and could remove, what is not its own."""
    in_file = f"{settings.root / 'pyproject.toml'}: tool.nbtolerance."
    keys = {key: f"{in_file}{key}" for key in ("book", "references", "store")}
    values = {"book": settings.book, "references": settings.references, "store": settings.store}
    if os.environ.get(STORE):
        keys["store"], values["store"] = f"the environment variable {STORE}", os.environ[STORE]
    for key, rule in _broken_rules(settings):
        raise SettingsError(f"{keys[key]} must {rule}, got {short(values[key])}")


def _broken_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    for key, value in (("book", settings.book), ("references", settings.references)):
        if Path(value).is_absolute() or ".." in Path(value).parts:
            yield key, f"be a folder below {settings.root}"
    if os.path.islink(settings.store_path):
        yield "store", "not be a symbolic link"
    book, references, store = map(
        os.path.realpath, (settings.book_path, settings.references_path, settings.store_path)
    )
    own = {
        "the book": book,
        "pyproject.toml": os.path.realpath(settings.root / "pyproject.toml"),
        "the home folder": os.path.realpath(os.path.expanduser("~")),
    }
    for key, folder in (("references", references), ("store", store)):
        for name, path in own.items():
            if Path(path).is_relative_to(folder):
                yield key, f"be a folder that does not hold {name}"
    if Path(references).is_relative_to(store) or Path(store).is_relative_to(references):
        yield "store", "be a folder apart from the references"
