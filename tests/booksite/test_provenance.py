"""A small book whose runs and references are written by hand: no kernel runs, and no GPU is there.

The numbers that are expected are worked out in the comments, by hand.
"""

from __future__ import annotations

import csv
import filecmp
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sphinx.cmd.build import main as sphinx_build

from booksite import downloads, margins, provenance, reproducibility, words
from booksite.evidence import Evidence, gather
from booksite.html import render
from nbtolerance import reference
from nbtolerance.book import find_chapters
from nbtolerance.fingerprint import before
from nbtolerance.machine import Device
from nbtolerance.settings import Settings, load_settings
from nbtolerance.store import Executed, Provenance, Store

from .conftest import REPOSITORY

CHAPTER = """---
file_format: mystnb
kernelspec: {name: python3}
tolerance:
  default: {rtol: 1.0e-6}
  one.loss: {rtol: 1.0e-2, why: sums are added in another order.}
---

# One

```{code-cell} python
1 + 1
```

The loss is {glue:text}`one.loss:.2f`, and something else is {glue:text}`other:.2f`.
"""
PARTS = ("margins", "quantities", "runs", "references")
PAGE = "# Reproducibility\n\n" + "".join(f"```{{evidence}} {part}\n```\n\n" for part in PARTS)
INDEX = "# A book\n\n```{toctree}\npart/one\nreproducibility\n```\n"
CONF = f"""
project = "a book"
language = "en"
extensions = ["sphinx_design", "sphinx_copybutton", "myst_nb", "nbtolerance.sphinxext", "booksite"]
html_theme = "sphinx_book_theme"
html_theme_options = {{"navbar_persistent": []}}
html_context = {{"default_mode": "auto"}}
nb_execution_mode = "off"
suppress_warnings = ["mystnb.unknown_mime_type"]
root_doc = "book/index"
exclude_patterns = ["_build", "jupyter_execute", "html*", "trees*"]
booksite_packages = {str(REPOSITORY)!r}
"""
NAMES = {"cpu": "A processor", "cuda": "A card that was made up"}


def output(name: str, value: Any) -> dict[str, Any]:
    quantity = {"name": name, "kind": "number", "value": value, "unit": "mm"}
    html = f'<p class="quantity" data-quantity="{escape(name)}">{value}</p>'
    data = {reference_type: quantity, "text/html": html, "text/plain": repr(value)}
    return {"output_type": "display_data", "data": data, "metadata": glued_as(name)}


def glued_as(name: str) -> dict[str, Any]:
    return {"scrapbook": {"name": name, "mime_prefix": ""}}


# What the prose cites though no quantity of that name has been reported.
OTHER = {
    "output_type": "display_data",
    "data": {"text/plain": "0.125"},
    "metadata": glued_as("other"),
}


reference_type = "application/vnd.nbtolerance.quantity+json"


@dataclass(frozen=True)
class Small:
    root: Path
    settings: Settings

    def run(self, loss: float, kind: str = "cpu", **more: Any) -> Executed:
        (chapter,) = find_chapters(self.settings).chapters
        notebook = json.loads(json.dumps(chapter.notebook))
        (cell,) = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        cell["outputs"] = [output("one.loss", loss), output("one.path", [1.0, 2.0]), OTHER]
        made = Provenance(
            Device(kind, NAMES[kind]),
            date="2026-01-02T03:04:05+00:00",
            seconds=12.345,
            memory=3 * 2**20,
            **more,
        )
        depends_on = replace(
            before(chapter, self.settings).of_the_code(versions=False),
            python="3.12.1",
            processors=2,
            packages={"torch": "2.11.0"},
        )
        return Executed(notebook, depends_on, made)

    def store(self, executed: Executed) -> None:
        Store(self.settings.store_path).write("part/one", executed)

    def bless(self, executed: Executed) -> None:
        (chapter,) = find_chapters(self.settings).chapters
        reference.write(chapter, executed, self.settings)

    def evidence(self) -> Evidence:
        (one,) = gather(self.settings)
        return one


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return written(tmp_path)


