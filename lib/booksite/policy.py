"""The Content-Security-Policy under which the whole site works.

``default-src 'self'``, with these exceptions:

``style-src 'unsafe-inline'``
    KaTeX places its glyphs with style attributes, docutils gives columns their widths so, and
    the widgets' libraries insert style elements.
``img-src data:``
    The theme's style sheets hold their small drawings as data.
``script-src blob:``
    A widget's module stands in the page as data, and is imported from a blob.
``script-src 'unsafe-eval'``, ``img-src blob:``, only where a page shows a core widget of ipywidgets
    Their manager compiles JSON schemas, and shows pictures from blobs. This book has no such page.

There is no inline script.
"""

from __future__ import annotations

_CORE_WIDGETS = b"data-core="  # see `widgets.amend`


def policy(page: bytes = b"") -> str:
    """Return the policy under which a page, given as its HTML, is to be served."""
    scripts, images = "script-src 'self' blob:", "img-src 'self' data:"
    if _CORE_WIDGETS in page:
        scripts, images = f"{scripts} 'unsafe-eval'", f"{images} blob:"
    styles = "style-src 'self' 'unsafe-inline'"
    rest = "object-src 'none'; base-uri 'self'"
    return "; ".join(["default-src 'self'", scripts, styles, images, rest])
