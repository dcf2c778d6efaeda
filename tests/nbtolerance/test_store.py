"""The store: written whole or not at all, and damage is noticed."""

import errno
import json
import os
import threading

import pytest

from nbtolerance.files import write_whole
from nbtolerance.store import LOCK, DamagedWarning, Executed, Store

RUN = Executed({"metadata": {}, "cells": []}, {"code": "c"}, {"seconds": 1.0})


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_was_written_is_read(store):
    store.write("part/one", RUN)
    assert store.read("part/one") == RUN


def test_what_was_never_written_is_none(store):
    assert store.read("one") is None


@pytest.mark.parametrize("damage", [lambda t: t[: len(t) // 2], lambda t: "", lambda t: "[]"])
def test_a_damaged_entry_is_dropped_with_a_warning(store, damage):
    store.write("one", RUN)
    path = store.path("one")
    path.write_text(damage(path.read_text()))
    with pytest.warns(DamagedWarning, match="executing again"):
        assert store.read("one") is None
    assert not path.exists()


def test_an_output_that_was_tampered_with_is_noticed(store):
    store.write("one", RUN)
    entry = json.loads(store.path("one").read_text())
    entry["notebook"]["cells"] = [{"source": "other"}]
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
        store.write("one", Executed({"metadata": {}, "cells": [1]}, {}, {}))
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


def test_prune_removes_what_belongs_to_no_chapter(store):
    store.write("kept", RUN)
    store.write("gone", RUN)
    assert store.prune(["kept"]) == [store.path("gone")]
    assert store.read("kept") == RUN


def test_prune_waits_for_a_build_and_leaves_the_lock(store):
    store.write("gone", RUN)
    removed = []
    with store.lock(lambda: None):
        pruning = threading.Thread(target=lambda: removed.extend(store.prune([])))
        pruning.start()
        pruning.join(0.3)
        assert pruning.is_alive()
        assert store.path("gone").exists()
    pruning.join(30)
    assert removed == [store.path("gone")]
    assert (store.folder / LOCK).exists()
