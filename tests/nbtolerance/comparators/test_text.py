"""Printed text. Oracles: the rule of `Tolerance` before printing; decimal arithmetic on prints."""

from decimal import Decimal
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nbtolerance.comparators.base import BadOutputError
from nbtolerance.comparators.text import FACE, TEXT, _snippet, clean, tokens
from nbtolerance.tolerance import Tolerance

from .strategies import QUICK, TOLERANCE, floats, moved, nested, scalars, special


def causes(expected, got, tolerance=TOLERANCE):
    return [d.cause for d in TEXT.compare(expected, got, tolerance).differences]


arrays = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4), elements=floats
)
numpy_options = st.fixed_dictionaries(
    {
        "linewidth": st.integers(20, 120),
        "sign": st.sampled_from("-+ "),
        "suppress": st.booleans(),
        "floatmode": st.sampled_from(["unique", "fixed", "maxprec", "maxprec_equal"]),
        "precision": st.just(17),
    }
)


def _numpy(write):
    def layout(array, options):
        with np.printoptions(**options):
            return write(array)

    return layout


def _torch(array, options):
    torch.set_printoptions(
        precision=17, linewidth=options["linewidth"], sci_mode=not options["suppress"]
    )
    text = str(torch.from_numpy(array.copy()))
    torch.set_printoptions(profile="default")
    return text


def _each(form):
    return lambda array, options: " ".join(form.format(x) for x in array.ravel())


LAYOUTS = {
    "numpy str": _numpy(str),
    "numpy repr": _numpy(repr),
    "numpy scalars": lambda array, options: repr(list(array.ravel())),
    "complex": _numpy(lambda array: str(array * (1 - 1j))),
    "torch": _torch,
    "python list": lambda array, options: str(array.tolist()),
    "with a unit": _each("t = {!r}ms"),
    "%g": _each("{:#.17g}"),
    "scientific": _each("loss: {:.16e}."),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@QUICK
@given(arrays, numpy_options, st.floats(-0.9, 0.9))
def test_values_within_the_tolerance_pass_in_any_layout(layout, array, options, share):
    write = LAYOUTS[layout]
    expected, got = write(array, options), write(moved(array, share), options)
    assert not causes(expected, got)


@pytest.mark.parametrize("layout", LAYOUTS)
@QUICK
@given(arrays, numpy_options, st.data(), st.sampled_from([-3.0, 3.0, 1e4]))
def test_a_value_outside_of_it_fails_in_any_layout(layout, array, options, choice, share):
    write = LAYOUTS[layout]
    broken = array.copy()
    at = tuple(choice.draw(st.integers(0, n - 1)) for n in array.shape)
    broken[at] = moved(array[at], share)
    found = causes(write(array, options), write(broken, options))
    assert "value" in found
    assert set(found) <= {"value", "type"}  # %g prints 1.5 where it printed 1


@QUICK
@given(arrays, numpy_options)
def test_another_shape_fails_however_close_its_numbers(array, options):
    other = array.reshape(-1) if array.ndim > 1 else array.reshape(1, -1)
    for write in (LAYOUTS["numpy str"], LAYOUTS["torch"]):
        assert causes(write(array, options), write(other, options)) == ["layout"]


@QUICK
@given(floats, st.floats(-2.0, 2.0), st.integers(0, 6), st.sampled_from([0.0, 1e-4, 1e-2]))
def test_a_rounded_print_is_held_to_half_its_last_digit(value, units, decimals, rtol):
    expected, got = f"{value:.{decimals}f}", f"{value + units * 10.0**-decimals:.{decimals}f}"
    assume(decimals > 0)
    unit = Decimal(10) ** -decimals
    difference = abs(Decimal(got) - Decimal(expected))
    allowed = Decimal(rtol) * abs(Decimal(expected)) + unit / 2
    assume(abs(difference - allowed) > Decimal("1e-9") * (1 + abs(Decimal(expected))))
    passed = not causes(expected, got, Tolerance(rtol=rtol))
    assert passed == (difference <= allowed)


@QUICK
@given(st.lists(st.integers(), min_size=1), st.data())
def test_integers_are_exact(numbers, choice):
    at = choice.draw(st.integers(0, len(numbers) - 1))
    broken = [n + (i == at) for i, n in enumerate(numbers)]
    loose = Tolerance(rtol=0.5, atol=100.0)
    assert causes(str(numbers), str(broken), loose) == ["value"]
    assert not causes(str(numbers), str(numbers), loose)


@QUICK
@given(st.text() | st.text("0123456789.e+-jx[](), nai"))
def test_any_text_equals_itself_and_not_more_of_it(text):
    exact = Tolerance(rtol=0.0)
    assert not causes(text, text, exact)
    assert causes(text, f"{text} more", exact)
    assert causes(f"{text} more", text, exact)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("loss  0.5\n", "loss\t0.5"),
        ("np.float64(1.5)", "1.5"),
        ("[np.float64(1.5), np.int64(2)]", "[1.5, 2]"),
        ("np.True_", "True"),
        ("np.str_('a b')", "'a b'"),
        ("np.complex128(1+2j)", "(1+2j)"),
        ("<Line2D object at 0x7f12ab>", "<Line2D object at 0x55ffee01>"),
        ("\x1b[31mred\x1b[0m 1.0", "red 1.0"),
        ("array([ 1.,  2.])", "array([1., 2.])"),
        ("array([1., ..., 9.], shape=(2000,))", "array([1., ..., 9.])"),
        ("/home/a/lib/site-packages/x.py:3: Warning", "/opt/site-packages/x.py:3: Warning"),
        ("/tmp/ipykernel_12/345.py:1: Warning", "/tmp/ipykernel_6/78.py:1: Warning"),
        ("-0.0000", "0.0000"),
        ("[nan inf -inf]", "[ nan  inf -inf]"),
        ("(nan+nanj)", "(nan+nanj)"),
        ("took 3.2ms (5%), 1.5x, 10kg", "took 3.2000001ms (5%), 1.5000001x, 10kg"),
        ("1.0e-03", "0.001"),
        ("x = −0.5", "x = -0.5"),
        ("3", "2.9999999"),
        ("0.1789", "0.1789001"),
        ("9" * 5000, "9" * 5000),
        ("", " \n"),
    ],
)
def test_what_says_the_same_passes(expected, got):
    assert not causes(expected, got)


