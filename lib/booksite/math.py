"""Formulas are set by KaTeX while the book is built: a page needs its CSS and fonts, no script."""

from __future__ import annotations

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
# Its other way to start, by a file, connects as soon as the file is there, and is refused when the
# server is not listening yet. This one tries again.
katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket


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