def written(folder: Path) -> Small:
    """Write the book, its run and its reference into a folder."""
    files = {
        "pyproject.toml": "[tool.nbtolerance]\n",
        "conf.py": CONF,
        "book/index.md": INDEX,
        "book/part/one.md": CHAPTER,
        "book/reproducibility.md": PAGE,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    made = Small(folder, load_settings(folder))
    made.bless(made.run(2.0))
    made.store(made.run(2.0, elsewhere=True))
    return made


def test_without_a_gpu_reference_nothing_is_claimed_of_a_gpu(small: Small) -> None:
    loss, path = small.evidence().quantities
    assert loss.values == {"run": 2.0, "cpu": 2.0}
    # Only what has been measured has a column.
    assert reproducibility.headings(["cpu"])[1] == "Reference, CPU"
    assert reproducibility.cells(loss, ["cpu"])[:2] == ["2 mm", "none"]
    assert words.shown(path, "cpu") == "2 numbers, 1 to 2 mm"
    said = words.check(loss, small.evidence().verdicts["one.loss"])
    assert said == "Checked against its reference from a CPU, to 0.01 of its value."


def test_a_gpu_reference_gives_difference_and_margin(small: Small) -> None:
    small.bless(small.run(2.005, "cuda"))
    loss, _ = small.evidence().quantities
    # |2.005 - 2| = 0.005; allowed are 0.01 * 2 = 0.02 of the CPU's, 0.02005 of the GPU's value.
    between = loss.worst["cpu", "cuda"]
    assert between
    assert between.difference == pytest.approx(0.005)
    assert between.allowed == pytest.approx(0.02)
    assert loss.margin == pytest.approx(4.0)
    assert reproducibility.cells(loss, ["cpu", "cuda"]) == [
        *("2 mm", "2.005 mm", "0.005", "0.005", "0.01 of its value", "4×"),
        "sums are added in another order.",
    ]
    assert not small.evidence().failures


def test_a_run_that_is_too_far_from_the_gpu_reference_fails_and_says_so(small: Small) -> None:
    small.bless(small.run(2.1, "cuda"))
    one = small.evidence()
    # |2 - 2.1| = 0.1; allowed are 0.01 * 2.1 = 0.021.
    assert one.failures == ["one.loss differs from its cuda reference"]
    assert one.quantities[0].margin < 1
    assert "it fails its check: one.loss differs" in provenance.foot(one, "")
    assert one.verdicts["one.loss"] == {"cpu": True, "cuda": False}
    said = words.check(one.quantities[0], one.verdicts["one.loss"])
    assert said == "Differs from its reference from a GPU machine by more than is allowed."
    assert reproducibility.execution(one)[-1] == "fails its check"
    rows = BeautifulSoup(margins.table(one.quantities), "html.parser").select("tbody tr")
    counted = [[cell.get_text() for cell in row.select("th, td")] for row in rows]
    # 0.01 * 2 / 0.1 = 0.2 between the references; the other quantity is the same in both.
    assert counted[0] == ["below 1: too far apart", "1", "one.loss (0.2×)"]
    assert counted[1] == ["1 to 10", "0", ""]
    assert counted[-1] == ["no difference", "1", ""]


def test_the_foot_says_when_where_with_what_and_whether_it_agrees(small: Small) -> None:
    foot = BeautifulSoup(provenance.foot(small.evidence(), "../r.html"), "html.parser")
    names = [dt.get_text() for dt in foot.select("dt")]
    facts = dict(zip(names, (dd.get_text() for dd in foot.select("dd")), strict=True))
    assert facts["Executed"] == (
        "2026-01-02 03:04 UTC, in 12.3 s, on another machine, and carried here"
    )
    assert facts["Machine"] == "A processor (CPU)"
    assert facts["Versions"] == "Python 3.12.1, torch 2.11.0"
    assert foot.summary
    assert foot.summary.get_text() == (
        "How this page was computed: "
        "checked, and it agrees with its reference from a CPU; there is none from a GPU machine yet"
    )
    assert [a["href"] for a in foot.select("a")] == ["../r.html#chapter-part-one"]


def test_a_reference_of_other_code_is_no_agreement(small: Small) -> None:
    page = small.root / "book/part/one.md"
    page.write_text(page.read_text("utf-8").replace("1 + 1", "1 + 2"), encoding="utf-8")
    assert small.evidence().failures == ["the cpu reference belongs to other code"]


def test_downloads_hold_the_same_numbers(small: Small) -> None:
    small.bless(small.run(2.005, "cuda"))
    rows = downloads.records([small.evidence()])
    read = list(csv.DictReader(io.StringIO(downloads.as_csv(rows))))
    assert len(read) == 2 * 3  # two quantities; the run against each device, and one on the other
    first = next(r for r in read if (r["expected_from"], r["got_from"]) == ("cpu", "cuda"))
    assert float(first["got"]) == 2.005
    assert float(first["margin"]) == pytest.approx(4.0)
    assert json.loads(json.dumps(rows, allow_nan=False))[0]["quantity"] == "one.loss"


def words_to_build(small: Small, name: str, *options: str) -> list[str]:
    """What Sphinx is told, so that the site of this name is in a folder of its own."""
    trees, out = str(small.root / f"trees-{name}"), str(small.root / f"html-{name}")
    return ["-q", "-W", "-n", "--keep-going", *options, "-d", trees, str(small.root), out]


def build(small: Small, name: str = "one") -> Path:
    """Build the site in this process."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        assert sphinx_build(words_to_build(small, name)) == 0, said.getvalue()
    return small.root / f"html-{name}"


def build_elsewhere(small: Small, name: str, *options: str) -> Path:
    """Build it in another process, in which what has no order comes in another order."""
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", *words_to_build(small, name, *options)],
        env={**os.environ, "PYTHONHASHSEED": "random", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return small.root / f"html-{name}"


@dataclass(frozen=True)
class Built:
    """The book as it is, and the site of it."""

    small: Small
    out: Path

    def soup(self, page: str) -> BeautifulSoup:
        text = (self.out / f"book/{page}.html").read_text("utf-8")
        return BeautifulSoup(text, "html.parser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site that is only looked at."""
    small = written(tmp_path_factory.mktemp("site"))
    return Built(small, build_elsewhere(small, "one"))


def test_several_processes_make_the_same_pages_as_one(small: Small) -> None:
    # Sphinx shares pages among processes from six on; each reads some, and only those it read.
    names = [f"plain{n}" for n in range(8)]
    for name in names:
        (small.root / f"book/{name}.md").write_text(f"# {name}\n", encoding="utf-8")
    more = INDEX.replace("reproducibility\n", "reproducibility\n" + "\n".join(names) + "\n")
    (small.root / "book/index.md").write_text(more, encoding="utf-8")
    one, several = build(small), build_elsewhere(small, "several", "-j", "4")
    page = (several / "book/part/one.html").read_text("utf8")
    assert "reproducibility.html#chapter-part-one" in page
    differing = [p for p in compared(one, several) if p.suffix in (".html", ".json", ".csv", ".js")]
    assert not differing


def test_two_builds_from_one_store_are_the_same_bytes(site: Built) -> None:
    assert not compared(site.out, build_elsewhere(site.small, "other"))


def compared(one: Path, other: Path) -> list[Path]:
    """The files of two sites that are not the same, or are not in both."""
    files = {p.relative_to(out) for out in (one, other) for p in out.rglob("*") if p.is_file()}
    _, differing, missing = filecmp.cmpfiles(one, other, sorted(map(str, files)), shallow=False)
    return [Path(name) for name in (*differing, *missing)]


def test_pages_follow_the_evidence(small: Small) -> None:
    out = build(small)
    soup = BeautifulSoup((out / "book/reproducibility.html").read_text("utf-8"), "html.parser")
    row = soup.find(id="one.loss")
    assert row
    assert row.a
    link, _, mark = str(row.select("a[href]")[0]["href"]).partition("#")
    target = BeautifulSoup((out / "book" / link).read_text("utf-8"), "html.parser")
    assert target.find(id=mark)
    assert "there is none from a GPU machine yet" in target.get_text()
    assert {a["href"] for a in soup.select("caption a")} == {
        "reproducibility.json",
        "reproducibility.csv",
    }
    assert "3 MiB" in soup.get_text()
    # A new reference makes both pages stale, though no text and no run has changed.
    small.bless(small.run(2.005, "cuda"))
    build(small)
    assert "2.005 mm" in (out / "book/reproducibility.html").read_text("utf-8")
    assert "from a CPU and a GPU machine" in (out / "book/part/one.html").read_text("utf-8")


def test_what_a_carried_run_says_is_text_on_the_pages_and_in_the_table(small: Small) -> None:
    run = small.run(2.0, elsewhere=True)
    (cell,) = [cell for cell in run.notebook["cells"] if cell["cell_type"] == "code"]
    outputs = cell["outputs"]
    image = '"><img src="x">'
    silent = output(image, 1.0)
    del silent["data"]["text/html"]  # so that the site itself puts an element on its page
    outputs += [output("=cmd|'/c calc'!A1", 1.0), output("<script>", 10**400), silent]
    outputs += [{**output("x", 0), "data": {reference_type: bad}} for bad in ("x", {"name": 5})]
    small.store(run)
    one = small.evidence()
    assert [q.name for q in one.quantities][2:] == ["=cmd|'/c calc'!A1", "<script>", image]
    small.bless(run)
    table = downloads.as_csv(downloads.records([small.evidence()]))
    assert "'=cmd|" in table
    assert ",=cmd|" not in table
    out = build(small)
    assert "<script></code>" not in (out / "book/reproducibility.html").read_text("utf-8")
    page = (out / "book/part/one.html").read_text("utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select("[src=x]")
    assert soup.find(id=provenance.anchor(image))


def test_a_cited_number_has_its_name_its_check_and_a_link_to_its_row(site: Built) -> None:
    soup = site.soup("part/one")
    cited, other = soup.select(".cited")
    assert cited.a
    assert cited.a.get_text() == "2.00"
    assert cited.a["href"] == "../reproducibility.html#one.loss"
    note = soup.find(id=str(cited.a["aria-describedby"]))
    assert note
    assert note["role"] == "tooltip"
    assert note.get_text(" ") == (
        "one.loss  = 2.0 mm Checked against its reference from a CPU, to 0.01 of its value."
    )
    assert site.soup("reproducibility").find("tr", id="one.loss")
    # What is no quantity has no row, and makes no claim.
    assert other.get_text() == "0.12"
    assert not other.a


def test_what_a_sentence_beside_it_says_is_not_printed_above_it(site: Built) -> None:
    soup = site.soup("part/one")
    (shown,) = soup.select("[data-quantity]")
    assert shown["data-quantity"] == "one.path"  # cited nowhere
    assert [a["href"] for a in shown.select("a.checked")] == ["../reproducibility.html#one.path"]
    assert soup.find(id="quantity-one.loss") in soup.select(".cited")


def test_a_number_that_fails_is_not_called_checked(small: Small) -> None:
    small.bless(small.run(2.1, "cuda"))
    note = Built(small, build(small)).soup("part/one").select_one(".cited [role=tooltip]")
    assert note
    assert "Checked" not in note.get_text()
    assert "Differs from its reference from a GPU machine" in note.get_text()


def test_every_page_links_to_the_reproducibility_page(site: Built) -> None:
    for page, link in (("index", "reproducibility.html"), ("part/one", "../reproducibility.html")):
        assert site.soup(page).select(f'footer a[href="{link}"]')


@pytest.mark.parametrize(
    ("value", "kind", "how"),
    [(3, "number", "exactly."), (3.0, "number", "to 1e-6 of its value.")],
)
def test_whole_numbers_are_compared_exactly_and_the_check_says_so(
    small: Small, value: float, kind: str, how: str
) -> None:
    one = replace(small.evidence().quantities[1], values={"run": value})
    assert words.check(one, {"cpu": True}).endswith(how)
    assert words.check(one, {}) == "Not checked against a reference."


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        ("<figure><video></video><figcaption><p>A film.</p></figcaption></figure>", "A film."),
        ("<div><video>A film alone.</video></div>", "A film alone."),
        ("<figure class='out'><figcaption>A log.</figcaption></figure>", "A log."),
        ("<div class='out'><table><caption>A table.</caption></table></div>", "A table."),
        ("<p class='out'>value = 3</p>", "value = 3"),
    ],
)
def test_the_check_stands_with_the_words_about_an_output(html: str, caption: str) -> None:
    output = BeautifulSoup(html, "html.parser").select_one("video, .out")
    assert output
    assert provenance._caption(output).get_text() == caption


