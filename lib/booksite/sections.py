"""A page in words: its sections, each with what a reader would hear of it.

Left out is what was computed rather than said: code, what it prints, the names of quantities. A
formula is there once; in the page, KaTeX has set it twice and keeps its source beside both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from unicodedata import normalize

from bs4 import Tag
from bs4.element import NavigableString

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NOISE_TAGS = frozenset({"script", "style", "pre", "summary", "svg", "select", "noscript"})
_NOISE = frozenset(
    {"headerlink", "katex-html", "checked", "output", "widget-still", "fold-code", "caption-number"}
    | {"listing-rest", "provenance", "reproducibility", "reproducibility-controls"}
    | {"field-list", "rubric", "term-pages", "subjects", "citation-list"}  # of names and works
    | {"solution"}  # to be found last, below its exercise
)
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "dfn", "em", "i", "kbd", "q", "span", "strong", "sub", "sup"}
)
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))  # MathML's signs for what is not written
_SIGNS = {"msup": "^", "msub": "_", "msubsup": "_^", "mfrac": "/"}  # between their parts
_ACCENTS = {"^": "\u0302", "ˉ": "\u0304", "~": "\u0303"}  # over a letter: they join it
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Entries = Mapping[str, Sequence[str]]


@dataclass
class Section:
    """A heading and the text below it, up to the next one.

    Parameters
    ----------
    anchor
        Its identifier in the page; empty for the page's beginning.
    heading
        What it is called.
    text
        Its sentences.
    terms
        What it is about: the terms that it prints in bold, and its entries in the book's index.
    """

    anchor: str
    heading: str
    text: str = ""
    terms: list[str] = field(default_factory=list)


def sections(article: Tag, entries: Entries) -> list[Section]:
    """Return the sections of a page in their order.

    Parameters
    ----------
    article
        What the page says, without menus.
    entries
        The page's entries in the book's index, by the identifier of the place that they lead to.
    """
    found = [Section("", "")]
    _read(article, found, entries)
    for section in found:
        section.text = _one_line(section.text)
    return found


def plain(tag: Tag) -> str:
    """Return the text of a tag in one line, with its formulas."""
    found = [Section("", "")]
    _read(tag, found, {})
    return _one_line(found[0].text)


def _one_line(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split())


def _read(tag: Tag, found: list[Section], entries: Entries) -> None:
    """Add what stands in a tag to the last section, or to new ones."""
    for child in tag.children:
        if not isinstance(child, Tag):
            if type(child) is NavigableString:  # a comment is of another class
                found[-1].text += child
        elif child.name == "math":
            found[-1].text += formula(child)
        elif _is_heading(child):
            _begin(child, found, entries)
        elif not _is_noise(child):
            _read_inside(child, found, entries)


def _read_inside(tag: Tag, found: list[Section], entries: Entries) -> None:
    found[-1].terms += entries.get(str(tag.get("id", "")), ())
    _read(tag, found, entries)
    if tag.name == "strong":
        found[-1].terms.append(plain(tag))
    if tag.name not in _INLINE:
        found[-1].text += " "


def _is_heading(tag: Tag) -> bool:
    """Tell whether a tag begins a section; so does what a list explains: a name or a term."""
    return tag.name in _HEADINGS or (tag.name == "dt" and tag.has_attr("id"))


def _begin(heading: Tag, found: list[Section], entries: Entries) -> None:
    """Begin a section; the page's own heading is that of its beginning."""
    if heading.name == "h1":
        found[-1].heading = plain(heading)
        return
    name = heading.select_one(".descname") or heading  # of the library's reference: no signature
    place = heading if heading.has_attr("id") else heading.find_parent("section")
    anchor = str(place.get("id", "")) if place else ""
    found.append(Section(anchor, plain(name), terms=list(entries.get(anchor, ()))))


def _is_noise(tag: Tag) -> bool:
    return (
        tag.name in _NOISE_TAGS
        or tag.get("role") == "tooltip"
        or not _NOISE.isdisjoint(tag.get_attribute_list("class"))
    )


def formula(tag: Tag) -> str:
    """Return MathML as a person would type it: ``θ_t² = a/(b+c)``.

    Parameters
    ----------
    tag
        A ``math`` element, or one inside it.
    """
    inner = [child for child in tag.children if isinstance(child, Tag)]
    if not inner:
        return tag.get_text()
    parts = [formula(child) for child in inner if child.name != "annotation"]
    if tag.name == "msqrt":
        parts = ["√", _grouped("".join(parts))]
    if tag.name == "mover":
        return normalize("NFC", "".join(_ACCENTS.get(part, part) for part in parts))
    signs = _SIGNS.get(tag.name, "")
    if signs:
        parts = [_grouped(part) for part in parts]
    whole = "".join(map("".join, zip_longest(parts, signs, fillvalue="")))
    return re.sub(r"\^(\d)", lambda digit: digit[1].translate(_SUPERSCRIPT), whole)


def _grouped(part: str) -> str:
    """Put what is more than a number, a letter or a word between parentheses."""
    return part if re.fullmatch(r"\w*|.\W?", part) else f"({part})"
