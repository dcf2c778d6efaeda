"""Printed text: words exact, integers exact, floats within the tolerance.

How a rounded print is read
---------------------------
``0.1789`` was printed to four decimals, so its *unit* is 0.0001 and the value behind it lies within
half a unit. A printed float passes when

    |got - expected|  <=  atol + rtol |expected| + unit / 2

where `unit` is the finer of the two prints' (and between brackets, `[…]`, a share of the largest
number there is added, see `Tolerance`). With both printed alike, a change of the last digit by
one is therefore a failure, unless the tolerance covers the other half of that unit. The finer print
counts because ``repr``, ``%g`` and NumPy drop trailing zeros: beside ``0.12``, the ``0.1`` that a
program printed before is 0.10, and a change by a fifth, not a rounding.

Two values within the tolerance on either side of a rounding boundary print a whole unit apart, and
fail. Report such a number as a quantity, which is compared to all its digits, or give it an
``atol`` of half a unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from nbtolerance.comparators.base import BadOutputError, Comparison, Json
from nbtolerance.marked import short
from nbtolerance.tolerance import Tolerance, largest

_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NOT_FINITE = r"(?i:nan|inf(?:inity)?)(?=j?(?!\w))"

TOKEN = re.compile(
    rf"""
      (?P<ellipsis> \.\.\. | … )               # an elision, before ".5" can claim its last dot
    | (?P<number> [-+−]?                       # a sign that touches is the number's: 2-1 is 2, -1
          (?: (?<!\w){_NOT_FINITE}
            | (?![vV]?\d+(?:\.\d+){{2}})       # but 2.13.0 is a version,
              (?!0[xX][0-9a-fA-F])             # 0x1f is hexadecimal, and a digest is a name
              (?!(?<!\w)(?=[0-9e]*[a-df])[0-9a-f]{{12,}}(?!\w))
              {_DIGITS} )
          (?P<complex> j(?!\w)                 # an imaginary part, or a real one before it
            | (?=[ ]?[-+](?:{_DIGITS}|nan|inf)j(?!\w)) )?
      )
    | (?P<bracket> [][(){{}}] )
    | (?P<word> [vV]?\d+(?:\.\d+){{2,}}        # a version
        | [^\W\d]\w*(?:\.[^\W\d]\w*)*          # a name, with the digits inside it: torch.float32
        | \d\w*                                # what starts with a digit and is no number: 0x1f
        | \S )                                 # a punctuation mark
    """,
    re.VERBOSE,
)

# What carries no result: colours of a terminal, where an object lies in memory, where a package or
# a kernel's temporary file lies on a disk.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
# (The patterns begin where a word does: else a long one is searched from each of its characters.)
_START, _INSIDE = r"(?<![^\s'\"<>:(=])", r"[^\s'\"<>:(=]*?"
_PATH = re.compile(rf"{_START}(?:[A-Za-z]:)?[\\/]{_INSIDE}(?=[\\/](?:site|dist)-packages[\\/])")
_KERNEL_FILE = re.compile(
    rf"{_START}(?:[A-Za-z]:)?{_INSIDE}ipykernel_\d+[\\/]\d+\.py|<ipython-input-[\w-]+>"
)

# %%writefile says whether the file was there before.
_WRITTEN = re.compile(r"^(?:Overwriting|Appending to) (?=\S+$)", re.MULTILINE)

# How long a bar of tqdm has run and will run, and how fast: "[00:02<00:01, 97.8it/s, loss=0.5]".
_CLOCK = r"(?:\d+:)?\d\d:\d\d"
_PACE = rf"\[{_CLOCK}(?:<(?:{_CLOCK}|\?))?,\s*(?:[\d.]+|\?)\s?[^\s\],]+(?=[\],])"
_BAR_PACE = re.compile(_PACE)
_BAR = re.compile(rf"^.*{_PACE}.*$\n?", re.MULTILINE)

# NumPy 2 prints a scalar with its type, and an elided array with its shape.
_SCALAR = re.compile(r"\bnp\.(?:u?int|float|longdouble|longlong)\w*\(([^()]*)\)")
_COMPLEX = re.compile(r"\bnp\.c(?:omplex|longdouble)\w*(?=\()")
_STRING = re.compile(r"\bnp\.str_\(('[^']*'|\"[^\"]*\")\)")
_BOOLEAN = re.compile(r"\bnp\.(True|False)_\b")
_SHAPE = re.compile(r",\s*shape=\(\d+(?:,\s*\d+)*,?\)")


_CLOSES = {"[": "]", "(": ")", "{": "}"}


class Token(NamedTuple):
    """A piece of a text: ``kind`` is ``integer``, ``float``, ``bracket`` or ``word``."""

    kind: str
    text: str
    line: int
    value: float = 0.0  # an integer's is an int
    unit: float = 0.0  # of the last printed digit; nothing for an integer
    magnitude: float = 0.0  # of the array that it is printed in

    @property
    def is_lost(self) -> bool:
        """Whether a float cannot hold what was printed: ``1e400``, ``1e-400``."""
        value = float(str(self.value))  # an integer may be too long for one
        digits = self.text.lower().partition("e")[0]
        if value == 0:
            return bool(re.search("[1-9]", digits))
        return math.isinf(value) and "n" not in digits

    @property
    def shape(self) -> str:
        """What must be equal before values are looked at: any number may stand for another."""
        return "#" if self.kind in ("integer", "float") else self.text


def joined(data: Json) -> str:
    """Return a text, or the lines that a notebook stores of one.

    Raises
    ------
    BadOutputError
        If it is neither.
    """
    lines = [data] if isinstance(data, str) else data
    if not (isinstance(lines, list) and all(isinstance(line, str) for line in lines)):
        raise BadOutputError(f"a printed text must be a text or a list of them, got {short(data)}")
    return "".join(lines)


def mask(text: str) -> str:
    """Remove what carries no result: colours, addresses, and places on a disk."""
    text = _ADDRESS.sub("at 0x…", _ANSI.sub("", text))
    text = _WRITTEN.sub("Writing ", text)
    return _KERNEL_FILE.sub("<cell>", _PATH.sub("…", text))


def is_bar(text: str) -> bool:
    """Whether a text is a bar of tqdm: it says how fast it goes."""
    return bool(_BAR_PACE.search(text))


def without_bars(text: str) -> str:
    """Remove the lines that are bars of tqdm: nested ones appear as often as there is time."""
    return _BAR.sub("", text)


def clean(text: str) -> str:
    """Mask a text and the pace of bars in it, and print NumPy's scalars as their values."""
    text = _BAR_PACE.sub("[…", mask(text))
    text = _COMPLEX.sub("", _SCALAR.sub(r"\1", text))
    return _BOOLEAN.sub(r"\1", _STRING.sub(r"\1", text))


