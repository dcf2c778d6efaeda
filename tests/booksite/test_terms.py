from __future__ import annotations

from .conftest import Build, text

GLOSSARY = """```{glossary}
loss
  What is made small. It is $L$.

judge's score
  What is made large.
```"""


def test_a_term_says_on_hover_what_it_means(build: Build) -> None:
    (link,) = build(text(f"A {{term}}`Loss`.\n\n{GLOSSARY}")).soup().select("a:has(> .std-term)")
    assert link["href"] == "#term-loss"
    assert link["title"] == "What is made small."


def test_an_entry_lists_the_pages_that_use_its_term(build: Build) -> None:
    soup = build(text(f"Two {{term}}`scores <Judge's score>`.\n\n{GLOSSARY}")).soup()
    (pages,) = soup.select("dl.glossary .term-pages")
    assert pages.get_text() == "Used in A page"
    term = pages.find_previous("dt")
    assert term
    assert term["id"] == "term-judge-s-score"


def test_an_unknown_term_fails_the_build(build: Build) -> None:
    book = build(text(f"A {{term}}`lose`.\n\n{GLOSSARY}"))
    assert book.failed
    assert "term not in glossary: 'lose'" in book.warnings[0]
