from __future__ import annotations

from typing import Any

import pytest

from booksite.plain import plain

ROLES: Any = {"glue:text": str.upper, "doc": lambda target: f"*{target}*"}
DIRECTIVES: Any = {"listing": lambda name, options: f"`{name}` {dict(options)}"}

CASES = {
    "words that are known": ("It is {glue:text}`a.b:.2f`.", "It is A.B:.2F."),
    "a role over two lines": ("See {doc}`one\ntwo`.", "See *one\ntwo*."),
    "a role that is not known": ("{abbr}`as it is`", "as it is"),
    "one with a target": ("a {term}`learning\nrate <rate>` of", "a learning\nrate of"),
    "code is left alone": ("```text\n{doc}`x`\n```", "```text\n{doc}`x`\n```"),
    "a formula": ("```{math}\n:label: e\nx = {1}\n```", "$$\nx = {1}\n$$"),
    "a block of code": ("```{code-block} python\nx = {1}\n```", "```python\nx = {1}\n```"),
    "an admonition": (
        ":::{admonition} A title with {doc}`x`\n:class: note\n\nIts text.\n:::\n\nAfter.",
        "> **A title with *x***\n>\n> Its text.\n\nAfter.",
    ),
    "one without a title": (":::{note}\nText.\n:::", "> **Note**\n>\n> Text."),
    "a box that folds": (
        ":::{admonition} Solution\n:class: dropdown\nText.\n:::",
        "<details><summary>Solution</summary>\n\nText.\n\n</details>",
    ),
    "an exercise": (
        ":::{exercise} the best\n:label: ex-best\n\nWhich?\n:::",
        "> **Exercise: the best**\n>\n> Which?",
    ),
    "its solution, which has its label": (
        ":::{solution} ex-best\n:class: dropdown\n\nThis.\n:::",
        "<details><summary>Solution</summary>\n\nThis.\n\n</details>",
    ),
    "one in another": (
        "::::{note}\n:::{tip}\nText.\n:::\n::::",
        "> **Note**\n>\n> > **Tip**\n> >\n> > Text.",
    ),
    "a prediction, which does not tell": (
        ":::{prediction} Which?\n- One. ✓\n- Two.\n:::\n\nAnswer.\n\n```{answered}\n```",
        "> **Before you go on:** Which?\n>\n> - One.\n> - Two.\n\nAnswer.",
    ),
    "a directive that is known": ("```{listing} a.b\n:lines: 3\n```", "`a.b` {'lines': '3'}"),
    "a list of terms": ("Slope\n: How steep.\n\nNext.", "**Slope**: How steep.\n\nNext."),
}


@pytest.mark.parametrize("case", CASES)
def test_what_stands_for(case: str) -> None:
    written, expected = CASES[case]
    assert plain(written, ROLES, DIRECTIVES) == expected
