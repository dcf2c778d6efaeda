"""A page as the modules that amend it know it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sphinx.builders import Builder


@dataclass(frozen=True)
class Page:
    """What the amendments know of a page besides its HTML.

    Parameters
    ----------
    name
        The page's path without ``.html``.
    to_root
        The way from the page to the site's root: empty, or ``../`` and so on.
    title
        The page's own title, as text.
    builder
        What writes the page.
    """

    name: str
    to_root: str
    title: str
    builder: Builder

    @property
    def is_written(self) -> bool:
        """Whether it is a page of the book, and not one that the theme makes."""
        return self.name in self.builder.env.found_docs

    @property
    def address(self) -> str:
        """Where the page will stand, or nothing where the site's address is not known."""
        home = str(self.builder.config.html_baseurl)
        return f"{home}{self.builder.get_target_uri(self.name)}" if home else ""

    @property
    def folder(self) -> Path:
        """The site's root, as a folder."""
        return Path(self.builder.outdir)

    def static(self, file: str) -> str:
        """Return the address, from the page, of a file in ``_static``."""
        return f"{self.to_root}_static/{file}"
