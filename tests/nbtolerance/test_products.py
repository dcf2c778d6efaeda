"""What the stored runs wrote is known without reading them, and never wrong."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nbtolerance.chapter import digest_code
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.products import FILE, products
from nbtolerance.store import DamagedWarning, Executed, Store

from .conftest import opened_in


def run(*wrote):
    notebook = new_notebook(cells=[new_code_cell("1")])
    fingerprint = Fingerprint(code=digest_code(["1"]), products=dict.fromkeys(wrote, "there"))
    return Executed(notebook, fingerprint)


@pytest.fixture
def store(tmp_path):
    """Two runs, of which one has written a file; that is known."""
    store = Store(tmp_path)
    store.write("part/one", run("table.txt"))
    store.write("two", run())
    products(store)
    return store


def test_no_run_is_read_twice(store):
    with opened_in(store.folder) as opened:
        assert products(store) == {"part/one": {"table.txt"}, "two": frozenset()}
    assert opened == {FILE}


def test_a_run_that_is_new_there_is_read_and_no_other(store):
    store.write("two", run("other.txt"))
    with opened_in(store.folder) as opened:
        assert products(store) == {"part/one": {"table.txt"}, "two": {"other.txt"}}
    assert {name for name in opened if name.endswith(".json")} == {"two.json"}
    store.path("part/one").unlink()
    assert products(store) == {"two": {"other.txt"}}


@pytest.mark.parametrize("text", ["", "[]", '{"two": {"size": 1}}', '{"two": 1e999}', "[" * 9999])
def test_what_is_kept_is_made_anew_where_it_cannot_be_read(store, text):
    (store.folder / FILE).write_text(text)
    assert products(store)["part/one"] == {"table.txt"}
    assert "table.txt" in (store.folder / FILE).read_text()


def test_where_it_cannot_be_kept_it_is_told_all_the_same(store):
    (store.folder / FILE).unlink()
    (store.folder / FILE).mkdir()
    assert products(store)["part/one"] == {"table.txt"}


def test_a_damaged_run_wrote_nothing(store):
    store.path("part/one").write_text("{")
    with pytest.warns(DamagedWarning):
        assert products(store) == {"part/one": frozenset(), "two": frozenset()}
    store.write("part/one", run("table.txt"))
    assert products(store)["part/one"] == {"table.txt"}
