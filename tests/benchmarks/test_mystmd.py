"""The book has no form but those that mystmd is known to read, or known not to.

Oracle: the record of a run of mystmd. The run itself needs npm, and is a part of `make bench`.
"""

from __future__ import annotations

import json

import pytest
from benchmarks import mystmd

RECORD = json.loads(mystmd.RECORD.read_text("utf8"))


def strange(used: set[str]) -> set[str]:
    """Return the forms of which nobody knows whether mystmd reads them."""
    return used - set(RECORD["unread"]) - set(RECORD["read"])


def test_every_form_of_the_book_is_known() -> None:
    assert not strange(mystmd.forms()), "look by `python -m benchmarks.mystmd` if mystmd reads it"


def test_what_mystmd_does_not_read_is_still_used() -> None:
    unread = set(RECORD["unread"])
    assert unread - mystmd.forms() == set(), "the count may fall: `python -m benchmarks.mystmd`"


def test_a_form_is_found_wherever_it_stands() -> None:
    text = "A {glue:text}`a.b` and {term}`b`.\n\n  ````{note} A title\n:::{my-box}\n\n`{not}`"
    found = {match[1] or match[2] for match in mystmd.FORM.finditer(text)}
    assert found == {"glue:text", "term", "note", "my-box"}
    assert strange({"term", "my-box"}) == {"my-box"}


def test_a_form_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before = mystmd.RECORD.read_bytes()
    monkeypatch.setattr(mystmd, "errors", lambda: mystmd.Counter([*RECORD["unread"], "my-box"]))
    with pytest.raises(SystemExit, match=r"does not read \['my-box'\]"):
        mystmd.main()
    assert mystmd.RECORD.read_bytes() == before
