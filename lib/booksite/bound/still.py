"""What needs a screen or a script is taken out of an article, or stands still in it."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Tag

# Of no use in print: what is for another theme, what is pressed, what hovers, and the code that
# only draws or reports, which the site folds away as well.
_DROPPED = (
    "script, noscript, .headerlink, .copybtn, .only-dark, [role=tooltip], .verdict, "
    ".toctree-wrapper, .reproducibility-controls, .widget-live, .unplayable, "
    ".fold-code, .fold > summary"
)
# Attributes that do something in a browser, or speak of what is dropped.
_BEHAVIOUR = ("loading", "decoding", "tabindex", "download", "aria-describedby")


def make_still(article: Tag, page: str) -> None:
    """Let an article say without a browser what it says in one.

    An interactive figure is its still picture and a film its poster, both with the way to the live
    one; what was folded is open.

    Parameters
    ----------
    article
        The article, which is amended.
    page
        The address of the page that it was; empty where that is not known.
    """
    for film in article.select("video"):
        _as_poster(film)
    for frame in article.select(".widget-frame, .film"):
        _point_to_live(frame, page)
    for useless in article.select(_DROPPED):
        useless.decompose()
    for fold in article.find_all("details"):
        _open(fold)
    for caption in article.select("figure > figcaption"):  # which HTML wants at an end
        caption.parent.append(caption.extract())  # type: ignore[union-attr]  # it is selected by it
    for comment in article.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in article.find_all(True):
        for name in _BEHAVIOUR:
            tag.attrs.pop(name, None)


def _as_poster(film: Tag) -> None:
    """Put a film's poster in its place."""
    size = {name: str(film[name]) for name in ("width", "height") if film.get(name)}
    said = {"src": str(film.get("poster", "")), "alt": str(film.get("aria-label", ""))}
    poster = Tag(name="img", attrs={**said, **size})
    film.replace_with(poster)
    named = {name: str(film[name]) for name in ("id", "data-quantity") if film.get(name)}
    poster.wrap(Tag(name="div", attrs={"class": "film", **named}))


def _point_to_live(frame: Tag, page: str) -> None:
    """Say in a figure's caption where it can be played with."""
    figure = frame.find_parent("figure")
    caption = (figure or frame).select_one("figcaption > p")
    place = caption or frame
    words = "Plays" if "film" in frame.get_attribute_list("class") else "Live"
    if not page:
        place.extend([" ", _element("em", f"{words} on the book’s site.")])
        return
    anchor = f"#{figure['id']}" if figure and figure.get("id") else ""
    link = _element("a", f"{words} on the book’s site", href=f"{page}{anchor}", **{"class": "live"})
    place.extend([" ", link, "."])


def _element(name: str, text: str, **attributes: str) -> Tag:
    return BeautifulSoup("", "html.parser").new_tag(name, attrs=attributes, string=text)


def _open(fold: Tag) -> None:
    """Make a box of a fold, and what is still of use of its summary into the box's title."""
    summary = fold.find("summary", recursive=False)
    fold.name = "div"
    if isinstance(summary, Tag):
        summary.name = "p"
        summary["class"] = " ".join([*_classes(summary), "title"])


def _classes(tag: Tag) -> Iterator[str]:
    return (str(name) for name in tag.get_attribute_list("class") if name)
