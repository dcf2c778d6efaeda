"""Pictures of every page in both themes and widths: ``python -m tests.site.screenshots OUTDIR``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from booksite.chromium import open_browser
from tests.browser.serving import serve
from tests.browser.visiting import THEMES, WIDTHS, new_context, pages

REPOSITORY = Path(__file__).resolve().parents[2]


def main(out: Path) -> None:
    root = Path(os.environ.get("BOOK_SITE") or REPOSITORY / "_build" / "html").resolve()
    out.mkdir(parents=True, exist_ok=True)
    with serve(root) as site, open_browser() as browser:
        for theme in THEMES:
            for width in WIDTHS:
                tab = new_context(browser, theme=theme, width=width).new_page()
                for page in pages(root):
                    tab.goto(site.address(page), wait_until="networkidle")
                    tab.evaluate(
                        "document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })"
                    )
                    tab.wait_for_load_state("networkidle")
                    name = page.removesuffix(".html").replace("/", "--")
                    tab.screenshot(path=out / f"{name}.{theme}.{width}.png", full_page=True)
                tab.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
