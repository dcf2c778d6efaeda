"""HTML. Oracle: tables of pairs, written by hand."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbtolerance.comparators.markup import MARKUP
from nbtolerance.tolerance import Tolerance

from .strategies import QUICK
from .test_pictures import png

TABLE = (
    "<style>#T_a1b2c_row0 {color: red}</style>"
    '<table id="T_a1b2c"><tr><td>0.5</td><td>ok</td></tr></table>'
)


def causes(expected, got):
    a, b = MARKUP.condense(expected), MARKUP.condense(got)
    return [d.cause for d in MARKUP.compare(a, b, Tolerance()).differences]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (TABLE, TABLE.replace("0.5", "0.5000001")),
        (TABLE, TABLE.replace("T_a1b2c", "T_ffe01")),
        (TABLE, TABLE.replace("<td>", "\n  <td>")),
        ('<a title="x" href="y">b</a>', "<a href='y' title='x'>b</a>"),
        (
            '<div id="0f8fad5b-d9cb-469f-a165-70867728950e">',
            '<div id="7c9e6679-7425-40de-944b-e07fc1f90ae7">',
        ),
        ("a &amp; b<br>", "a & b<br/>"),
        ("<p>a<p>b", "<p>a<p>b"),
    ],
)
def test_what_shows_the_same_passes(expected, got):
    assert not causes(expected, got)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("0.5", "0.6", "value"),
        ("ok", "no", "words"),
        ("<td>ok</td>", "", "layout"),
        ("<td>ok</td>", "<th>ok</th>", "layout"),
        ("<td>0.5</td>", "<td colspan=2>0.5</td>", "layout"),
        ("red", "blue", "words"),
        ("#T_a1b2c_row0", "#T_00fff_row0", "value"),  # no longer the style of this table
        ('id="T_a1b2c"', 'id="other"', "words"),
    ],
)
def test_each_kind_of_damage_is_named(old, new, cause):
    assert cause in causes(TABLE, TABLE.replace(old, new))


@QUICK
@given(st.text("<>/ab=\"' &;!-0.5") | st.text())
def test_any_markup_equals_itself(markup):
    assert not causes(markup, markup)
    assert causes(f"<p>{markup}", f"<i>{markup}")


def test_a_moved_text_fails():
    assert causes("<b>a</b><b></b>", "<b></b><b>a</b>")


def test_paths_lead_to_the_element():
    a, b = MARKUP.condense(TABLE), MARKUP.condense(TABLE.replace("ok", "no"))
    (difference,) = MARKUP.compare(a, b, Tolerance()).differences
    assert difference.path.startswith("/table[1]/tr[1]/td[2]")


def test_embedded_pictures_are_condensed_and_compared():
    def page(picture):
        return f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'

    record = MARKUP.condense(page(png()))
    assert record["markup"] == '<img src="data:image/png,1">'
    assert record["media"][0]["data"]["width"] == 64
    assert not causes(page(png()), page(png(lightness=2)))
    assert causes(page(png()), page(png(size=(64, 50)))) == ["picture"]
    assert "picture" in causes(page(png()), "<img>")
    old, new = (MARKUP.condense(page(png()) + page(p)) for p in (png(), png(size=(64, 50))))
    paths = {d.path for d in MARKUP.compare(old, new, Tolerance()).differences}
    assert {path.partition(":")[0] for path in paths} == {"image/png 2"}


def column(*numbers, name="td"):
    return (
        f"<table>{''.join(f'<tr><{name}>{x}</{name}><td>7.5</td></tr>' for x in numbers)}</table>"
    )


@pytest.mark.parametrize(
    ("noise", "found"),
    [("1e-13", []), ("2e-11", ["value"]), ("nan", ["value"])],  # of 10, the largest, 1e-12 each
)
def test_rounding_noise_in_a_column_is_measured_by_its_largest_number(noise, found):
    assert causes(column("10.0", "5e-14"), column("10.0", noise)) == found
    both = column("5e-14", "5e-14") + column("10.0", "10.0")  # another table's numbers do not count
    assert causes(both, both.replace("5e-14", noise, 1)) == ["value"]
