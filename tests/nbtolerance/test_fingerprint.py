"""The fingerprint: what a chapter's outputs depend on."""

import importlib.metadata
from collections import defaultdict

import numpy
import pytest

from nbtolerance import fingerprint as module
from nbtolerance.chapter import chapter_from
from nbtolerance.files import MISSING, THERE, state
from nbtolerance.fingerprint import (
    Fingerprint,
    after,
    before,
    imported_names,
    now,
    own_modules,
    version,
)
from nbtolerance.settings import load_settings
from nbtolerance.used import Used

PAGE = """---
file_format: mystnb
kernelspec: {name: python3}
---
# A

```{code-cell} python
import helper, numpy.linalg, json
```
"""


def test_imports_are_found_wherever_they_stand():
    sources = ["import a.b, c", "def f():\n    from d import e", "%matplotlib inline\nimport g"]
    assert imported_names(sources) == {"a", "c", "d", "g"}


def test_a_cell_that_is_not_python_imports_nothing():
    assert imported_names(["%%bash\nls import", "import ("]) == set()


def test_magics_hide_no_import():
    sources = ["files = !ls\nimport a", "print?\nimport b", "%%time\nimport c", "%x\nimport d"]
    assert imported_names(sources) == {"a", "b", "c", "d"}


def test_own_modules_are_those_that_lie_in_no_package():
    files = dict.fromkeys(
        ["lib/own/__init__.py", "lib/own/a.py", "lib/own/b/__init__.py", "/x/helper.py", "d.csv"],
        "1",
    )
    files["numpy.py"] = MISSING
    assert own_modules(files) == {"own": "lib/own", "helper": "/x/helper.py"}


@pytest.fixture
def chapter(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "helper.py").write_text("import yaml\n")
    settings = load_settings(tmp_path)
    return chapter_from(PAGE, settings.book_path / "a.md", settings), settings


def ran(chapter, settings, **used):
    return after(before(chapter, settings), chapter, Used(**used), settings.root)


def test_foreign_packages_count_with_their_versions_also_those_of_own_modules(chapter):
    one, settings = chapter
    found = ran(one, settings, files={"helper.py": state(str(settings.root / "helper.py"))})
    yaml = f"PyYAML {importlib.metadata.version('PyYAML')}"
    versions = {"numpy": numpy.__version__, "yaml": yaml}
    assert found.packages == versions


def test_what_is_not_installed_is_missing():
    assert version("no_such_package") == MISSING
    assert version("json") == ""  # it is there, without a version


def test_a_file_that_would_be_imported_instead_is_noticed(chapter):
    one, settings = chapter
    found = ran(one, settings)
    assert found.changes(now(found, one, settings)) == []
    (settings.book_path / "numpy.py").write_text("")
    assert found.changes(now(found, one, settings)) == ["file book/numpy.py"]


def test_a_product_that_is_gone_counts_and_one_that_is_another_does_not(chapter):
    one, settings = chapter
    product = settings.root / "out.csv"
    product.write_text("1")
    found = ran(one, settings, products={"out.csv": THERE})
    product.write_text("2")
    assert found.changes(now(found, one, settings)) == []
    product.unlink()
    assert found.changes(now(found, one, settings)) == ["product out.csv"]


def test_a_package_is_found_under_the_name_that_it_is_imported_by():
    # Oracle: the standard library, which takes its time, and a folder of a package for a package.
    brought = defaultdict(set)
    for name, by in importlib.metadata.packages_distributions().items():
        brought[name.partition("/")[0]] |= set(by)
    for name, brought_by in brought.items():
        found = sorted({f"{one} {importlib.metadata.version(one)}" for one in brought_by})
        if name.isidentifier():  # where it is the distribution's name too, that is left out
            assert version(name) in (" ".join(found), found[0].partition(" ")[2])
    assert version("PIL") == f"pillow {importlib.metadata.version('pillow')}"


def test_changes_are_named():
    old = Fingerprint(code="1", packages={"a": "1", "b": "1"}, files={"c": "1"})
    new = Fingerprint(code="1", packages={"a": "1", "b": "2"}, files={"d": "1"}, processors=1)
    assert old.changes(new) == ["file c", "file d", "package b", "processors"]
    assert old.of_the_code().changes(new.of_the_code()) == ["file c", "file d", "package b"]
    assert old.of_the_code(versions=False).changes(new.of_the_code(versions=False)) == [
        "file c",
        "file d",
    ]


def test_a_kernel_that_is_missing_here_is_missed_by_runs_of_it_alone(chapter, monkeypatch):
    by_ipython = ran(*chapter)
    by_another = Fingerprint(code=by_ipython.code, kernel="1")
    monkeypatch.setattr(module, "made_of", lambda name: MISSING)
    assert now(by_ipython, *chapter).kernel == ""
    assert now(by_another, *chapter).kernel == MISSING


def test_what_writes_into_the_outputs_counts(chapter, tmp_path, monkeypatch):
    known = before(*chapter)
    (tmp_path / "comparators").mkdir()
    for name in module.IN_THE_KERNEL:
        (tmp_path / name).write_text("changed = True\n")
    monkeypatch.setattr(module, "HERE", tmp_path)
    assert known.changes(before(*chapter)) == ["checker"]
