"""As a page is written, its HTML is parsed, and amended by one module after the other.

Sphinx lets a book name the class that renders its templates. Ours renders as usual, then amends.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.theming import Theme

from booksite import brand, icons, math, media, provenance, scripts, structure, widgets


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
    def folder(self) -> Path:
        """The site's root, as a folder."""
        return Path(self.builder.outdir)

    def static(self, file: str) -> str:
        """Return the address, from the page, of a file in ``_static``."""
        return f"{self.to_root}_static/{file}"


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates, with every page amended."""

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        """Remember the builder."""
        self.builder = builder
        super().init(builder, theme, dirs)

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        """Render a template; what it gives is amended if it is a page."""
        html = super().render(template, context)
        if "<html" not in html or "pagename" not in context:
            return html
        title = BeautifulSoup(str(context.get("title", "")), "html.parser").get_text()
        to_root = str(context.get("content_root", "./")).removeprefix("./")
        return amend(html, Page(context["pagename"], to_root, title, self.builder))


def amend(html: str, page: Page) -> str:
    """Return a page as the book serves it."""
    soup = BeautifulSoup(html, "html.parser")
    math.report_errors(soup, page.name)
    for part in (media, widgets, provenance, structure, icons, brand, scripts):
        part.amend(soup, page)
    return str(soup)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _choose_templates)


def _choose_templates(app: Sphinx, config: Config) -> None:
    config["template_bridge"] = "booksite.pages.Templates"
