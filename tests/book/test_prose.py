"""The book's style, as far as a machine can tell it.

Most of all: no computed number is typed in prose. A decimal in a sentence is a result that
somebody copied, and that nobody will change when the code does. Decimals may stand in code, in math
(settings such as a standard deviation), in a role such as ``{glue:text}`` or ``{cite:p}``, in front
matter, and in a table that is marked as published figures (a directive with ``:class: published``).

Each check is a function from a chapter's text to a list of what is wrong, and is shown to bite.
"""

import math
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from markdown_it.renderer import RendererHTML
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from learning import explorables

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "book").rglob("*.md"))
CHAPTERS = [
    page for page in PAGES if page.read_text("utf-8").startswith("---\nfile_format: mystnb")
]

MAX_LINES = 10
EXTENSIONS = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["parse"]
PARSER = create_md_parser(
    MdParserConfig(enable_extensions=set(EXTENSIONS["myst_enable_extensions"])), RendererHTML
)
DIRECTIVE = re.compile(r"\{(?P<name>[^}\s]+)\}\s*(?P<title>.*)")
# Their bodies are code, formulas, and the like.
NO_PROSE = {"code-cell", "code-block", "code", "literalinclude", "listing", "math", "bibliography"}
NO_PROSE |= {"raw", "image", "figure", "mermaid", "eval-rst"}
ADDRESS = re.compile(r"https?://\S+")
NUMBER = re.compile(
    r"(?<![\w.])[-+−]?\d[\d,]*\.\d+(?![\w]*\.\d)"  # a decimal, but no version such as 1.2.3
    r"|(?<![\w.])\d+(?:\.\d+)?[eE][-+]?\d+\b"  # scientific notation
    r"|(?<![\w.])\d+(?:\.\d+)?\s?(?:%|percent\b)"
)


def typed_numbers(text):
    """Find decimals, powers of ten and percentages in prose: (line number, what was found)."""
    cells = [c for c in read_myst_markdown_notebook(text).cells if c.cell_type == "code"]
    options = [cell.metadata.get("mystnb", {}) for cell in cells]
    captions = [words.get("figure", {}).get("caption", "") for words in options]
    alts = [words.get("image", {}).get("alt", "") for words in options]
    beside = [(0, words) for text in captions + alts for _, words in prose(text)]
    return [
        (line, match.group().strip())
        for line, words in [*prose(text), *beside]
        for match in NUMBER.finditer(words)
    ]


def prose(text, first=1):
    """Yield (line number, words) of what is read as sentences: no code, math, role or address."""
    for token in PARSER.parse(text):
        if token.type == "inline":
            yield from words_of(token, first + token.map[0])
        elif token.type in ("fence", "colon_fence"):
            yield from prose_in(token, first + token.map[0])


def words_of(inline, line):
    for child in inline.children:
        if child.type == "text":
            yield line, ADDRESS.sub("", child.content)
        line += child.type in ("softbreak", "hardbreak")


def prose_in(fence, line):
    """Yield what is read in a directive, its title first, unless it holds published figures."""
    directive = DIRECTIVE.match(fence.info)
    if not directive or directive["name"] in NO_PROSE:
        return
    if re.search(r"^\s*:class:.*\bpublished\b", fence.content, re.M):
        return
    yield from prose(directive["title"], line)
    options = re.match(r"(?:\s*:[\w-]+:.*\n)*", fence.content)[0]
    yield from prose(fence.content[len(options) :], line + 1 + options.count("\n"))


def long_cells(text):
    cells = [c for c in read_myst_markdown_notebook(text).cells if c.cell_type == "code"]
    lengths = [len(cell.source.strip().splitlines()) for cell in cells]
    return [f"code cell {i} has {n} lines" for i, n in enumerate(lengths, 1) if n > MAX_LINES]


def neighbouring_cells(text):
    kinds = [cell.cell_type for cell in read_myst_markdown_notebook(text).cells]
    pairs = pairwise(kinds)
    return [
        f"cells {i} and {i + 1} follow each other"
        for i, p in enumerate(pairs, 1)
        if set(p) == {"code"}
    ]


