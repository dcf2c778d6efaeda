from __future__ import annotations

import pytest

from .conftest import Build, code, text

ASKED = ":::{prediction} What is $1 + 1$?\n- One.\n- Two, `2`. ✓\n- Three.\n:::"
ANSWERED = "```{answered}\n```"


def test_the_right_choice_is_known_and_its_mark_is_not_shown(build: Build) -> None:
    book = build(text(ASKED))
    assert not book.warnings
    choices = book.soup().select(".prediction .choice")
    assert [choice.get_text(strip=True) for choice in choices] == ["One.", "Two,2.", "Three."]
    assert ["data-right" in choice.attrs for choice in choices] == [False, True, False]


def test_the_question_names_the_choices(build: Build) -> None:
    soup = build(text(ASKED)).soup()
    asked = soup.select_one(".prediction")
    assert asked
    question = soup.find(id=str(asked["aria-labelledby"]))
    assert question
    assert question.select_one(".katex")
    assert asked["role"] == "group"


def test_cells_and_prose_up_to_the_mark_are_the_answer(build: Build) -> None:
    soup = build(
        text(f"{ASKED}\n\nLet us see."), code("1 + 1"), text(f"Yes.\n\n{ANSWERED}\n\nAfterwards.")
    ).soup()
    (answer,) = soup.select("details.answer:not([open])")
    assert answer.select_one(".cell")
    assert "Let us see." in answer.get_text()
    assert "Yes." in answer.get_text()
    assert "Afterwards." not in answer.get_text()


def test_without_a_mark_the_next_heading_or_question_ends_an_answer(build: Build) -> None:
    page = f"{ASKED}\n\nFirst.\n\n{ASKED}\n\nSecond.\n\n## A heading\n\nThird."
    answers = build(text(page)).soup().select("details.answer")
    assert [a.get_text().split()[-1] for a in answers] == ["First.", "Second."]


def test_a_page_without_a_question_loads_no_script_for_it(build: Build) -> None:
    assert "predictions.js" in str(build(text(ASKED)).soup().head)
    assert "predictions.js" not in str(build(text("Words.")).soup().head)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (ASKED.replace(" ✓", ""), "got 3 choices of which 0 do"),
        (ASKED.replace("One.", "One. ✓"), "got 3 choices of which 2 do"),
        (":::{prediction} What?\n- One. ✓\n:::", "got 1 choices of which 1 do"),
        (f"Words.\n\n{ANSWERED}", "answered must follow a prediction in the same section"),
    ],
)
def test_a_question_without_one_right_choice_fails_the_build(
    build: Build, page: str, complaint: str
) -> None:
    book = build(text(page))
    assert book.failed
    assert complaint in book.warnings[0]
    assert "index.ipynb" in book.warnings[0]
