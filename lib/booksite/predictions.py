"""A question that the reader answers before the page does.

::

    :::{prediction} What will the loss do?
    - It falls all the way. ✓
    - It rises at first.
    :::

    What follows is the answer, up to the directive `answered`, or else the next heading.

The answer is a disclosure, which needs no script. With one, the choices are buttons: the first that
is pressed says whether it was right, and opens the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html import HTMLTranslator

from booksite.page import Page

LOGGER = logging.getLogger(__name__)
RIGHT = "✓"  # at the end of the right choice


class prediction(nodes.General, nodes.Element):  # noqa: N801, docutils names its nodes so
    """A question, a paragraph, and then its choices."""


class choice(nodes.Part, nodes.Element):  # noqa: N801
    """One of the answers to choose from; the right one has the attribute ``right``."""


class answer(nodes.General, nodes.Element):  # noqa: N801
    """What shows when the reader has chosen."""


class answered(nodes.Invisible, nodes.Element):  # noqa: N801
    """Where an answer ends."""


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("prediction", Prediction)
    app.add_directive("answered", Answered)
    app.add_transform(Enclose)
    app.add_node(prediction, html=(_open_prediction, _close_prediction))
    app.add_node(choice, html=(_open_choice, _close_choice))
    app.add_node(answer, html=(_open_answer, _close_answer))


class Prediction(SphinxDirective):
    """Asks a question, with a list of choices, of which one is right."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question and its choices."""
        asked = prediction()
        self.set_source_info(asked)
        words, problems = self.parse_inline(self.arguments[0])
        name = f"prediction-{self.env.new_serialno('prediction')}"
        asked += nodes.paragraph("", "", *words, classes=["question"], ids=[name])
        body = self.parse_content_to_nodes()
        items = [item for part in body for item in part.findall(nodes.list_item)]
        asked += [_choice(item) for item in items]
        right = sum(one["right"] for one in asked.findall(choice))
        if len(items) < 2 or right != 1:
            _warn(
                "prediction must be a list of two or more choices, exactly one of which ends in "
                f"{RIGHT}, got {len(items)} choices of which {right} do",
                asked,
            )
        return [asked, *problems]


class Answered(SphinxDirective):
    """Ends the answer to the last prediction."""

    def run(self) -> list[nodes.Node]:
        """Return the mark that the transform looks for."""
        mark = answered()
        self.set_source_info(mark)
        return [mark]


def _choice(item: nodes.list_item) -> choice:
    """Make a choice of an item of a list, and take the mark off the right one."""
    texts = list(item.findall(nodes.Text))
    last = texts[-1] if texts else nodes.Text("")
    right = last.rstrip().endswith(RIGHT)
    if right:
        last.parent.replace(last, nodes.Text(last.rstrip().removesuffix(RIGHT).rstrip()))
    words = [word for part in item.findall(nodes.paragraph) for word in part.children]
    return choice("", *words, right=right)


class Enclose(SphinxTransform):
    """Puts what follows a prediction into its answer."""

    default_priority = 500  # sections and cells are there

    def apply(self, **kwargs: object) -> None:
        """Enclose every answer of the page."""
        for asked in list(self.document.findall(prediction)):
            rest = asked.parent[asked.parent.index(asked) + 1 :]
            kept = _until_answered(rest)
            for node in kept:
                asked.parent.remove(node)
            asked.parent.insert(asked.parent.index(asked) + 1, answer("", *kept))
        for mark in list(self.document.findall(answered)):
            if not isinstance(mark.parent[max(mark.parent.index(mark) - 1, 0)], answer):
                _warn("answered must follow a prediction in the same section, got none", mark)
            mark.parent.remove(mark)


def _until_answered(rest: Sequence[nodes.Node]) -> list[nodes.Node]:
    ends = (answered, prediction, nodes.section)
    stop = next((i for i, node in enumerate(rest) if isinstance(node, ends)), len(rest))
    return list(rest[:stop])


def _warn(text: str, node: nodes.Node) -> None:
    LOGGER.warning(text, location=node, type="booksite", subtype="prediction")


def _open_prediction(self: HTMLTranslator, node: prediction) -> None:
    named = {"role": "group", "aria-labelledby": node[0]["ids"][0]}
    self.body.append(self.starttag(node, "div", CLASS="prediction", **named))


def _close_prediction(self: HTMLTranslator, node: prediction) -> None:
    self.body.append('<p class="verdict" role="status"></p></div>\n')


def _open_choice(self: HTMLTranslator, node: choice) -> None:
    said = {"data-right": ""} if node["right"] else {}
    self.body.append(self.starttag(node, "div", "", CLASS="choice", **said))


def _close_choice(self: HTMLTranslator, node: choice) -> None:
    self.body.append("</div>\n")


def _open_answer(self: HTMLTranslator, node: answer) -> None:
    self.body.append(self.starttag(node, "details", CLASS="answer"))
    self.body.append("<summary>Answer</summary>\n")


def _close_answer(self: HTMLTranslator, node: answer) -> None:
    self.body.append("</details>\n")


def amend(soup: BeautifulSoup, page: Page) -> None:
    """Load the script on the pages that ask."""
    if soup.head and soup.select_one(".prediction"):
        script = {"src": page.static("booksite/predictions.js")}
        soup.head.append(soup.new_tag("script", attrs=script))
