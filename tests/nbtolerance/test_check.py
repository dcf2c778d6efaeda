"""One cell held against its reference. Oracle: the rules of the README, applied by hand."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtolerance.chapter import Cell, Chapter
from nbtolerance.check import check_cell, glued, name_faults, output_name, owners
from nbtolerance.comparators.outputs import QUANTITY
from nbtolerance.marked import Marked
from nbtolerance.reference import Reference
from nbtolerance.store import Executed
from nbtolerance.tolerance import read_tolerances

from .comparators.strategies import QUICK, nested, scalars, special

REFERENCE = Reference("cpu", Path("one.json"), "", {}, [])
ALLOWED = {"mc.estimate": {"rtol": 0.05, "why": "it is drawn"}}


def cell_of(name=""):
    return Cell(3, 1, name, "", {})


def chapter_of(cell, table=None):
    tolerances = read_tolerances(Marked({"tolerance": table}), "one.md")
    return Chapter(Path("one.md"), "part/one", "", SimpleNamespace(), (cell,), tolerances)


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def quantity(name, value):
    return shown({QUANTITY: {"name": name, "value": value}})


def shown(data):
    return {"output_type": "display_data", "data": data}


def check(expected, got, name="", table=None):
    cell = cell_of(name)
    return check_cell(chapter_of(cell, table), cell, REFERENCE, expected, got)


@pytest.mark.parametrize(("got", "passes"), [("3.10", True), ("4.0", False)])
def test_the_tolerance_of_a_cell_reaches_what_it_prints(got, passes):
    (row,) = check([stream("3.14")], [stream(got)], "mc.estimate", ALLOWED)
    assert row.comparison.passed == passes
    assert (row.name, row.tolerance.source) == ("mc.estimate", "one.md: tolerance.mc.estimate")


def test_what_has_no_name_is_called_by_chapter_and_cell():
    (row,) = check([stream("1e-16")], [stream("2e-16")])
    assert row.as_json() == {
        "name": "part/one cell 3",
        "chapter": "part/one",
        "cell": 3,
        "device": "cpu",
        "passed": False,
        "numbers": 1,
        "looked_at": 0,
        "expected": 1e-16,
        "got": 2e-16,
        "difference": 1e-16,
        "allowed": pytest.approx(5e-17 + 1e-22),
        "rtol": 1e-6,
        "atol": 0.0,
        "scale": 1e-12,
        "why": "",
    }


def test_a_quantity_comes_before_the_glued_name_and_that_before_the_cells():
    cell = cell_of("a.cell")
    glued = {"output_type": "display_data", "data": {}, "name": "a.glued"}
    both = {**quantity("a.quantity", 1.0), "name": "a.glued"}
    outputs = [both, glued, shown({}), stream("")]
    names = [output_name(output, cell) for output in outputs]
    assert names == ["a.quantity", "a.glued", "a.cell", "a.cell"]


NO_QUANTITIES = [None, 5, "fit", [1.0], {}, {"value": 1.0}, {"name": 5, "value": 1.0}, {"name": ""}]


@pytest.mark.parametrize("data", NO_QUANTITIES)
def test_what_is_no_quantity_is_one_sentence_of_its_cell(data):
    bad = [shown({QUANTITY: data})]
    for sides in ((bad, bad), ([quantity("a", 1.0)], bad), (bad, [quantity("a", 1.0)]), ([], bad)):
        (row,) = check(*sides)
        (difference,) = row.comparison.differences
        assert difference.got.startswith("a quantity must be a table with a text as name, got ")
        assert row.name == "part/one cell 3"


@pytest.mark.parametrize("data", NO_QUANTITIES)
def test_what_is_no_quantity_is_owned_by_nobody(data):
    outputs = [shown({QUANTITY: data}), quantity("a", 1.0), quantity("a", 1.0)]
    notebook = {"cells": [{"cell_type": "code", "outputs": outputs}]}
    owned = owners({"part/one": Executed(notebook), "two": RuntimeError("it has no run")})
    assert owned == {"a": ["part/one", "part/one"]}
    assert list(name_faults(chapter_of(cell_of()), owned)) == [
        "one.md: quantity a is reported twice"
    ]


def test_a_tolerance_is_given_to_what_somebody_reports():
    cited = [{**shown({}), "metadata": {"scrapbook": mark}} for mark in ({"name": "fit.a"}, 5, {})]
    notebook = {"cells": [{"cell_type": "code", "outputs": cited}]}
    names = glued(Executed(notebook))
    assert names == {"fit.a"}
    table = {name: {"rtol": 0.0} for name in ("fit", "fit.a", "a.cell", "gd", "lost")}
    chapter = chapter_of(cell_of("a.cell"), table)
    assert list(name_faults(chapter, {"gd.loss": ["part/one"]}, names)) == [
        "one.md: tolerance.lost: no cell reports lost (reported: gd.loss)"
    ]


json = nested(scalars | special)
data = st.dictionaries(
    st.sampled_from([QUANTITY, "text/plain", "application/json", "other/type"]), json, max_size=2
)
outputs = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "display_data", "error"]) | json},
    optional={"name": json, "text": json, "data": data | json, "ename": json, "evalue": json},
)
cells = st.lists(outputs, max_size=2) | json


@QUICK
@given(cells, cells)
def test_whatever_is_compared_has_a_verdict(expected, got):
    for side in (expected, got):
        rows = check(side, side) + check(expected, got)
        assert all(isinstance(row.comparison.passed, bool) for row in rows)


def test_comparing_does_not_import_executing():
    script = (
        "import sys, nbtolerance.check\n"
        "found = {n for n in sys.modules if n.startswith(('nbclient', 'jupyter_client', 'zmq', "
        "'distributed', 'nbtolerance.engines', 'nbtolerance.runner', 'nbtolerance.failures'))}\n"
        "sys.exit(str(found) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_holds_no_number_is_no_number_away():
    (row,) = check([stream("a")], [stream("a")])
    assert row.as_json()["difference"] == 0
