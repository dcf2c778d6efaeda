"""Headings, landmarks and names: what a screen reader and a keyboard find their way by."""

from __future__ import annotations

from bs4 import BeautifulSoup

from booksite.page import Page

# What may be wider than a phone, and then scrolls in itself. Code wraps, what it prints does not.
_WIDE = "article .cell_output div.highlight > pre, article div.math"
_SIDES = {"#pst-primary-sidebar": "The book", "#pst-secondary-sidebar": "This page"}


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Mend what the theme leaves unnamed."""
    _name_buttons(soup)
    _caption_logs(soup)
    _frame_tables(soup)
    _let_keyboards_scroll(soup)
    _keep_landmarks(soup)
    _plain_bibliography(soup)
    _once(soup, 'meta[name="viewport"]')


def _name_buttons(soup: BeautifulSoup) -> None:
    """Let the name of a button be, or begin with, what is written on it."""
    for button in soup.select("button"):
        for shortcut in button.select(".search-button__kbd-shortcut"):
            shortcut["aria-hidden"] = "true"
        if button.select_one(".search-button__default-text"):
            button.attrs.pop("aria-label", None)
        elif not button.get("aria-label") and not button.get_text(strip=True):
            button["aria-label"] = str(button.get("title") or button.get("data-bs-title") or "")
    for fold in soup.select(".bd-links details"):  # what unfolds the menu is an arrow
        page = fold.find_previous_sibling("a")
        if fold.summary and page:
            fold.summary["aria-label"] = f"Pages of {page.get_text(strip=True)}"
    for toggle in soup.select("summary:has(> .toctree-toggle)"):
        above = toggle.find_previous("a")
        toggle["aria-label"] = f"Pages below {above.get_text(strip=True) if above else 'this one'}"
    for box in soup.select('input[type="search"]'):
        box["aria-label"] = "Search"
        box["placeholder"] = "Search"


def _caption_logs(soup: BeautifulSoup) -> None:
    """Take the values below a chart out of its figure: HTML wants a caption at an end."""
    for values in soup.select("figure.quantity > figcaption + details"):
        box, caption = values.parent, values.find_previous_sibling("figcaption")
        chart = caption and caption.find_previous_sibling("svg")
        if box and caption and chart:
            box.name = "div"
            chart.wrap(soup.new_tag("figure")).append(caption.extract())


def _frame_tables(soup: BeautifulSoup) -> None:
    """Let a table scroll in a frame of its own, and say what its unnamed headings head."""
    for number, table in enumerate(soup.select("article table"), 1):
        frame = table.parent
        # A reported table brings a region that scrolls, for Jupyter, which frames nothing.
        if not frame or frame.get("role") != "region":
            frame = table.wrap(soup.new_tag("div", attrs={"class": "table-frame"}))
        caption = table.caption.get_text(" ", strip=True) if table.caption else f"Table {number}"
        frame.attrs |= {"tabindex": "0", "role": "region"}
        frame.attrs.setdefault("aria-label", caption)
        for head in table.select("thead th:not([scope])"):
            head["scope"] = "col"


def _let_keyboards_scroll(soup: BeautifulSoup) -> None:
    for wide in soup.select(_WIDE):
        wide["tabindex"] = "0"


def _keep_landmarks(soup: BeautifulSoup) -> None:
    """Let everything stand in a landmark: the side bars are some."""
    for name, label in _SIDES.items():
        if side := soup.select_one(name):
            side.attrs |= {"role": "complementary", "aria-label": label}


def _plain_bibliography(soup: BeautifulSoup) -> None:
    """Drop roles that ARIA has given up, and a list's from what has no list items."""
    for entry in soup.select('.citation-list, .citation-list [role="doc-biblioentry"]'):
        entry.attrs.pop("role", None)


def _once(soup: BeautifulSoup, css: str) -> None:
    for again in soup.select(css)[1:]:
        again.decompose()
