"""Look at the site as a reader does, in Chromium, with every other host out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from booksite.chromium import open_browser
from tests.browser.serving import Site, serve
from tests.browser.weight import total_bytes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (1280, 390)

# Scrolls from the top to the end, so that everything which waits to be near the window loads. A
# reader is no faster than a widget that is about to come into view; nor does this wait for a frame
# that the browser never draws.
_SCROLL = """async () => {
  const soon = (done) => setTimeout(done, 100);
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise(soon)]);
  const starting = ".widget-frame:not([data-live], [data-failed])";
  const isNext = (widget) =>
    widget.checkVisibility() && widget.getBoundingClientRect().top < 1.5 * innerHeight;
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo({top: y, behavior: "instant"});
    await frame();
    for (let i = 0; i < 100 && [...document.querySelectorAll(starting)].some(isNext); i++)
      await frame();
    if (document.querySelector(".widget-frame")) await frame(); // one that is live is also drawn
  }
}"""
_SETTLED = """() => document.fonts.status === "loaded" &&
  [...document.images].every((i) => i.complete || !i.checkVisibility()) &&
  [...document.querySelectorAll(".widget-frame:not([data-live])")].every(
    (widget) => !widget.checkVisibility())"""  # in a fold, it waits
_UNFOLD = "() => { for (const f of document.querySelectorAll('details')) f.open = true; }"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def new_context(
    browser: Browser, *, theme: Theme = "light", width: int = 1280, javascript: bool = True
) -> BrowserContext:
    """Return a context for a reader with this theme and this width of window, in CSS pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.set_default_timeout(20_000)
    return context


@dataclass(frozen=True)
class Visit:
    """What happened while a reader read a page from its top to its end.

    Parameters
    ----------
    requests
        The addresses that were asked for.
    problems
        What failed: requests, and errors in the console.
    overflow
        How many CSS pixels the page is wider than the window.
    first_bytes, bytes
        What a host that compresses sends before the reader scrolls, and in all.
    """

    requests: Sequence[str]
    problems: Sequence[str]
    overflow: int
    first_bytes: int
    bytes: int

    def external(self, site: Site) -> list[str]:
        """Return the requests that left the site."""
        inside = (site.url, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(inside)]


def site_bytes(site: Site, urls: Sequence[str]) -> int:
    """Return what a host that compresses sends for some addresses of the site."""
    return total_bytes(file for url in urls if (file := site.file(url)))


def visit(page: Page, site: Site, path: str) -> Visit:
    """Read a page of the site from its top to its end.

    Parameters
    ----------
    page
        A tab.
    site
        The site.
    path
        The page's path in the site's folder.
    """
    requests: list[str] = []
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"console {message.type}: {message.text}")

    def on_failure(request: Request) -> None:
        # A reader who goes on stops what still loads: that is no failure.
        if request.failure != "net::ERR_ABORTED":
            problems.append(f"request failed: {request.url} {request.failure}")

    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", on_failure)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.goto(site.address(path), wait_until="networkidle")
    first = site_bytes(site, requests)
    read_through(page)
    overflow = int(page.evaluate(_OVERFLOW))
    return Visit(tuple(requests), tuple(problems), overflow, first, site_bytes(site, requests))


def read_through(page: Page) -> None:
    """Scroll a page from its top to its end, until all that waited to be near is there."""
    page.evaluate(_SCROLL)
    page.wait_for_function(_SETTLED, polling=20)


def unfold(page: Page) -> None:
    """Open all that is folded on a page, and read what comes to light."""
    page.evaluate(_UNFOLD)
    read_through(page)


def weigh(root: Path) -> dict[str, Visit]:
    """Read every page of a built site once, and return each visit by the page's path.

    Parameters
    ----------
    root
        The folder with ``index.html``.

    Raises
    ------
    NoChromiumError
        As `find_chromium` does.
    """
    with serve(root) as site, open_browser() as browser:
        visits = {}
        for path in pages(root):
            tab = new_context(browser).new_page()  # nothing of one page is cached for the next
            visits[path] = visit(tab, site, path)
            tab.context.close()
        return visits


def pages(root: Path) -> list[str]:
    """Return the paths of the pages of a built site, the redirect at its root left out.

    Parameters
    ----------
    root
        The folder with ``index.html``.
    """
    found = sorted(file.relative_to(root) for file in root.rglob("*.html"))
    return [
        page.as_posix()
        for page in found
        if not page.parts[0].startswith("_") and not _is_redirect(root / page)
    ]


def _is_redirect(file: Path) -> bool:
    return file.stat().st_size < 1000 and "http-equiv" in file.read_text(encoding="utf-8")
