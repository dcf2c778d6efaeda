"""The store: written whole or not at all, and damage is noticed."""

import errno
import hashlib
import json
import os
import re
import warnings
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from nbtolerance.chapter import digest_code
from nbtolerance.files import write_whole
from nbtolerance.fingerprint import Fingerprint
from nbtolerance.records import DEEPEST
from nbtolerance.store import (
    FORMAT,
    WIDGETS,
    DamagedWarning,
    Executed,
    Provenance,
    Store,
    warn_once,
)


def run(source="1", **metadata):
    notebook = new_notebook(cells=[new_code_cell(source)], metadata=metadata)
    return Executed(notebook, Fingerprint(code=digest_code([source])), Provenance(seconds=1.0))


RUN = run()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_was_written_is_read(store):
    store.write("part/one", RUN)
    assert store.read("part/one") == RUN


def test_what_was_never_written_is_none(store):
    assert store.read("one") is None


@pytest.mark.parametrize("damage", [lambda t: t[: len(t) // 2], lambda t: "", lambda t: "[]"])
def test_a_damaged_entry_is_not_used_and_stays(store, damage):
    store.write("one", RUN)
    path = store.path("one")
    path.write_text(damage(path.read_text()))
    damaged = path.read_bytes()
    with pytest.warns(DamagedWarning, match="is not used"):
        assert store.read("one") is None
    assert path.read_bytes() == damaged


def rewritten(store, *keys, value):
    """Store a run in which one entry is another, with a digest that fits."""
    entry = json.loads(json.dumps(asdict(RUN)))
    *above, last = keys
    table = entry
    for key in above:
        table = table[key]
    table[last] = value
    digest = hashlib.sha256(json.dumps(entry["notebook"], sort_keys=True).encode()).hexdigest()
    store.folder.mkdir()
    store.path("one").write_text(json.dumps({"format": FORMAT, "digest": digest, **entry}))


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        ("fingerprint device kind", "../../elsewhere", "a-z, 0-9, _ and -, got '../../elsewhere'"),
        ("fingerprint device", "cpu", "fingerprint.device must be a table, got 'cpu'"),
        ("fingerprint code", "0", "its cells must be those it ran"),
        ("fingerprint packages", {"a": 1}, "packages.a must be of type str, got 1"),
        ("fingerprint packages", {"a.b": "1"}, "packages must have modules' names, got 'a.b'"),
        ("fingerprint processors", 1_000_000, "processors must be below a million"),
        ("fingerprint other", 1, "fingerprint has no such key, got 'other'"),
        ("provenance seconds", -1.0, "provenance.seconds must be between 0 and 1e+15, got -1.0"),
        ("provenance seconds", float("nan"), "provenance.seconds must .* got nan"),
        ("provenance memory", 10**400, "provenance.memory must be between"),
        ("provenance date", "yesterday", "yesterday"),
        ("provenance elsewhere", "yes", "elsewhere must be of type bool, got 'yes'"),
        ("provenance", {"seconds": "1"}, "seconds must be of type float, got '1'"),
        ("notebook cells", 5, "its notebook is none: data.cells must be array"),
        ("notebook metadata widgets", [], "the widgets' state must be a table"),
        ("notebook metadata widgets", {WIDGETS: {"state": {"a": 5}}}, "models must be tables"),
        ("notebook metadata widgets", {WIDGETS: {"state": [5]}}, "models must be tables"),
        ("notebook", [], "the file.notebook must be a table"),
    ],
)
def test_each_field_of_a_run_is_checked_when_it_is_read(store, keys, value, said):
    rewritten(store, *keys.split(), value=value)
    with pytest.warns(DamagedWarning, match=re.escape(said).replace(r"\.\*", ".*")):
        assert store.read("one") is None


def test_what_is_rewritten_unchanged_is_read(store):
    rewritten(store, "notebook", "metadata", value={})
    assert store.read("one").notebook == RUN.notebook


def test_a_run_is_read_as_deep_as_its_outputs_may_be(store):
    deep = {}
    for _ in range(DEEPEST - 3):
        deep = {"a": deep}
    rewritten(store, "notebook", "metadata", value=deep)
    assert store.read("one").notebook.metadata == deep


def test_what_is_not_known_of_a_run_is_nothing():
    assert (Provenance().seconds, Provenance().memory, Provenance().worker) == (0, 0, "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_a_run_or_not_used(tmp_path, data):
    # The oracle: whatever stands anywhere in the file, reading it ends with a run or a warning.
    entry = json.loads(json.dumps({"format": FORMAT, "digest": "", **asdict(RUN)}))
    table, key = data.draw(st.sampled_from(list(places({"": entry}))))
    table[key] = data.draw(JSON)
    if data.draw(st.booleans()) and isinstance(entry, dict) and "notebook" in entry:
        text = json.dumps(entry["notebook"], sort_keys=True)
        entry["digest"] = hashlib.sha256(text.encode()).hexdigest()
    store = Store(tmp_path)
    store.path("one").write_text(json.dumps(table[key] if key == "" else entry))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        warn_once.cache_clear()
        run = store.read("one")
    assert (run is None) == any(issubclass(w.category, DamagedWarning) for w in said)


def places(value):
    """Each table or list in a JSON value, with each of its keys."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def test_a_run_of_a_hundred_thousand_brackets_is_not_used(store):
    store.folder.mkdir()
    store.path("one").write_text("[" * 100_000)
    with pytest.warns(DamagedWarning, match="is not used"):
        assert store.read("one") is None


def test_an_output_that_was_tampered_with_is_noticed(store):
    store.write("one", RUN)
    entry = json.loads(store.path("one").read_text())
    entry["notebook"]["metadata"] = {"other": 1}
    store.path("one").write_text(json.dumps(entry))
    with pytest.warns(DamagedWarning, match="digest"):
        assert store.read("one") is None


def test_a_full_disk_leaves_the_old_file(store, monkeypatch):
    store.write("one", RUN)
    old = store.path("one").read_bytes()

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write: No space left on device.*one.json"):
        store.write("one", run("2"))
    assert store.path("one").read_bytes() == old
    assert [p.name for p in store.folder.iterdir()] == ["one.json"]


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, "old")

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
