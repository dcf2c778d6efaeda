"""The solutions of the exercises, gathered at the back of the book by chapter.

A solution is one of the directive ``solution``, or a box with that title. In its place stays a line
that leads to it; at the back, its title leads to the exercise.
"""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from booksite.bound.chapters import Chapter

NAME = "solutions"
TITLE = "Solutions of the exercises"


def gather(chapters: Sequence[Chapter]) -> Chapter | None:
    """Take the solutions out of the chapters.

    Parameters
    ----------
    chapters
        Their articles are amended. Ids must be unique in the book already.

    Returns
    -------
    Chapter or None
        A chapter of its own for the solutions, if there are any.
    """
    article = BeautifulSoup(
        f'<article class="bd-article" id="{NAME}"><h1>{TITLE}</h1></article>', "html.parser"
    ).article
    assert article
    for chapter in chapters:
        if found := [box for box in chapter.article.select(".admonition") if _is_solution(box)]:
            article.append(_section(chapter, found))
    return Chapter(NAME, "", article) if article.section else None


def _is_solution(box: Tag) -> bool:
    title = box.select_one(":scope > .admonition-title")
    named = title is not None and title.get_text().strip() == "Solution"
    return named or "solution" in box.get_attribute_list("class")


def _section(chapter: Chapter, found: Sequence[Tag]) -> Tag:
    soup = BeautifulSoup("<section><h2></h2></section>", "html.parser")
    section, heading = soup.section, soup.h2
    assert section
    assert heading
    heading.string = chapter.title
    for number, box in enumerate(found, 1):
        section.append(_moved(box, f"{chapter.slug}--solution-{number}"))
    return section


def _moved(box: Tag, name: str) -> Tag:
    """Take a solution out of its place, where a line that leads to it stays."""
    box["id"] = name = str(box.get("id") or name)
    exercise = box.find_previous(class_="admonition")
    place = _line(name)
    box.replace_with(place)
    # A box with no link of its own to its exercise is named after it.
    title = box.select_one(":scope > .admonition-title")
    if isinstance(exercise, Tag) and title and not title.a:
        exercise["id"] = str(exercise.get("id") or f"{name}-exercise")
        _name_after(title, exercise)
    if isinstance(exercise, Tag) and place.find_previous_sibling() is exercise:
        exercise.append(place.extract())
    return box


def _line(name: str) -> Tag:
    html = (
        f'<p class="to-solution"><a href="#{name}">Solution</a>'
        f'<span class="page-of" data-of="{name}"></span></p>'
    )
    line = BeautifulSoup(html, "html.parser").p
    assert line
    return line


def _name_after(title: Tag, exercise: Tag) -> None:
    heading = exercise.select_one(":scope > .admonition-title")
    text = heading.get_text().strip() if heading else "Exercise"
    title.clear()
    link = BeautifulSoup("", "html.parser").new_tag("a", attrs={"href": f"#{exercise['id']}"})
    link.string = text
    title.append(link)
