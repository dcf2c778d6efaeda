"""What the README shows of the commands: ``python -m tests.transcripts`` writes it anew.

A transcript stands below a comment that names it, such as ``<!-- make readme: status -->``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from nbtolerance.book import find_chapters
from nbtolerance.chapter import Chapter
from nbtolerance.check import check_run
from nbtolerance.reference import references
from nbtolerance.settings import load_settings
from nbtolerance.summary import table

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?<=<!-- make readme: )(?P<name>\w+)(?P<fence> -->\n+```\w*\n)(?P<text>.*?)(?=^```$)",
    re.DOTALL | re.MULTILINE,
)
WIDTH = 120
ROWS = 6  # of the table of margins
STEPS = "for step in range(steps):"


def chapters() -> dict[str, Chapter]:
    """The chapters of the book, in the order in which the commands name them."""
    found = find_chapters(load_settings(ROOT)).chapters
    return {chapter.name: chapter for chapter in found}


def progress(shown: str) -> str:
    """What a build says, with the times that it once took: the first two chapters and the last."""
    last = len(chapters())
    numbers = iter((1, 2, last))
    return re.sub(r"\[\d+/\d+\]", lambda _: f"[{next(numbers)}/{last}]", shown)


def status(_: str) -> str:
    """What the status of a book is where nothing is stale: its first two chapters."""
    fresh = [f"{name}: fresh\n" for name in list(chapters())[:2]]
    return "".join(["$ python -m nbtolerance status\n", *fresh, "…\n"])


def margins(_: str) -> str:
    """The first rows of the check's table, for a run that gives what its reference has."""
    chapter = chapters()["optimization/visualizing"]
    (reference,) = (r for r in references(chapter, load_settings(ROOT)) if r.device == "cpu")
    rows = [row.as_json() for row in check_run(chapter, reference, reference.outputs)]
    return "".join(f"{line}\n" for line in list(table(rows))[: ROWS + 1])


def failure(_: str) -> str:
    """What the check says of a fit where the library takes one step fewer: about half a minute."""
    with tempfile.TemporaryDirectory() as folder:
        library = shutil.copytree(ROOT / "lib", Path(folder, "lib"))
        module = library / "learning" / "optimization" / "search.py"
        damaged = module.read_text("utf8").replace(STEPS, STEPS.replace("steps", "steps - 1"))
        module.write_text(damaged, "utf8")
        paths = {"PYTHONPATH": str(library), "NBTOLERANCE_STORE": str(Path(folder, "executed"))}
        command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
        run = subprocess.run(
            [*command, "book/optimization/gradient-descent.md"],
            cwd=ROOT,
            env={**os.environ, **paths},
            capture_output=True,
            text=True,
            check=False,
        )
    said = run.stdout.replace(f"{ROOT}/", "")
    (block,) = re.findall(
        r"^book/\S+ cell \d+ of \S+ gd\.fit differs from its cpu .*?\n(?=\n)", said, re.M | re.S
    )
    return "".join(f"{shortened(line)}\n" for line in block.splitlines())


def shortened(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


ALIKE: dict[str, Callable[[str], str]] = {
    made.__name__: made for made in (progress, status, margins)
}  # on all machines, and at once: the README is held to them
ALL = {**ALIKE, "failure": failure}


def remade(text: str, made: dict[str, Callable[[str], str]]) -> str:
    """Return a text with the transcripts of these names made anew."""

    def block(match: re.Match[str]) -> str:
        name, shown = match["name"], match["text"]
        return match["name"] + match["fence"] + (made[name](shown) if name in made else shown)

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    README.write_text(remade(README.read_text("utf8"), ALL), "utf8")
