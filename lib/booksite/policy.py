"""The content policy that each page carries: what it may load and run, and nothing else.

A static host sends no such header, so that it stands in a ``meta`` element, before all that it
rules. Everything comes from the site itself. No script and no style sheet stands in a page, and
nothing is fetched by a script. A page is allowed more only where it has what needs it.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from booksite.page import Page

NAME = "Content-Security-Policy"
EVERYWHERE = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # the theme's style sheets hold small drawings as data
    "base-uri": ["'none'"],
    "form-action": ["'self'"],  # the search
}
# What else is allowed, and the elements without which it is not.
_WHERE = [
    ("font-src", "'self'", ".katex"),
    # KaTeX places its glyphs by style attributes, and a reported log has its colours and widths so.
    # They set the look of one element; elements and files of style are not allowed by that.
    ("style-src-attr", "'unsafe-inline'", "[style]"),
    ("media-src", "'self'", "video, audio"),
    # A live figure's module stands in the page as data and is imported from a blob, since a page
    # that is opened from a folder may not import a module from a file.
    ("script-src", "blob:", ".widget-frame"),
]


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Put the policy first into the head, after the encoding, which must be near the beginning."""
    head = soup.head
    assert head
    for style in soup.select("noscript style"):  # what hides buttons; book.css does that
        style.decompose()
    for following in head.select('link[rel="next"]'):  # which Firefox would load ahead
        following.decompose()
    head.insert(0, element(soup))
    if charset := head.select_one("meta[charset]"):
        head.insert(0, charset.extract())


def element(soup: BeautifulSoup) -> Tag:
    """Return the ``meta`` element with the policy for a page."""
    return soup.new_tag("meta", attrs={"http-equiv": NAME, "content": policy(soup)})


def policy(soup: BeautifulSoup) -> str:
    """Return the tightest policy under which a page works."""
    allowed = {directive: list(sources) for directive, sources in EVERYWHERE.items()}
    for directive, source, css in _WHERE:
        if soup.select_one(css):
            allowed.setdefault(directive, []).append(source)
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in allowed.items())
