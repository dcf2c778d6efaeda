"""A film in two formats, of which a browser loads the first that it can play, and a word if none.

Patents keep the format of MP4 files, H.264, out of some browsers; others lack VP9.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import imageio_ffmpeg
from bs4 import BeautifulSoup, Tag
from sphinx.util import logging

from booksite.html import render
from booksite.page import Page

LOGGER = logging.getLogger(__name__)

# At a quality by which a drawing keeps its edges, and with no date in the file.
_VP9 = ["-an", "-c:v", "libvpx-vp9", "-crf", "32", "-b:v", "0", "-threads", "1"]
_VP9 += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-f", "webm"]


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give each film that is an MP4 file its second format, and a link to the file."""
    films = soup.select('article video[src$=".mp4"]')
    for film in films:
        _in_two_formats(soup, film, page)
    if films and soup.head:
        soup.head.append(soup.new_tag("script", attrs={"src": page.static("booksite/films.js")}))


def _in_two_formats(soup: BeautifulSoup, film: Tag, page: Page) -> None:
    address = str(film.attrs.pop("src"))
    formats = {"video/mp4": address}
    if as_webm(page.folder / address.removeprefix(page.to_root)):
        formats = {"video/webm": f"{address.removesuffix('.mp4')}.webm"} | formats
    for place, (kind, file) in enumerate(formats.items()):
        film.insert(place, soup.new_tag("source", attrs={"src": file, "type": kind}))
    said = render("unplayable", address=address)
    film.insert_after(BeautifulSoup(said, "html.parser"))


def as_webm(film: Path) -> Path | None:
    """Encode a film as WebM with VP9, beside the file that it is in.

    Parameters
    ----------
    film
        An MP4 file.

    Returns
    -------
    Path or None
        The new file; None, and a line in the build's log, if it cannot be encoded here.
    """
    target, partial = film.with_suffix(".webm"), film.with_suffix(f".{os.getpid()}")
    if not target.is_file():
        encode = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", film, *_VP9, partial]
        done = subprocess.run(encode, capture_output=True, text=True, check=False)
        if done.returncode:
            partial.unlink(missing_ok=True)
            LOGGER.info("%s stays without a second format: %s", film.name, done.stderr.strip())
            return None
        partial.replace(target)
    return target
