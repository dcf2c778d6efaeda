"""YAML that a person has written: read once, safely, with the line of each entry.

What is read is what JSON can hold. A date stays the text that it is; YAML's other types, keys that
are no text or are given twice, and texts that would grow without bound are refused.
"""

from __future__ import annotations

import contextlib
import functools
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

LONGEST = 100_000  # characters
MOST = 10_000  # values; what an alias stands for counts as often as it is used
DEEPEST = 50  # tables and lists in one another

# What PyYAML raises, beside errors of its own, for `!!int x`, `!!bool x`, `2024-13-45` and so on.
NO_VALUE = (ValueError, LookupError, OverflowError, AttributeError)

Path = tuple[str, ...]  # the keys that lead to an entry


class MarkError(Exception):
    """A text cannot be used: ``line``, counted from 1, is where, and ``message`` says why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line, self.message = line, message


@dataclass(frozen=True)
class Marked:
    """What a text of YAML says, and where.

    Parameters
    ----------
    value
        What it says. Texts that say the same share it.
    lines
        The line of each entry in the text, by the keys that lead to it.
    first
        The number of the text's first line in the file that it stands in.
    """

    value: Any = None
    lines: Mapping[Path, int] = field(default_factory=dict)
    first: int = 1

    def get(self, *path: str) -> Any:
        """Return the entry that the keys lead to; ``None`` where there is none."""
        value = self.value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def line(self, *path: str) -> int:
        """Return the line of an entry, or else of what it would stand in."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.first + self.lines.get(path, 1) - 1

    def error(self, rule: str, *path: str) -> MarkError:
        """Return the error that says which rule an entry breaks, and with which value."""
        name, value = ".".join(path), short(self.get(*path))
        return MarkError(self.line(*path), f"{name} must be {rule}, got {value}")

    def require(self, kind: type, rule: str, *path: str) -> Any:
        """Return an entry that must be of a type where it is there; ``None`` where it is not.

        Raises
        ------
        MarkError
            If it is of another type. A truth value is no integer.
        """
        value = self.get(*path)
        if value is not None and type(value) is not kind:
            raise self.error(rule, *path)
        return value


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def short(value: object) -> str:
    """Return a value as Python writes it, on one line of bounded length."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "an integer of thousands of digits"


def read_yaml(text: str, what: str, first: int = 1) -> Marked:
    """Read YAML.

    Parameters
    ----------
    text
        The YAML.
    what
        What it is, for messages: ``"the front matter"``.
    first
        The number of its first line in the file that it stands in.

    Raises
    ------
    MarkError
        If it is no YAML, or says what JSON cannot hold, or is far larger than people write.
    """
    try:
        with contextlib.suppress(MarkError):
            return replace(_read(text, 1), first=first)
        return _read(text, first)  # once more: a fault tells the lines of the file
    except MarkError as error:
        raise MarkError(error.line, f"{what} cannot be read: {error.message}") from None


@functools.lru_cache(maxsize=1024)  # most cells of a book say one of a few things, or nothing
def _read(text: str, first: int) -> Marked:
    if len(text) > LONGEST:
        raise MarkError(first, f"its {len(text):,} characters are more than {LONGEST:,}")
    try:
        return _Reader(text, first).marked()
    except yaml.MarkedYAMLError as error:
        raise _explained(error, first) from None
    except yaml.reader.ReaderError as error:
        line = first + text.count("\n", 0, error.position)
        raise MarkError(line, f"the character {chr(error.character)!r} is not allowed") from None
    except RecursionError:
        raise MarkError(first, "its tables and lists are nested too deeply") from None


# What a person can do about what YAML reports.
_ADVICE = {
    "mapping values are not allowed here": "a text that holds a colon needs quotes",
    "found character '\\t' that cannot start any token": "indent with spaces, not with tabs",
}


def _explained(error: yaml.MarkedYAMLError, first: int) -> MarkError:
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    line = first + (mark.line if mark else 0)
    message = str(error.problem or error.context)
    if begun and first + begun.line != line:
        message += f", {error.context} that begins in line {first + begun.line}"
    advice = _ADVICE.get(message)
    return MarkError(line, f"{message}: {advice}" if advice else message)


_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + kind for kind in ("null", "bool", "int", "float", "str")}


class _Reader(yaml.SafeLoader):
    """Reads one text: plain values, with lines. A date stays text, since JSON has no dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML's own attribute
        start: [(tag, pattern) for tag, pattern in known if tag in _PLAIN or tag == f"{_TAG}merge"]
        for start, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str, first: int) -> None:
        super().__init__(text)
        self.first, self.count = first, 0
        self.lines: dict[Path, int] = {}

    def marked(self) -> Marked:
        """Read all of it."""
        node = self.get_single_node()
        value = None if node is None else self._value(node, ())
        return Marked(value, self.lines, self.first)

    def _line(self, node: yaml.Node) -> int:
        return int(self.first + node.start_mark.line)

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.count += 1
        if self.count > MOST:
            raise MarkError(self.first, f"it holds more than {MOST:,} values, aliases counted in")
        if len(path) > DEEPEST:
            raise MarkError(self._line(node), f"it is nested more than {DEEPEST} deep")
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._table(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self._value(item, (*path, str(n))) for n, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN:
            return self._scalar(node)
        tag = node.tag.replace(_TAG, "!!")
        raise MarkError(self._line(node), f"the tag {short(tag)} is not one that is read")

    def _table(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            entry = (*path, key)
            if key in table:
                earlier = f"the first time in line {self.lines[entry]}"
                raise MarkError(
                    self._line(key_node), f"{'.'.join(entry)} is given twice, {earlier}"
                )
            self.lines[entry] = self._line(key_node)
            table[key] = self._value(value_node, entry)
        return table

    def _key(self, node: yaml.Node) -> str:
        if node.tag == f"{_TAG}merge":
            raise MarkError(self._line(node), "tables cannot be merged with <<")
        key = self._scalar(node) if isinstance(node, yaml.ScalarNode) else node.value
        if not isinstance(key, str):
            said = short(key) if isinstance(node, yaml.ScalarNode) else "a table or list"
            raise MarkError(self._line(node), f"a key must be a text, in quotes, got {said}")
        return key

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            value = self.construct_object(node)
            if isinstance(value, str):
                value.encode("utf8")  # not half of a character, which "\ud800" is
        except NO_VALUE:
            said = short(node.value)
            kind = node.tag.removeprefix(_TAG)
            raise MarkError(self._line(node), f"{said} cannot be read as {kind}") from None
        return value
