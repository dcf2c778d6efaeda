"""Oracles: MyST-NB's own glue collector and formatter, BeautifulSoup, and json."""

import importlib
import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from myst_nb.core.variables import format_plain_text
from myst_nb.ext.glue import extract_glue_data_cell

from learning.report import QUANTITY, Fit, LossLog, Table, report
from learning.report.chart import BOTTOM, LEFT, RIGHT, TOP, course, draw

# By its name in full: `learning.report` as an attribute is the function.
module = importlib.import_module("learning.report.output")


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed, as outputs of a notebook's cell."""
    outputs = []

    def display(data, metadata):
        json.dumps(data, allow_nan=False)
        outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata))

    monkeypatch.setattr(module, "display", display)
    return outputs


@pytest.mark.parametrize(
    ("value", "text", "plain"),
    [
        (0.1, "0.1", 0.1),
        (3, "3", 3),
        (np.float64(1 / 3), "0.3333333333333333", 1 / 3),
        (np.int64(7), "7", 7),
        (torch.tensor(0.5), "0.5", 0.5),
        (float("nan"), "nan", "NaN"),
        (float("inf"), "inf", "Infinity"),
        (-float("inf"), "-inf", "-Infinity"),
    ],
)
def test_a_number_is_shown_in_full(shown, value, text, plain):
    report("page.value", value, unit="cm")
    (output,) = shown
    expected = {"name": "page.value", "kind": "number", "value": plain, "unit": "cm"}
    assert output.data[QUANTITY] == expected
    assert output.data["text/plain"] == text
    assert output.metadata == {"scrapbook": {"name": "page.value", "mime_prefix": ""}}


def test_a_number_can_be_cited_with_a_format(shown):
    report("page.value", 2 / 3)
    ((name, data),) = extract_glue_data_cell(nbformat.v4.new_code_cell(outputs=shown))
    assert name == "page.value"
    assert format_plain_text(data["data"]["text/plain"], ".3f") == "0.667"


def test_html_shows_six_digits_and_escapes(shown):
    report("page.value", 2 / 3, unit="<m>")
    soup = BeautifulSoup(shown[0].data["text/html"], "html.parser")
    assert soup.get_text() == "value = 0.666667 <m>"
    assert float(soup.data["value"]) == 2 / 3


def test_html_says_which_quantity_it_shows_in_words_and_in_an_attribute(shown):
    report("page.large_value", 1)
    soup = BeautifulSoup(shown[0].data["text/html"], "html.parser")
    assert soup.p["data-quantity"] == "page.large_value"
    assert soup.get_text() == "large value = 1"


def test_a_loss_log(shown):
    report("page.log", LossLog(np.array([0, 1000]), np.array([2.0, np.nan])))
    first = shown[0]
    assert first.data[QUANTITY]["kind"] == "loss_log"
    assert first.data[QUANTITY]["value"] == {"steps": [0, 1000], "losses": [2.0, "NaN"]}
    soup = BeautifulSoup(first.data["text/html"], "html.parser")
    assert soup.figure["data-quantity"] == "page.log"
    assert [th.get_text() for th in soup.select("details th[scope=row]")] == ["0", "1,000"]
    assert [td.get_text() for td in soup.select("details td")] == ["2.00000", "nan"]


def test_a_log_is_a_chart_whose_text_says_first_last_and_course(shown):
    report("page.log", LossLog([0, 500, 1000], [88.5, 12.0, 0.25]), unit="<m>")
    soup = BeautifulSoup(shown[0].data["text/html"], "html.parser")
    assert soup.figcaption.get_text() == (
        "Loss at 3 logged steps (<m>): 88.5 at step 0, 0.25 at step 1,000."
    )
    assert soup.svg["aria-label"] == (
        f"{soup.figcaption.get_text()} It falls all the way. The axis of the loss is logarithmic."
    )
    assert len(soup.select("circle")) == 3
    assert len(soup.polyline["points"].split()) == 3
    assert "var(--book-" in str(soup.svg)


def test_equal_factors_are_equal_heights_on_the_logarithmic_axis():
    chart = draw([0, 1, 2], [100.0, 10.0, 1.0])
    (_, first), (_, second), (_, third) = chart.curve
    assert (first, third) == (TOP, BOTTOM)
    assert second == pytest.approx((TOP + BOTTOM) / 2)
    assert [x for x, _ in chart.curve] == [LEFT, (LEFT + RIGHT) / 2, RIGHT]
    assert chart.ticks == [(BOTTOM, "1"), (pytest.approx(second), "10"), (TOP, "100")]


@pytest.mark.parametrize("losses", [[3.0, 2.0, 1.0], [1e3, 0.0, 1.0], [-5.0, 1e3, 1.0]])
def test_the_axis_is_linear_where_a_logarithm_shows_nothing_or_is_not_defined(losses):
    chart = draw([0, 1, 2], losses)
    assert chart.scale == "linear"
    heights = [y for _, y in chart.curve]
    assert heights == pytest.approx(np.interp(losses, [min(losses), max(losses)], [BOTTOM, TOP]))


@pytest.mark.parametrize("power", [1, 3, 30, 300])
def test_a_chart_has_few_ticks_and_its_curve_lies_between_them(power):
    chart = draw([0, 1], [1.1, 10.0**power])
    heights = [y for y, _ in chart.ticks]
    assert 2 <= len(heights) <= 5
    assert max(heights) >= chart.curve[0][1] >= chart.curve[1][1] >= min(heights)