DRAWS = re.compile(
    r"\bplt\.(subplots|figure|plot|scatter|show|imshow)\b"
    rf"|\b({'|'.join(explorables.__all__)})\("
)
FILMS = re.compile(r"\bfilm_\w+\(")


def bare_figures(text):
    """Find pictures, interactive ones too, and films that lack an alt text, a caption or a name."""
    wrong = []
    for i, cell in enumerate(read_myst_markdown_notebook(text).cells, 1):
        if cell.cell_type != "code" or "remove-output" in cell.metadata.get("tags", []):
            continue
        options = cell.metadata.get("mystnb", {})
        figure = options.get("figure", {})
        draws, films = DRAWS.search(cell.source), FILMS.search(cell.source)
        if draws and len(str(options.get("image", {}).get("alt", "")).split()) < 8:
            wrong.append(f"cell {i}: a picture needs an alt text that tells what it shows")
        if films and "alt=" not in cell.source:
            wrong.append(f"cell {i}: a film needs an alt text that tells what it shows")
        if (draws or films) and not str(figure.get("name", "")).startswith("fig-"):
            wrong.append(f"cell {i}: a figure needs a name that begins with fig-")
        if (draws or films) and not figure.get("caption"):
            wrong.append(f"cell {i}: a figure needs a caption")
        if "report(" in cell.source and draws:
            wrong.append(f"cell {i}: a figure's cell shows the figure and nothing else")
    return wrong


def bad_tolerances(text):
    tolerances = yaml.safe_load(text.split("---\n")[1]).get("tolerance") or {}
    wrong = [] if "default" in tolerances else ["no default tolerance"]
    default = tolerances.get("default", {}).get("rtol", 0)
    for name, entry in tolerances.items():
        numbers = {key: entry[key] for key in ("rtol", "atol") if key in entry}
        if set(entry) - {"rtol", "atol", "why"}:
            wrong.append(f"{name}: only rtol, atol and why, got {sorted(entry)}")
        if not all(isinstance(v, float) and math.isfinite(v) and v >= 0 for v in numbers.values()):
            wrong.append(f"{name}: write a number such as 1.0e-6, got {numbers}")
        elif (
            name != "default"
            and not entry.get("why")
            and (numbers.get("rtol", 0) > default or numbers.get("atol", 0) > 0)
        ):
            wrong.append(f"{name}: looser than the default, so it needs a why")
        there = (f'report("{name}"', f"    name: {name}\n")
        if name != "default" and not any(said in text for said in there):
            wrong.append(f"{name}: no such quantity on the page")
    return wrong


def reported(text):
    """List the names under which a chapter's code reports."""
    cells = [c for c in read_myst_markdown_notebook(text).cells if c.cell_type == "code"]
    return [name for c in cells for name in re.findall(r'\breport\(\s*"([^"]+)"', c.source)]


def uncited_or_unknown(text):
    """Find glue roles whose name, or what it begins with, the chapter does not report."""
    names = set(reported(text))
    cited = re.findall(r"\{glue:text\}`([\w.]+?)(?::[^`]*)?`", text)
    return [name for name in cited if not {name, name.rpartition(".")[0]} & names]


def ids(pages):
    return [str(page.relative_to(ROOT)) for page in pages]


def test_there_are_pages():
    assert len(PAGES) >= 8
    assert len(CHAPTERS) >= 6


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_no_computed_number_is_typed_in_prose(page):
    assert typed_numbers(page.read_text("utf-8")) == []


CHECKS = [long_cells, neighbouring_cells, bare_figures, bad_tolerances, uncited_or_unknown]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("page", CHAPTERS, ids=ids(CHAPTERS))
def test_the_style_is_kept(page, check):
    assert check(page.read_text("utf-8")) == []


def test_names_are_unique_over_the_book():
    names = Counter(name for page in CHAPTERS for name in reported(page.read_text("utf-8")))
    assert [name for name, count in names.items() if count > 1] == []


def test_figures_are_unique_over_the_book():
    names = Counter(
        re.findall(r"^ +name: (fig-\S+)", "\n".join(p.read_text() for p in PAGES), re.M)
    )
    assert names
    assert max(names.values()) == 1


PARTS = [page for page in CHAPTERS if page.parent != ROOT / "book"]


