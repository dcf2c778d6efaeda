"""Rounding noise passes, and no damage hides behind it.

Oracle: the formula ``atol + rtol |expected| + scale × magnitude``, the magnitude being that of the
numbers that a test itself has put together; and by hand, noise as sums that cancel leave it.
"""

import copy
import json
from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from nbtolerance.comparators.drawn import MOST, figure_data
from nbtolerance.comparators.figures import FIGURE
from nbtolerance.comparators.text import TEXT
from nbtolerance.comparators.values import JsonComparator
from nbtolerance.tolerance import Tolerance

from .strategies import QUICK

JSON = JsonComparator()
DEFAULT = Tolerance()
finite = st.floats(-1e9, 1e9, allow_subnormal=False)
damage = st.floats(-20, 20).map(lambda power: 10.0**power)
signs = st.sampled_from([-1.0, 1.0])


def agree(expected, got, difference, magnitude):
    """What the formula says of the entry that was damaged; nothing so near the limit is asked."""
    allowed = 1e-6 * abs(expected) + 1e-12 * magnitude
    assume(abs(difference - allowed) > 1e-9 * allowed)
    return difference <= allowed


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ([1.0, 0.0], [1.0, 5e-17]),
        ([[100.0, 3.0], [0.0, 1e-13]], [[100.0, 3.0], [1e-13, -1e-13]]),
        ({"losses": [1.0, 5e-17]}, {"losses": [1.0, 0.0]}),
        ([{"path": [1.0, 0.0]}], [{"path": [1.0, 5e-17]}]),
    ],
)
def test_noise_of_an_array_passes(expected, got):
    assert JSON.compare(expected, got, DEFAULT).passed
    assert TEXT.compare(str(expected), str(got), DEFAULT).passed
    assert not JSON.compare(expected, got, Tolerance(scale=0.0)).passed
    assert not TEXT.compare(str(expected), str(got), Tolerance(scale=0.0)).passed


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1e-16, 2e-16),
        ({"residual": 1e-16, "norm": 1.0}, {"residual": 2e-16, "norm": 1.0}),
        ({"losses": [1e-16], "steps": [1.0]}, {"losses": [2e-16], "steps": [1.0]}),
        ([{"n": 1.0}, {"n": 1e-16}], [{"n": 1.0}, {"n": 2e-16}]),
        ([1e-16, 10**9], [2e-16, 10**9]),
        ([1e-16, "Infinity"], [2e-16, "Infinity"]),
    ],
)
def test_what_belongs_to_no_large_number_has_no_scale(expected, got):
    (difference,) = JSON.compare(expected, got, DEFAULT).differences
    assert (difference.expected, difference.got) == (1e-16, 2e-16)


def test_a_wild_result_does_not_excuse_its_neighbours():
    found = JSON.compare([0.0, 1.0], [1.0, 1e300], DEFAULT)
    assert [d.path for d in found.differences] == ["$[0]", "$[1]"]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("1e-16", "2e-16"),
        ("1.0 1e-16", "1.0 2e-16"),
        ("(1.0, 1e-16)", "(1.0, 2e-16)"),
        ("[1.0] 1e-16 [1.0]", "[1.0] 2e-16 [1.0]"),
        ("[0, 1) 1e9 1e-16 [1.0]", "[0, 1) 1e9 2e-16 [1.0]"),
        ("[1e9 1e-16", "[1e9 2e-16"),
        ("1e9] 1e-16", "1e9] 2e-16"),
    ],
)
def test_a_print_outside_of_brackets_has_no_scale(expected, got):
    (difference,) = TEXT.compare(expected, got, DEFAULT).differences
    assert (difference.expected, difference.got) == (1e-16, 2e-16)


def test_a_text_may_be_told_what_it_belongs_to():
    told = DEFAULT.within(1.0)
    assert TEXT.compare("1e-16", "2e-16", told).passed
    assert not TEXT.compare("1e-16", "2e-12", told).passed
    assert not TEXT.compare("[1e9 1e-16]", "[1e9 2e-12]", told).passed  # the outer one counts


