"""Links, when the pages of a site have become the chapters of a book.

Ids are made unique in the whole book: ``gradient-descent--fig-valley``. What led to a page of the
site leads to its chapter. What leads to a part of the site that is not in the book leads to the
site, where its address is known, and else no link is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from booksite.bound.chapters import Chapter, place

_REFERRING = ("aria-labelledby", "aria-controls", "for")  # attributes that name ids
_OUTSIDE = ("http", "https", "mailto")


def make_internal(chapters: Sequence[Chapter], *, site: str, files: str = "") -> None:
    """Let the chapters' ids, links and pictures be those of one book.

    Parameters
    ----------
    chapters
        Their articles are amended.
    site
        The address of the published site, with no slash at its end; empty where it is not known.
    files
        The way from the book to the folder of the built site: ``../html/``.
    """
    slugs = {chapter.name: chapter.slug for chapter in chapters}
    for chapter in chapters:
        chapter.article["id"] = ""
        for tag in [chapter.article, *chapter.article.find_all(True)]:
            _prefix_ids(tag, chapter.slug)
    ids = {str(t["id"]) for chapter in chapters for t in _with_id(chapter.article)}
    for chapter in chapters:
        for link in chapter.article.select("a[href]"):
            _redirect(link, chapter.name, slugs, ids, site)
        for picture in chapter.article.select("img[src]"):
            picture["src"] = files + place(str(picture["src"]), chapter.name)


def _with_id(article: Tag) -> list[Tag]:
    return [article, *article.select("[id]")]


def _prefix_ids(tag: Tag, slug: str) -> None:
    if "id" in tag.attrs:
        tag["id"] = f"{slug}--{tag['id']}" if tag["id"] else slug
    for name in _REFERRING:
        if name in tag.attrs:
            tag[name] = " ".join(f"{slug}--{word}" for word in str(tag[name]).split())


def _redirect(link: Tag, page: str, slugs: dict[str, str], ids: set[str], site: str) -> None:
    address = urlsplit(str(link["href"]))
    if address.scheme in _OUTSIDE:
        return
    path = place(address.path, page) if address.path else f"{page}.html"
    slug = slugs.get(path.removesuffix(".html"))
    if slug:
        wanted = f"{slug}--{unquote(address.fragment)}"
        link["href"] = f"#{wanted if wanted in ids else slug}"
    elif site:
        anchor = f"#{address.fragment}" if address.fragment else ""
        link["href"] = f"{site}/{path}{anchor}"
    else:
        link.name = "span"
        del link["href"]
