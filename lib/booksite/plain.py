"""Markdown as MyST has it, turned into Markdown that every Jupyter shows.

Roles become the words that stand on the page. Directives become quoted text: an admonition with its
title, a prediction with its choices, a box that folds as a disclosure. What else a role or a
directive says is for the caller to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from booksite.predictions import RIGHT

Roles = Mapping[str, Callable[[str], str]]
Directives = Mapping[str, Callable[[str, Mapping[str, str]], str]]

_FENCE = re.compile(r"(?P<mark>`{3,}|:{3,})\s*(?:\{(?P<name>[^}\s]+)\}\s*(?P<argument>.*))?")
_ROLE = re.compile(r"\{([a-z][\w:-]*)\}(`+)(.+?)\2(?!`)", re.DOTALL)
_TARGET = re.compile(r"(?<=\S)\s*<[^<>]+>$")  # behind the words of a role
_OPTION = re.compile(r":([\w-]+):\s*(.*)")
_TERM = re.compile(r"^(\S[^\n]*)\n: +", re.MULTILINE)


@dataclass(frozen=True)
class _Block:
    """A directive: its name, what stands behind the name, its options, and the lines in it."""

    name: str
    argument: str
    options: Mapping[str, str]
    body: str


def plain(text: str, roles: Roles, directives: Directives) -> str:
    """Return Markdown without roles and directives.

    Parameters
    ----------
    text
        Markdown with those of MyST.
    roles
        What stands for a role, by its name and from its text; its own words where its name is
        missing.
    directives
        What stands for a directive, by its name and from its argument and options; its content as
        quoted text where its name is missing.
    """
    parts = []
    for part in _parts(text.split("\n")):
        if isinstance(part, _Block):
            parts.append(_directive(part, roles, directives))
        else:
            parts.append(part if part.startswith("```") else _words(part, roles))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip("\n")


def _parts(lines: list[str]) -> Iterator[str | _Block]:
    """Yield the directives, the blocks of code, and the prose between them, in order."""
    prose: list[str] = []
    while lines:
        line, *lines = lines
        fence = _FENCE.match(line)
        if not fence or not (fence["name"] or line.startswith("`")):
            prose.append(line)
            continue
        yield "\n".join(prose)
        prose = []
        end = next((i for i, x in enumerate(lines) if x.strip() == fence["mark"]), len(lines))
        inside, lines = lines[:end], lines[end + 1 :]
        if fence["name"]:
            yield _block(fence["name"], fence["argument"].strip(), inside)
        else:
            yield "\n".join([line, *inside, fence["mark"]])
    yield "\n".join(prose)


def _block(name: str, argument: str, lines: list[str]) -> _Block:
    options = {}
    while lines and (option := _OPTION.fullmatch(lines[0].strip())):
        options[option[1]], lines = option[2], lines[1:]
    return _Block(name, argument, options, "\n".join(lines).strip("\n"))


def _directive(block: _Block, roles: Roles, directives: Directives) -> str:
    if block.name in directives:
        return directives[block.name](block.argument, block.options)
    body = plain(block.body, roles, directives)
    words = _words(block.argument, roles)
    if block.name == "math":
        return f"$$\n{block.body}\n$$"
    if block.name == "code-block":
        return f"```{block.argument}\n{block.body}\n```"
    if block.name == "prediction":
        choices = body.replace(f" {RIGHT}", "")
        return _quoted(f"**Before you go on:** {words}\n\n{choices}")
    title = _title(block.name, words)
    if "dropdown" in block.options.get("class", ""):
        return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
    return _quoted(f"**{title}**\n\n{body}".rstrip()) if words or body else ""


def _title(name: str, words: str) -> str:
    """Return the title of a box; what stands behind a solution's name is a label."""
    kind = name.capitalize()
    if name == "exercise":
        return f"{kind}: {words}" if words else kind
    return kind if name == "solution" or not words else words


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _words(text: str, roles: Roles) -> str:
    """Return prose with each role's words, and with its lists of terms as paragraphs."""

    def say(role: re.Match[str]) -> str:
        return roles[role[1]](role[3]) if role[1] in roles else _TARGET.sub("", role[3])

    return _TERM.sub(r"**\1**: ", _ROLE.sub(say, text))
