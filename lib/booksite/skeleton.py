"""A new chapter that passes every check: ``python -m booksite.skeleton PART NAME``.

The template, ``chapter.md.jinja``, lies in the book's folder: what a chapter says is the book's.
Who writes the chapter replaces all of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nbtolerance.book import find_chapters
from nbtolerance.refusal import NbToleranceError
from nbtolerance.settings import Settings, load_settings

TEMPLATE = "chapter.md.jinja"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class SkeletonError(NbToleranceError):
    """No chapter can be written; the message says the rule and what was given."""


def write(root: Path, part: str, name: str) -> Path:
    """Write a chapter, and list it at the end of its part in ``_toc.yml``; returns its file.

    Parameters
    ----------
    root
        The folder of the book's settings.
    part
        A folder of the book that has chapters.
    name
        What the chapter's file is called, without ``.md``; title and names come from it.

    Raises
    ------
    SkeletonError
        If there is no such part, the name is none, or a chapter has it; nothing is written then.
    """
    settings = load_settings(root)
    _check(part, name, settings)
    path, toc = settings.book_path / part / f"{name}.md", root / "_toc.yml"
    listed, text = _list_last(toc, f"{settings.book}/{part}", name), _fill_in(settings, part, name)
    path.write_text(text, encoding="utf-8")
    toc.write_text(listed, encoding="utf-8")
    return path


def _check(part: str, name: str, settings: Settings) -> None:
    """Refuse what cannot be a new chapter."""
    chapters = [chapter.name for chapter in find_chapters(settings).chapters]
    parts = sorted({chapter.partition("/")[0] for chapter in chapters if "/" in chapter})
    if part not in parts:
        raise SkeletonError(f"PART must be one of {', '.join(parts)}; got {part!r}")
    if not _NAME.fullmatch(name):
        rule = "NAME must be words of small letters and digits, joined by hyphens, such as my-idea"
        raise SkeletonError(f"{rule}; got {name!r}")
    # In any part: a chapter's quantities and figures are called by its name.
    for page in sorted(settings.book_path.rglob(f"{name}.md")):
        there = page.relative_to(settings.root)
        raise SkeletonError(f"NAME must be new, and {there} is there already; got {name!r}")


def _list_last(toc: Path, folder: str, name: str) -> str:
    """Return the table of contents with one more chapter, its comments and spaces as they were."""
    text = toc.read_text(encoding="utf-8")
    last = [*re.finditer(rf"^( *- file: {re.escape(folder)}/).+\n", text, re.MULTILINE)][-1:]
    if not last:
        raise SkeletonError(f"PART must have a chapter in {toc.name}; got {folder!r}")
    end = last[0].end()
    return f"{text[:end]}{last[0][1]}{name}\n{text[end:]}"


def _fill_in(settings: Settings, part: str, name: str) -> str:
    """Return the template with the names filled in."""
    environment = Environment(
        loader=FileSystemLoader(settings.book_path),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # it is Markdown
    )
    return environment.get_template(TEMPLATE).render(
        title=name.replace("-", " ").capitalize(),
        part=part.capitalize(),
        name=name,
        quantity=name.replace("-", "_"),
    )


def main() -> None:
    """Write the chapter that the command line names."""
    parser = argparse.ArgumentParser("python -m booksite.skeleton", description=__doc__)
    parser.add_argument("part", metavar="PART")
    parser.add_argument("name", metavar="NAME")
    given = parser.parse_args()
    try:
        path = write(Path.cwd(), given.part, given.name)
    except NbToleranceError as error:
        sys.exit(str(error))
    print(f"{path.relative_to(Path.cwd())} is written and listed in _toc.yml: see CONTRIBUTING.md.")


if __name__ == "__main__":
    main()
