"""What stands in for scripts where there are none: on a narrow window, a way to the menu.

The theme's button opens the menu by a script. Without one, the style sheet puts the menu below the
page, and a link leads there.
"""

from __future__ import annotations

from bs4 import BeautifulSoup

from booksite.page import Page

MENU = "pst-primary-sidebar"


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Put a link to the menu beside the button that opens it."""
    button = soup.select_one("button.primary-toggle")
    if button and soup.select_one(f"#{MENU}"):
        link = soup.new_tag("a", attrs={"href": f"#{MENU}", "class": "to-menu"}, string="Menu")
        stand_in = soup.new_tag("noscript")
        stand_in.append(link)
        button.insert_after(stand_in)
