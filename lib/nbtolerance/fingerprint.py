"""What an executed chapter depends on, and so when it is stale.

The outputs of a chapter depend on its code, on the modules of the book's own packages that it
imports, directly or through others, on the versions of Python and of the packages that those
import, on the device, on the number of threads, and on the data files that it read. The fingerprint
lists all of them by name, so that a stale chapter can say what changed.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import grimp

from nbtolerance.chapter import Chapter, plain_python
from nbtolerance.machine import CPU, Device, processors
from nbtolerance.settings import Settings

# They set how many threads and which instructions the numerical libraries use.
ENVIRONMENT = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "ATEN_CPU_CAPABILITY",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_CBWR",
    "NPY_DISABLE_CPU_FEATURES",
)


# What writes the data of figures into every chapter's outputs.
IN_THE_KERNEL = ("recorder.py", "comparators/figures.py")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Fingerprint:
    """All that a chapter's outputs depend on. Two runs with equal ones may share their outputs.

    Parameters
    ----------
    code
        The digest of the chapter's code cells.
    marks
        What the chapter says of executing it, beside its code.
    checker
        The digest of what puts data of its own into the outputs.
    python
        The version of Python.
    device, processors
        The device, and the number of processors, which may be that of the threads.
    environment
        The variables that set threads and instruction sets, as far as they are set.
    packages
        The foreign packages that are imported, with their versions.
    files
        The digests of the files that are read, modules and data alike, by their paths: relative to
        the root, with ``/``; absolute where they lie outside of it.
    """

    code: str = ""
    marks: tuple[str, ...] = ()
    checker: str = ""
    python: str = ""
    device: Device = CPU
    processors: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def changes(self, other: Fingerprint) -> list[str]:
        """Name what differs: ``code``, ``device``, ``package torch``, ``file book/data.csv``."""
        old, new = self._named(), other._named()
        return sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))

    def of_the_code(self, *, versions: bool = True) -> Fingerprint:
        """The part that is the same on every machine that has the same code.

        Parameters
        ----------
        versions
            Whether the versions of Python and of foreign packages belong to it.
        """
        part = Fingerprint(self.code, self.marks, self.checker, files=self.files)
        return replace(part, python=self.python, packages=self.packages) if versions else part

    def with_files(self, files: Mapping[str, str]) -> Fingerprint:
        """The same with the digests of further files."""
        return replace(self, files={**self.files, **files})

    def _named(self) -> dict[str, object]:
        whole: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            kind = {"packages": "package", "files": "file"}.get(one.name, one.name)
            whole |= (
                {f"{kind} {key}": entry for key, entry in value.items()}
                if isinstance(value, Mapping)
                else {kind: value}
            )
        return whole


def fingerprint(chapter: Chapter, settings: Settings) -> Fingerprint:
    """List everything known before a run that the chapter's outputs depend on."""
    beside, imported = _beside(chapter)
    modules, packages = reach(frozenset(imported))
    files = [*map(Path, modules.values()), *beside]
    return Fingerprint(
        code=chapter.code,
        marks=chapter.marks,
        checker=_checker(),
        python=platform.python_version(),
        device=settings.describe_device(),
        processors=processors(),
        environment={key: os.environ[key] for key in ENVIRONMENT if key in os.environ},
        packages={name: _version(name) for name in packages},
        files=digests((_key(file, settings.root) for file in files), settings.root),
    )


def digests(names: Iterable[str], root: Path) -> dict[str, str]:
    """The state of files, by their paths relative to the root: a digest, or ``missing``."""
    paths = {name: root / name for name in names}
    return {name: _digest(path) if path.is_file() else "missing" for name, path in paths.items()}


