"""The library that the chapters import, as a wheel that the site serves.

A book names the folder of its library, which has a ``pyproject.toml`` of its own, in the setting
``booksite_library``. What builds the wheel is the build backend that pip would use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

FOLDER = "_static/library"
# The date of all files in the wheel, so that the same files become the same wheel.
_EPOCH = {"SOURCE_DATE_EPOCH": "315532800"}
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@dataclass(frozen=True)
class Library:
    """A library, and its wheel.

    Parameters
    ----------
    wheel
        The file, in the site's folder.
    place
        The folder that it is built from, below the book's repository: ``lib/learning``.
    """

    wheel: Path
    place: str

    @property
    def name(self) -> str:
        """The distribution's name, as pip takes it."""
        return self.wheel.name.partition("-")[0].replace("_", "-")

    @property
    def package(self) -> str:
        """What is imported."""
        return self.place.rpartition("/")[2]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value("booksite_library", "", "html", (str,))
    app.connect("builder-inited", _provide)


def library(app: Sphinx) -> Library | None:
    """Return the book's library, or None where it names none."""
    place = str(app.config.booksite_library)
    wheels = sorted(Path(app.outdir, FOLDER).glob("*.whl"))
    return Library(wheels[0], place) if place and wheels else None


def _provide(app: Sphinx) -> None:
    """Build the wheel, unless the site's is newer than all that it is built from."""
    if app.builder.format != "html" or not app.config.booksite_library:
        return
    source, target = Path(app.confdir, app.config.booksite_library), Path(app.outdir, FOLDER)
    known = library(app)
    if not known or known.wheel.stat().st_mtime <= _changed(source):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        build(source.resolve(), target.resolve())


def _changed(folder: Path) -> float:
    """Return when the newest file of a library was changed."""
    return max(
        file.stat().st_mtime for file in folder.rglob("*") if "__pycache__" not in file.parts
    )


def build(source: Path, target: Path) -> None:
    """Build the wheel of a library.

    Parameters
    ----------
    source
        A folder with a package and its ``pyproject.toml``; nothing is written into it.
    target
        The folder for the wheel.

    Raises
    ------
    ExtensionError
        If it cannot be built; the message has what the backend said.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, source.name)
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        run = subprocess.run(
            [sys.executable, "-c", _BUILD, str(target)],
            cwd=copy, env={**os.environ, **_EPOCH}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if run.returncode:
        raise ExtensionError(f"the wheel of {source} could not be built:\n{run.stderr.strip()}")
