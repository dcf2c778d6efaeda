"""Pages are rendered from the store, and never from outputs that belong to other code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

CONF = """
project = "a book"
extensions = ["myst_nb", "nbtolerance.sphinxext"]
nb_execution_mode = "off"
root_doc = "book/index"
exclude_patterns = ["_build"]
"""


@pytest.fixture
def site(book):
    """A book with two chapters, and a function that builds it."""
    (book.root / "conf.py").write_text(CONF)
    book.chapter("index", "print('the', 'index')", "print(3)")
    path = book.chapter("other", "print('the', 'other')")
    index = book.root / "book" / "index.md"
    index.write_text(index.read_text() + "\n```{toctree}\nother\n```\n")

    def build(*options: str, status: int = 0) -> str:
        command = [sys.executable, "-m", "sphinx", "-W", "-n", "--keep-going", *options]
        run = subprocess.run(
            [*command, ".", "_build/html"],
            cwd=book.root,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == status, run.stdout + run.stderr
        return run.stdout + run.stderr

    build.book, build.other = book, path
    build.page = lambda name: (book.root / "_build/html/book" / f"{name}.html").read_text()
    return build


def test_pages_show_what_was_executed_and_a_second_build_executes_nothing(site):
    said = site()
    assert "index executed in" in said
    assert "other executed in" in said
    assert "the index" in site.page("index")
    again = site()
    assert "executed in" not in again
    assert "0 added, 0 changed, 0 removed" in again


def test_an_edit_of_code_shows_on_its_page_alone(site):
    site()
    site.other.write_text(site.other.read_text().replace("'other'", "'changed'"))
    said = site()
    assert "other executed in" in said
    assert "index executed in" not in said
    assert "the changed" in site.page("other")


def test_an_edit_of_prose_renders_and_does_not_execute(site):
    site()
    site.other.write_text(site.other.read_text() + "\nnew words\n")
    said = site()
    assert "executed in" not in said
    assert "new words" in site.page("other")
    assert "the other" in site.page("other")


def test_new_outputs_of_the_same_text_are_rendered(site):
    site()
    stored = site.book.stored("other")
    entry = json.loads(stored.read_text())
    entry["fingerprint"]["python"] = "3.0"  # as if the run had been made with another version
    stored.write_text(json.dumps(entry))
    said = site()
    assert "other executed in" in said
    assert "1 changed" in said


def test_an_error_fails_by_place_and_leaves_the_last_good_site(site):
    site()
    good = site.page("other")
    site.other.write_text(site.other.read_text().replace("print('the', 'other')", "1 / 0"))
    said = site(status=2)
    assert "other.md:7: cell 0 of other raised ZeroDivisionError: division by zero" in said
    assert "Traceback" in said
    assert site.page("other") == good


def test_outputs_of_other_code_are_never_rendered(site):
    site()
    stored = site.book.stored("other")
    entry = json.loads(stored.read_text())
    # Damage that the digest does not see, in the one place that says what the outputs belong to.
    entry["fingerprint"]["code"] = "0" * 16
    stored.write_text(json.dumps(entry))
    assert "other executed in" in site()


def test_what_was_checked_is_not_executed_again_for_the_site(site):
    site.book.bless()
    assert "executed in" not in site()
    site.book.check().assert_outcomes(passed=5)
