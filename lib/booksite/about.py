"""What a page says of itself in its head: to who lists it, links to it, or reads it by program.

Where the site will stand is known from ``html_baseurl`` or from the environment variable
``BOOK_ADDRESS``. Without it, a page says nothing that needs a whole address.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.config import Config

from booksite.gathered import evidence, reproducibility
from booksite.page import Page
from booksite.sections import plain

ADDRESS = "BOOK_ADDRESS"
LENGTH = 200  # letters of a description: more is not shown by those who list pages


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_config_value(
        "booksite_license", "", "html", (str,)
    )  # the address of the text's licence
    app.connect("config-inited", _know_the_address, priority=400)  # before others ask for it


def _know_the_address(app: Sphinx, config: Config) -> None:
    known = str(config.html_baseurl or os.environ.get(ADDRESS, ""))
    config.html_baseurl = f"{known.rstrip('/')}/" if known else ""


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Describe a page of the book; one that the theme makes is not to be listed."""
    assert soup.head
    if not page.is_written:
        _put(soup, "meta", name="robots", content="noindex")
        return
    description = describe(soup)
    _put(soup, "meta", name="description", content=description)
    for name, content in _card(page, description).items():
        _put(soup, "meta", property=name, content=content)
    if page.address:
        _put(soup, "meta", name="twitter:card", content="summary_large_image")
    for kind, address in _alternates(page).items():
        _put(soup, "link", rel="alternate", type=kind, href=address)
    data = json.dumps(_linked_data(page, description), ensure_ascii=False).replace("<", "\\u003c")
    soup.head.append(soup.new_tag("script", attrs={"type": "application/ld+json"}, string=data))


def _put(soup: BeautifulSoup, tag: str, **attributes: str) -> None:
    """Add an element to the head, in place of one of the same name, unless it would say nothing."""
    assert soup.head
    for key in ("name", "property"):
        for old in soup.head.find_all(tag, attrs={key: attributes.get(key, "")}):
            old.decompose()
    if all(attributes.values()):
        soup.head.append(soup.new_tag(tag, attrs=attributes))


def describe(soup: BeautifulSoup) -> str:
    """Return what the page's front matter says of it, or else its first sentences."""
    said = soup.select_one('meta[name="description"]')
    if said:
        return str(said["content"])
    paragraphs = " ".join(plain(p) for p in soup.select("article > section > p")[:3])
    described = ""
    for sentence in re.split(r"(?<=[.?!]) (?=[A-Z\d])", paragraphs):
        if described and len(described) + len(sentence) > LENGTH:
            break
        described = f"{described} {sentence}".strip()
    if len(described) <= LENGTH:
        return described
    return f"{described[: described.rfind(' ', 0, LENGTH)]} …"


def _card(page: Page, description: str) -> dict[str, str]:
    """Return the card that a link to the page unfolds to; it is shown elsewhere."""
    config = page.builder.config
    card = {
        "og:title": page.title,
        "og:type": "article",
        "og:site_name": str(config.html_title or config.project),
        "og:description": description,
    }
    if page.address:
        card |= {
            "og:url": page.address,
            "og:image": f"{config.html_baseurl}_static/booksite/card.png",
        }
    return card


def _alternates(page: Page) -> dict[str, str]:
    """Return the same as this page says for programs, by its type: its source, and all numbers."""
    found = {}
    source = Path(page.builder.env.doc2path(page.name))
    if source.suffix == ".md":
        target = page.folder / f"{page.name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        found["text/markdown"] = f"{page.to_root}{page.name}.md"
    if feed := reproducibility(page.builder.env):
        found["application/json"] = f"{page.to_root}{feed}.json"
    return found


def _linked_data(page: Page, description: str) -> dict[str, Any]:
    """Return what the page is, in the words of schema.org."""
    config = page.builder.config
    name = str(config.html_title or config.project)
    book = {"@type": "Book", "name": name, "url": str(config.html_baseurl)}
    if page.name == config.root_doc:
        kinds, whole = ["Book", "LearningResource"], {}
    elif page.name in evidence(page.builder.app):
        kinds, whole = ["Chapter", "LearningResource"], {"isPartOf": _said(book)}
    else:
        kinds, whole = ["WebPage"], {"isPartOf": _said(book)}
    return _said(
        {
            "@context": "https://schema.org",
            "@type": kinds,
            "name": name if page.name == config.root_doc else page.title,
            "description": description,
            "url": page.address,
            "inLanguage": str(config.language),
            "license": str(config.booksite_license),
            "author": _said({"@type": "Organization", "name": str(config.author)}),
            "isAccessibleForFree": True,
            **whole,
        }
    )


def _said(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that have a value."""
    return {key: value for key, value in properties.items() if value}
