"""What a chapter uses is noted while it runs, in whatever way it uses it.

One chapter does all there is. The oracle of a file's state is the SHA-256 of its bytes, taken here.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.files import MISSING, THERE
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import load_settings
from nbtolerance.store import Executed

CELLS = [
    """
    import os, sys, subprocess, sqlite3, glob, shutil
    sys.path += ["../src", "../../outside"]
    import model, beyond, pack.inner
    open("read.csv").read()
    os.close(os.open("by-flags.bin", os.O_RDONLY))
    open("written.csv", "w").write("1"); open("written.csv").read()
    open("both.csv", "a+").write("more"); open("changed.csv").read()
    open("changed.csv", "w").write("new")
    open("gone.tmp", "w").close(); os.remove("gone.tmp")
    open("moved.tmp", "w").close(); os.replace("moved.tmp", "moved.csv")
    try: open("absent.csv")
    except OSError: pass
    connection = sqlite3.connect("old.db"); connection.execute("insert into t values (1)")
    connection.commit(); connection.close()
    sqlite3.connect("new.db").execute("create table t (a)").close()
    """,
    """
    os.listdir("photos"); glob.glob("tables/*.csv")
    os.path.exists("asked-for.csv")
    NAMED = "for-a-compiled-library.h5"
    """,
    """
    subprocess.run(["cat", "argument.txt"])
    subprocess.run("cat shell.txt > redirected.txt", shell=True)
    subprocess.run(["cat", "there.txt"], cwd="photos")
    os.system("cat system.txt")
    """,
    """
    import socket
    try: socket.getaddrinfo("nowhere.invalid", 80)
    except OSError: pass
    """,
    "!cat bang.txt | sort --output=sorted.txt",
    "%run script.py",
    "%%bash\ncat script-of-a-shell.txt",
    # What a compiled library does: Python is not told.
    "import ctypes\nlib = ctypes.CDLL(None)\nNAME = 'appeared.h5'\nlib.creat(NAME.encode(), 0o644)",
]
FILES = [
    *("read.csv", "by-flags.bin", "both.csv", "changed.csv", "photos/there.txt", "tables/a.csv"),
    *("for-a-compiled-library.h5", "argument.txt", "shell.txt", "system.txt", "bang.txt"),
    *("script-of-a-shell.txt", "never-touched.csv", "asked-for.csv"),
]


@dataclass
class Ran:
    root: Path
    run: Executed

    @property
    def files(self):
        return dict(self.run.fingerprint.files)

    @property
    def products(self):
        return dict(self.run.fingerprint.products)


def block(cell):
    return f"```{{code-cell}} python\n{dedent(cell).strip()}\n```\n"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    root = tmp_path_factory.mktemp("watching") / "root"
    texts = {f"book/{name}": name for name in FILES} | {
        "pyproject.toml": "[tool.nbtolerance]\n",
        "src/model.py": "import deeper\n",
        "src/deeper.py": "",
        "book/pack/__init__.py": "",
        "book/pack/inner.py": "open('read-by-a-module.txt').read()\n",
        "book/read-by-a-module.txt": "1",
        "book/script.py": "open('read-by-a-script.txt').read()\n",
        "book/read-by-a-script.txt": "1",
        "../outside/beyond.py": "",
        "book/one.md": "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n"
        + "\n".join(map(block, CELLS)),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    database = sqlite3.connect(root / "book/old.db")
    database.execute("create table t (a)")
    database.commit()
    with pytest.MonkeyPatch.context() as patch:
        # From the usual folder for temporary files nothing counts that lies outside of the book.
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("temporary")))
        settings = load_settings(root)
        (run,) = ensure_executed(find_chapters(settings).chapters, settings).values()
    assert isinstance(run, Executed), run
    return Ran(root, run)


def sha(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


@pytest.mark.parametrize(
    "name",
    [
        *("book/read.csv", "book/by-flags.bin", "src/model.py", "src/deeper.py"),
        *("book/pack/__init__.py", "book/pack/inner.py", "book/read-by-a-module.txt"),
        *("book/script.py", "book/read-by-a-script.txt", "book/for-a-compiled-library.h5"),
        *("book/argument.txt", "book/shell.txt", "book/photos/there.txt", "book/system.txt"),
        *("book/bang.txt", "book/script-of-a-shell.txt", "book/asked-for.csv"),
    ],
)
def test_what_is_read_is_noted_with_its_state(ran, name):
    assert ran.files[name] == sha(ran.root / name)


def test_a_module_outside_of_the_root_is_noted_by_its_whole_path(ran):
    path = (ran.root / "../outside/beyond.py").resolve()
    assert ran.files[path.as_posix()] == sha(path)


@pytest.mark.parametrize("name", ["book/changed.csv", "book/old.db", "book/appeared.h5"])
def test_what_may_be_read_and_is_written_counts_as_it_was_left(ran, name):
    assert ran.files[name] == sha(ran.root / name)
    assert ran.products[name] == THERE


@pytest.mark.parametrize(
    "name",
    [
        *("book/written.csv", "book/both.csv", "book/moved.csv", "book/new.db"),
        "book/redirected.txt",
    ],
)
def test_what_is_only_written_is_a_product(ran, name):
    assert ran.products[name] == THERE
    assert name not in ran.files


@pytest.mark.parametrize("name", ["book/gone.tmp", "book/moved.tmp"])
def test_what_was_made_and_removed_is_neither(ran, name):
    assert name not in ran.files.keys() | ran.products.keys()


@pytest.mark.parametrize("folder", ["book/photos/", "book/tables/"])
def test_a_folder_that_is_listed_counts_with_the_names_in_it(ran, folder):
    names = sorted(os.listdir(ran.root / folder))
    assert ran.files[folder] == hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]


def test_what_was_looked_for_and_is_not_there_counts_as_missing(ran):
    assert ran.files["book/absent.csv"] == MISSING


def test_a_folder_that_is_only_imported_from_is_not_listed(ran):
    assert {"src/", "book/", "./"}.isdisjoint(ran.files)


def test_what_is_not_used_is_not_noted(ran):
    everything = ran.files.keys() | ran.products.keys()
    assert "book/never-touched.csv" not in everything
    assert not any("site-packages" in name or "__pycache__" in name for name in everything)
    assert not any(name.startswith(("/usr", "_build")) for name in everything)


def test_the_programs_that_were_started_and_the_hosts_that_were_asked_are_named(ran):
    unseen = " ".join(ran.run.provenance.unseen)
    assert "what the program cat read" in unseen
    assert "what nowhere.invalid answered" in unseen
    assert "failed" not in unseen


def test_all_of_it_is_fresh_and_an_edit_of_any_of_it_is_seen(ran):
    from nbtolerance.status import status

    settings = load_settings(ran.root)
    (chapter,) = find_chapters(settings).chapters
    assert status(chapter, settings).changed == []
    for name in ["src/deeper.py", "book/script-of-a-shell.txt", "book/for-a-compiled-library.h5"]:
        path = ran.root / name
        before = path.read_bytes()
        path.write_bytes(before + b"#")
        assert status(chapter, settings).changed == [f"file {name}"]
        path.write_bytes(before)
    (ran.root / "book/photos/new.jpg").touch()
    assert status(chapter, settings).changed == ["file book/photos/"]
