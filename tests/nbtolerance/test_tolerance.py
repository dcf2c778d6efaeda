"""Tolerances: what passes, and what the front matter may say."""

import math
from dataclasses import replace

import pytest

from nbtolerance.marked import Marked, MarkError
from nbtolerance.tolerance import NUMBERS, Tolerance, largest, read_tolerances


def read(table, **lines):
    return read_tolerances(Marked({"tolerance": table}, **lines), "a.md")


def test_the_allowance_is_absolute_plus_relative():
    # Oracle: the formula of the documentation, worked by hand.
    tolerance = Tolerance(rtol=0.01, atol=0.5, scale=0.1)
    assert tolerance.allowed(-200.0) == 2.5
    assert tolerance.allowed(-200.0, magnitude=300.0) == 32.5
    assert tolerance.within(300.0).allowed(-200.0, magnitude=7.0) == 32.5
    assert Tolerance(scale=1e300).within(1e300).allowed(0.0) < math.inf


def test_the_largest_magnitude_is_that_of_finite_numbers():
    assert largest([1.0, -3.0, math.nan, -math.inf]) == 3.0
    assert largest([math.nan]) == largest([]) == 0.0


@pytest.mark.parametrize("bad", [{"rtol": -1.0}, {"atol": math.nan}, {"atol": math.inf}])
def test_a_tolerance_is_finite_and_not_negative(bad):
    with pytest.raises(ValueError, match="must be finite and >= 0, got"):
        Tolerance(**bad)


def test_no_table_means_the_built_in_default():
    assert read(None).of("anything") == Tolerance()


def test_a_name_takes_the_nearest_entry_above_it():
    table = {
        "default": {"rtol": 1.0e-7},
        "gd": {"rtol": 0.2, "why": "w"},
        "gd.fit": {"rtol": 1.0e-8},
    }
    tolerances = read(table)
    assert tolerances.of("gd.fit.a").rtol == 1.0e-8
    assert tolerances.of("gd.loss_log").rtol == 0.2
    assert tolerances.of("sgd.fit").rtol == 1.0e-7


def test_a_key_that_is_left_out_is_the_defaults():
    table = {"gd.zero": {"atol": 1.0e-9, "why": "rounding"}, "default": {"rtol": 1.0e-8}}
    assert read(table).of("gd.zero") == Tolerance(
        1.0e-8, 1.0e-9, "rounding", "a.md: tolerance.gd.zero"
    )


def test_the_source_gives_the_line():
    tolerances = read({"gd.fit": {"rtol": 0.0}}, lines={("tolerance", "gd.fit"): 4})
    assert tolerances.of("gd.fit").source == "a.md:4: tolerance.gd.fit"


@pytest.mark.parametrize("key", NUMBERS)
def test_each_number_is_read_and_is_held_to_its_rules(key):
    tolerance = read({"gd.fit": {key: 0.5, "why": "w"}}).of("gd.fit")
    assert tolerance == replace(Tolerance(), **{key: 0.5}, why="w", source="a.md: tolerance.gd.fit")
    assert read({"gd.fit": {key: getattr(Tolerance(), key)}}).of("gd.fit").why == ""
    rules = {0.5: "needs a `why`", -1: "finite and >= 0, got -1", True: "must be a number"}
    for value, rule in rules.items():
        with pytest.raises(MarkError, match=rule):
            read({"gd.fit": {key: value}})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([], "tolerance must be a table"),
        ({"gd.fit": 1.0e-6}, "tolerance.gd.fit must be a table"),
        ({"gd.fit": {"rtl": 1.0}}, "tolerance.gd.fit: unknown key 'rtl'"),
        ({"gd.fit": {"rtol": "1e-6"}}, r"gd.fit.rtol must be a number \(1.0e-6\), got '1e-6'"),
        ({"gd.fit": {"rtol": True}}, "gd.fit.rtol must be a number"),
        ({"gd.fit": {"atol": -1.0, "why": "w"}}, "atol must be finite and >= 0, got -1.0"),
        ({"gd.fit": {"rtol": 0.1}}, "looser than the default: it needs a `why`"),
        ({"default": {"rtol": 0.1}}, "default is looser than the default: it needs a `why`"),
        ({"gd.fit": {"rtol": 0.1, "why": 3}}, "why must be a text, got 3"),
        ({"gd.fit": {5: 0.0}}, "tolerance.gd.fit: unknown key 5"),
        ({"gd.fit": {"rtol": 10**400}}, "rtol must be finite and >= 0"),
        ({"gd.fit": {"rtol": 10**5000}}, "got an integer of thousands of digits"),
        ({"gd.fit": {"atol": math.inf, "why": "w"}}, "atol must be finite and >= 0, got inf"),
    ],
)
def test_what_is_wrong_is_named(table, message):
    with pytest.raises(MarkError, match=message):
        read(table)
