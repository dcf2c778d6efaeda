"""What the front matter of a page says to nbtolerance, and whether it makes a notebook of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any

from nbtolerance.bookconfig import LONGEST, SECONDS, BookConfig
from nbtolerance.markdown import Page
from nbtolerance.marked import Marked, MarkError, read_yaml

# What a notebook's front matter names. One that cannot be read is a notebook's if it has this.
CLAIM = re.compile(r"\b(?:file_format|jupytext|format_name)\b")

PYTHON = {"name": "python"}  # the language of a page that names none


@dataclass(frozen=True)
class PageSettings:
    """How one page is executed.

    Parameters
    ----------
    timeout
        Seconds a cell may take; ``None``: what the settings of the book say.
    allow_errors
        Whether the cells after one that raises are run too.
    not_executed
        Why the page is not executed; empty where it is.
    line
        The line that says so.
    ignored
        What the page says that nbtolerance does not do: a line and a sentence each.
    """

    timeout: int | None = None
    allow_errors: bool = False
    not_executed: str = ""
    line: int = 1
    ignored: tuple[tuple[int, str], ...] = ()

    @property
    def execute(self) -> bool:
        """Whether the page is executed and checked."""
        return not self.not_executed


AS_USUAL = PageSettings()


def read_front_matter(page: Page, text: str) -> Marked:
    """Read the front matter of a page, empty where there is none.

    Raises
    ------
    MarkError
        If it is no YAML, or is not closed.
    """
    if page.length:
        read = read_yaml(page.front, "the front matter", 2)
        return read if isinstance(read.value, dict) else Marked({})
    start = re.split(r"^(?:#|```|~~~|:::)", text, maxsplit=1, flags=re.M)[0]
    if start.startswith("---") and CLAIM.search(start):
        raise MarkError(1, "the front matter that begins here has no line --- at its end")
    return Marked({})


def is_notebook(front: Marked) -> bool:
    """Whether MyST-NB makes a notebook of a page with this front matter.

    Raises
    ------
    MarkError
        If it is not clear, since ``jupytext`` is no table.
    """
    front.require(dict, "a table", "jupytext")
    front.require(dict, "a table", "jupytext", "text_representation")
    jupytext = front.get("jupytext", "text_representation", "format_name")
    return bool(front.get("file_format") == "mystnb" or jupytext == "myst")


def read_metadata(front: Marked) -> dict[str, Any]:
    """Read what becomes the notebook's metadata.

    The language is Python unless the page says otherwise, so that its code is coloured on the page
    and run by a Python kernel.

    Raises
    ------
    MarkError
        If a field that is used is of the wrong type.
    """
    front.require(dict, "a table such as {name: python3}", "kernelspec")
    kernel = front.get("kernelspec") or {"name": "python3"}
    if not isinstance(kernel.get("name"), str):
        raise front.error("a text", "kernelspec", "name")
    if "widgets" in front.value:
        raise front.error("left out, since the kernel writes it", "widgets")
    return {
        **front.value,
        **({"tags": _tags(front)} if "tags" in front.value else {}),
        "kernelspec": {"display_name": kernel["name"], **kernel},
        "language_info": front.get("language_info") or PYTHON,
    }


def _tags(front: Marked) -> list[str]:
    """Return the tags of a page: a list of texts, or one text with commas."""
    tags = front.get("tags") or []
    if isinstance(tags, str):
        return [tag.strip() for tag in tags.split(",")]
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise front.error("a list of texts", "tags")
    return tags


_MODES = ("off", "auto", "force", "cache", "inline")
_IGNORED = {
    "execution_in_temp": "a chapter runs in its own folder",
    "execution_cache_path": "runs are kept in the store",
    "execution_raise_on_error": "an error always ends the build",
    "execution_show_tb": "the traceback is always shown",
}


def read_settings(front: Marked, path: PurePath, config: BookConfig) -> PageSettings:
    """Read how a page is executed: its table ``mystnb``, and what holds for the whole book.

    Parameters
    ----------
    front
        Its front matter.
    path
        Its file, which the book's patterns may exclude.
    config
        The book's configuration.

    Raises
    ------
    MarkError
        If a value is not one that MyST-NB knows.
    """
    front.require(dict, "a table", "mystnb")
    mode = front.get("mystnb", "execution_mode")
    if mode is False:  # what YAML makes of `off` without quotes
        mode = "off"
    if mode is not None and mode not in _MODES:
        raise front.error(f"one of {', '.join(_MODES)}", "mystnb", "execution_mode")
    timeout = front.require(int, SECONDS, "mystnb", "execution_timeout")
    if timeout and timeout > LONGEST:
        raise front.error(SECONDS, "mystnb", "execution_timeout")
    allowed = front.require(bool, "true or false", "mystnb", "execution_allow_errors")
    excluded = [p for p in config.exclude_patterns if PurePosixPath(path.as_posix()).match(p)]
    line, reason = 1, f"the book's exclude_patterns have {excluded[0]!r}" if excluded else ""
    if mode == "off":
        line = front.line("mystnb", "execution_mode")
        reason = "its front matter says mystnb.execution_mode: off"
    return PageSettings(
        timeout if timeout and timeout > 0 else None,
        config.allow_errors if allowed is None else allowed,
        reason,
        line,
        tuple(_ignored(front, mode, timeout)),
    )


def _ignored(front: Marked, mode: object, timeout: int | None) -> Iterator[tuple[int, str]]:
    said = {key: why for key, why in _IGNORED.items() if front.get("mystnb", key)}
    if mode == "inline":
        said["execution_mode"] = "it is executed as a whole, and then rendered"
    if timeout is not None and timeout <= 0:
        said["execution_timeout"] = "a cell has a time limit"
    for key, why in said.items():
        yield front.line("mystnb", key), f"mystnb.{key} is ignored: {why}"
