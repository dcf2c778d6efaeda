"""What the theme brings and no page uses is taken out of the site once it is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

# Of the static folder. The icons' script and fonts are more than ten times a page's weight.
_UNUSED = (
    "scripts/fontawesome.js*",
    "vendor/fontawesome",
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "togglebutton.js",
    "togglebutton.css",
    "exercise.css",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
)
# A rule of the icon font: its own, or of a class whose name begins with fa. (.fade is another's.)
_ICON_RULE = re.compile(r"(?<=[};/])\s*(?:\.fa(?!de)[^{}]*|@font-face)\{[^{}]*\}")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("build-finished", trim)


def trim(app: Sphinx, exception: Exception | None) -> None:
    """Delete unused files, and the icon font's rules in the theme's style sheet."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for unused in [file for pattern in _UNUSED for file in static.glob(pattern)]:
        if unused.is_dir():
            shutil.rmtree(unused)
        else:
            unused.unlink()
    sheet = static / "styles" / "pydata-sphinx-theme.css"
    if sheet.is_file():
        sheet.write_text(without_icon_font(sheet.read_text(encoding="utf-8")), encoding="utf-8")


def without_icon_font(css: str) -> str:
    """Return a style sheet without the rules of the icon font and its icons."""
    return _ICON_RULE.sub("", css)
