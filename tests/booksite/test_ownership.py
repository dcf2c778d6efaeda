"""What is stored of a page is the page. The oracle is pickle, which follows every reference."""

from __future__ import annotations

import pickle
from pathlib import Path

from nbformat.v4 import new_markdown_cell
from sphinx.environment import BuildEnvironment

from .conftest import Build


def test_a_page_is_stored_without_the_environment(build: Build, tmp_path: Path) -> None:
    build(new_markdown_cell("```{eval-rst}\n.. py:function:: f(x)\n```"))
    stored = (tmp_path / "trees" / "index.doctree").read_bytes()
    assert b"desc_signature" in stored
    assert BuildEnvironment.__module__.encode() not in stored
    assert pickle.loads(stored).next_node().document["source"].endswith("index.ipynb")
