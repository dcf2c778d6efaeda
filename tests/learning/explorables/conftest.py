"""The interactive figures on a page with no kernel, in a real browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np
import pytest
from ipywidgets.embed import embed_data
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser import opened
from tests.browser.serving import Site, serve

from booksite import assets, palette
from learning import explorables, noisy_line

ROOT = Path(__file__).resolve().parents[3]
WIDGET = "application/vnd.jupyter.widget"
PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="tokens.css">
<link rel="stylesheet" href="page.css">
<script type="{widget}-state+json">{state}</script>
<script src="widgets.js" defer></script>
</head>
<body><main><h1>A page</h1>{views}</main></body></html>
"""
VIEW = '<div class="widget-frame"><script type="{widget}-view+json">{view}</script></div>'
NUMBERS = count()
STYLE = "body { margin: 16px; background: var(--book-ground); color: var(--book-ink) }"


def kinds(base: type) -> list[type]:
    """List the figures of the library that are of a kind, found by their type."""
    offered = [getattr(explorables, name) for name in explorables.__all__]
    return [each for each in offered if issubclass(each, base)]


Shown = Callable[..., Page]
Readers = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def points() -> tuple[np.ndarray, np.ndarray]:
    return noisy_line(50, generator=np.random.default_rng(1))


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A folder that is served: what makes widgets live, and nothing else yet."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy2(assets.OURS / "booksite" / "widgets.js", folder)
    (folder / "tokens.css").write_text(palette.style_sheet(), encoding="utf-8")
    (folder / "page.css").write_text(STYLE, encoding="utf-8")
    with serve(folder) as served:
        yield served


browser = pytest.fixture(scope="package")(opened)


@pytest.fixture(scope="package")
def readers(browser: Browser) -> Readers:
    """Have a reader with these settings of the browser; each is made once, for speed."""
    made: dict[tuple[Any, ...], BrowserContext] = {}

    def reader(**settings: Any) -> BrowserContext:
        key = tuple(sorted(settings.items()))
        if key not in made:
            size = {"width": settings.pop("width"), "height": 900}
            made[key] = browser.new_context(viewport=size, **settings)
            made[key].new_page()  # it stays: a tab is opened in its window, which takes as long
        return made[key]

    return reader


@contextmanager
def shown_page(
    readers: Readers,
    site: Site,
    *widgets: ipywidgets.Widget,
    theme: str = "light",
    width: int = 1280,
    motion: str = "no-preference",
    touch: bool = False,
) -> Iterator[Page]:
    """Open a page that shows widgets, live; it must leave nothing in the console."""
    data = embed_data(views=widgets, drop_defaults=False)
    views = "\n".join(
        VIEW.format(widget=WIDGET, view=json.dumps(view)) for view in data["view_specs"]
    )
    state = json.dumps(data["manager_state"]).replace("<", "\\u003c")
    html = PAGE.format(theme=theme, widget=WIDGET, state=state, views=views)
    # Each has a name of its own: what is written twice in a second has not changed for a browser.
    name = f"page-{next(NUMBERS)}.html"
    (site.root / name).write_text(html, encoding="utf-8")
    reader = readers(width=width, color_scheme=theme, reduced_motion=motion, has_touch=touch)
    page = reader.new_page()
    problems: list[str] = []
    page.on("console", lambda m: m.type == "error" and problems.append(m.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.goto(site.address(name))
    waiting = page.locator(".widget-frame:not([data-live])")
    expect(waiting, "\n".join(problems)).to_have_count(0, timeout=20_000)
    yield page
    page.close()
    assert problems == [], "\n".join(problems)


@pytest.fixture
def show(readers: Readers, site: Site) -> Iterator[Shown]:
    """Show widgets on a page; see `shown_page`."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda *widgets, **reader: stack.enter_context(
            shown_page(readers, site, *widgets, **reader)
        )
