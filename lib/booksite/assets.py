"""What is served from the site itself: files of other packages, with their licences, and ours.

Jupyter Book loads every script and style sheet of the book's own ``_static`` on every page.
Therefore ours stand in this package, and those of others in ``_static/vendor``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from booksite import brand, packages, palette

OURS = Path(__file__).parent / "static"
VENDOR = "vendor"

# From npm: package, files, and the folder in _static/vendor.
_FROM_NPM = [
    ("katex", "dist/katex.min.css", "katex"),
    ("katex", "dist/fonts/*.woff2", "katex/fonts"),
    ("minisearch", "dist/umd/index.js", "minisearch"),
]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _serve_ours)
    app.connect("builder-inited", provide)


def root_of(app: Sphinx) -> Path:
    """Return the folder with ``package-lock.json``."""
    return (Path(app.confdir) / str(app.config.booksite_packages)).resolve()


def _serve_ours(app: Sphinx, config: Config) -> None:
    # Relative: the configuration's digest in .buildinfo is then the same wherever the book lies.
    config.html_static_path.append(os.path.relpath(OURS, app.confdir))
    config.html_use_index = False  # booksite.subjects makes one without the names of the library
    config.html_copy_source = True


def provide(app: Sphinx) -> None:
    """Install what is missing, and put everything that is served where pages will look for it."""
    if app.builder.format != "html":
        return
    root = root_of(app)
    packages.ensure_installed(root)
    static = Path(app.outdir) / "_static"
    for source, target in vendored(root):
        _copy(source, static / VENDOR / target)
    (static / VENDOR / "LICENSES.txt").write_text(licences(root), encoding="utf-8")
    folder = static / "booksite"
    folder.mkdir(parents=True, exist_ok=True)
    brand.draw(folder, config=app.config)
    (folder / "tokens.css").write_text(palette.style_sheet(), encoding="utf-8")


def vendored(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file of others that is served, and its place in ``_static/vendor``."""
    for package, pattern, folder in _FROM_NPM:
        for file in sorted(packages.folder(root, package).glob(pattern)):
            yield file, f"{folder}/{file.name}"


def licences(root: Path) -> str:
    """Return the licences of everything from npm that a page may load, one after the other."""
    parts = ["Browser assets of this site, and their licences.\n"]
    for place, entry in sorted(packages.locked(root).items()):
        name = place.rpartition("node_modules/")[2]
        parts.append(f"== {name} {entry['version']} ({entry.get('license', 'see its text')})\n")
        texts = sorted((root / place).glob("LICEN[SC]E*"))
        parts += [text.read_text(encoding="utf-8", errors="replace") for text in texts]
    return "\n".join(parts)


def _copy(source: Path, target: Path) -> None:
    same = target.is_file() and target.stat().st_mtime_ns == source.stat().st_mtime_ns
    if not same or target.stat().st_size != source.stat().st_size:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
