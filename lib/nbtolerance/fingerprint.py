"""What an executed chapter depends on, and so when it is stale.

The outputs of a chapter depend on its code, on the files that it read, modules and data alike, on
the versions of Python and of the packages that it and those modules import, on the device, and on
the number of threads. The fingerprint lists all of them by name, so that a stale chapter can say
what changed.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.metadata
import importlib.util
import os
import platform
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from nbtolerance.chapter import Chapter, plain_python
from nbtolerance.files import MISSING, THERE, state
from nbtolerance.kernelspec import made_of
from nbtolerance.machine import CPU, Device, processors
from nbtolerance.records import require
from nbtolerance.settings import Settings
from nbtolerance.syntax import parsed
from nbtolerance.used import Used

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
IN_THE_KERNEL = ("recorder.py", "comparators/drawn.py")
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
    kernel
        The state of a kernel that is not IPython's.
    files
        The states of the files that are read, modules and data alike, by their paths: relative to
        the root, with ``/``; absolute where they lie outside of it.
    products
        The files that are written, and whether they are there.
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
    products: Mapping[str, str] = field(default_factory=dict)
    kernel: str = ""

    def __post_init__(self) -> None:
        good = 0 <= self.processors < 1_000_000
        require(good, "fingerprint.processors must be below a million", self.processors)
        for name in self.packages:  # looking up a module in a package would import that
            require(name.isidentifier(), "fingerprint.packages must have modules' names", name)

    def changes(self, other: Fingerprint) -> list[str]:
        """Name what differs: ``code``, ``device``, ``package torch``, ``file book/data.csv``."""
        old, new = self._named(), other._named()
        names = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        # A file's name need not be text that can be printed.
        return [name.encode("utf8", "backslashreplace").decode() for name in names]

    def of_the_code(self, *, versions: bool = True) -> Fingerprint:
        """Return the part that is the same on every machine that has the same code.

        Parameters
        ----------
        versions
            Whether the kernel and the versions of Python and of foreign packages belong to it.
        """
        part = Fingerprint(self.code, self.marks, self.checker, files=self.files)
        if not versions:
            return part
        return replace(part, python=self.python, packages=self.packages, kernel=self.kernel)

    def _named(self) -> dict[str, object]:
        whole: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            kind = _SINGULAR.get(one.name, one.name)
            whole |= (
                {f"{kind} {key}": entry for key, entry in value.items()}
                if isinstance(value, Mapping)
                else {kind: value}
            )
        return whole


_SINGULAR = {"packages": "package", "files": "file", "products": "product"}


def before(chapter: Chapter, settings: Settings) -> Fingerprint:
    """Return what a run of a chapter would depend on here, as far as it is known before the run."""
    return Fingerprint(
        code=chapter.code,
        marks=chapter.marks,
        checker=_checker(),
        python=platform.python_version(),
        device=settings.describe_device(),
        processors=processors(),
        environment={key: os.environ[key] for key in ENVIRONMENT if key in os.environ},
        kernel=made_of(chapter.kernel),
    )


def after(known: Fingerprint, chapter: Chapter, used: Used, root: Path) -> Fingerprint:
    """Return the same with what a run of the chapter turned out to use."""
    if known.kernel:  # what its code imports is not Python's
        return replace(known, files=used.files, products=used.products)
    modules = (root / path for path in used.files if path.endswith(".py"))
    sources = [cell.source for cell in chapter.cells]
    sources += [path.read_text("utf8", "replace") for path in modules if path.is_file()]
    names = imported_names(sources)
    foreign = names - own_modules(used.files).keys() - sys.stdlib_module_names
    shadows = dict(_shadows(names, chapter.path.parent, root))
    return replace(
        known,
        packages={name: version(name) for name in sorted(foreign)},
        files=shadows | dict(used.files),
        products=used.products,
    )


def now(
    stored: Fingerprint,
    chapter: Chapter,
    settings: Settings,
    look: Callable[[str], str] = state,
) -> Fingerprint:
    """Return what a stored fingerprint would be here and now; ``look`` tells a file's state."""
    root, here = settings.root, before(chapter, settings)
    return replace(
        here,
        # One of IPython's may be missing here.
        kernel=here.kernel if stored.kernel or here.kernel != MISSING else "",
        packages={name: version(name) for name in stored.packages},
        files={path: look(os.path.join(root, path)) for path in stored.files},
        products={p: THERE if (root / p).exists() else MISSING for p in stored.products},
    )


def _checker() -> str:
    return " ".join(state(str(HERE / name)) for name in IN_THE_KERNEL)


def own_modules(files: Mapping[str, str]) -> dict[str, str]:
    """Return the modules and packages among files that lie in no package: paths by names."""
    stems = {
        path.removesuffix(".py").removesuffix("/__init__"): path.removesuffix("/__init__.py")
        for path, condition in files.items()
        if path.endswith(".py") and condition != MISSING
    }
    parts = {stem: stem.rpartition("/") for stem in stems}
    return {name: stems[stem] for stem, (above, _, name) in parts.items() if above not in stems}


def name_of(path: Path, root: Path) -> str:
    """Return what a file is called in a fingerprint."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _shadows(names: Iterable[str], folder: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Yield the files beside a chapter that Python would import first, were they there."""
    for name in sorted(names):
        for path in (folder / f"{name}.py", folder / name / "__init__.py"):
            yield name_of(path, root), state(str(path))


def imported_names(sources: Iterable[str]) -> set[str]:
    """Return the names of the modules, and of the outermost packages, that code imports."""
    names: set[str] = set()
    for source in sources:
        for node in ast.walk(_parsed(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


def _parsed(source: str) -> ast.AST:
    """Parse a cell without its magics; a cell that does not parse imports nothing of its own."""
    with contextlib.suppress(*_UNREADABLE):
        return parsed(source)
    with contextlib.suppress(*_UNREADABLE):
        return parsed(plain_python(source))
    return ast.Module([], [])


_UNREADABLE = (SyntaxError, ValueError, RecursionError)


@functools.cache
def version(package: str) -> str:
    """Return the version of an installed package; empty without, ``missing`` if not there."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        found = sorted({f"{one.name} {one.version}" for one in _distributions()[package]})
        return " ".join(found) or ("" if _is_there(package) else MISSING)


@functools.cache
def _distributions() -> Mapping[str, set[importlib.metadata.Distribution]]:
    """Return what is installed, by the packages that it brought: pillow by PIL."""
    # `packages_distributions` tells the same, in a second: it looks for each file on the disk.
    found = defaultdict(set)
    for one in importlib.metadata.distributions():
        listed = one.read_text("top_level.txt") or one.read_text("RECORD") or ""
        for name in _LISTED.findall(listed):
            found[name].add(one)
    return found


_LISTED = re.compile(r"^(\w+)(?=/|\.py,|$)", re.MULTILINE)


def _is_there(package: str) -> bool:
    with contextlib.suppress(ValueError, ImportError):  # of a module that is none
        return importlib.util.find_spec(package) is not None
    return True
