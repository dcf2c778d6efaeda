"""Lines of code that wrap: what is left of a long line stands further in than where it began.

In Python, where a line begins says what it belongs to.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from booksite.page import Page

# What is printed keeps its columns, and scrolls.
_CODE = "article div.highlight > pre:not(.cell_output pre)"


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Make an element of each line of code, which says how far in it begins."""
    for code in soup.select(_CODE):
        # The highlighter ends its elements at the end of a line, and opens them again.
        lines = code.decode_contents().rstrip("\n").split("\n")
        code.clear()
        code.extend([_line(soup, line) for line in lines])


def _line(soup: BeautifulSoup, html: str) -> Tag:
    inner = BeautifulSoup(f"<pre>{html}\n</pre>", "html.parser").pre  # elsewhere spaces are one
    assert inner
    text = inner.get_text()
    indent = len(text) - len(text.lstrip(" "))
    attributes = {"class": "line"} | ({"style": f"--indent:{indent}"} if indent else {})
    line = soup.new_tag("span", attrs=attributes)
    line.extend(list(inner.children))
    return line
