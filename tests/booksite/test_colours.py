"""Oracle: the notation, and what KaTeX and docutils make of it."""

from __future__ import annotations

import pytest

from booksite.colours import coloured
from booksite.palette import THINGS

from .conftest import SETTINGS, Build, text

LETTERS = {"a": "slope", "b": "intercept", "r": "residual", r"\nabla L": "gradient"}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"a x + b", r"{\slope{a}} x + {\intercept{b}}"),
        (r"r_i^2", r"{\residual{r}}_i^2"),
        (r"\frac ab x^a", r"\frac {\slope{a}}{\intercept{b}} x^{\slope{a}}"),
        (r"\nabla L(\theta)", r"{\gradient{\nabla L}}(\theta)"),
        (r"\nabla  L + \nabla f", r"{\gradient{\nabla  L}} + \nabla f"),
        (r"\alpha + \bar b", r"\alpha + \bar {\intercept{b}}"),  # a command is no letters
        (r"\begin{array}{rl} a \\ b \end{array}",
         r"\begin{array}{rl} {\slope{a}} \\ {\intercept{b}} \end{array}"),
        (r"\operatorname{var}(a)", r"\operatorname{var}({\slope{a}})"),
        (r"\text{for a bar} \mathbf{b}", r"\text{for a bar} \mathbf{b}"),
        (r"\gradient{a}", r"\gradient{a}"),  # has its colour
        (r"\eta", r"\eta"),
    ],
)  # fmt: skip
def test_letters_of_the_notation_have_their_colour(formula: str, expected: str) -> None:
    assert coloured(formula, LETTERS) == expected


def test_without_a_notation_a_formula_stays_as_it_is() -> None:
    assert coloured("a x + b", {}) == "a x + b"


def test_a_page_has_the_colours(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "booksite_letters", LETTERS)
    book = build(text("Inline $\\frac ab$, {minimum}`lowest`, and\n\n$$\\nabla L = \\model{m}$$"))
    soup = book.soup()
    assert not book.warnings
    said = {
        thing: [tag.get_text() for tag in soup.select(f"article .colour-{thing}")]
        for thing in THINGS
    }
    assert said == {
        "slope": ["a"],
        "intercept": ["b"],
        "gradient": ["∇L"],
        "model": ["m"],
        "minimum": ["lowest"],
        "residual": [],
        "points": [],
    }
