"""Read frozen dataclasses from JSON that nobody vouches for.

A stored run may have been carried here from another machine. Each value is checked against the type
that its field has; what else must hold of it, the dataclass says in ``__post_init__``.
"""

from __future__ import annotations

import functools
import json
import math
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

DEEPEST = 100  # tables and lists in each other; what walks through them goes no deeper


def require(holds: bool, rule: str, value: object) -> None:
    """Check one rule on a value.

    Raises
    ------
    ValueError
        If it does not hold; the message has the rule and the value, shortened.
    """
    if not holds:
        said = repr(value)
        raise ValueError(f"{rule}, got {said if len(said) < 80 else said[:80] + '…'}")


def read_json(text: str | bytes) -> Any:
    """Read JSON, in which any two numbers too large for a float would seem to be equal.

    Raises
    ------
    ValueError
        If it is no JSON, or holds such a number.
    RecursionError
        If it is nested too deep to be read.
    """
    return json.loads(text, parse_float=_finite)


def _finite(digits: str) -> float:
    number = float(digits)
    require(math.isfinite(number), "a number must be one that a float can hold", digits)
    return number


def read_record(kind: type[T], data: object, where: str) -> T:
    """Build a value of a type from JSON.

    Parameters
    ----------
    kind
        A dataclass, ``Mapping[str, …]``, ``tuple[…, ...]``, ``str``, ``bool``, ``int`` or
        ``float``.
    data
        What JSON gave.
    where
        What it is called in messages: ``"fingerprint"``.

    Raises
    ------
    ValueError
        If a field is missing, unknown, or of another type; the message names it.
    """
    if kind is Any:
        return cast(T, data)
    if is_dataclass(kind):
        return cast(T, _read_fields(kind, data, where))
    origin = get_origin(kind)
    if origin is tuple:
        items = _a(list, data, f"{where} must be a list")
        return cast(T, tuple(read_record(get_args(kind)[0], item, where) for item in items))
    if origin:
        table = _a(dict, data, f"{where} must be a table")
        value = get_args(kind)[1]
        return cast(T, {k: read_record(value, v, f"{where}.{k}") for k, v in table.items()})
    fits = type(data) in ((int, float) if kind is float else (kind,))
    require(fits, f"{where} must be of type {kind.__name__}", data)
    return cast(T, data)


def _read_fields(kind: Any, data: object, where: str) -> object:
    table = _a(dict, data, f"{where} must be a table")
    hints = _hints(kind)
    for key in table:
        require(key in hints, f"{where} has no such key", key)
    for one in fields(kind):
        optional = one.default is not MISSING or one.default_factory is not MISSING
        known = optional or one.name in table
        require(known, f"{where} must have the key {one.name!r}", sorted(table))
    return kind(**{key: read_record(hints[key], table[key], f"{where}.{key}") for key in table})


@functools.cache  # it evaluates each type anew
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _a(kind: type[T], data: object, rule: str) -> T:
    require(isinstance(data, kind), rule, data)
    return cast(T, data)


def depth(value: object) -> int:
    """How deep the tables and lists of a JSON value are in each other."""
    level, found = [value], 0
    while level:
        nested = [item for item in level if isinstance(item, dict | list)]
        level = [v for n in nested for v in (n.values() if isinstance(n, dict) else n)]
        found += bool(nested)
    return found
