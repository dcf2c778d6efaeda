"""What a page's roles say, as words: for copies of its text that Sphinx does not render."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from myst_nb.core.variables import format_plain_text
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralIncludeReader
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from booksite import gathered, source
from booksite.evidence import Evidence

_TITLED = re.compile(r"(.*\S)\s*<(.+)>", re.DOTALL)


@dataclass(frozen=True)
class Words:
    """What stands for the roles and directives of a page.

    Parameters
    ----------
    page
        The page's name.
    env
        What Sphinx knows of the book, all pages of which are read.
    chapters
        What is known of each chapter's run, by the name of its page.
    """

    page: str
    env: BuildEnvironment
    chapters: Mapping[str, Evidence]

    @property
    def roles(self) -> dict[str, Callable[[str], str]]:
        """What stands for a role, by its name and from its text."""
        return {
            "glue:text": self.number,
            "doc": self.title,
            "numref": self.figure,
            "cite:p": lambda keys: f"({'; '.join(', '.join(w) for w in self.works(keys))})",
            "cite:t": lambda keys: " and ".join(" ".join(w) for w in self.works(keys)),
        }

    @property
    def directives(self) -> dict[str, Callable[[str, Mapping[str, str]], str]]:
        """What stands for a directive, by its name and from its argument and options."""
        return {
            "listing": lambda name, _: f"```python\n{source.essence(source.find(name))}\n```",
            "literalinclude": self.included,
            "index": lambda *_: "",
        }

    def number(self, text: str) -> str:
        """Return a reported number, rounded as the page has it: ``gd.fit.a:.2f``."""
        page, _, key = text.rpartition("::")
        name, _, form = key.partition(":")
        chapter = self.chapters.get(docname_join(self.page, page) if page else self.page)
        known = chapter.glued if chapter else {}
        return str(format_plain_text(known[name], form)) if name in known else name

    def title(self, text: str) -> str:
        """Return a page's title, as a link where it is known where the site stands."""
        titled = _TITLED.fullmatch(text)
        words, target = titled.groups() if titled else ("", text)
        name = docname_join(self.page, target)
        node = self.env.titles.get(name)
        words = words or (node.astext() if node else target)
        home = str(self.env.config.html_baseurl).rstrip("/")
        return f"[{words}]({home}/{name}.html)" if home and node else f"*{words}*"

    def figure(self, label: str) -> str:
        """Return the number of a figure: ``Fig. 3``."""
        page, anchor, *_ = self.env.domaindata["std"]["labels"].get(label, (self.page, label))
        number = self.env.toc_fignumbers.get(page, {}).get("figure", {}).get(anchor)
        form = str(self.env.config.numfig_format.get("figure", "Fig. %s"))
        return form % ".".join(map(str, number)) if number else "the figure"

    def caption(self, metadata: Mapping[str, Any]) -> str:
        """Return the caption of the figure that a cell draws, in MyST's Markdown; empty without."""
        figure = metadata.get("mystnb", {}).get("figure", {})
        words = str(figure.get("caption", "")).strip()
        return f"*{self.figure(str(figure.get('name', '')))}.* {words}" if words else ""

    def works(self, keys: str) -> list[list[str]]:
        """Return who wrote some works, and in which years: ``[["Cauchy", "1847"]]``."""
        known = getattr(self.env.domains.get("cite"), "bibdata", None)
        entries = known.data.entries if known else {}
        names = re.split(r"\s*,\s*", keys.strip())
        return [_work(entries[name]) if name in entries else [name] for name in names]

    def included(self, file: str, options: Mapping[str, str]) -> str:
        """Return a file, or a definition in it, as a block of code."""
        _, path = self.env.relfn2path(file, self.page)
        text, _ = LiteralIncludeReader(path, dict(options), self.env.config).read()
        return f"```{options.get('language', '')}\n{text.rstrip()}\n```"


def of(page: str, app: Sphinx) -> Words:
    """Return what stands for the roles and directives of a page."""
    return Words(page, app.builder.env, gathered.evidence(app))


def _work(entry: Any) -> list[str]:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(person.prelast_names + person.last_names) for person in people]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or entry.fields["title"]
    return [re.sub("[{}]", "", word) for word in (who, entry.fields.get("year")) if word]