@pytest.mark.parametrize("page", PARTS, ids=ids(PARTS))
def test_a_chapter_has_five_to_eight_exercises_and_solutions_that_follow_them(page):
    found = re.findall(
        r"^:::\{(exercise|solution)\} (?:[^\n]*\n:label: )?(\S+)$", page.read_text("utf-8"), re.M
    )
    asked = [name for kind, name in found if kind == "exercise"]
    assert 5 <= len(asked) <= 8
    assert len(set(asked)) == len(asked)
    assert all(name.startswith("ex-") for name in asked)
    for (above, name), (kind, solved) in pairwise(found):
        assert kind == "exercise" or (above, name) == ("exercise", solved)


def test_every_page_stands_in_the_table_of_contents():
    listed = set(re.findall(r"\bbook/[\w/-]+", (ROOT / "_toc.yml").read_text("utf-8")))
    assert listed == {str(page.relative_to(ROOT).with_suffix("")) for page in PAGES}


# That the checks bite.

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n"
HEAD += "tolerance:\n  default: {rtol: 1.0e-6}\n---\n\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The loss is 0.1219 in the end.", "0.1219"),
        ("The slope is 3.53.", "3.53"),
        ("It fell to -9.78, at last.", "-9.78"),
        ("It fell to −9.78.", "−9.78"),
        ("A loss of 4,159.49 is large.", "4,159.49"),
        ("About 1e-9 is left.", "1e-9"),
        ("About 27% is left.", "27%"),
        ("About 27 percent is left.", "27 percent"),
        ("| a | b |\n|---|---|\n| x | 0.25 |", "0.25"),
        (":::{note}\nThe loss is 0.5 here.\n:::", "0.5"),
        (":::{admonition} T\n:class: dropdown\n\nIt is 0.5 here.\n:::", "0.5"),
        ("```{admonition} It is 0.5\nHere.\n```\n\nThen.", "0.5"),
        ("::::{note}\n```{code-cell} python\n0.5\n```\n\nThen 0.75.\n::::", "0.75"),
        (":::{prediction} Which?\n- It is 0.5.\n- It is one. ✓\n:::", "0.5"),
        ("$a$ is 0.5 and $b$ is one", "0.5"),
        ("`a` is 0.5 and `b` is one", "0.5"),
        ("{glue:text}`x.a:.3f` or 0.5", "0.5"),
        ("```python\n1.5\n```\n\nand 0.5", "0.5"),
        ("- an item of 0.5", "0.5"),
        ("# A heading of 0.5", "0.5"),
    ],
)
def test_a_typed_number_is_found(text, found):
    assert [what for _, what in typed_numbers(HEAD + text)] == [found]


def test_a_typed_number_in_a_caption_or_an_alt_text_is_found():
    cell = "```{code-cell} python\n---\nmystnb:\n  image: {alt: A curve that ends at 0.12}\n"
    cell += "  figure: {name: fig-x, caption: The loss ends at 0.13}\n---\nplt.subplots()\n```\n"
    assert typed_numbers(HEAD + cell) == [(0, "0.13"), (0, "0.12")]


def test_the_line_of_a_typed_number_is_told():
    assert typed_numbers("One.\n\n$$\n0.1\n$$\n\nIt is 0.5.") == [(7, "0.5")]
    folded = ":::{admonition} Why\n:class: dropdown\n\nOne.\nIt is 0.5.\n:::"
    assert typed_numbers(f"One.\n\n{folded}") == [(7, "0.5")]


@pytest.mark.parametrize(
    "text",
    [
        "The noise has $\\sigma = 0.3$ and 10,000 points, in 3 of 5 draws.",
        "$$\na = 0.5\n$$",
        "Set `rate=0.01`, or ``rate=0.02``.",
        "```python\nrate = 0.01\n```",
        "```{code-cell} python\nrate = 0.01\n```",
        "```{math}\na = 0.5\n```",
        "It is {glue:text}`gd.fit.a:.3f` {cite:p}`bottou2018optimization`, {doc}`1.5`.",
        "See [the page](https://example.org/1.5) or https://example.org/2.5 for it.",
        ":::{table} What was printed\n:class: published\n\n| a |\n|---|\n| 0.5 |\n:::",
        "Version 1.2.3 and a chapter.quantity.",
    ],
)
def test_what_may_hold_decimals_is_left_alone(text):
    assert typed_numbers(HEAD + text) == []


