"""Inside a kernel: note which files a chapter reads and writes, as it does so.

Python tells what its process opens: each file, module, database and folder, and each program that
it starts (its `audit events <https://docs.python.org/3/library/audit_events.html>`_). What such a
program reads is not told, nor what compiled libraries open (HDF5, Arrow). For those, the files that
a command line or a text in a cell names are taken for read.
"""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import json
import os
import site
import sys
import sysconfig
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nbtolerance.files import LITTER, state
from nbtolerance.words import redirected, texts, words

# Of these, of temporary files and of hidden folders at home, only what belongs to the book counts.
SYSTEM = (
    *("/proc", "/sys", "/dev", "/run", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/boot"),
    *("/System", "/Library", "/Applications", os.environ.get("SYSTEMROOT", "/proc")),
)

# Never an input of a chapter, wherever they are.
LEFT_OUT = LITTER | {"site-packages", "dist-packages"}

# They look through all folders that modules may be imported from.
IMPORTERS = ("importlib", "_frozen_importlib", "pkgutil", "zipimport")


_open = open  # whatever a chapter puts in its place

# The variable that names a run's private folder, and what the kernel finds and leaves there.
FOLDER = "NBTOLERANCE_FOLDER"
PLACES, LOG, WORDS = "places.json", "log", "last-words"


class Places:
    """Which files count as a chapter's, and what they are called.

    Parameters
    ----------
    folder
        The run's private folder.
    root
        The folder that paths are relative to; a path outside of it is absolute.
    store
        The folder of the stored runs, which are no chapter's business.
    """

    def __init__(self, folder: str, root: str, store: str) -> None:
        self.root = _folder(root)
        self.never = tuple(map(_folder, (folder, store, *_packages(self.root))))
        self.foreign = (*map(_folder, (*SYSTEM, *_temporary())), os.path.expanduser("~/."))

    def name(self, path: Any) -> str:
        """Return what a path is called; empty where it does not count."""
        given = os.fsdecode(path)
        path = os.path.abspath(given)
        if path.endswith(".pyc"):
            with contextlib.suppress(ValueError):  # it is no module's
                path = importlib.util.source_from_cache(path)
        path += os.sep * given.endswith(("/", os.sep))
        ours = path.startswith(self.root)
        if path.startswith(self.never) or (not ours and path.startswith(self.foreign)):
            return ""
        name = (path[len(self.root) :] or "./") if ours else path
        return "" if LEFT_OUT & set(name.split(os.sep)) else name.replace(os.sep, "/")

    def state(self, name: str) -> str:
        """Return the state of what is called so."""
        return state(os.path.join(self.root, name))


class Watch:
    """Notes what this process does with files, a line of JSON each: ``[what, path, state]``.

    ``what`` is ``read`` or ``wrote``; ``shared`` for a database, which may be both; ``named`` for
    what may have been read, and ``appeared`` for what a cell named before it was there. Further
    there are ``started`` with a program and ``asked`` with a host.

    Parameters
    ----------
    folder, root, store
        As of `Places`; the log is written in the first.
    """

    def __init__(self, folder: str, root: str, store: str) -> None:
        self.places = Places(folder, root, store)
        self.log = os.path.join(folder, LOG)
        self.noted: set[tuple[str, str]] = set()
        self.awaited: set[str] = set()
        self.within = threading.local()
        self.note("watching")

    def note(self, what: str, path: str = "", condition: str = "") -> None:
        """Write a line, once, and now: a kernel that dies has said what it did until then."""
        if (what, path) not in self.noted:
            self.noted.add((what, path))
            # Opened each time: a child of this process may have closed all that it inherited.
            with self._unheard(), _open(self.log, "a", encoding="utf8") as log:
                log.write(json.dumps([what, path, condition]) + "\n")

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what an audit event says; Python calls this for each of them."""
        listener = _LISTENERS.get(event)
        if listener and not getattr(self.within, "reach", False):
            with self._harmless():
                listener(self, *arguments)

    def begin_cell(self, source: str) -> None:
        """Take the files that a cell names for read."""
        with self._harmless():
            self.awaited = set(texts(source))
            for text in filter(os.path.isfile, self.awaited):
                self._file("named", text)

    def end_cell(self) -> None:
        """Note the files that a cell named, and that it has made in a way that was not told."""
        with self._harmless():
            for text in filter(os.path.isfile, self.awaited):
                name = self.places.name(text)
                told = {(what, name) for what in ("named", "read", "wrote", "shared")}
                if name and not told & self.noted:
                    self.note("appeared", name)

    @contextlib.contextmanager
    def _unheard(self) -> Iterator[None]:
        """Do something that is not noted itself."""
        before = getattr(self.within, "reach", False)
        self.within.reach = True
        try:
            yield
        finally:
            self.within.reach = before

    @contextlib.contextmanager
    def _harmless(self) -> Iterator[None]:
        """Do something of which the chapter must not fail; that it failed itself is noted."""
        try:
            with self._unheard():
                yield
        except Exception as error:
            with contextlib.suppress(Exception):
                self.note("fault", repr(error))

    def _file(self, what: str, path: Any) -> None:
        name = self.places.name(path)
        if name and (what, name) not in self.noted:
            self.note(what, name, "" if what == "wrote" else self.places.state(name))

    # What is done when an event is heard, by its arguments.

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # what was opened already
        reads, writes = _access(mode, flags)
        # A relative name may be meant in a folder that `os.open` was given and that is not told.
        exists = os.path.isfile(path)
        if reads and (exists or (mode is not None and not os.path.isdir(path))):
            self._file("read", path)
        if writes:
            self._file("wrote", path)

    def _imported(self, module: str, path: str | None, *_: Any) -> None:
        if path:  # a compiled module; the others are opened
            self._file("read", path)

    def _moved(self, source: Any, target: Any, *_: Any) -> None:
        self._file("wrote", target)

    def _connected(self, database: Any) -> None:
        path = os.fsdecode(database)
        if path.startswith("file:"):
            path = urllib.parse.unquote(urllib.parse.urlsplit(path).path)
        if path and path != ":memory:":
            self._file("shared", path)

    def _listed(self, folder: Any = None, *_: Any) -> None:
        caller = sys._getframe(2).f_globals.get("__name__", "")  # it asked for the names there
        if not isinstance(folder, int) and not caller.startswith(IMPORTERS):
            self._file("read", os.path.join(os.fsdecode(folder or "."), ""))

    def _started(self, command: Any, folder: Any = None) -> None:
        """Take what a command line names for read, and for written where its output goes."""
        program, *rest = words(command)
        self.note("started", os.path.basename(program))
        targets = redirected(rest)
        for word in rest:
            path = os.path.expanduser(os.path.expandvars(word))
            path = os.path.join(os.fsdecode(folder or "."), path)
            if word in targets:
                self._file("wrote", path)
            elif glob.has_magic(path):
                self._named(os.path.dirname(path), *glob.glob(path))
            else:
                self._named(path)

    def _named(self, *paths: str) -> None:
        for path in filter(os.path.exists, paths):
            self._file("named", os.path.join(path, "") if os.path.isdir(path) else path)

    def _asked(self, host: Any) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name not in ("localhost", "127.0.0.1", "::1"):
            self.note("asked", name)


_LISTENERS: dict[str, Callable[..., None]] = {
    "open": Watch._opened,
    "import": Watch._imported,
    "sqlite3.connect": Watch._connected,
    "os.listdir": Watch._listed,
    "os.scandir": Watch._listed,
    "os.rename": Watch._moved,
    "os.link": Watch._moved,
    "os.symlink": Watch._moved,
    "os.system": Watch._started,
    "os.exec": lambda watch, path, arguments, _: watch._started(arguments),
    "os.posix_spawn": lambda watch, path, arguments, _: watch._started(arguments),
    "os.spawn": lambda watch, mode, path, arguments, _: watch._started(arguments),
    "subprocess.Popen": lambda watch, path, arguments, cwd, _: watch._started(arguments, cwd),
    "socket.getaddrinfo": lambda watch, host, *_: watch._asked(host),
}


def _access(mode: str | None, flags: int) -> tuple[bool, bool]:
    """Whether a file is opened for reading, and whether for writing."""
    if mode is not None:
        return "r" in mode, bool(set(mode) & set("wax+"))
    writes = flags & (os.O_WRONLY | os.O_RDWR)
    empties = flags & (os.O_WRONLY | os.O_TRUNC | os.O_EXCL)
    return not empties, bool(writes)


def _folder(path: str) -> str:
    return os.path.join(os.path.abspath(path), "")


def _temporary() -> Iterator[str]:
    yield tempfile.gettempdir()
    yield os.path.realpath(tempfile.gettempdir())


def _packages(root: str) -> Iterable[str]:
    """Return the folders of Python and of what is installed, but for one that contains the book."""
    own = sysconfig.get_paths()
    known = {sys.prefix, sys.base_prefix, sys.exec_prefix, *own.values(), site.getuserbase()}
    found = {*known, *map(os.path.realpath, known)}
    return (path for path in found if not root.startswith(_folder(path)))
