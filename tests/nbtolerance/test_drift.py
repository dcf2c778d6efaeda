"""What two versions of a library print differently, for equal values.

The outputs are those of pandas 2.3 and 3.1, scikit-learn 0.22, 1.2 and 1.9, SciPy 1.9 to 1.17,
NumPy 1.24 and 2.4, and ipywidgets 7 and 8, cut down.
"""

import pytest

from nbtolerance.comparators import compare_outputs, condense_outputs
from nbtolerance.comparators.widgets import MEDIA_TYPE
from nbtolerance.stored.drift import settle
from nbtolerance.stored.interactive import UNSAVED, level_views
from nbtolerance.tolerance import Tolerance

INFO = """<class '{0}DataFrame'>
RangeIndex: 2 entries, 0 to 1
Data columns (total 2 columns):
 #   Column  Non-Null Count  Dtype
---  ------  --------------  -----
 0   a       2 non-null      {3}
 1   b       2 non-null      {1}
dtypes: {3}(1), {1}(1)
memory usage: {2} bytes
"""


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def result(text, **forms):
    data = {"text/plain": text, **{kind.replace("_", "/"): form for kind, form in forms.items()}}
    return {"output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": data}


def differs(source, stored, got):
    settled = settle(source, [stored], [got])
    forms = (condense_outputs(outputs) for outputs in (settled.stored, settled.got))
    return bool(compare_outputs(*forms, lambda _: Tolerance()).differences), settled.left_out


def info(kind="float64", of_text="object"):
    core, memory = ("pandas.core.frame.", "180.0+") if of_text == "object" else ("pandas.", "180.0")
    return stream(INFO.format(core, of_text, memory, kind))


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("df.dtypes", "a float64\nb object\ndtype: object", "a float64\nb str\ndtype: object"),
        ("df.t.dtypes", "t datetime64[ns]\ndtype: object", "t datetime64[us]\ndtype: object"),
        ("df['b']", "0    x\nName: b, dtype: object", "0    x\nName: b, dtype: str"),
        ("df.columns", "Index(['a'], dtype='object')", "Index(['a'], dtype='str')"),
        (
            "df.b.unique()",
            "array(['a', 'x'], dtype=object)",
            "<StringArray>\n['a', 'x']\nLength: 2, dtype: str",
        ),
        ("type(df)", "pandas.core.frame.DataFrame", "pandas.DataFrame"),
    ],
)
def test_the_types_of_pandas_are_drift(source, old, new):
    assert not differs(source, result(old), result(new))[0]
    assert differs(source, result(old), result(new.replace("a", "c").replace("x", "y")))[0]


def test_what_info_says_is_drift_but_for_the_types_of_numbers():
    assert not differs("df.info()", info(), info(of_text="str"))[0]
    assert differs("df.info()", info(), info("int64", of_text="str"))[0]


def test_a_word_that_is_no_type_is_compared():
    assert differs("df['b']", result("0  object\ndtype: object"), result("0  str\ndtype: str"))[0]


def test_the_diagram_of_an_estimator_is_a_second_form():
    def fitted(c, html):
        return result(
            f"LogisticRegression(C={c})", text_html=f'<div class="sk-top-container">{html}'
        )

    assert not differs("m.fit(x)", fitted(0.7, "<p>a"), fitted(0.7, "<ul><li>b"))[0]
    assert differs("m.fit(x)", fitted(0.7, "<p>a"), fitted(0.5, "<p>a"))[0]


def test_a_log_is_compared_without_its_times():
    def logged(time, what):
        return stream(f"2026-01-31 {time} {what}\n", "stderr")

    run = "fit()", logged("09:30:15,123", "fitted")
    assert differs(*run, logged("10:00:00,000", "fitted")) == (False, {"times of a log"})
    assert differs(*run, logged("10:00:00,000", "failed"))[0]


def test_a_bar_is_counted_as_a_bar_and_nothing_else():
    """What tqdm 4.70 writes: a text to stderr, or a widget with the bar at its start as words."""

    def in_words(pace):
        return stream(f"100%|███| 20/20 [00:00<00:00, {pace}it/s]\n", "stderr")

    def as_widget(model):
        words = "  0%|          | 0/20 [00:00<?, ?it/s]"
        view = {"model_id": model, "version_major": 2, "version_minor": 0}
        data = {"text/plain": words, "application/vnd.jupyter.widget-view+json": view}
        return {"output_type": "display_data", "metadata": {}, "data": data}

    assert differs("tqdm()", in_words(97.79), in_words(98.15)) == (False, {"progress bars"})
    settled = settle("bar()", [as_widget("a")], [as_widget("b")])
    assert settled.left_out == {"progress bars"}
    assert settled.got  # it is compared by its comparator


# The same minimum by SciPy 1.9 and 1.17.
FOUND = """      fun: 1.1411716670850257e-15
 hess_inv: array([[0.9       , 0.2       ],
       [0.2       , 0.60000001]])
  message: 'Optimization terminated successfully.'
     nfev: 9
  success: True
        x: array([ 0.99999998, -2.00000003])"""
FOUND_TODAY = """  message: Optimization terminated successfully.
  success: True
      fun: 1.1411716670850257e-15
        x: [ 1.000e+00 -2.000e+00]
      nit: 2
 hess_inv: [[ 9.000e-01  2.000e-01]
            [ 2.000e-01  6.000e-01]]
     nfev: 9"""
