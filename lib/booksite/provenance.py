"""The foot of a chapter: when, where and with what it was executed, and whether it agrees.

All of it comes from the stored run and the references, and the date from the execution: a book that
is built twice from one store has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bs4 import BeautifulSoup, Tag

from booksite import gathered
from booksite.evidence import Evidence, Quantity
from booksite.html import render
from booksite.page import Page
from booksite.words import DEVICES, devices, machine
from nbtolerance.fingerprint import Fingerprint


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Give a chapter its foot, its quantities anchors, and every page a link to the checks."""
    app = page.builder.app
    target = gathered.reproducibility(app.env) if app.env else ""
    link = page.builder.get_relative_uri(page.name, target) if target else ""
    footer = soup.select_one(".bd-footer-content__inner")
    if link and footer:
        footer.append(_parsed(render("footer", link=link)))
    article = soup.select_one("article")
    chapter = gathered.evidence(app).get(page.name)
    if not article or not chapter or not chapter.executed:
        return
    _mark(article, chapter, link)
    article.append(_parsed(foot(chapter, link)))


def _parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def _mark(article: Tag, chapter: Evidence, link: str) -> None:
    """Put each quantity's anchor where it is shown, or else where it is cited or reported."""
    # A page has thousands of elements and tens of quantities: it is searched once for all of them.
    outputs = [(tag, tag["data-quantity"]) for tag in article.select("[data-quantity]")]
    citations = [(tag, str(tag["data-cites"])) for tag in article.select(".cited")]
    cells = [(cell, cell.get_text()) for cell in article.select("div.cell")]
    for quantity in chapter.quantities:
        shown = [tag for tag, name in outputs if name == quantity.name]
        cited = [tag for tag, name in citations if _is_of(name, quantity.name)]
        for output in shown:
            if _said_beside(output, cited):
                _remove(output)
            elif link:
                _add_check(output, quantity, chapter, link)
        left = [output for output in shown if output.find_parent("article")]
        # A cell may be hidden with all that it shows: then the page itself is the place.
        reporting = [cell for cell, text in cells if f'"{quantity.name}"' in text]
        place = [*left, *cited, *reporting, article][0]
        if place in left or place in cited:
            place["id"] = anchor(quantity.name)
        else:
            place.insert(0, Tag(name="span", attrs={"id": anchor(quantity.name)}))


def _is_of(cited: str, quantity: str) -> bool:
    return cited == quantity or cited.startswith(f"{quantity}.")


def _said_beside(output: Tag, cited: list[Tag]) -> bool:
    """Tell whether every number of a small output is cited in the section that it stands in."""
    section = output.find_parent("section")
    said = {str(tag["data-cites"]) for tag in cited if section in list(tag.parents)}
    name = str(output["data-quantity"])
    parts = {f"{name}.{part.get_text()}" for part in output.select("var")}
    return output.name == "p" and (parts or {name}) <= said


def _remove(output: Tag) -> None:
    """Take an output away, with the boxes around it that hold nothing else."""
    while output.parent and output.parent.name == "div" and not _siblings(output):
        output = output.parent
        if "cell_output" in output.get_attribute_list("class"):
            break
    output.decompose()


def _siblings(tag: Tag) -> list[Tag]:
    return [other for other in (tag.parent or tag).find_all(True, recursive=False) if other != tag]


def _add_check(output: Tag, quantity: Quantity, chapter: Evidence, link: str) -> None:
    """Say behind an output that it is checked, with a link to its row."""
    verdicts = chapter.verdicts.get(quantity.name)
    agrees = all(verdicts.values()) if verdicts else None
    html = render("checked", row=f"{link}#{quantity.name}", name=quantity.name, verdict=agrees)
    place = _caption(output)
    place.append(" ")
    place.append(_parsed(html))


def _caption(output: Tag) -> Tag:
    """Return what can hold words about an output: its caption, or its figure's, or itself."""
    around = output.find_parent("figure") if output.name == "video" else None
    inside = "figcaption > p, figcaption, caption"
    return (around or output).select_one(inside) or around or output


def anchor(quantity: str) -> str:
    """Return the id of a quantity on its chapter's page: ``quantity-gd.fit``."""
    return f"quantity-{quantity}"


def row_anchor(chapter: str) -> str:
    """Return the id of the first of a chapter's rows on the reproducibility page."""
    return f"chapter-{chapter.replace('/', '-')}"


def foot(chapter: Evidence, link: str) -> str:
    """Return a chapter's foot as HTML.

    Parameters
    ----------
    chapter
        What is known of the chapter, which was executed.
    link
        The address of the reproducibility page; empty where the book has none.
    """
    rows = f"{link}#{row_anchor(chapter.name)}" if link and chapter.quantities else link
    return render("foot", verdict=verdict(chapter), facts=list(_facts(chapter)), link=rows)


def _facts(chapter: Evidence) -> Iterator[tuple[str, str]]:
    assert chapter.executed is not None
    run = chapter.executed.provenance
    elsewhere = ", on another machine, and carried here" if run.elsewhere else ""
    yield "Executed", f"{day(run.date)}, in {run.seconds:.1f} s{elsewhere}"
    yield "Machine", machine(run.device)
    yield "Versions", ", ".join(versions(chapter.executed.fingerprint))


def day(date: str) -> str:
    """Return a run's date as people write it, to the minute, in universal time."""
    return f"{datetime.fromisoformat(date):%Y-%m-%d %H:%M} UTC"


def versions(fingerprint: Fingerprint) -> Iterator[str]:
    """Name Python and the packages that the chapter uses, each with its version."""
    yield f"Python {fingerprint.python}"
    for package, version in sorted(fingerprint.packages.items()):
        yield f"{package} {version}"


def verdict(chapter: Evidence) -> str:
    """Say whether a run agrees with the references, and which there are."""
    if not chapter.references:
        return "not checked, since it has no reference yet"
    if chapter.failures:
        return f"it fails its check: {'; '.join(chapter.failures)}"
    missing = [device for device in DEVICES if device not in chapter.references]
    rest = f"; there is none from {devices(missing)} yet" if missing else ""
    return f"checked, and it agrees with its reference from {devices(chapter.references)}{rest}"