@pytest.mark.parametrize(
    ("expected", "got", "cause"),
    [
        ("loss 0.5", "Loss 0.5", "words"),
        ("loss 0.5", "loss 0.6", "value"),
        ("0.1789", "0.1790", "value"),
        ("rate 0.1", "rate 0.12", "value"),  # a trimmed print is no rounded one
        ("[5. 6.]", "[5.4 6.]", "value"),
        ("0.5", "-0.5", "value"),
        ("1e-3", "1e-2", "value"),
        ("(1+2j)", "(1-2j)", "value"),
        ("[1.+2.j]", "[1.+2.1j]", "value"),
        ("nan", "0.0", "value"),
        ("inf", "-inf", "value"),
        ("10 steps", "11 steps", "value"),
        ("10 steps", "10.0 steps", "type"),
        ("5 kg", "5 g", "words"),
        ("3.2ms", "3.2s", "words"),
        ("x1 = 0.5", "x2 = 0.5", "words"),
        ("float32", "float64", "words"),
        ("conv2d", "conv3d", "words"),
        ("torch 2.13.0", "torch 2.13.1", "words"),
        ("v1.2.3", "v1.2.4", "words"),
        ("2024-01-02", "2024-01-03", "value"),
        ("0x1f", "0x1e", "words"),
        ("3f4601409014505a", "3f4601409014505b", "words"),
        ("1e5f00aabb3344cc", "2e5f00aabb3344cc", "words"),
        ("[[1. 2.] [3. 4.]]", "[1. 2. 3. 4.]", "layout"),
        ("[[1 2][3 4]]", "[[1][2 3 4]]", "layout"),
        ("[1, 2]", "(1, 2)", "layout"),
        ("array([1., 2.], shape=(3,))", "array([1., 2.], shape=(4,))", "value"),
        ("array([1., 2.])", "array([1., 2.], dtype=float32)", "unexpected"),
        ("[1. 2. 3.]", "[1. 2.]", "missing"),
        ("a b", "a b c", "unexpected"),
        ("None", "0.5", "words"),
        ("done", "", "missing"),
    ],
)
def test_each_kind_of_damage_is_named(expected, got, cause):
    assert causes(expected, got) == [cause]