@QUICK
@given(st.lists(finite, min_size=1, max_size=6), st.data(), damage, signs)
def test_no_damaged_entry_of_an_array_is_hidden(array, choice, size, sign):
    at = choice.draw(st.integers(0, len(array) - 1))
    broken = [x + sign * size * (i == at) for i, x in enumerate(array)]
    magnitude = float(np.max(np.abs(array)))
    passes = agree(array[at], broken[at], abs(broken[at] - array[at]), magnitude)
    assert JSON.compare(array, broken, DEFAULT).passed == passes
    nested = [[[x] for x in values] for values in (array, broken)]
    assert JSON.compare(*nested, DEFAULT).passed == passes
    printed = [str(["loss", *values]) for values in (array, broken)]
    if not passes:  # a print adds half a unit of its last digit
        assert size < 1e-9 * abs(array[at]) or not TEXT.compare(*printed, DEFAULT).passed
    else:
        assert TEXT.compare(*printed, DEFAULT).passed


def drawn(draw, **axes):
    ax = Figure().subplots()
    draw(ax)
    ax.set(**axes)
    return json.loads(json.dumps(figure_data(ax.figure)))


X = np.linspace(0.0, 4.0, 5)
CURVES = {
    "a line": lambda ax: ax.plot(X, X / 4, "."),
    "points": lambda ax: ax.scatter(X, X / 4),
    "a band": lambda ax: ax.fill_between(X, X / 4),
    "bars": lambda ax: ax.bar(X, X / 4),
    "a mesh": lambda ax: ax.pcolormesh(X, X / 4, np.ones((5, 5))),
    "a note": lambda ax: ax.annotate("here", (2.0, 0.5), (1.0, 0.0)),
}


@cache
def curve(name):
    return drawn(CURVES[name], xlim=(-1e9, 1e9), ylim=(-2.0, 5.0))


ALONG_Y = {"y", "height"}
PAIRS = {"points", "vertices", "corners", "at", "target"}


def coordinates(node, key="", at=0):
    """Each number along the y axis: the list that holds it, where, and what it is."""
    for i, item in enumerate(node) if isinstance(node, list) else node.items():
        name = key if isinstance(node, list) else i
        if isinstance(item, (list, dict)):
            yield from coordinates(item, name)
        elif isinstance(item, float) and (name in ALONG_Y or (name in PAIRS and i == 1)):
            yield node, i, item


@pytest.mark.parametrize("name", CURVES)
@QUICK
@given(st.data(), damage, signs)
def test_no_damaged_coordinate_of_a_figure_is_hidden(name, choice, size, sign):
    before = curve(name)
    after = copy.deepcopy(before)
    artists = [a for key, a in after["axes"][0].items() if key != "axis"]
    places = [place for each in artists for place in coordinates(each)]
    node, at, value = places[choice.draw(st.integers(0, len(places) - 1))]
    node[at] = value + sign * size
    passes = agree(value, node[at], abs(node[at] - value), 5.0)
    assert FIGURE.compare(before, after, DEFAULT).passed == passes


@pytest.mark.parametrize("scale", ["log", "symlog"])
def test_small_numbers_are_seen_on_an_axis_that_is_not_linear(scale):
    before, after = (
        drawn(lambda ax, y=y: ax.plot(X, [1.0, 1e-3, y, 1.0, 1.0]), yscale=scale)
        for y in (1e-16, 2e-16)
    )
    assert "$.axes[0].lines[0].y[2]" in _paths(before, after)


@pytest.mark.parametrize("draw", ["imshow", "pcolormesh"])
def test_small_values_are_seen_in_colours_of_their_logarithm(draw):
    def found(norm):
        before, after = (
            drawn(lambda ax, y=y: getattr(ax, draw)([[1.0, 1e-3], [y, 1.0]], norm=norm))
            for y in (1e-16, 2e-16)
        )
        return {path.rpartition(".")[2] for path in _paths(before, after)}

    assert "values[1][0]" in found(LogNorm())
    assert "values[1][0]" not in found(None)


def _paths(before, after):
    return {d.path for d in FIGURE.compare(before, after, DEFAULT).differences}


def test_noise_along_an_axis_passes_in_space_and_in_large_arrays():
    def space(noise):
        ax = Figure().add_subplot(projection="3d")
        ax.scatter([0.0, 1.0], [noise, 1.0], [0.0, 1.0])
        ax.set(xlim=(0, 1e9), ylim=(0, 1), zlim=(0, 1e9))
        return figure_data(ax.figure)

    def many(noise):
        y = np.ones(2 * MOST)
        y[0] = noise
        return drawn(lambda ax: (ax.plot(np.arange(2.0 * MOST), y), ax.imshow(y[:, None])))

    for draw in (space, many):
        assert FIGURE.compare(draw(0.0), draw(1e-16), DEFAULT).passed
        assert not FIGURE.compare(draw(0.0), draw(1e-10), DEFAULT).passed