def test_a_margin_stands_in_the_row_that_it_begins() -> None:
    some = [SimpleNamespace(name=f"{m:g}", margin=m, worst=True) for m in (0.5, 1.0, 9.9, 10.0)]
    rows = BeautifulSoup(margins.table(some), "html.parser").select("tbody tr")  # type: ignore[arg-type]
    counts = [row.select("td")[0].get_text() for row in rows]
    assert counts == ["1", "2", "1", "0", "0", "0", "0"]


def test_margins_count_only_what_was_compared(small: Small) -> None:
    loss, path = small.evidence().quantities
    assert "Of 2 quantities that were compared, each is equal" in margins.table([loss, path])
    assert "Of 1 quantities" in margins.table([loss, replace(path, worst={})])
    assert "No quantity has been compared" in margins.table([replace(path, worst={})])


def test_names_are_text_wherever_they_are_put() -> None:
    bad = 'a"><script>'
    row = {"name": bad, "part": bad, "margin": "1", "first": bad, "link": bad, "cells": [bad]}
    rows: dict[str, Any] = {"columns": [bad], "rows": [row]}
    html = render("quantities", parts=[(bad, bad)], absent=[bad], downloads=[(bad, bad)], **rows)
    soup = BeautifulSoup(html, "html.parser")
    assert soup.script is None
    assert {option["value"] for option in soup.select("option[value]")} >= {"*", bad}


def test_a_damaged_run_has_no_foot(small: Small) -> None:
    assert replace(small.evidence(), executed=None).quantities == []
    assert reproducibility.execution(replace(small.evidence(), executed=None))[-1] == "not executed"
