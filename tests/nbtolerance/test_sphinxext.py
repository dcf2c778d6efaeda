"""Pages are rendered from the store, and never from outputs that belong to other code."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path

import pytest
from sphinx.cmd.build import main as sphinx_build

from nbtolerance.store import DamagedWarning

from .conftest import Book

CONF = """
project = "a book"
extensions = ["myst_nb", "nbtolerance.sphinxext"]
nb_execution_mode = "off"
root_doc = "book/index"
exclude_patterns = ["_build"]
"""


class Site:
    """A book with two chapters; called, it builds its pages, and returns what was said."""

    def __init__(self, book):
        self.book = book
        (book.root / "conf.py").write_text(CONF)
        book.chapter("index", "print('the', 'index')", "print(3)")
        self.other = book.chapter("other", "print('the', 'other')")
        index = book.root / "book" / "index.md"
        index.write_text(index.read_text() + "\n```{toctree}\nother\n```\n")

    def __call__(self, *options: str, status: int = 0) -> str:
        said = io.StringIO()
        words = ["-W", "-n", "--keep-going", "--no-color", *options, ".", "_build/html"]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            assert sphinx_build(words) == status, said.getvalue()
        return said.getvalue()

    def page(self, name: str) -> str:
        return (self.book.root / "_build/html/book" / f"{name}.html").read_text()


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """The folder of such a book whose pages were built, and with that its chapters executed.

    All that is imported for it stays; what a test imports first, `pytester` takes out after it.
    """
    site = Site(Book(tmp_path_factory.mktemp("built")))
    with contextlib.chdir(site.book.root):
        site()
    return site.book.root


@pytest.fixture
def unexecuted(book, built_once):
    """A site whose chapters have not been executed."""
    return Site(book)


@pytest.fixture
def site(unexecuted, built_once):
    """A site whose chapters have been executed."""
    place = Path("_build", "executed")
    shutil.copytree(built_once / place, unexecuted.book.root / place)
    return unexecuted


def test_pages_show_what_was_executed_and_a_second_build_executes_nothing(unexecuted):
    said = unexecuted()
    assert "index executed in" in said
    assert "other executed in" in said
    assert "the index" in unexecuted.page("index")
    again = unexecuted()
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
    with pytest.warns(DamagedWarning, match="its cells must be those it ran"):
        assert "other executed in" in site()


def test_what_was_checked_is_not_executed_again_for_the_site(site):
    site.book.bless()
    assert "executed in" not in site()
    site.book.check().assert_outcomes(passed=5)


def test_chapters_that_cannot_be_read_end_the_build_and_leave_the_last_good_site(site):
    site()
    good = site.page("other")
    text = site.other.read_text()
    site.other.write_text(text.replace("kernelspec", "title: Part 1: the start\nkernelspec"))
    site.book.chapter("third", ":tags: 5\n1")
    said = site(status=2)
    lines = [line for line in said.splitlines() if ".md:" in line]
    assert [line.partition("book/")[2][:10] for line in lines] == ["other.md:3", "third.md:8"]
    assert "Traceback" not in said
    assert site.page("other") == good
    site.other.write_text(text.replace("'other'", "'mended'"))
    (site.book.root / "book/third.md").unlink()
    site()
    assert "the mended" in site.page("other")


@pytest.mark.parametrize(
    "change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")]
)
def test_a_page_with_a_byte_order_mark_or_other_line_ends_has_its_outputs(site, change):
    site.other.write_bytes(change(site.other.read_bytes()))
    site()
    assert "the other" in site.page("other")
    assert "file_format" not in site.page("other")


def test_a_page_that_is_switched_off_is_shown_and_not_executed(site):
    site.book.chapter("other", "print('n' + 'ever')", front="mystnb: {execution_mode: off}\n")
    said = site()
    assert "other.md:4: not checked: its front matter says mystnb.execution_mode: off" in said
    assert "other executed in" not in said
    assert "print" in site.page("other")
    assert "never" not in site.page("other")


def test_a_page_that_the_book_excludes_is_not_executed(unexecuted):
    conf = unexecuted.book.root / "conf.py"
    conf.write_text(conf.read_text() + "nb_execution_excludepatterns = ['oth*']\n")
    said = unexecuted()
    assert "other.md:1: not checked: the book's exclude_patterns have 'oth*'" in said
    assert "index executed in" in said
    assert "other executed in" not in said


def test_a_page_is_executed_here_and_not_again_by_mystnb_and_its_other_settings_hold(site):
    # Oracle: a counter in a file, which each execution raises.
    code = "p = __import__('pathlib').Path('n.txt')\np.open('a').write('x')\nprint('ran')"
    settings = "mystnb: {execution_mode: force, code_prompt_show: 'look at the {type}'}\n"
    site.book.chapter("other", f":tags: [hide-input]\n{code}", front=settings)
    site()
    assert (site.book.root / "book/n.txt").read_text() == "x"
    assert "look at the source" in site.page("other")


CITING = "# Summary\n\nThe slope is {glue:text}`index.md::fit.slope:.2f` there.\n"
GLUES = """
from myst_nb import glue
glue("fit.slope", float(open("slope.txt").read()))
"""


@pytest.fixture
def citing(site):
    """A site whose prose page `other` cites a number of the chapter `index`."""
    site.index = site.book.chapter("index", GLUES)
    site.index.write_text(site.index.read_text() + "\n```{toctree}\nother\n```\n")
    site.other.write_text(CITING)
    site.slope = site.book.root / "book" / "slope.txt"
    site.slope.write_text("2.5")
    return site


def test_a_page_that_cites_a_number_is_written_again_when_it_changes(citing):
    citing()
    assert 'slope is <span class="pasted-text">2.50</span>' in citing.page("other")
    citing.slope.write_text("3.5")
    said = citing()
    assert 'slope is <span class="pasted-text">3.50</span>' in citing.page("other")
    assert "1 changed" in said  # the citing page was written, and not read
    assert "book/other" not in citing()


def test_pages_that_are_read_side_by_side_are_written_again_too(citing):
    others = [f"page{number}" for number in range(6)]  # Sphinx divides no fewer
    for name in others:
        (citing.book.root / "book" / f"{name}.md").write_text(CITING)
    citing.index.write_text(citing.index.read_text().replace("other\n", "\n".join(others) + "\n"))
    citing.other.unlink()
    citing("-j", "2")
    citing.slope.write_text("3.5")
    citing("-j", "2")
    assert all('<span class="pasted-text">3.50</span>' in citing.page(name) for name in others)


def test_a_cited_number_that_is_no_longer_glued_is_a_warning(citing):
    citing()
    citing.index.write_text(citing.index.read_text().replace("fit.slope", "fit.other"))
    said = citing(status=1)
    assert "Glue reference 'fit.slope' not found in doc 'book/index'" in said
    citing.index.write_text(citing.index.read_text().replace('glue("fit.other", ', "print("))
    assert "Glue reference 'fit.slope' not found in doc 'book/index'" in citing(status=1)
