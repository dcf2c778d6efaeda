"""Pictures and films: files of their own, of the smallest format, with a size, for both themes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from PIL import Image, UnidentifiedImageError

from booksite import palette
from booksite.page import Page

IMAGES = "_images"
CSS_DPI = 96  # a CSS pixel is a 96th of an inch

_DATA = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)[^,]*;base64,(?P<content>.*)", re.DOTALL)
_SUFFIXES = {
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}
_SVG = re.compile(r"<svg\b[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*[\"']([^\"']*)[\"']")
_LENGTH = re.compile(r"([\d.]+)\s*(pt|px|in)?")
_PIXELS = {"pt": CSS_DPI / 72, "px": 1.0, "in": float(CSS_DPI), "": 1.0}


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give pictures and films files, sizes and a twin for the other theme."""
    for tag, name in _with_data(soup):
        tag[name] = as_file(str(tag[name]), page)
    for film in soup.select("video"):
        film.attrs.pop("autoplay", None)
        film["playsinline"] = ""
        film["preload"] = "none"
    sources = _sources(page)
    for picture in soup.select("article img"):
        name = unquote(str(picture.get("src", "")).rpartition("/")[2])
        file = sources.get(name) or page.folder / IMAGES / name
        if file.is_file():
            _furnish(picture, file, page)


def _with_data(soup: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    for tag in soup.select("video, source, img, audio"):
        for name in ("src", "poster"):
            if str(tag.get(name, "")).startswith("data:"):
                yield tag, name


def as_file(address: str, page: Page) -> str:
    """Put what a data address holds into a file; returns the file's address from the page.

    An address that holds no picture and no film is returned as it is.
    """
    found = _DATA.fullmatch(address.strip())
    if not found or found["type"] not in _SUFFIXES:
        return address
    try:
        content = base64.b64decode(found["content"], validate=False)
    except binascii.Error:
        return address
    suffix = _SUFFIXES[found["type"]]
    if suffix == ".png":
        content, suffix = _smaller(content)
    return page.to_root + _write(content, suffix, page)


def _write(content: bytes, suffix: str, page: Page) -> str:
    """Write a file that is named by what is in it; returns its path in the site."""
    path = f"{IMAGES}/{hashlib.sha256(content).hexdigest()[:20]}{suffix}"
    file = page.folder / path
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def _smaller(png: bytes) -> tuple[bytes, str]:
    """Return a picture without loss as WebP, if that is smaller than its PNG."""
    buffer = io.BytesIO()
    try:
        with Image.open(io.BytesIO(png)) as image:
            image.save(buffer, format="webp", lossless=True, quality=90, method=4)
    except UnidentifiedImageError:
        return png, ".png"
    webp = buffer.getvalue()
    return (webp, ".webp") if len(webp) < len(png) else (png, ".png")


def _sources(page: Page) -> dict[str, Path]:
    """Return where each picture of the site comes from: Sphinx copies them after the pages."""
    images: dict[str, str] = getattr(page.builder, "images", {})
    return {name: Path(page.builder.srcdir) / source for source, name in images.items()}


def _furnish(picture: Tag, file: Path, page: Page) -> None:
    content = file.read_bytes()
    if not (picture.get("width") and picture.get("height")):
        picture.attrs |= {k: str(v) for k, v in size(content, file.suffix).items()}
    picture["decoding"] = "async"
    picture["loading"] = "lazy"
    if file.suffix == ".svg":
        _add_dark_twin(picture, content.decode("utf-8"), page)
    elif file.suffix == ".png":
        smaller, suffix = _smaller(content)
        if suffix != ".png":
            picture["src"] = page.to_root + _write(smaller, suffix, page)


def size(content: bytes, suffix: str) -> dict[str, int]:
    """Return a picture's width and height in CSS pixels, nothing where it does not say.

    A picture that says how many pixels it has an inch is shown at that size.
    """
    if suffix == ".svg":
        return _svg_size(content.decode("utf-8"))
    try:
        with Image.open(io.BytesIO(content)) as image:
            scale = CSS_DPI / (float(image.info.get("dpi", (CSS_DPI,))[0]) or CSS_DPI)
            return {"width": round(image.width * scale), "height": round(image.height * scale)}
    except UnidentifiedImageError:
        return {}


def _svg_size(svg: str) -> dict[str, int]:
    root = _SVG.search(svg)
    said = dict(_ATTRIBUTE.findall(root[0])) if root else {}
    sizes = {}
    for name in ("width", "height"):
        if found := _LENGTH.fullmatch(said.get(name, "")):
            sizes[name] = round(float(found[1]) * _PIXELS[found[2] or ""])
    return sizes if len(sizes) == 2 else {}


def _add_dark_twin(picture: Tag, svg: str, page: Page) -> None:
    """Put beside a drawing the same in the dark theme's colours; the page shows one of them."""
    dark = palette.recolour(svg)
    if dark == svg:
        return
    twin = copy(picture)
    twin["src"] = page.to_root + _write(dark.encode("utf-8"), ".svg", page)
    for tag, kind in ((picture, "only-light"), (twin, "only-dark")):
        tag["class"] = " ".join([*(str(c) for c in tag.get_attribute_list("class") if c), kind])
    # Apart from the caption, which the theme would hide along with the picture before it.
    picture.wrap(Tag(name="span"))
    picture.insert_after(twin)
