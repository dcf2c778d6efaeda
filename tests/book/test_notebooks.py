"""The notebooks of the chapters are those that MyST-NB would make of them."""

from pathlib import Path

import pytest
import yaml
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

from nbtolerance.book import find_chapters
from nbtolerance.settings import load_settings

ROOT = Path(__file__).parents[2]
EXTENSIONS = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["parse"]
CONFIG = MdParserConfig(enable_extensions=set(EXTENSIONS["myst_enable_extensions"]))
CHAPTERS = find_chapters(load_settings(ROOT)).chapters


@pytest.mark.parametrize("chapter", CHAPTERS, ids=[chapter.name for chapter in CHAPTERS])
def test_a_chapters_notebook_is_mystnbs(chapter):
    oracle = read_myst_markdown_notebook(chapter.text, CONFIG, add_source_map=True)
    for notebook in (oracle, chapter.notebook):
        assert [len(cell.id) for cell in notebook.cells] == [8] * len(notebook.cells)
    cells = [{**cell, "id": ""} for cell in chapter.notebook.cells]
    assert cells == [{**cell, "id": ""} for cell in oracle.cells]
    assert chapter.notebook.metadata["source_map"] == oracle.metadata["source_map"]
    assert len({cell.id for cell in chapter.notebook.cells}) == len(cells)
