"""JSON. Oracle: the rule of `Tolerance`, applied when the data is made."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nbtolerance.comparators.values import JsonComparator
from nbtolerance.tolerance import Tolerance

from .strategies import (
    QUICK,
    TOLERANCE,
    floats,
    leaves,
    map_floats,
    moved,
    nested,
    scalars,
    special,
)

JSON = JsonComparator()


@QUICK
@given(nested(scalars | special), st.floats(-0.99, 0.99))
def test_floats_within_the_tolerance_pass_in_any_nesting(data, share):
    found = JSON.compare(data, map_floats(data, lambda x: moved(x, share)), TOLERANCE)
    assert found.passed
    assert found.numbers == sum(isinstance(x, float) or _not_finite(x) for x in leaves(data))


def _not_finite(x):
    return x in ("NaN", "Infinity", "-Infinity")


@QUICK
@given(nested(scalars), st.data(), st.sampled_from([-1.01, 1.01, -1e3, 1e3]))
def test_one_float_outside_of_it_fails_alone(data, choice, share):
    count = sum(isinstance(x, float) for x in leaves(data))
    assume(count)
    target = choice.draw(st.integers(0, count - 1))
    seen = iter(range(count))
    broken = map_floats(data, lambda x: moved(x, share) if next(seen) == target else x)
    found = JSON.compare(data, broken, TOLERANCE)
    assert [d.cause for d in found.differences] == ["value"]
    assert found.worst == found.differences[0]


@QUICK
@given(st.lists(nested(scalars), min_size=1), nested(scalars))
def test_an_added_or_dropped_item_fails(items, extra):
    assert not JSON.compare(items, [*items, extra], TOLERANCE).passed
    assert not JSON.compare({"a": items}, {"a": items[:-1]}, TOLERANCE).passed
    assert not JSON.compare({"a": items}, {"a": items, "b": extra}, TOLERANCE).passed


@QUICK
@given(st.integers(), floats)
def test_integers_are_exact_and_no_floats(n, x):
    assert not JSON.compare(n, n + 1, Tolerance(atol=10.0)).passed
    assert JSON.compare(n, x, Tolerance(atol=1e300)).differences[0].cause == "type"


@pytest.mark.parametrize(
    ("expected", "got", "cause", "path"),
    [
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.1]}, "value", "$.a[1]"),
        ({"a": 1.0}, {}, "missing", "$.a"),
        ({}, {"two words": 1.0}, "unexpected", "$['two words']"),
        ([1.0, 2.0], [1.0], "missing", "$"),
        ([1.0], [1.0, 2.0], "unexpected", "$"),
        (1, 1.0, "type", "$"),
        (1.0, 1, "type", "$"),
        (True, 1, "type", "$"),
        (None, 0, "type", "$"),
        (1.0, "1.0", "type", "$"),
        ([], {}, "type", "$"),
        (3, 4, "value", "$"),
        (True, False, "value", "$"),
        ("loss", "Loss", "words", "$"),
        (math.nan, 1.0, "value", "$"),
        (1.0, "NaN", "value", "$"),
        (math.inf, -math.inf, "value", "$"),
        ("Infinity", "-Infinity", "value", "$"),
        ("Infinity", 1e308, "value", "$"),
        ("NaN", "nan", "type", "$"),
    ],
)
def test_each_kind_of_damage_is_named(expected, got, cause, path):
    (difference,) = JSON.compare(expected, got, TOLERANCE).differences
    assert (difference.cause, difference.path) == (cause, path)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (math.nan, "NaN"),
        ("-Infinity", -math.inf),
        (-0.0, 0.0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_is_the_same_written_otherwise_passes(expected, got):
    assert JSON.compare(expected, got, Tolerance(rtol=0.0)).passed