SPARSE = "<3x4 sparse matrix of type '<class 'numpy.{}'>'\n\twith 2 stored elements in {} format>"
TODAY = "<{1} sparse matrix of dtype '{0}'\n\twith 2 stored elements and shape (3, 4)>"
ROW, COORDINATES = "Compressed Sparse Row", "COOrdinate"


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (SPARSE.format("float64", ROW), TODAY.format("float64", ROW), ("3, 4", "3, 5")),
        (SPARSE.format("bool_", ROW), TODAY.format("bool", ROW), (ROW, COORDINATES)),
        (SPARSE.format("int64", ROW), TODAY.format("int64", ROW), ("2 stored", "3 stored")),
        (SPARSE.format("int64", ROW), TODAY.format("int64", ROW), ("int64", "int32")),
        (
            "(0, 1)\t2",
            TODAY.format("int64", ROW) + "\n  Coords\tValues\n  (0, 1)\t2",
            ("\t2", "\t3"),
        ),
        (
            "<numpy.lib.npyio.NpzFile object at 0x7f00>",
            "NpzFile 'a.npz' with keys: x, y",
            ("NpzFile", "Archive"),
        ),
        ("<matplotlib.figure.Figure at 0x7f>", "<Figure size 640x480 with 0 Axes>", ("<F", "<G")),
        (
            "array([ True, False], dtype=bool)",
            "array([ True, False])",
            ("True, False", "False, True"),
        ),
        (FOUND, FOUND_TODAY, ("-2.000e+00", "-2.001e+00")),
        (FOUND, FOUND_TODAY, ("6.000e-01", "6.001e-01")),
        (FOUND, FOUND_TODAY, ("     nfev: 9", "     njev: 9")),
        (FOUND, FOUND_TODAY, ("successfully", "in vain")),
        ("<function __main__.f>", "<function __main__.f(a, b=2)>", ("f(", "g(")),
        (
            "SVC(C=1.0, degree=3, gamma='auto',\n  tol=0.001)",
            "SVC(gamma='auto')",
            ("auto", "scale"),
        ),
        (
            "Pipeline(memory=None, steps=[('a', PCA(copy=True, n_components=2))])",
            "Pipeline(steps=[('a', PCA(n_components=2))])",
            ("n_components=2", "copy=False"),
        ),
    ],
)
@pytest.mark.parametrize("shown", [result, stream])
def test_what_a_library_words_otherwise_is_drift(shown, old, new, changed):
    assert not differs("x", shown(old), shown(new))[0]
    assert new != new.replace(*changed)
    assert differs("x", shown(old), shown(new.replace(*changed)))[0]


def test_the_style_of_a_table_is_drift():
    table = '<table border="1" class="dataframe"><tr><td>1</td></tr></table>'
    styled = "<style scoped>.dataframe tbody { vertical-align: top; }</style>" + table
    assert not differs("df", result("1", text_html=table), result("1", text_html=styled))[0]
    other = styled.replace("<td>1", "<td>2")
    assert differs("df", result("1", text_html=table), result("1", text_html=other))[0]


def test_the_preview_of_another_page_may_be_missing_but_no_picture_else():
    def shown(html, **forms):
        return result("<IPython.lib.display.YouTubeVideo at 0x7f>", text_html=html, **forms)

    frame = '<iframe src="https://www.youtube.com/embed/{}"></iframe>'.format
    stored = shown(frame("abc"), image_jpeg="/9j/")
    assert not differs("YouTubeVideo('abc')", stored, shown(frame("abc")))[0]
    assert differs("YouTubeVideo('abd')", stored, shown(frame("abd")))[0]
    assert differs("x", shown("<p>", image_jpeg="/9j/"), shown("<p>"))[0]


def test_the_type_of_an_array_is_no_default():
    assert differs("x", result("array([1, 2], dtype=int64)"), result("array([1, 2])"))[0]


def view(name):
    return {"output_type": "display_data", "metadata": {}, "data": {MEDIA_TYPE: {"model_id": name}}}


def model(name, version="2.0.0", **state):
    return {"model_name": name, "model_module_version": version, "state": state}


def compared(stored, got, *states):
    (old, new), left_out = level_views((stored, got), states)
    forms = (condense_outputs(outputs) for outputs in (old, new))
    return compare_outputs(*forms, lambda _: Tolerance()).passed, left_out


def test_a_widget_without_stored_state_is_left_out_with_what_it_shows():
    today = {"b": model("VBoxModel", children=["IPY_MODEL_c"]), "c": model("OutputModel")}
    today["c"]["state"]["outputs"] = [stream("2")]
    assert compared([view("a")], [view("b")], {}, today) == (True, {UNSAVED})
    assert compared([], [view("b")], {}, today) == (True, {UNSAVED})
    assert compared([view("a"), stream("2")], [view("b")], {}, today) == (True, {UNSAVED})
    assert compared([view("a"), stream("3")], [view("b")], {}, today) == (False, {UNSAVED})
    assert compared([view("a")], [view("b"), stream("2")], {}, today) == (False, {UNSAVED})


def test_of_older_models_only_what_todays_have_is_compared():
    old = {"a": model("IntSliderModel", "1.5.0", value=3, description_tooltip="x")}
    new = {"b": model("IntSliderModel", value=3, behavior="drag-tap", tooltip="y")}
    runs = [view("a")], [view("b")]
    assert compared(*runs, old, new) == (True, set())
    assert not compared(*runs, old, {"b": model("IntSliderModel", value=4)})[0]
    assert not compared(*runs, {"a": model("IntSliderModel", value=3, max=5)}, new)[0]
    assert not compared([], [view("b")], old, new)[0]
