"""Arrays of numbers that a library sends as bytes in base64: read back as the numbers they are.

Plotly writes ``{"dtype": "f8", "bdata": …, "shape": "2, 3"}``, Bokeh ``{"type": "ndarray", "array":
{"type": "bytes", "data": …}, "dtype": "float64", "shape": [2, 3], "order": "little"}``, with
compressed bytes.
"""

from __future__ import annotations

import base64
import json
import math
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from nbtolerance.comparators.base import Json

_DTYPE = re.compile(
    r"(?P<order>[<>|=]?)(?:(?P<short>[fiub])(?P<size>\d)c?"
    r"|(?P<long>float|int|uint|bool)(?P<bits>\d*)(?:_?clamped)?)"
)
# The letter of `struct`, by the kind and the number of bytes.
_LETTERS = {
    **{("f", size): letter for size, letter in {2: "e", 4: "f", 8: "d"}.items()},
    **{("i", size): letter for size, letter in {1: "b", 2: "h", 4: "i", 8: "q"}.items()},
    **{("u", size): letter for size, letter in {1: "B", 2: "H", 4: "I", 8: "Q"}.items()},
    ("b", 1): "?",
}
_KEYS = {"type", "dtype", "shape", "order", "array", "bdata", "__ndarray__"}
_GZIP = b"\x1f\x8b"  # what compressed bytes begin with
_LONGEST = 100_000_000  # bytes of an array: a few compressed ones can stand for very many
_SIGN = re.compile(r'"(?:bdata|ndarray|__ndarray__)"')


def unpacked(value: Json) -> Json:
    """Return the numbers of an array, nested by its shape; whatever is none is left as it is."""
    if not (isinstance(value, dict) and "dtype" in value and value.keys() <= _KEYS):
        return value
    try:
        return _nested(_numbers(value), _shape(value.get("shape")))
    except (ValueError, TypeError, LookupError, struct.error):
        return value


def written_out(text: str) -> str:
    """Return a script with the numbers of the arrays in it in the place of their bytes."""
    pieces, end = [], 0
    for sign in _SIGN.finditer(text):
        start = text.rfind("{", end, sign.start())
        if start < 0:
            continue
        try:
            value, stop = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            continue
        numbers = unpacked(value)
        if numbers is not value:
            pieces += [text[end:start], json.dumps(numbers)]
            end = stop
    return "".join([*pieces, text[end:]])


def _numbers(array: Mapping[str, Any]) -> list[float]:
    dtype = _DTYPE.fullmatch(array["dtype"])
    if not dtype:
        raise ValueError(f"{array['dtype']} is no type of numbers")
    kind, size = (
        (dtype["short"], int(dtype["size"]))
        if dtype["short"]
        else (dtype["long"][0], int(dtype["bits"] or 8) // 8)
    )
    big = dtype["order"] == ">" or array.get("order") == "big"
    content = base64.b64decode(_payload(array), validate=True)
    if isinstance(array.get("array"), dict):
        content = _inflated(content, math.prod(_shape(array["shape"])) * size)
    count = len(content) // size
    return list(struct.unpack(f"{'>' if big else '<'}{count}{_LETTERS[kind, size]}", content))


def _inflated(content: bytes, length: int) -> bytes:
    """Return bytes as they were before they were compressed, if they were."""
    if not content.startswith(_GZIP):
        return content
    if not 0 <= length <= _LONGEST:
        raise ValueError(f"an array of {length} bytes is not read")
    try:
        inflated = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, length + 1)
    except zlib.error:  # they only begin so
        return content
    return inflated if len(inflated) == length else content


def _payload(array: Mapping[str, Any]) -> str:
    found = array.get("bdata") or array.get("__ndarray__") or array["array"]
    payload = found["data"] if isinstance(found, dict) else found
    if not isinstance(payload, str):
        raise ValueError("its bytes are not base64")
    return payload


def _shape(shape: Json) -> list[int]:
    """Return the lengths of an array's axes: Plotly writes them as a text."""
    lengths = shape.strip("()").split(",") if isinstance(shape, str) else shape or []
    return [int(length) for length in lengths if str(length).strip()]


def _nested(numbers: list[float], shape: list[int]) -> Json:
    if shape and math.prod(shape) != len(numbers):
        raise ValueError(f"{len(numbers)} numbers do not have the shape {shape}")
    nested: list[Any] = numbers
    for length in reversed(shape[1:]):
        nested = [nested[i : i + length] for i in range(0, len(nested), length)]
    return nested
