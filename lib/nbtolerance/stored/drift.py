"""What two runs of a cell print differently though its result is the same.

Libraries change how they show things: the size of a figure, the repr of an axes, a second rich
form of an object, a warning's words. `settle` takes out of both runs what is no result, and what
only one of them could show, so that what is left can be compared strictly. What it cannot tell from
a change stays, and fails: better a false alarm than a change that is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nbtolerance.comparators.drawn import MEDIA_TYPE as FIGURE_DATA
from nbtolerance.comparators.outputs import coalesced
from nbtolerance.comparators.text import is_bar, joined
from nbtolerance.comparators.times import without_times
from nbtolerance.comparators.widgets import MEDIA_TYPE as WIDGET
from nbtolerance.stored import likeness
from nbtolerance.stored.wording import is_reworded, level_table, level_types, level_words

Output = dict[str, Any]

_WARNING = re.compile(r"^.*\b\w*Warning: ", re.MULTILINE)
_PROGRESS = re.compile(r"^.*(?:\d+%\s*\|.*\||\d+it \[).*$\n?", re.MULTILINE)
_TIMING_MAGIC = re.compile(r"^\s*%{1,2}(?:time|timeit)\b|\s=\s*%time(?:it)?\b", re.MULTILINE)
_TIMING = re.compile(
    r"^(?:CPU times:|Wall time:|Compiler ?(?:time)?:|The slowest run took|This could mean that an "
    r"intermediate|.*\bper loop\b|\s*[\d,]+ loops each\)).*$\n?",
    re.MULTILINE,
)

# The diagram of one of scikit-learn's estimators: other HTML in each release.
_DIAGRAM = re.compile(r"\bsk-(?:top-)?container")

_LISTING = re.compile(r"\.(?:dtypes|info)\b")

# How Matplotlib's objects call themselves, now and in earlier versions.
_ARTIST = re.compile(
    r"<(?:matplotlib|mpl_toolkits|seaborn)\.[^<>]*(?:<[^<>]*>[^<>]*)*>"
    r"|<(?:Bar|Errorbar|Stem)?Container object of [^<>]*>|<a list of \d+ [^<>]*>"
    r"|<Figure size [^<>]*>|<(?:\w*Axes\w*|Polar\w*|AxesSubplot): ?[^<>]*>"
    r"|\bText\([^()]*(?:\([^()]*\)[^()]*)*\)"
)
_HANDLES = re.compile(r"[\s\[\](){},:']*(?:(?:<artist>|array|list|dtype=object)[\s\[\](){},:']*)*")

_LATEX_FONT = re.compile(r"\\(?:math(?:cal|rm|bf|it)|text|operatorname)\{(\w+)\}")
_LATEX_SETTING = re.compile(  # delimiters and spaces
    r"\\displaystyle\b|\\(?:begin|end)\{(?:equation|align|math)\*?\}|\$|\\[][ ,;:!]|\\q?quad\b"
)


@dataclass(frozen=True)
class Settled:
    """The outputs of both runs that are to be compared, and what was left out of them."""

    stored: list[Output]
    got: list[Output]
    left_out: frozenset[str]


def settle(source: str, stored: Iterable[Output], got: Iterable[Output]) -> Settled:
    """Take out of two runs of a cell what is drift of layout.

    Parameters
    ----------
    source
        The code of the cell.
    stored, got
        The notebook outputs of the earlier run and of this one.

    Returns
    -------
    Settled
        ``left_out`` is a set of: ``warnings``, ``progress bars``, ``timings``, ``object names``,
        ``times of a log``, ``the words of errors``.
    """
    left_out: set[str] = set()

    def reduce(outputs: Iterable[Output]) -> list[Output]:
        kept = [_without_chatter(output, source, left_out) for output in coalesced(list(outputs))]
        return [output for output in kept if output is not None]

    old, new = reduce(stored), reduce(got)
    silent = ends_in_semicolon(source)
    if silent or (_has_picture(old) and _has_picture(new)):
        old, new = _without_handles(old, left_out), _without_handles(new, left_out)
    if silent and not _results(new):  # earlier versions did not see a `;` before a comment
        old = [output for output in old if output["output_type"] != "execute_result"]
    _share_forms(old, new)
    for output in (*old, *new):
        _level(output)
        _level_types(output, listed=bool(_LISTING.search(source)))
    _share_words(old, new, left_out)
    return Settled(old, new, frozenset(left_out))


def ends_in_semicolon(source: str) -> bool:
    """Whether the last line of code asks that its value is not shown."""
    code = [line.partition(" #")[0].rstrip() for line in source.splitlines()]
    last = [line for line in code if line and not line.startswith("#")]
    return bool(last) and last[-1].endswith(";")


def _without_chatter(output: Output, source: str, left_out: set[str]) -> Output | None:
    """Return an output without warnings, progress bars and timings; nothing if that is all."""
    if output["output_type"] != "stream":
        data = output.get("data", {})
        if WIDGET in data and is_bar(joined(data.get("text/plain", ""))):
            left_out.add("progress bars")  # the comparator of widgets leaves it out
        return output
    text = output["text"]
    if output["name"] == "stderr" and _WARNING.search(text):
        left_out.add("warnings")
        return None
    for pattern, what in _chatter(source):
        shorter = pattern.sub("", text)
        if shorter != text:
            left_out.add(what)
        text = shorter
    if output["name"] == "stderr" and without_times(text) != text:
        left_out.add("times of a log")
        text = without_times(text)
    return {**output, "text": text} if text.strip() or text == output["text"] else None


def _chatter(source: str) -> list[tuple[re.Pattern[str], str]]:
    timed = [(_TIMING, "timings")] if _TIMING_MAGIC.search(source) else []
    return [(_PROGRESS, "progress bars"), *timed]


def _without_handles(outputs: list[Output], left_out: set[str]) -> list[Output]:
    """Leave out the names of what was drawn: the picture beside them is what is shown."""
    kept = []
    for output in outputs:
        if set(output.get("data", ())) == {"text/plain"}:
            text = _ARTIST.sub("<artist>", joined(output["data"]["text/plain"]))
            if "<artist>" in text:
                left_out.add("object names")
                output = {**output, "data": {"text/plain": text}}
                if _HANDLES.fullmatch(text):
                    continue
        kept.append(output)
    return kept


def _has_picture(outputs: list[Output]) -> bool:
    return any(_pictures(output) for output in outputs)


def _pictures(output: Output) -> list[str]:
    return [media_type for media_type in output.get("data", ()) if media_type.startswith("image/")]


def _results(outputs: list[Output]) -> list[Output]:
    return [output for output in outputs if output["output_type"] == "execute_result"]


def _share_forms(stored: list[Output], got: list[Output]) -> None:
    """Of an object that is shown in several forms, keep those that both runs have.

    A library that learns to show itself as HTML has the same result. But a picture that is gone is
    a loss, unless it was a picture of a formula that is still shown, or the preview of another
    site's page, such as a film's, in a frame that is still there.
    """
    old, new = ([o for o in outputs if "data" in o] for outputs in (stored, got))
    if len(old) != len(new):
        return
    for a, b in zip(old, new, strict=True):
        shared = a["data"].keys() & b["data"].keys()
        formula = "text/latex" in shared
        framed = "text/html" in shared and "<iframe" in joined(a["data"]["text/html"])
        for media_type in a["data"].keys() ^ b["data"].keys() if shared else ():
            if media_type not in a["data"] or (
                (formula or framed) and media_type.startswith("image/")
            ):
                a["data"].pop(media_type, None)
                b["data"].pop(media_type, None)
        if formula:
            _keep(a, b, "text/latex")
        elif "text/plain" in shared and not (_is_name(a) or _is_name(b)):
            diagram = {"text/html"} if _is_diagram(a) or _is_diagram(b) else set()
            _keep(a, b, *{t for t in shared - diagram if not t.startswith("image/")})


def _keep(a: Output, b: Output, *media_types: str) -> None:
    """Of something that is shown as a picture as well, keep what the picture was made from."""
    for output in (a, b):
        output["data"] = {t: output["data"][t] for t in media_types}


def _is_diagram(output: Output) -> bool:
    return bool(_DIAGRAM.search(joined(output["data"].get("text/html", ""))))


def _is_name(output: Output) -> bool:
    """Whether the text of an output only says of what kind it is: ``<Figure size 640x480 …>``."""
    text = joined(output["data"]["text/plain"])
    return bool(re.fullmatch(r"\s*(?:<.*>|\w+\([\d.]+x[\d.]+\))\s*", text, re.DOTALL))


def _level(output: Output) -> None:
    """Bring the forms of an output to one layout: formulas, pictures."""
    data = output.get("data", {})
    data.pop(FIGURE_DATA, None)  # the stored run has none
    if "text/latex" in data:
        data["text/latex"] = level_formula(data["text/latex"])
    if "text/html" in data:
        data["text/html"] = level_table(joined(data["text/html"]))
    for media_type in data.keys() & {"image/png", "image/jpeg"}:
        data[likeness.MEDIA_TYPE] = data.pop(media_type)


def _level_types(output: Output, *, listed: bool) -> None:
    """Call the types of pandas alike, in an output of a cell that may list them."""
    if output["output_type"] == "stream":
        output["text"] = level_types(output["text"], listed=listed)
    elif "text/plain" in output.get("data", {}):
        text = joined(output["data"]["text/plain"])
        output["data"] = {**output["data"], "text/plain": level_types(text, listed=listed)}


def _share_words(stored: list[Output], got: list[Output], left_out: set[str]) -> None:
    """Give both runs one wording where a library worded the same otherwise."""
    for a, b in zip(stored, got, strict=False):
        if a["output_type"] != b["output_type"]:
            continue
        if a["output_type"] == "stream":
            a["text"], b["text"] = level_words(a["text"], b["text"])
        elif a["output_type"] == "error" and is_reworded(a, b):
            a["evalue"] = b["evalue"]
            left_out.add("the words of errors")
        elif "text/plain" in a.get("data", {}) and "text/plain" in b["data"]:
            texts = (joined(output["data"]["text/plain"]) for output in (a, b))
            for output, text in zip((a, b), level_words(*texts), strict=True):
                output["data"] = {**output["data"], "text/plain": text}


def level_formula(data: Any) -> str:
    """LaTeX without what says how it is set: fonts, spaces, and what it stands between."""
    return _LATEX_SETTING.sub(" ", _LATEX_FONT.sub(r"\1", joined(data)))
