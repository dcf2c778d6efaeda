"""What libraries show: arrays sent as bytes, fresh identifiers, bars of progress, tables.

The outputs are cut down from those of Plotly 7, Bokeh 3.9, tqdm 4.70, scikit-learn 1.9, pandas 3.1.
"""

import base64
import gzip
import hashlib
import uuid

import numpy as np
import pytest

from nbtolerance.comparators import comparator_for, compare_outputs, condense_outputs
from nbtolerance.comparators.arrays import unpacked, written_out
from nbtolerance.comparators.markup import MARKUP, SCRIPT
from nbtolerance.tolerance import Tolerance

PLOTLY = "application/vnd.plotly.v1+json"
VIEW = "application/vnd.jupyter.widget-view+json"
TYPES = [
    "bool",
    "float32",
    "float64",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
]


def shown(**data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


def stream(text, name="stderr"):
    return {"output_type": "stream", "name": name, "text": text}


def differences(a, b, states=(None, None)):
    old, new = (condense_outputs(o, s) for o, s in zip((a, b), states, strict=True))
    found = compare_outputs(old, new, lambda _: Tolerance())
    return [(d.path, d.cause) for d in found.differences]


def compared(comparator, a, b):
    forms = comparator.condense(a), comparator.condense(b)
    return [(d.path, d.cause) for d in comparator.compare(*forms, Tolerance()).differences]


def coded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def plotly(array):
    form = {"dtype": array.dtype.str[1:], "bdata": coded(array)}
    return form if array.ndim == 1 else {**form, "shape": str(array.shape)[1:-1]}


def bokeh(array):
    data = {"type": "bytes", "data": coded(array)}
    kind = {"shape": list(array.shape), "dtype": str(array.dtype), "order": "little"}
    return {"type": "ndarray", "array": data, **kind}


def packed_bokeh(array):
    form = bokeh(array)
    content = gzip.compress(base64.b64decode(form["array"]["data"]), mtime=1)
    return {**form, "array": {"type": "bytes", "data": base64.b64encode(content).decode()}}


# The oracle of what bytes mean is NumPy.
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("form", [plotly, bokeh, packed_bokeh])
def test_an_array_of_bytes_is_read_as_its_numbers(form, dtype):
    flat = np.array([1, 2, 120, 3, 4, 5]).astype(dtype)
    for array in (flat, flat.reshape(2, 3), flat.reshape(3, 1, 2)):
        assert unpacked(form(array)) == array.tolist()


def test_compressed_bytes_are_taken_for_what_they_are():
    array = np.array([31, 139, 8, 0, 1, 2], "uint8")  # they begin as what gzip writes
    for form in (plotly(array), bokeh(array), packed_bokeh(array)):
        assert unpacked(form) == array.tolist()
    # Compressed, these are as long as they are.
    for array in (np.arange(4.0), np.array([0, 0, 2.0]), np.array([0, 1] * 12, "uint8")):
        assert unpacked(packed_bokeh(array)) == array.tolist()
    good = packed_bokeh(np.arange(50.0))
    assert unpacked(good) == list(range(50))
    broken = base64.b64encode(base64.b64decode(good["array"]["data"])[:-20]).decode()
    for bad in (
        {**good, "array": {"type": "bytes", "data": broken}},
        {**good, "shape": [49]},
        {**good, "shape": [51]},
        {**good, "shape": [-50]},
        {key: good[key] for key in good if key != "shape"},
    ):
        assert unpacked(bad) is bad


def test_a_few_bytes_that_stand_for_very_many_are_left_as_they_are():
    many = np.zeros(120_000_000, "uint8")
    bomb = packed_bokeh(many)
    assert unpacked(bomb) is bomb
    assert unpacked({**bomb, "shape": [2]})["shape"] == [2]


def test_the_order_of_bytes_is_that_which_is_said():
    array = np.array([1.5, -2.0], dtype=">f8")
    assert unpacked({**bokeh(array), "dtype": "float64", "order": "big"}) == [1.5, -2.0]
    assert unpacked({"dtype": ">f8", "bdata": coded(array)}) == [1.5, -2.0]


@pytest.mark.parametrize(
    "value",
    [
        {"dtype": "f8", "bdata": "AAAA"},
        {"dtype": "f8", "bdata": "no base64"},
        {"dtype": "f8", "bdata": 5},
        {"dtype": "f9", "bdata": ""},
        {"dtype": "object", "array": [1, 2]},
        {"dtype": 8, "bdata": ""},
        {"dtype": "u1", "bdata": "AAAA", "shape": "2, 2"},
        {"dtype": "u1", "bdata": "AAAA", "name": "not an array alone"},
    ],
)
def test_what_is_no_array_is_left_as_it_is(value):
    assert unpacked(value) is value


def test_a_script_is_left_as_it_is_where_it_has_no_array():
    good, plain = '{"dtype": "u1", "bdata": "AQI="}', 'a["bdata"]; b = {"bdata": c}; '
    assert written_out(plain + good) == f"{plain}[1, 2]"


Y = np.sin(np.linspace(0, 6, 40))


def figure(y):
    return [shown(**{PLOTLY: {"data": [{"type": "scatter", "y": plotly(y)}], "layout": {}}})]


def test_the_numbers_of_plotly_are_within_the_tolerance():
    assert not differences(figure(Y), figure(Y * (1 + 1e-9)))
    moved = Y.copy()
    moved[3] *= 1 + 1e-3
    path = f"output 1, {PLOTLY}: $.data[0].y[3]"
    assert differences(figure(Y), figure(moved)) == [(path, "value")]


def test_a_list_and_the_same_array_are_one():
    (listed,) = figure(Y)
    listed["data"][PLOTLY]["data"][0]["y"] = Y.tolist()
    assert not differences([listed], figure(Y))


def test_an_array_of_a_widget_is_within_the_tolerance():
    def run(y):
        parts = [{"path": ["marks", 0, "y", "value"], "encoding": "base64", "data": coded(y)}]
        kind = {"dtype": "float64", "shape": [len(y)]}
        state = {"marks": [{"x": 1, "y": kind}]}
        model = {"model_name": "FigureModel", "state": state, "buffers": parts}
        return [shown(**{VIEW: {"model_id": "m"}})], {"m": model}

    (a, old), (b, new), (c, other) = run(Y), run(Y * (1 + 1e-9)), run(Y * (1 + 1e-3))
    assert not differences(a, b, (old, new))
    assert differences(a, c, (old, other))[0] == (
        f"output 1, {VIEW}: $.state.marks[0].y[1]",
        "value",
    )


def script(y, *, swapped=False, form=bokeh):
    first, second = uuid.uuid4(), uuid.uuid4()
    used = second if swapped else first
    array = str(form(y)).replace("'", '"')
    return (
        f'const docs_json = {{"{first}":{{"data":{array}}}}}; const other = "{second}";\n'
        f'const items = [{{"docid":"{used}","roots":{{"p1001":"{second}"}}}}];'
    )


@pytest.mark.parametrize("form", [bokeh, packed_bokeh])
def test_the_numbers_in_a_script_of_bokeh_are_compared(form):
    run, near, far = (script(y, form=form) for y in (Y, Y * (1 + 1e-9), Y * (1 + 1e-3)))
    assert not compared(SCRIPT, run, near)
    assert {cause for _, cause in compared(SCRIPT, run, far)} == {"value"}


def test_the_script_of_bokeh_is_compared_but_for_its_identifiers():
    assert compared(SCRIPT, script(Y), script(Y, swapped=True))
    assert comparator_for("application/javascript") is SCRIPT
    assert comparator_for("application/vnd.bokehjs_load.v0+json") is SCRIPT


def test_the_arrays_in_a_page_are_read_as_well():
    pages = [f"<script>{script(y)}</script>" for y in (Y, Y * (1 + 1e-9), Y * (1 + 1e-3))]
    assert not compared(MARKUP, pages[0], pages[1])
    assert compared(MARKUP, pages[0], pages[2])
    assert written_out('{"bdata": 1} and "ndarray" {') == '{"bdata": 1} and "ndarray" {'
    array = '{"dtype": "i1", "bdata": "AQI="}'
    assert written_out(f'"bdata": {array}') == '"bdata": [1, 2]'
    assert written_out(array) == "[1, 2]"  # it is the whole


def altair(y):
    name = f"data-{hashlib.md5(repr(y).encode()).hexdigest()}"
    kind = "application/vnd.vegalite.v5+json"
    return [shown(**{kind: {"data": {"name": name}, "datasets": {name: [{"y": y}]}}})]


def test_the_data_of_altair_are_within_the_tolerance():
    assert not differences(altair(0.5), altair(0.5 * (1 + 1e-9)))
    ((path, cause),) = differences(altair(0.5), altair(0.51))
    assert (path.partition(": ")[2], cause) == ("$.datasets['data-id-0'][0].y", "value")


def estimator(c, drawn="C"):
    svg = f'<svg width="9" height="9"><circle r="4"/><text>{drawn}</text></svg>'
    address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    return f'<style>i {{background: url("{address}")}}</style><pre>LogisticRegression(C={c})</pre>'


def test_a_drawing_inside_of_a_page_is_a_drawing():
    assert not compared(MARKUP, estimator(0.7), estimator(0.7))
    assert compared(MARKUP, estimator(0.7), estimator(0.5))
    assert compared(MARKUP, estimator(0.7), estimator(0.7, drawn="D"))


NESTED = "\n  0%|  | 0/2 [00:00<?, ?it/s]\x1b[A\n50%|█ | 1/2 [00:01<00:01, 1.02s/it]\x1b[A\n"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("100%|██| 20/20 [00:00<00:00, 97.79it/s]\n", "100%|██| 20/20 [00:01<00:00, 9.15it/s]\n"),
        ("20it [00:00, 97.79it/s, loss=0.5]\n", "20it [1:00:01, ?it/s, loss=0.5]\n"),
        (NESTED, "100%|██| 2/2 [00:02<00:00, 1.02 epochs/s]"),
        ("total 5\n100%|██| 2/2 [00:02<00:00, 1.2kB/s]\n", "total 5\n"),
    ],
)
def test_a_bar_of_progress_is_no_result(a, b):
    assert not differences([stream(a)], [stream(b)])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("total 5\n9it [00:02, 1.2it/s]\n", "total 6\n9it [00:02, 1.2it/s]\n"),
        ("| 95% | 0.5 | 0.6 |\n", "| 95% | 0.5 | 0.7 |\n"),
        ("took [00:02]\n", "took [00:03]\n"),
        ("", "x\n"),
    ],
)
def test_what_is_beside_a_bar_or_like_one_is_compared(a, b):
    assert differences([stream(a)], [stream(b)])