def test_a_long_log_has_a_dot_at_either_end_only():
    chart = draw(range(100), np.geomspace(1, 1e-3, 100))
    assert [text for *_, text in chart.dots] == ["step 0: 1", "step 99: 0.001"]
    assert len(chart.curve) == 100


def test_what_is_not_finite_has_no_place_on_the_chart():
    chart = draw([0, 1, 2], [1.0, 1e9, np.inf])
    assert [x for x, _ in chart.curve] == [LEFT, (LEFT + RIGHT) / 2]
    assert not draw([0], [np.nan]).curve


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([4.0, 2.0, 2.001, 1.0], "It falls all the way."),
        ([1.0, 1.0, 5.0], "It rises all the way."),
        ([4.0, 1.0, 3.0], "It goes up and down between 1 and 4."),
        ([4.0, 4.001], "It hardly changes."),
        ([1.0, 2.0, np.inf], "It rises all the way. Not finite, and not on the chart: 1 of 3."),
        ([np.nan], "No loss is finite."),
    ],
)
def test_the_course_is_said_and_small_changes_are_none(losses, said):
    assert course(losses) == said


def test_a_fit_stays_in_a_line(shown):
    report("page.first_fit", Fit({"a": 3.5, "b": 8}), unit="m")
    soup = BeautifulSoup(shown[0].data["text/html"], "html.parser")
    assert soup.get_text() == "first fit: a = 3.5 m, b = 8 m"


def test_parts_can_be_cited_and_are_not_shown(shown):
    report("page.fit", Fit({"a": np.float64(3.5), "b": torch.tensor(8.0)}))
    cell = nbformat.v4.new_code_cell(outputs=shown)
    glued = dict(extract_glue_data_cell(cell))
    assert glued["page.fit.a"]["data"] == {"text/plain": "3.5"}
    assert glued["page.fit.b"]["data"] == {"text/plain": "8.0"}
    assert len(cell.outputs) == 1  # what the page shows
    assert glued["page.fit"]["data"][QUANTITY]["value"] == {"a": 3.5, "b": 8.0}


def test_a_log_names_its_first_and_last_loss(shown):
    report("page.log", LossLog([0, 1, 2], [3.0, 2.0, 1.0]))
    names = {o.metadata["scrapbook"]["name"]: o.data for o in shown[1:]}
    assert names == {
        "page.log.first": {"application/papermill.record/text/plain": "3.0"},
        "page.log.last": {"application/papermill.record/text/plain": "1.0"},
    }


def test_a_table(shown):
    rows = {"p": [1.0, 2.0], "q": [3.0, -4.0]}
    report("page.table", Table("two rows", ["u", "v"], rows, [".1f", "+.0f"]))
    (output,) = shown
    assert output.data[QUANTITY]["value"] == {"columns": ["u", "v"], "rows": rows}
    lines = output.data["text/plain"].splitlines()
    assert [line.split() for line in lines] == [["u", "v"], ["p", "1.0", "+2"], ["q", "3.0", "-4"]]
    soup = BeautifulSoup(output.data["text/html"], "html.parser")
    assert [th.get_text() for th in soup.select("th[scope=col]")] == ["u", "v"]
    assert len(soup.select("tbody tr")) == 2
    assert not soup.find("th", string="")  # an empty heading is a plain cell


def test_a_table_shows_what_is_infinite_by_its_sign(shown):
    report("page.table", Table("steps", ["u", "v"], {"p": [np.inf, 3.0]}, [".0f", ".0f"]))
    (output,) = shown
    assert output.data["text/plain"].splitlines()[1].split() == ["p", "∞", "3"]
    assert output.data[QUANTITY]["value"]["rows"] == {"p": ["Infinity", 3.0]}


@pytest.mark.parametrize("name", ["plain", "Page.value", "page.a b", "page.", "page.1st"])
def test_a_name_must_be_chapter_and_quantity(shown, name):
    with pytest.raises(ValueError, match=r"must be chapter\.quantity in snake case, got"):
        report(name, 1.0)


@pytest.mark.parametrize("value", ["text", None, [1.0, 2.0]])
def test_what_is_no_number_is_refused(shown, value):
    with pytest.raises(TypeError, match="must be a number or a quantity, got"):
        report("page.value", value)


def test_one_step_is_enough_for_a_log():
    assert LossLog([0], [1.0]).to_json() == {"steps": [0], "losses": [1.0]}


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"one length, at least 1, got \(1, 2\)"):
        LossLog([0], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"one length, at least 1, got \(0, 0\)"):
        LossLog([], [])
    with pytest.raises(ValueError, match=r"must have 2 entries, got \[1, 2\]"):
        Table("c", ["u", "v"], {"p": [1.0]}, ["f", "f"])


def test_a_name_may_be_reported_twice_since_nothing_is_remembered(shown):
    report("page.value", 1)
    report("page.value", 1)
    assert len(shown) == 2


def test_a_script_prints_what_it_reports_as_text():
    code = "from learning import Fit, report; report('page.fit', Fit({'a': 2.0, 'b': 7.5}))"
    code += "; report('page.value', 0.25)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "page.fit\na = 2\nb = 7.5\npage.value = 0.25\n"
