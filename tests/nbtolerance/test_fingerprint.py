"""The fingerprint: what a chapter's outputs depend on."""

import importlib.metadata
import sys

import numpy
import pytest

from nbtolerance import fingerprint as module
from nbtolerance.chapter import chapter_from
from nbtolerance.fingerprint import Fingerprint, imported_names, reach
from nbtolerance.settings import load_settings


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of four modules: a imports b, b imports numpy, c stands alone."""
    folder = tmp_path / "ownpackage"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("from ownpackage.b import f\n")
    (folder / "b.py").write_text("import numpy\nimport json\nf = 1\n")
    (folder / "c.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for cache in (reach, module._import_graph, module._is_own):
        cache.cache_clear()
    for name in [name for name in sys.modules if name.startswith("ownpackage")]:
        del sys.modules[name]


def test_imports_are_found_wherever_they_stand():
    sources = ["import a.b, c", "def f():\n    from d import e", "%matplotlib inline\nimport g"]
    assert imported_names(sources) == {"a.b", "c", "d", "d.e", "g"}


def test_a_cell_that_is_not_python_imports_nothing():
    assert imported_names(["%%bash\nls import", "import ("]) == set()


def test_magics_hide_no_import():
    sources = ["files = !ls\nimport a", "print?\nimport b", "%%time\nimport c", "%x\nimport d"]
    assert imported_names(sources) == {"a", "b", "c", "d"}


def test_a_chapter_reaches_modules_through_others(package):
    modules, packages = reach(frozenset({"ownpackage.a"}))
    assert set(modules) == {"ownpackage", "ownpackage.a", "ownpackage.b"}
    assert packages == ["numpy"]


def test_a_chapter_does_not_reach_what_nothing_imports(package):
    modules, packages = reach(frozenset({"ownpackage.c"}))
    assert set(modules) == {"ownpackage", "ownpackage.c"}
    assert packages == []


def test_a_file_beside_a_module_counts(package):
    (package / "drawing.js").write_text("1")
    modules, _ = reach(frozenset({"ownpackage.c"}))
    assert modules["ownpackage/drawing.js"] == str(package / "drawing.js")


def test_a_package_in_a_package_is_found_without_being_imported(package):
    (package / "inner").mkdir()
    (package / "inner" / "__init__.py").write_text("raise RuntimeError")
    (package / "inner" / "d.py").write_text("")
    modules, _ = reach(frozenset({"ownpackage.inner.d"}))
    assert modules["ownpackage.inner.d"] == str(package / "inner" / "d.py")
    assert "ownpackage.inner" in modules


def test_a_function_imported_from_a_module_reaches_the_module(package):
    modules, _ = reach(frozenset({"ownpackage.b", "ownpackage.b.f"}))
    assert "ownpackage.b" in modules


def test_a_foreign_package_counts_with_its_version():
    _, packages = reach(frozenset({"numpy", "numpy.linalg"}))
    assert packages == ["numpy"]
    assert module._version("numpy") == numpy.__version__


def test_a_package_is_found_under_its_import_name():
    # PIL is distributed as pillow, attr as attrs: the one is in the table, the other looked up.
    assert module._version("PIL") == importlib.metadata.version("pillow")
    assert module._version("attr") == f"attrs {importlib.metadata.version('attrs')}"


def test_changes_are_named():
    old = Fingerprint(code="1", packages={"a": "1", "b": "1"}, files={"c": "1"})
    new = Fingerprint(code="1", packages={"a": "1", "b": "2"}, files={"d": "1"}, processors=1)
    assert old.changes(new) == ["file c", "file d", "package b", "processors"]
    assert old.of_the_code(versions=False).changes(new.of_the_code(versions=False)) == [
        "file c",
        "file d",
    ]


def test_a_package_of_another_environment_is_foreign(tmp_path, monkeypatch):
    # The oracle: where pip and Debian put packages, for all environments on a machine.
    for folder in ("site-packages", "dist-packages", "lib"):
        place = tmp_path / folder / f"of_{folder.partition('-')[0]}"
        place.mkdir(parents=True)
        (place / "__init__.py").write_text("")
        monkeypatch.syspath_prepend(str(place.parent))
    modules, packages = reach(frozenset({"of_site", "of_dist", "of_lib"}))
    assert packages == ["of_dist", "of_site"]
    assert list(modules) == ["of_lib"]


def test_what_writes_into_the_outputs_counts(tmp_path, monkeypatch):
    settings = load_settings(tmp_path)
    path = settings.book_path / "a.md"
    chapter = chapter_from("---\nkernelspec: {name: python3}\n---\n# A\n", path, settings)
    before = module.fingerprint(chapter, settings)
    (tmp_path / "comparators").mkdir()
    for name in module.IN_THE_KERNEL:
        (tmp_path / name).write_text("changed = True\n")
    monkeypatch.setattr(module, "HERE", tmp_path)
    assert before.changes(module.fingerprint(chapter, settings)) == ["checker"]