def _key(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


def _checker() -> str:
    return " ".join(_digest(HERE / name) for name in IN_THE_KERNEL)


def _beside(chapter: Chapter) -> tuple[list[Path], set[str]]:
    """The modules in a chapter's own folder that it imports, and all other names it imports."""
    left = imported_names(cell.source for cell in chapter.cells)
    found: dict[str, Path] = {}
    others: set[str] = set()
    while left:
        name = left.pop()
        top = name.partition(".")[0]
        file = chapter.path.parent / f"{top}.py"
        if not file.is_file():
            others.add(name)
        elif top not in found:
            found[top] = file
            left |= imported_names([file.read_text("utf8")])
    return list(found.values()), others


def imported_names(sources: Iterable[str]) -> set[str]:
    """The dotted names that code cells import; ``from a import b`` counts as ``a`` and ``a.b``."""
    names: set[str] = set()
    for source in sources:
        for node in ast.walk(_parsed(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return names


def _parsed(source: str) -> ast.AST:
    """Parse a cell without its magics; a cell that does not parse imports nothing of its own."""
    with contextlib.suppress(SyntaxError):
        return ast.parse(source)
    with contextlib.suppress(SyntaxError):
        return ast.parse(plain_python(source))
    return ast.Module([], [])


@functools.cache
def reach(names: frozenset[str]) -> tuple[dict[str, str], list[str]]:
    """Follow imports through the book's own packages.

    Returns
    -------
    modules
        Each module of the book's own that is reached, and each file beside one that is not Python,
        with its path.
    packages
        The foreign packages that the chapter or one of those modules imports.
    """
    modules: dict[str, str] = {}
    packages: set[str] = set()
    for name in sorted(names):
        top = name.partition(".")[0]
        if not _is_own(top):
            packages.add(top)
            continue
        graph = _import_graph(top)
        for module in _reached_in(graph, name):
            if module.partition(".")[0] == top:
                modules[module] = str(_module_file(module))
            else:
                packages.add(module.partition(".")[0])
    return modules | _resources(modules.values()), sorted(packages - _standard_library())


def _reached_in(graph: grimp.ImportGraph, name: str) -> set[str]:
    """A module, what it imports, and its parents: importing ``a.b`` runs ``a/__init__.py`` too."""
    if name not in graph.modules:
        return set()  # ``from module import function`` names no module
    parts = name.split(".")
    ancestors = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    reached: set[str] = set()
    for module in ancestors:
        reached |= {module, *graph.find_upstream_modules(module)}
    return reached


@functools.cache
def _import_graph(package: str) -> grimp.ImportGraph:
    return grimp.build_graph(package, include_external_packages=True, cache_dir=None)


@functools.cache
def _is_own(top: str) -> bool:
    """A package is the book's own when its source is edited in place: its version says nothing."""
    spec = importlib.util.find_spec(top) if top not in _standard_library() else None
    origin = spec.origin if spec else None
    if not origin or not Path(origin).is_file():
        return False
    # By name as well: an environment may see the system's packages beside its own.
    if {"site-packages", "dist-packages"} & set(Path(origin).parts):
        return False
    installed = [Path(sysconfig.get_path(key)) for key in ("purelib", "platlib")]
    return not any(Path(origin).is_relative_to(folder) for folder in installed)


def _module_file(module: str) -> Path:
    """The file of one of the book's own modules, found without importing its parents."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    assert spec is not None
    assert spec.origin is not None
    if not rest:
        return Path(spec.origin)
    path = Path(spec.origin).parent.joinpath(*rest)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _resources(files: Iterable[str]) -> dict[str, str]:
    """What lies beside the modules and is not Python, a script or a table: they may read it."""
    folders = {Path(file).parent for file in files}
    found = (path for folder in folders for path in folder.iterdir() if path.is_file())
    kept = (p for p in found if p.suffix not in (".py", ".pyc") and not p.name.startswith("."))
    return {f"{path.parent.name}/{path.name}": str(path) for path in kept}


# Looking a package up by what it installs takes a second; these are met often.
_RENAMED = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


@functools.cache
def _version(package: str) -> str:
    try:
        return importlib.metadata.version(_RENAMED.get(package, package))
    except importlib.metadata.PackageNotFoundError:
        distributions = _distributions().get(package, [])
        return " ".join(f"{d} {importlib.metadata.version(d)}" for d in sorted(set(distributions)))


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


def _standard_library() -> frozenset[str]:
    return sys.stdlib_module_names


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
