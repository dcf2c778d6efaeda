"""The Content-Security-Policy under which the whole site works.

``default-src 'self'``, with these exceptions:

``style-src 'unsafe-inline'``
    KaTeX places its glyphs with style attributes, and docutils gives columns their widths so.
``img-src data:``
    The theme's style sheets hold their small drawings as data.
``script-src blob:``
    A widget's module stands in the page as data, and is imported from a blob: a page that is opened
    from a folder may not import a module from a file.

There is no inline script.
"""

from __future__ import annotations

POLICY = (
    "default-src 'self'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'self'"
)
