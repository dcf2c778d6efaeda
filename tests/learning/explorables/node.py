"""Run what a widget's browser would run, in node: the very text that its state holds."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from booksite.packages import node

CALLS = """
import * as script from %s;
let text = "";
for await (const piece of process.stdin) text += piece;
const answers = JSON.parse(text).map(([name, ...values]) => script[name](...values));
console.log(JSON.stringify(answers));
"""


def call(script: str, calls: list[tuple[Any, ...]], folder: Path) -> list[Any]:
    """Call exported functions, each given as (name, *arguments); returns what they return."""
    file = folder / "widget.mjs"
    file.write_text(script, encoding="utf-8")
    main = folder / "main.mjs"
    main.write_text(CALLS % json.dumps(file.as_uri()), encoding="utf-8")
    done = subprocess.run(
        [node(), main], input=json.dumps(calls), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