def tokens(text: str) -> list[Token]:
    """Split a clean text into numbers, brackets and words; white space only separates them."""
    found = list(_scan(text))
    for array in _arrays(found):
        magnitude = largest(token.value for token in found[array] if token.kind == "float")
        found[array] = [token._replace(magnitude=magnitude) for token in found[array]]
    return found


def _arrays(sequence: list[Token]) -> Iterator[slice]:
    """Where the outermost square brackets stand; those of an interval, ``[0, 1)``, are no pair."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for i, token in enumerate(sequence):
        if token.kind == "bracket" and token.text in _CLOSES:
            opened.append(i)
        elif token.kind == "bracket":
            if opened and _CLOSES[sequence[opened[-1]].text] == token.text:
                ends[opened.pop()] = i
            else:
                opened.clear()
    last = -1
    for start in sorted(start for start in ends if sequence[start].text == "["):
        if start > last:
            last = ends[start]
            yield slice(start, last)


def _scan(text: str) -> Iterator[Token]:
    depth, line, end = 0, 1, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.end()
        piece, kind = match.group(), match.lastgroup
        if match["number"]:
            # "10." is NumPy's float inside brackets, and the end of a sentence outside of them.
            full_stop = depth == 0 and piece.endswith(".")
            yield _number(piece.removesuffix(".") if full_stop else piece, line, match["complex"])
            if full_stop:
                yield Token("word", ".", line)
        elif kind == "bracket":
            depth = depth + 1 if piece in "([{" else max(depth - 1, 0)
            yield Token("bracket", piece, line)
        else:
            yield Token("word", piece, line)


def _number(piece: str, line: int, part_of_complex: str | None) -> Token:
    digits = piece.replace("−", "-").removesuffix("j")
    if len(digits) > 4000:  # Python refuses to read longer ones
        return Token("word", piece, line)
    if part_of_complex is None and digits.lstrip("+-").isdecimal():
        return Token("integer", piece, line, int(digits))
    return Token("float", piece, line, float(digits), _unit(digits))


def _unit(digits: str) -> float:
    mantissa, _, exponent = digits.lower().partition("e")
    if not (exponent or "." in mantissa):
        return 0.0  # not finite, or an integer part of a complex number
    decimals = len(mantissa.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}")


@dataclass(frozen=True)
class TextComparator:
    """Compares printed text; the module's docstring has the rules.

    Parameters
    ----------
    rounding
        How many units of the last printed digit a float may be off on account of rounding. Half a
        unit, unless the value behind the print is compared elsewhere to all its digits.
    """

    rounding: float = 0.5

    def condense(self, data: Any) -> Json:
        """Join lines, and mask what differs from run to run, so that a reference is stable.

        Raises
        ------
        BadOutputError
            If it is neither a text nor a list of texts.
        """
        return mask(joined(data))

    def compare(self, expected: Json, got: Json, tolerance: Tolerance) -> Comparison:
        """Compare two texts; a path counts the numbers or words of the text, and names the line.

        Raises
        ------
        BadOutputError
            If one of them is neither a text nor a list of texts.
        """
        a, b = clean(joined(expected)), clean(joined(got))
        if bool(_SHAPE.search(a)) != bool(_SHAPE.search(b)):  # printed by two versions of NumPy
            a, b = _SHAPE.sub("", a), _SHAPE.sub("", b)
        return self._compare(tokens(a), tokens(b), tolerance)

    def _compare(self, a: list[Token], b: list[Token], tolerance: Tolerance) -> Comparison:
        if len(a) == len(b) and _shapes(a) == _shapes(b):
            return self._pairs(a, b, tolerance)
        inner_a, inner_b = _contents(a), _contents(b)
        if _shapes(inner_a) == _shapes(inner_b):
            found = self._pairs(inner_a, inner_b, tolerance)
            _fail_between(found, "layout", a, b)
        elif len(a) == len(b):
            found = self._pairs(a, b, tolerance)
        else:
            found = self._ends(a, b, tolerance)
        return found

    def _pairs(self, a: list[Token], b: list[Token], tolerance: Tolerance) -> Comparison:
        found = Comparison()
        numbers = 0
        for i, (left, right) in enumerate(zip(a, b, strict=True)):
            if left.shape == right.shape == "#":
                numbers += 1
                path = f"number {numbers}, line {right.line}"
                self._values(found, path, left, right, tolerance)
            elif left.shape != right.shape:
                found.fail(f"word {i + 1}, line {right.line}", "words", left.text, right.text)
        return found

    def _values(
        self, found: Comparison, path: str, a: Token, b: Token, tolerance: Tolerance
    ) -> None:
        if a.kind == b.kind == "integer":
            found.integer(path, int(a.value), int(b.value))
        elif a.kind != b.kind and a.value == b.value:
            # "3" has become "3.0". (%g prints 3 and 2.9999998, which are two floats.)
            found.fail(path, "type", a.text, b.text)
        elif a.is_lost or b.is_lost:
            if a.text != b.text:
                found.fail(path, "value", a.text, b.text)
        else:
            x, y = float(str(a.value)), float(str(b.value))  # an integer may be too long for one
            rounding = self.rounding * min(a.unit, b.unit)
            if rounding:  # 0.3 and 0.1 are not binary: do not let the last bit decide
                rounding += 2 * math.ulp(max(abs(x), abs(y), rounding))
            found.number(path, x, y, tolerance.allowed(x, a.magnitude) + rounding)

    def _ends(self, a: list[Token], b: list[Token], tolerance: Tolerance) -> Comparison:
        """Compare what two texts of unequal length have in common at their ends."""
        head, tail = _common_ends(a, b)
        found = self._pairs(a[:head], b[:head], tolerance)
        if tail:
            found.add(self._pairs(a[-tail:], b[-tail:], tolerance), prefix="from the end: ")
        _fail_between(found, "words", a, b)
        return found


def _fail_between(found: Comparison, cause: str, a: list[Token], b: list[Token]) -> None:
    """Report the part in which two texts differ."""
    head, tail = _common_ends(a, b)
    old, new = a[head : len(a) - tail], b[head : len(b) - tail]
    if cause == "words" and not (old and new):
        cause = "missing" if old else "unexpected"
    path = f"word {head + 1}, line {(new or old)[0].line}"
    found.fail(path, cause, _snippet(old), _snippet(new))


def _common_ends(a: list[Token], b: list[Token]) -> tuple[int, int]:
    """How many tokens two unequal texts share at their start, and then at their end."""
    head = _common(a, b)
    return head, _common(a[head:][::-1], b[head:][::-1])


def _shapes(sequence: list[Token]) -> list[str]:
    return [token.shape for token in sequence]


def _contents(sequence: list[Token]) -> list[Token]:
    return [token for token in sequence if token.kind != "bracket" and token.text != ","]


def _common(a: list[Token], b: list[Token]) -> int:
    """How many tokens at the start of both have the same shape."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((i for i, (x, y) in pairs if x.shape != y.shape), min(len(a), len(b)))


def _snippet(sequence: list[Token], limit: int = 12) -> str:
    text = " ".join(token.text for token in sequence[:limit])
    return text + " …" if len(sequence) > limit else text


TEXT = TextComparator()
# For the face of a value that is compared to all its digits beside it: there a rounding boundary
# between two values that agree must not be an alarm.
FACE = TextComparator(rounding=1.0)
