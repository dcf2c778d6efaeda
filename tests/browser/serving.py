"""Serve the built site as a host would: under a sub-path."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SHELF = "/a-shelf/the-book/"  # a site must not depend on standing at its host's root


@dataclass(frozen=True)
class Site:
    """A built site, and where it is served.

    Parameters
    ----------
    root
        The folder with ``index.html``.
    url
        Where the folder is served, with a slash at its end.
    """

    root: Path
    url: str

    def address(self, page: str) -> str:
        """Return where a page, named by its path in the folder, is served."""
        return self.url + page

    def file(self, url: str) -> Path | None:
        """Return the file behind an address, or None if it is not one of the site's."""
        if not url.startswith(self.url):
            return None
        path = self.root / unquote(urlsplit(url).path.removeprefix(SHELF))
        file = path / "index.html" if path.is_dir() else path
        return file if file.is_file() else None


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012  # as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".woff2": "font/woff2",
        ".webp": "image/webp",
    }
    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        inside = path.startswith(SHELF)
        return super().translate_path(path.removeprefix(SHELF) if inside else "/not-on-the-shelf")

    def log_message(self, format: str, *args: Any) -> None:  # the base class's name
        """Say nothing."""


@contextmanager
def serve(root: Path) -> Iterator[Site]:
    """Serve a folder on this machine, on a free port, until the block ends.

    Parameters
    ----------
    root
        The folder with ``index.html``.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Site(root, f"http://127.0.0.1:{server.server_port}{SHELF}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
