"""What pandas 2 and 3, scikit-learn of two years and a log print differently, for equal values.

The outputs are those of pandas 2.3 and 3.1, and of scikit-learn 1.2 and 1.9, cut down.
"""

import pytest

from nbtolerance.comparators import compare_outputs, condense_outputs
from nbtolerance.stored.drift import settle
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