def bar(done, pace, model="FloatProgressModel"):
    parts = [f"{done}%", done, f" {done}/2 [00:00&lt;00:00, {pace}it/s]"]
    names = ["HTMLModel", model, "HTMLModel"]
    children = {f"c{i}": {"model_name": n, "state": {"value": v}} for i, (n, v) in
                enumerate(zip(names, parts, strict=True))}  # fmt: skip
    box = {"model_name": "HBoxModel", "state": {"children": [f"IPY_MODEL_{c}" for c in children]}}
    return {"box": box, **children}


def test_a_bar_of_progress_that_is_a_widget_is_no_result():
    view = [shown(**{VIEW: {"model_id": "box"}})]
    assert not differences(view, view, (bar(2, 97.8), bar(1, 9.1)))
    three = {**bar(2, 97.8), "c2": {"model_name": "HTMLModel", "state": {"value": "2 of 2"}}}
    more = {**three, "c1": {"model_name": "FloatProgressModel", "state": {"value": 1}}}
    assert differences(view, view, (three, more))


def test_a_file_that_was_there_before_is_no_result():
    written = [stream("Writing a.py\n", "stdout")]
    assert not differences(written, [stream("Overwriting a.py\n", "stdout")])
    assert differences(written, [stream("Overwriting b.py\n", "stdout")])
    assert differences([stream("Writing in haste")], [stream("Overwriting in haste")])


TABLE = """<table><thead>
<tr><th></th><th colspan="2">price</th><th>n</th></tr>
<tr><th></th><th>low</th><th>high</th><th></th></tr>
</thead><tbody><tr><th>a</th><td>1.5</td><td>{}</td><td>3</td></tr></tbody></table>"""


def test_a_cell_of_a_table_is_named_by_row_and_column():
    ((path, cause),) = compared(MARKUP, TABLE.format(2.5), TABLE.format(2.6))
    assert path == "/table[1]/tbody[1]/tr[1]/td[2] (row a, column price, high): number 1, line 1"
    assert cause == "value"


def test_a_cell_without_headings_is_named_by_numbers():
    table = "<table><tr><td>1</td><td><b>{}</b></td></tr></table>"
    ((path, _),) = compared(MARKUP, table.format(2), table.format(3))
    assert path == "/table[1]/tr[1]/td[2]/b[1] (row 1, column 2): number 1, line 1"
