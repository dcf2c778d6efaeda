"""JSON. Oracle: the rule of `Tolerance`, applied when the data is made."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nbtolerance.comparators.base import BadOutputError, in_a_line
from nbtolerance.comparators.registry import Unknown
from nbtolerance.comparators.report import explain
from nbtolerance.comparators.values import JsonComparator
from nbtolerance.records import DEEPEST
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


@QUICK
@given(nested(scalars | special), nested(scalars | special))
def test_any_two_values_are_compared(expected, got):
    found = JSON.compare(expected, got, Tolerance())
    assert found.passed or explain(found)
    assert JSON.compare(expected, expected, Tolerance()).passed


def deep(levels, leaf=1.0):
    for i in range(levels):
        leaf = [leaf] if i % 2 else {"a": leaf}
    return leaf


def test_what_is_nested_too_deep_is_refused_in_a_sentence():
    assert JSON.compare(deep(DEEPEST), deep(DEEPEST), Tolerance()).passed
    assert not JSON.compare(deep(DEEPEST), deep(DEEPEST, 2.0), Tolerance()).passed
    for levels in (DEEPEST + 1, 400, 100_000):
        for call in (
            lambda data: JSON.condense(data),
            lambda data: JSON.compare(data, 1.0, Tolerance()),
            lambda data: JSON.compare(1.0, data, Tolerance()),
            lambda data: Unknown("a/b").condense(data),
        ):
            with pytest.raises(BadOutputError, match="not be nested more than 100 levels deep"):
                call(deep(levels))


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize("sign", [1, -1])
def test_integers_beyond_floats_are_exact(sign, digits):
    n = sign * 10**digits
    assert JSON.compare([n], [n], Tolerance()).passed
    for other in (n + 1, -n, 1.0, math.inf, None, "word"):
        for pair in ((n, other), (other, n)):
            found = JSON.compare(*pair, Tolerance(atol=1e300))
            assert len(found.differences) == 1
            assert all("\n" not in line for line in explain(found))


def test_integers_are_equal_or_differ_and_nothing_is_allowed():
    (one,) = JSON.compare([3], [5], Tolerance(atol=10.0)).differences
    assert (one.expected, one.got, one.difference, one.allowed) == (3, 5, 2, 0.0)


@pytest.mark.parametrize("length", [300, 301])
def test_an_error_is_said_in_a_line_that_is_not_too_long(length):
    assert in_a_line(ValueError("a" * length)) == f"ValueError: {'a' * 300}"
    assert in_a_line(BadOutputError("a\n  b")) == "a b"
