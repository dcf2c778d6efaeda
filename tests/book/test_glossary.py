"""The glossary: in order, all of it used, and fit to be read on hover. The build resolves links."""

import re
from pathlib import Path

BOOK = Path(__file__).parents[2] / "book"
ENTRIES = re.findall(
    r"^(\S.*)\n  (.+)",
    (BOOK / "glossary.md").read_text("utf-8").partition("```{glossary}")[2],
    re.M,
)
TERMS = [term for term, _ in ENTRIES]


def linked(text):
    """List the terms that a page links to, in lower case."""
    roles = re.findall(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", text)
    return [role.strip().lower() for role in roles]


def test_terms_stand_in_the_order_of_the_alphabet():
    assert len(TERMS) > 80
    assert sorted(TERMS, key=str.lower) == TERMS


def test_every_term_is_linked_from_a_chapter():
    used = {term for page in BOOK.rglob("*.md") for term in linked(page.read_text("utf-8"))}
    assert [term for term in TERMS if term.lower() not in used] == []


def test_what_is_shown_on_hover_is_one_sentence_without_formulas():
    assert [(t, said) for t, said in ENTRIES if not said.endswith(".") or "\\" in said] == []


def test_a_link_is_found_in_either_form():
    assert linked("A {term}`loss`, two {term}`odds ratios <odds ratio>`.") == ["loss", "odds ratio"]