def cell(body, options=""):
    return f"```{{code-cell}} python\n{options}{body}\n```\n"


FIGURE = "---\nmystnb:\n  image: {alt: a curve that falls from the left to the right}\n"
FIGURE += "  figure: {name: fig-x, caption: It falls.}\n---\n"


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (long_cells, cell("\n".join("a = 1" for _ in range(10))), cell("\n" + "a = 1\n" * 11)),
        (neighbouring_cells, cell("1") + "\nProse.\n\n" + cell("2"), cell("1") + "\n" + cell("2")),
        (
            bare_figures,
            cell("plt.subplots()", FIGURE),
            cell("plt.subplots()", FIGURE.replace("a curve that falls from", "from")),
        ),
        (bare_figures, cell("1 + 1"), cell("plt.subplots()", FIGURE.replace("fig-x", "x"))),
        (
            bare_figures,
            cell("plt.show()", "---\ntags: [remove-output]\n---\n"),
            cell("plt.subplots()", FIGURE.replace("caption: It falls.", "align: left")),
        ),
        (
            bare_figures,
            cell("FitALine(x, y)", FIGURE),
            cell("Scrubber(x, y)", FIGURE.replace("fig-x", "x")),
        ),
        (bare_figures, cell("film_x(alt=alt)", FIGURE), cell("film_x(run)", FIGURE)),
        (bare_figures, cell("plt.show()", FIGURE), cell('plt.show()\nreport("a.b", 1)', FIGURE)),
        (
            uncited_or_unknown,
            cell('report("a.b", x)') + "\n{glue:text}`a.b:.2f` {glue:text}`a.b.first`",
            cell('report("a.b", x)') + "\n{glue:text}`a.c:.2f`",
        ),
    ],
)
def test_a_breach_of_style_is_found(check, good, bad):
    assert check(HEAD + good) == []
    assert len(check(HEAD + bad)) == 1


def test_a_picture_without_any_option_lacks_three_things():
    assert len(bare_figures(HEAD + cell("plt.subplots()"))) == 3


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("a.b: {rtol: 1e-4, why: x}", "write a number such as"),
        ("a.b: {rtol: -1.0, why: x}", "write a number such as"),
        ("a.b: {rtol: 1.0e-4}", "needs a why"),
        ("a.b: {atol: 1.0e-9}", "needs a why"),
        ("a.b: {rtol: 1.0e-4, why: sums of 10,000 terms}", "only rtol, atol and why"),
        ("a.c: {rtol: 1.0e-4, why: x}", "no such quantity"),
    ],
)
def test_a_bad_tolerance_is_found(entry, complaint):
    text = HEAD.replace("1.0e-6}\n", f"1.0e-6}}\n  {entry}\n") + cell('report("a.b", 1)')
    (found,) = bad_tolerances(text)
    assert complaint in found
    good = HEAD.replace("1.0e-6}\n", "1.0e-6}\n  a.b: {rtol: 1.0e-4, why: x}\n")
    assert bad_tolerances(good + cell('report("a.b", 1)')) == []


def test_a_missing_default_is_found():
    assert bad_tolerances(HEAD.replace("default", "other"))[0] == "no default tolerance"


def test_the_chapters_that_compute_on_a_gpu_are_those_that_the_book_names():
    there = {
        page.relative_to(ROOT / "book").with_suffix("").as_posix()
        for page in CHAPTERS
        if re.search(r"\bdevice = devices\.prepare\(\)", page.read_text("utf-8"))
    }
    text = (ROOT / "book" / "reproducibility.md").read_text("utf-8")
    (sentence,) = re.findall(r"chapters compute on it:(.+?)\.\n", text, re.DOTALL)
    assert set(re.findall(r"{doc}`(.+?)`", sentence)) == there
    (sentence,) = re.findall(
        r"the chapters (.+) compute on it:", (ROOT / "README.md").read_text("utf-8")
    )
    assert set(sentence.split(" and ")) == {name.rpartition("/")[2] for name in there}
