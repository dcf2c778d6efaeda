"""Formulas are set by KaTeX while the book is built: a page needs its CSS and fonts, no script."""

from __future__ import annotations

from pathlib import Path
from socket import AF_UNIX, socket
from subprocess import PIPE, Popen
from time import monotonic, sleep

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinxcontrib import katex

from booksite import assets, packages

LOGGER = logging.getLogger(__name__)

# A machine that runs chapters at the same time may be slow to start Node.
katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
katex.NODEJS_BINARY = str(packages.node())


def _start(rundir: Path, timeout: float) -> tuple[Popen[bytes], socket]:
    """Start Node and connect to it by a file, as soon as it listens there.

    The extension's own start connects when there is a file, and is refused where Node does not
    listen yet; by a network port, each formula waits 80 ms for the delayed acknowledgements of TCP.
    """
    path = rundir / "katex.sock"
    command = katex.KaTeXServer.build_command(socket=path)
    process, client = Popen(command, stdin=PIPE, stdout=PIPE), socket(AF_UNIX)
    end = monotonic() + timeout
    while process.poll() is None and monotonic() < end:
        try:
            client.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            sleep(0.001)
        else:
            return process, client
    client.close()
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


katex.KaTeXServer.start_server_process = _start


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.setup_extension("sphinxcontrib.katex")
    app.connect("config-inited", _choose_katex)


def _choose_katex(app: Sphinx, config: Config) -> None:
    config["html_math_renderer"] = "katex"
    config["katex_prerender"] = True
    config["katex_css_path"] = f"{assets.VENDOR}/katex/katex.min.css"
    # The script that sets the formulas is of the same version as the CSS that shows them.
    script = packages.folder(assets.root_of(app), "katex") / "dist" / "katex.min.js"
    config["katex_js_path"] = str(script)


def report_errors(soup: BeautifulSoup, page: str) -> None:
    """Warn about each formula that KaTeX could not read: it would stand there in red."""
    for error in soup.select(".katex-error"):
        text = f"{error.get_text()}: {error.get('title', '')}"
        LOGGER.warning(text, location=page, type="booksite", subtype="math")