def test_the_half_unit_and_the_tolerance_add_up():
    assert causes("0.1789", "0.1790", Tolerance(rtol=2.7e-4)) == ["value"]
    assert not causes("0.1789", "0.1790", Tolerance(rtol=2.9e-4))


def test_a_face_may_be_rounded_to_the_other_side():
    assert FACE.compare("0.1789", "0.1790", TOLERANCE).passed
    assert not FACE.compare("0.1789", "0.1791", TOLERANCE).passed


def test_a_changed_shape_does_not_hide_a_changed_value():
    assert causes("[[1. 2.]]", "[1. 2.5]") == ["value", "layout"]


def test_a_full_stop_is_no_decimal_point_outside_of_brackets():
    assert [t.kind for t in tokens(clean("ran 10. [10.]"))] == [
        *("word", "integer", "word"),
        *("bracket", "float", "bracket"),
    ]


def test_a_reference_is_stable():
    assert TEXT.condense(["<a at 0x7f01>\n", "\x1b[1mb"]) == "<a at 0x…>\nb"


def test_differences_say_where():
    found = TEXT.compare("a\nb 1 0.5", "a\nb 1 0.7", TOLERANCE)
    assert found.differences[0].path == "number 2, line 2"
    assert found.numbers == 1


OVERFLOWS = ["1e400", "1e500", "-1e400", "inf", "9" * 400, "1e308", "1e99999999999999999999"]
UNDERFLOWS = ["1e-400", "1e-500", "-1e-400", "0.0", "1e-307", "0." + "0" * 400 + "1"]


@pytest.mark.parametrize("printed", [OVERFLOWS, UNDERFLOWS])
def test_what_a_float_cannot_hold_is_compared_as_it_is_printed(printed):
    exact = Tolerance(scale=0.0)
    for expected, got in product(printed, printed):
        assert (not causes(expected, got, exact)) == (expected == got)
        assert (not causes(f"[{expected} 0.5j]", f"[{got} 0.5j]", exact)) == (expected == got)


@QUICK
@given(nested(scalars | special), st.text() | st.lists(st.text()))
def test_what_is_no_text_is_refused_in_a_sentence(data, text):
    lines = [data] if isinstance(data, str) else data
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        assert not causes(data, "".join(lines))
        return
    for call in (TEXT.condense, lambda x: causes(x, text), lambda x: causes(text, x)):
        with pytest.raises(BadOutputError, match="a printed text must be a text or a list"):
            call(data)


def test_a_word_that_differs_is_named_by_its_place():
    (one,) = TEXT.compare("a b\nc d", "a b\nc e", TOLERANCE).differences
    assert (one.path, one.expected, one.got) == ("word 4, line 2", "d", "e")


@pytest.mark.parametrize(("words", "shown"), [(12, " a"), (13, " …")])
def test_of_a_long_text_the_beginning_is_shown(words, shown):
    said = _snippet(list(tokens("a " * words)))
    assert said.endswith(shown)
    assert said.count("a") == 12


def test_a_point_within_brackets_is_of_the_number_at_any_depth():
    nearly = "[[1.] 2.0000000001]"
    assert TEXT.compare("[[1.] 2.]", nearly, TOLERANCE).passed
    assert causes("[[1.] 2.]", "[[1.] 2.5]") == ["value"]
