"""Which scripts and style sheets a page loads: what it uses, from files, and no more."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from booksite.page import Page

# Scripts of the theme and of extensions that are needed nowhere: icons (see `icons`), live
# kernels, folding (see `folds`), boxes for exercises, which look as all boxes do, and Sphinx's own
# search (see `search`).
_NOWHERE = re.compile(
    r"(^|/)(fontawesome|sphinx-thebe|togglebutton|exercise|searchtools|language_data|searchindex"
    r"|sphinx_highlight|doctools)\.(js|css)|//"
)
# What a style sheet or a script is for: it is loaded where the selector finds something.
_USED_BY = [
    (re.compile(r"/sphinx-design\.min\.css"), '[class^="sd-"], [class*=" sd-"]'),
    (re.compile(r"/design-tabs\.js"), ".sd-tab-set"),
    (re.compile(r"/(katex\.min|katex-math)\.css"), ".katex"),
    (re.compile(r"/mystnb\.[0-9a-f]*\.css"), ".cell, .output"),
    (re.compile(r"/(copybutton|clipboard\.min)\.(js|css)"), ".highlight"),
]


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Drop what the page does not use, and let nothing hold up its first picture."""
    for tag in soup.select("script[src], link[rel=stylesheet], link[rel=preload]"):
        if not _is_used(_address(tag), soup):
            tag.decompose()
    _drop_inline_scripts(soup)
    for script in soup.select("script[src]"):
        if not script.has_attr("data-first"):
            script.attrs.pop("async", None)
            script["defer"] = ""
    _without_handlers(soup)


def _address(tag: Tag) -> str:
    return str(tag.get("src") or tag.get("href") or "")


def _is_used(address: str, soup: BeautifulSoup) -> bool:
    if _NOWHERE.search(address):
        return False
    return all(soup.select_one(css) for files, css in _USED_BY if files.search(address))


def _drop_inline_scripts(soup: BeautifulSoup) -> None:
    """Drop every script that stands in the page; data that a script reads is none."""
    for script in soup.select("script:not([src])"):
        kind = str(script.get("type", ""))
        if not kind or kind == "module" or "javascript" in kind or "thebe" in kind:
            script.decompose()


def _without_handlers(soup: BeautifulSoup) -> None:
    """Turn handlers in attributes into a word that `book.js` knows: data-do="print"."""
    for tag in soup.find_all(True):
        for name in [name for name in tag.attrs if name.startswith("on")]:
            code = str(tag.attrs.pop(name))
            tag["data-do"] = "print" if "print" in code else "fullscreen"
