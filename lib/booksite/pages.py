"""As a page is written, its HTML is parsed, and amended by one module after the other.

Sphinx lets a book name the class that renders its templates. Ours renders as usual, then amends.
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.theming import Theme

from booksite import (
    about,
    brand,
    citations,
    contents,
    exercises,
    films,
    folds,
    icons,
    lines,
    lists,
    math,
    media,
    origin,
    policy,
    predictions,
    provenance,
    records,
    scripts,
    search,
    structure,
    unscripted,
    widgets,
)
from booksite.page import Page


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


# In this order: each works on what those before it have left.
AMENDMENTS = (
    media,  # pictures become files with sizes and twins, and films files,
    films,  # of which a second format is made;
    widgets,  # before a live figure is put around its picture;
    citations,  # numbers in the prose get their checks,
    provenance,  # what they say is not printed again, and the foot is added,
    origin,  # and the links to the page's sources,
    lines,  # before lines of code become elements,
    exercises,  # exercises get their titles,
    folds,  # parts are folded,
    contents,  # lists that help nobody dropped,
    structure,  # tables are framed and landmarks counted: it has some;
    unscripted,  # what needs a script gets something beside it,
    icons,  # the theme's icons, also those in the foot, are drawn,
    predictions,  # choices get the script that makes buttons of them,
    brand,  # the head is named,
    search,  # the page for searching gets its scripts,
    about,  # the page says of itself what it is,
    records,  # and is remembered;
    lists,  # of the page for a wrong address the links are mended,
    scripts,  # before what nothing on the page uses any more is dropped,
    policy,  # and what is left is all that is allowed.
)


def amend(html: str, page: Page) -> str:
    """Return a page as the book serves it."""
    soup = BeautifulSoup(html, "html.parser")
    math.report_errors(soup, page.name)
    for part in AMENDMENTS:
        part.amend(soup, page)
    return str(soup)


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("config-inited", _choose_templates)


def _choose_templates(app: Sphinx, config: Config) -> None:
    config["template_bridge"] = "booksite.pages.Templates"
