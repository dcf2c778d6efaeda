"""What is folded: with <details>, which needs no script, and named by what is in it.

Of a cell with the tag ``hide-input`` the code is folded, of one with ``hide-output`` what it shows,
and of one with ``hide-cell`` both. A switch, remembered by the browser, opens all the code.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from booksite.page import Page

CODE = "fold-code"  # the class of a fold that has code in it


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Fold what is to be folded, and put a switch onto a page that has folded code."""
    for box in soup.select("div.admonition.dropdown"):
        title = box.select_one(":scope > p.admonition-title")
        if title:
            box.name, title.name = "details", "summary"
    for fold in soup.select("details.hide"):
        _name(soup, fold)
        _below_figure(fold)
    buttons = soup.select_one(".article-header-buttons")
    if soup.head and buttons and soup.select_one(f".{CODE}"):
        buttons.insert(0, _switch(soup))
        script = {"src": page.static("booksite/folds.js")}
        soup.head.append(soup.new_tag("script", attrs=script))


def _name(soup: BeautifulSoup, fold: Tag) -> None:
    """Say in one line what is in a fold of a cell."""
    has_code = fold.select_one(".cell_input") is not None
    has_output = fold.select_one(".cell_output") is not None
    both = "Show the code and its output"
    what = both if has_code and has_output else f"Show the {'code' if has_code else 'output'}"
    fold["class"] = " ".join(["fold", *([CODE] if has_code else [])])
    if fold.summary:
        fold.summary.replace_with(soup.new_tag("summary", string=what))


def _below_figure(fold: Tag) -> None:
    """Put folded code below the figure that it makes: moved by a style, it would jump there."""
    output = fold.find_next_sibling(class_="cell_output")
    if output and output.find("figure"):
        output.insert_after(fold.extract())


def _switch(soup: BeautifulSoup) -> Tag:
    """Return the switch, which the theme hides where there is no JavaScript."""
    attributes = {"class": "btn btn-sm pst-js-only show-code", "type": "button"}
    attributes |= {"aria-pressed": "false"}
    return soup.new_tag("button", attrs=attributes, string="Show all code")
