"""Chapters that another kernel than IPython's runs: executed, compared, and watched by name.

The kernel here adds the numbers in a file. As many others do, it takes nothing but the name of its
connection file, and knows no sockets that are files. The oracle of a sum is what it is by hand.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys

import pytest

from nbtolerance.book import find_chapters
from nbtolerance.kernelspec import made_of
from nbtolerance.settings import load_settings
from nbtolerance.sphinxext import read_executed
from nbtolerance.status import status
from nbtolerance.used import UNWATCHED

from .conftest import Book

KERNEL = """
import json, sys
from pathlib import Path
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

(_, file) = sys.argv
assert json.loads(Path(file).read_text())["transport"] == "tcp"

class Adder(Kernel):
    implementation, implementation_version, banner = "adder", "1", "adds"
    language_info = {"name": "LANGUAGE", "mimetype": "text/plain", "file_extension": ".add"}

    def do_execute(self, code, silent, *arguments, **options):
        what, name, *_ = code.split()
        try:
            said = sum(map(float, Path(name.strip("'")).read_text().split()))
        except OSError:
            # A name of the error is not sent, as other kernels send none.
            said = {"ename": "", "evalue": f"no numbers in {name}", "traceback": []}
            self.send_response(self.iopub_socket, "error", said)
            return {"status": "error", "execution_count": self.execution_count, **said}
        if what == "keep":
            Path("kept.txt").write_text(str(said))
        self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": f"{said}\\n"})
        return {"status": "ok", "execution_count": self.execution_count, "user_expressions": {}}

IPKernelApp.launch_instance(["-f", file], kernel_class=Adder)
"""
PAGE = """---
file_format: mystnb
kernelspec: {name: adder}
tolerance:
  default: {rtol: 1.0e-3, why: Scales are not better.}
---
# Sums
"""


def write(book, *cells):
    page = PAGE + "".join(f"\n```{{code-cell}} adder\n{cell}\n```\n" for cell in cells)
    (book.root / "book").mkdir(exist_ok=True)
    (book.root / "book/sums.md").write_text(page)


@pytest.fixture(scope="module")
def adder(tmp_path_factory):
    """Install the kernel; returns its folder."""
    folder = tmp_path_factory.mktemp("jupyter") / "kernels" / "adder"
    folder.mkdir(parents=True)
    (folder / "adder.py").write_text(KERNEL.replace("LANGUAGE", "no-such-lexer"))
    argv = [sys.executable, str(folder / "adder.py"), "{connection_file}"]
    spec = {"argv": argv, "display_name": "Adder", "language": "adder"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder.parent.parent))
        yield folder
    made_of.cache_clear()


@pytest.fixture(scope="module")
def blessed_once(adder, tmp_path_factory):
    book = Book(tmp_path_factory.mktemp("sums"))
    write(book, "sum 'light.txt'", "sum heavy.txt", "keep light.txt\nkept.txt", "sum none.txt")
    (book.root / "book/light.txt").write_text("1 2.5")
    (book.root / "book/heavy.txt").write_text("1000")
    (book.root / "book/none.txt").write_text("")
    with contextlib.chdir(book.root):
        book.bless()
    return book.root


def state_of(book):
    settings = load_settings(book.root)
    (chapter,) = find_chapters(settings).chapters
    return status(chapter, settings)


def test_its_outputs_are_compared_within_the_tolerance_and_an_error_is_a_sentence(blessed):
    (blessed.root / "book/light.txt").write_text("1 2.6")
    (blessed.root / "book/heavy.txt").write_text("1000.9")
    (blessed.root / "book/none.txt").unlink()
    result = blessed.check()
    result.assert_outcomes(passed=1, failed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*expected 3.5, got 3.6, difference 0.1, allowed 0.0535*",
            "*book/sums.md:22: cell 3 of sums raised an error: no numbers in none.txt",
            "sums cell 1 *1.17x",
        ]
    )


def test_it_is_stale_when_its_code_or_a_file_that_it_names_changes(blessed):
    assert state_of(blessed).changed == []
    (blessed.root / "book/light.txt").write_text("1 2.5 3")
    (blessed.root / "book/kept.txt").unlink()
    assert state_of(blessed).changed == ["file book/light.txt", "product book/kept.txt"]
    write(blessed, "sum light.txt")
    assert "code" in state_of(blessed).changed


@pytest.mark.parametrize("file", ["kernel.json", "program"])
def test_it_is_stale_when_its_kernel_changes(blessed, adder, tmp_path, monkeypatch, file):
    place = tmp_path / "kernels" / "adder"
    shutil.copytree(adder, place)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr("nbtolerance.fingerprint.made_of", made_of.__wrapped__)
    assert state_of(blessed).changed == []
    if file == "kernel.json":
        (place / file).write_text((place / file).read_text() + " ")
    else:
        monkeypatch.setattr("shutil.which", lambda word: str(place / "adder.py"))
    assert state_of(blessed).changed == ["kernel"]
    shutil.rmtree(place)
    assert state_of(blessed).changed == ["kernel"]


def test_what_cannot_be_watched_is_said(blessed):
    assert state_of(blessed).executed.provenance.unseen == (UNWATCHED,)


def test_its_page_is_not_coloured_as_python(blessed):
    path = blessed.root / "book/sums.md"
    shown = read_executed(path.read_text(), path=path, settings=load_settings(blessed.root))
    assert shown.metadata["language_info"] == {"name": "text"}
    assert shown.cells[1].outputs[0].text == "3.5\n"
