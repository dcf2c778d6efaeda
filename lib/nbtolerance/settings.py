"""Where a book keeps its things: the table ``[tool.nbtolerance]`` of its ``pyproject.toml``."""

from __future__ import annotations

import importlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nbtolerance.machine import CPU, Device


class SettingsError(Exception):
    """A setting is wrong; the message names the file, the key and the value."""


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
        Empty: everything runs on a nameless CPU.
    timeout
        Seconds a cell may take.
    workers
        How many chapters are executed at once on this machine; 0: as many as it has cores.
    """

    root: Path
    book: str = "book"
    references: str = "tests/reference"
    store: str = "_build/executed"
    device: str = ""
    timeout: int = 600
    workers: int = 0

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
        return self.root / os.environ.get("NBTOLERANCE_STORE", self.store)

    def describe_device(self) -> Device:
        """Ask the book which device its chapters would run on here, and what it is called."""
        if not self.device:
            return CPU
        module, _, function = self.device.partition(":")
        describe: Callable[[], dict[str, str]] = getattr(importlib.import_module(module), function)
        return Device(**describe())


def load_settings(start: Path) -> Settings:
    """Read the settings of the book that ``start`` lies in.

    The nearest folder upwards whose ``pyproject.toml`` has a ``[tool.nbtolerance]`` table is the
    root; where there is none, the nearest with a ``_config.yml``, else ``start`` itself, with the
    defaults.

    Raises
    ------
    SettingsError
        If a key is unknown or has a value of the wrong type.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        table = _table(folder / "pyproject.toml")
        if table is not None:
            return _checked(folder, table)
    configured = (f for f in (start, *start.parents) if (f / "_config.yml").is_file())
    return Settings(next(configured, start))


def _table(file: Path) -> dict[str, Any] | None:
    if not file.is_file():
        return None
    table: dict[str, Any] | None = (
        tomllib.loads(file.read_text("utf8")).get("tool", {}).get("nbtolerance")
    )
    return table


def _checked(root: Path, table: dict[str, Any]) -> Settings:
    types = {f.name: int if isinstance(f.default, int) else str for f in fields(Settings)}
    types.pop("root")
    for key, value in table.items():
        where = f"{root / 'pyproject.toml'}: tool.nbtolerance.{key}"
        if key not in types:
            raise SettingsError(f"{where} is unknown; known are {', '.join(types)}")
        if type(value) is not types[key]:
            raise SettingsError(f"{where} must be of type {types[key].__name__}, got {value!r}")
    return Settings(root, **table)
