"""What libraries call otherwise in another of their versions, where it means the same."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Any

from nbtolerance.comparators.text import mask, tokens

Output = dict[str, Any]

# How pandas 2 and 3 call classes and types, and where a type stands in what they print.
_CLASS = re.compile(r"\bpandas\.core\.(?:\w+\.)+(?=[A-Z])")
_INSTANT = re.compile(r"\b(datetime64|timedelta64)\[(?:s|ms|us|ns)\b")
_MEMORY = re.compile(r"^memory usage: .*$\n?", re.MULTILINE)
_TYPE = re.compile(r"(?<=\bdtype: )object\b|(?<=\bdtype=')object(?=')|\bobject(?=\(\d+\))")
_STRINGS = re.compile(r"<\w*StringArray>\s*(\[.*?\])\s*Length: \d+, dtype: \w+", re.DOTALL)
_LISTED = re.compile(r"(?<=\s)object(?=\s*$)", re.MULTILINE)

# Sparse arrays of SciPy, before and since 1.14; the shape stood first, and stands last.
_SPARSE = re.compile(
    r"<(\d+)x(\d+) sparse (?:matrix|array) of type '<class 'numpy\.(\w+?)_?'>'\s+"
    r"with (\d+) stored elements?(.*?) in ([\w ]+?) format>"
)
_SPARSE_TODAY = re.compile(
    r"<([\w ]+?) sparse (?:matrix|array) of dtype '(\w+)'\s+"
    r"with (\d+) stored elements?(.*?) and shape \((\d+), (\d+)\)>"
)
_COORDINATES = re.compile(r"<[^<>]*, shape \(\d+(?:, \d+)*\)>\s+Coords\s+Values\n")
# Functions, before and since IPython shows their parameters.
_PARAMETERS = re.compile(r"(<function [\w.]+)\([^<>]*\)>")
# Figures, before and since Matplotlib 2.2, and arrays of truths, before and since NumPy 1.14.
_FIGURE = re.compile(r"<matplotlib\.figure\.Figure at [^<>]*>|<Figure size [^<>]*>")
_OF_TRUTHS = re.compile(r"((?:True|False)[\])]*),\s*dtype=bool\)")
# What SciPy's optimizers found, a line a field, the colons in one column. Before 1.10 in the order
# of the alphabet, with texts in quotes and arrays as NumPy's repr has them.
_OPTIMIZED = {"message", "success"}  # fields that all of them have
_FIELD = re.compile(r" *(\w+)$")
_AS_REPR = re.compile(r"array\(|, dtype=\w+(?=\))|[,'\")]|(?<=\[)\s+|\s+(?=\])")
# The style that pandas puts before a table since 0.20.
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>\s*", re.DOTALL)
# NumPy's archives, before and since 1.25, which says what is in them.
_ARCHIVE = re.compile(r"<numpy\.lib\.[\w.]*NpzFile (?:object )?at 0x[^>]*>")
_ARCHIVE_TODAY = re.compile(r"\bNpzFile '[^']*' with keys: [^\n]*")


# The frames of a traceback as IPython prints them, the line of one that raised, and words of the
# notebook itself.
_FRAME = re.compile(r"^(?=Cell In\[|File )", re.MULTILINE)
_OWN_WORDS = re.compile(r"^-+> \d+ .*\b(?:raise|assert)\b", re.MULTILINE)
_OF_A_CELL = re.compile(r"\(\S+, line \d+\)")  # where a SyntaxError is, by a name of chance


def is_reworded(old: Output, new: Output) -> bool:
    """Whether two errors of one type differ in words that are not the notebook's own.

    Its own are those of a ``raise`` or an ``assert`` in a cell. The numbers in them are the same.
    """
    frame = _FRAME.split(mask("\n".join(new["traceback"])))[-1]
    own = frame.startswith("Cell In") and _OWN_WORDS.search(frame)
    few, many = sorted((_numbers(old["evalue"]), _numbers(new["evalue"])), key=Counter.total)
    worded = old["ename"] == new["ename"] and old["evalue"] != new["evalue"]
    return worded and not own and few <= many


def _numbers(message: str) -> Counter[float]:
    numbers = tokens(_OF_A_CELL.sub("", message))
    return Counter(token.value for token in numbers if token.kind in ("integer", "float"))


def level_types(text: str, *, listed: bool) -> str:
    """Return a text with one name for what pandas 2 and 3 call otherwise.

    Parameters
    ----------
    text
        What was printed.
    listed
        Whether types may stand at the ends of its lines, as ``dtypes`` and ``info()`` list them.
    """
    text = _INSTANT.sub(r"\1[", _CLASS.sub("pandas.", text))
    text = _STRINGS.sub(r"array(\1, dtype=object)", text)
    text = _TYPE.sub("str", text)
    return _LISTED.sub("str", _MEMORY.sub("", text)) if listed else text


def level_words(old: str, new: str) -> tuple[str, str]:
    """Return two prints of one object with one wording, where two versions worded it otherwise."""
    old, new = (_OF_TRUTHS.sub(r"\1)", _FIGURE.sub("<Figure>", text)) for text in (old, new))
    old, new = _level_sparse(old), _level_sparse(new)
    if not _COORDINATES.search(old):
        new = _COORDINATES.sub("", new)
    if _ARCHIVE.search(old):
        new = _ARCHIVE_TODAY.sub("<archive>", new)
        old = _ARCHIVE.sub("<archive>", old)
    if _OPTIMIZED <= (before := _fields(old)).keys() <= (after := _fields(new)).keys():
        old, new = (_level_fields(fields, sorted(before)) for fields in (before, after))
    if not _PARAMETERS.search(old):
        new = _PARAMETERS.sub(r"\1>", new)
    return (new, new) if _is_shorter_call(old, new) else (old, new)


def level_table(html: str) -> str:
    """Return HTML without the style of a table of pandas."""
    return _STYLE.sub("", html) if 'class="dataframe"' in html else html


def _level_sparse(text: str) -> str:
    text = _SPARSE.sub(r"<\6 array of \3: \4 stored\5, shape (\1, \2)>", text)
    return _SPARSE_TODAY.sub(r"<\1 array of \2: \3 stored\4, shape (\5, \6)>", text)


def _fields(text: str) -> dict[str, str]:
    """Return the fields of what an optimizer found; nothing where the text is not one."""
    fields: dict[str, str] = {}
    name, column = "", text.find(":")
    for line in text.rstrip().split("\n"):
        if line[column : column + 2] == ": " and (found := _FIELD.match(line[:column])):
            name, line = found[1], line[column + 1 :]  # its value
        elif not name:
            return {}
        fields[name] = f"{fields.get(name, '')} {line.strip()}"
    return fields


def _level_fields(fields: dict[str, str], names: list[str]) -> str:
    values = (" ".join(_AS_REPR.sub("", fields[name]).split()) for name in names)
    return "\n".join(map(": ".join, zip(names, values, strict=True)))


def _is_shorter_call(old: str, new: str) -> bool:
    """Whether a repr says less, and nothing else: scikit-learn leaves out defaults since 0.23."""
    try:
        before, after = (ast.parse(text.strip(), mode="eval").body for text in (old, new))
    except (SyntaxError, ValueError):
        return False
    # Of a class: what an array prints beside its numbers is a result.
    return bool(re.match(r"[A-Z]\w*\(", new.strip())) and _says_no_more(before, after)


def _says_no_more(old: ast.AST | None, new: ast.AST) -> bool:
    if type(old) is not type(new):
        return False
    if isinstance(old, ast.Call) and isinstance(new, ast.Call):
        given = {keyword.arg: keyword.value for keyword in old.keywords}
        pairs = [(given.get(keyword.arg), keyword.value) for keyword in new.keywords]
        pairs += [(old.func, new.func), *zip(old.args, new.args, strict=False)]
        return len(old.args) == len(new.args) and all(
            a is not None and _says_no_more(a, b) for a, b in pairs
        )
    if isinstance(old, ast.List | ast.Tuple) and isinstance(new, ast.List | ast.Tuple):
        elements = zip(old.elts, new.elts, strict=False)
        return len(old.elts) == len(new.elts) and all(_says_no_more(a, b) for a, b in elements)
    return ast.dump(old) == ast.dump(new)
