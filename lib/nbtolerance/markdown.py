"""The Markdown of a page, as MyST-NB sees it: its front matter, and its code cells with lines.

MyST-NB makes a notebook of the code cells at the top level of a page. One that stands inside of
something, a tab, an admonition or a list, it does not execute.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from textwrap import dedent
from typing import Any

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from nbtolerance.marked import MarkError

# Of MyST's extensions those that decide where a block ends; the others are for the text in it.
_OF_BLOCKS = {"amsmath", "attrs_block", "colon_fence", "deflist", "dollarmath", "fieldlist"}

_DIRECTIVE = re.compile(r"\s*\{([^}\s]+)\}")
_CODE_CELL, _RAW_CELL = "{code-cell}", "{raw-cell}"
_FENCES = ("```", "~~~", ":::")
# What these hold is shown as it stands, or is another language than Markdown.
_VERBATIM = {
    *("code", "code-block", "sourcecode", "raw", "raw-cell", "parsed-literal", "math", "eval-rst"),
    *("literalinclude", "csv-table", "prompt", "doctest", "graphviz", "mermaid", "bibliography"),
}

DEEPEST = 20  # directives in one another


@dataclass(frozen=True)
class CodeCell:
    """A code cell as it is written: its first line and its last, and what stands between them."""

    line: int
    last: int
    content: str

    @property
    def options(self) -> tuple[str, int]:
        """The YAML of its options, and the line of the file that this begins in."""
        if self.content.startswith("---"):
            below = self.content.partition("\n")[2]
            return dedent(re.split(r"^-{3,}", below, maxsplit=1, flags=re.M)[0]), self.line + 2
        lines = takewhile(_is_option, self.content.splitlines())
        return "\n".join(line.lstrip()[1:] for line in lines), self.line + 1

    @property
    def source(self) -> str:
        """Its code: what MyST-NB leaves of it without its options and one empty line below them."""
        code, lines = self.content, self.content.splitlines()
        if code.startswith("---"):
            _, *below = re.split(r"^-{3,}", "\n".join(lines[1:]), maxsplit=1, flags=re.M)
            code = "".join(below)[1:]
        elif code.lstrip().startswith(":"):
            code = "\n".join(dropwhile(_is_option, lines))
        first, *others = code.splitlines() or [""]
        return "\n".join([first, *others] if first.strip() else others)

    @property
    def is_closed(self) -> bool:
        """Whether a fence ends it, and not the page."""
        return self.last - self.line - 1 == self.content.count("\n")


def _is_option(line: str) -> bool:
    return line.lstrip().startswith(":")


@dataclass(frozen=True)
class Page:
    """What a page is made of.

    Parameters
    ----------
    front
        The YAML of its front matter, which begins in line 2; empty where there is none.
    length
        How many lines the front matter takes, with the two that enclose it; 0 where there is none.
    cells
        The code cells that are executed.
    breaks
        The lines that begin with ``+++``, and what stands on them.
    nested
        The lines of those that are not, since they stand inside of something.
    plain
        Whether there is nothing but prose and code cells, each with a fence at its end.
    """

    front: str
    length: int
    cells: tuple[CodeCell, ...]
    breaks: tuple[CodeCell, ...]
    nested: tuple[int, ...]
    plain: bool


def markdown_config(extensions: Iterable[str]) -> MdParserConfig:
    """How MyST reads blocks where these of its extensions are on."""
    return MdParserConfig(enable_extensions=_OF_BLOCKS & set(extensions), disable_syntax=["inline"])


@functools.cache
def _parser(extensions: tuple[str, ...]) -> Any:
    return create_md_parser(markdown_config(extensions), RendererHTML)


@functools.lru_cache(maxsize=4096)  # to see whether a file is a chapter, and then to read it
def read_page(text: str, extensions: tuple[str, ...] = ()) -> Page:
    """Find the front matter and the code cells of a page.

    Parameters
    ----------
    text
        The page.
    extensions
        The extensions of MyST that are on; ``colon_fence`` is the one that matters most.

    Raises
    ------
    MarkError
        If directives are nested too deeply.
    """
    tokens = _parser(extensions).parse(text)
    front, length = "", 0
    if tokens and tokens[0].type == "front_matter":
        front, length = tokens[0].content, tokens[0].map[1]
    cells: list[CodeCell] = []
    nested: list[int] = []
    for token, level in _fences(tokens):
        if not level and token.type == "fence" and token.info.startswith(_CODE_CELL):
            cells.append(_cell(token))
        else:
            nested += _nested(token, 1, extensions, DEEPEST)
    breaks = tuple(_cell(token) for token in tokens if token.type == "myst_block_break")
    raw = any(token.info.startswith(_RAW_CELL) for token in tokens)
    plain = not breaks and not raw and all(cell.is_closed for cell in cells)
    return Page(front, length, tuple(cells), breaks, tuple(nested), plain)


def _cell(token: Any) -> CodeCell:
    return CodeCell(token.map[0] + 1, token.map[1], token.content)


def _fences(tokens: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    level = 0
    for token in tokens:
        level += token.nesting
        if token.type in ("fence", "colon_fence"):
            yield token, level


def _nested(token: Any, first: int, extensions: tuple[str, ...], levels: int) -> Iterator[int]:
    """Yield the lines of the code cells in a fence; its numbers begin at ``first``."""
    directive = _DIRECTIVE.match(token.info)
    line = first + token.map[0]
    if not directive or directive[1] in _VERBATIM:
        return
    if directive[0].strip() == _CODE_CELL:
        yield line
        return
    # Reading what can hold no cell, nor that many fences in one another, would tell nothing.
    if _CODE_CELL not in token.content and sum(map(token.content.count, _FENCES)) <= levels:
        return
    for inner, _ in _fences(_parser(extensions).parse(token.content)):
        if not levels:
            raise MarkError(line, f"what stands here is nested more than {DEEPEST} deep")
        yield from _nested(inner, line + 1, extensions, levels - 1)
