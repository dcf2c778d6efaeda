"""What is a chapter, what of it is not executed, and what is said of one that cannot be read."""

import json
import os
import pickle
import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import ValidationError

from nbtolerance.book import find_chapters, read_chapter
from nbtolerance.bookconfig import BookConfig
from nbtolerance.chapter import ChapterFault, chapter_from
from nbtolerance.refresh import ensure_executed
from nbtolerance.settings import SettingsError, load_settings
from nbtolerance.status import status
from tests.nbtolerance.conftest import FRONT

CELL = "```{code-cell} python\nprint(1)\n```\n"
GOOD = f"{FRONT}---\n# A\n\n{CELL}"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 99))


@pytest.fixture
def written(tmp_path):
    """A function that writes a page of a book and finds what there is."""
    (tmp_path / "book").mkdir()

    def write(text, name="a.md"):
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return find_chapters(load_settings(tmp_path))

    write.root = tmp_path
    return write


def fronted(front):
    return f"{FRONT}{front}\n---\n# A\n\n{CELL}"


@pytest.mark.parametrize(
    ("front", "line", "said"),
    [
        ("tolerance:\n\tdefault: {}", 5, "indent with spaces, not with tabs"),
        ("title: Part 1: the start", 4, "a text that holds a colon needs quotes"),
        ("a: [1, 2\nb: 3", 5, "parsing a flow sequence that begins in line 4"),
        ("a: 'x\nb: 3", 5, "scanning a quoted scalar that begins in line 4"),
        ("a: !mine 1", 4, "the tag '!mine' is not one that is read"),
        ("a: !!python/object/apply:os.system [ls]", 4, "'!!python/object/apply:os.system'"),
        ("a: *b", 4, "found undefined alias 'b'"),
        ("a: 1\nb: 2\na: 3", 6, "a is given twice, the first time in line 4"),
        ("tolerance:\n  x: {rtol: 0.0}\n  x: {rtol: 0.0}", 6, "tolerance.x is given twice"),
        ("1: a", 4, "a key must be a text, in quotes, got 1"),
        ("a: {on: 1}", 4, "a key must be a text, in quotes, got True"),
        ("? [a]\n: b", 4, "a key must be a text, in quotes, got a table or list"),
        ("<<: {a: 1}", 4, "tables cannot be merged"),
        ("a: !!int x", 4, "'x' cannot be read as int"),
        (f"a: {'9' * 5000}", 4, "cannot be read as int"),
        ('a: "\\ud800"', 4, "cannot be read as str"),
        ("a: \x07", 4, "the character '\\x07' is not allowed"),
        (f"a: {'[' * 60}{']' * 60}", 4, "nested more than 50 deep"),
        ("a: &a [*a]", 4, "nested more than 50 deep"),
        (f"a: {'[' * 9000}", 2, "nested too deeply"),
        (BOMB, 2, "more than 10,000 values, aliases counted in"),
        (f"a: {'x' * 100_000}", 2, "characters are more than 100,000"),
        ("tags: 5", 4, "tags must be a list of texts, got 5"),
        ("tags: [a, 5]", 4, "tags must be a list of texts, got ['a', 5]"),
        ("jupytext: 5", 4, "jupytext must be a table, got 5"),
        ("jupytext: {text_representation: 5}", 4, "text_representation must be a table, got 5"),
        ("language_info: python", 4, "language_info is not a notebook's: 'python' is not of type"),
        ("authors: me", 4, "authors is not a notebook's: 'me' is not of type 'array'"),
        ("widgets: {}", 4, "widgets must be left out"),
        ("mystnb: 5", 4, "mystnb must be a table, got 5"),
        ("mystnb:\n  execution_mode: never", 5, "one of off, auto, force, cache, inline"),
        ("mystnb: {execution_mode: 0}", 4, "got 0"),
        ("mystnb: {execution_timeout: 1.5}", 4, "a whole number of seconds"),
        ("mystnb: {execution_timeout: true}", 4, "a whole number of seconds"),
        (f"mystnb: {{execution_timeout: {10**9}}}", 4, "from 1 to 31,536,000"),
        ("mystnb: {execution_allow_errors: 1}", 4, "true or false, got 1"),
        ("tolerance: 5", 4, "tolerance must be a table of names, got 5"),
        ("x: default\ntolerance:\n  default: {rtol: 1e-6}", 6, "must be a number (1.0e-6)"),
        (f"tolerance: {{a: {{rtol: {10**400}}}}}", 4, "rtol must be finite and >= 0"),
    ],
)
def test_a_front_matter_that_cannot_be_read_is_a_fault(written, front, line, said):
    # The oracle for the lines is a person's count: the first line of `front` is the file's fourth.
    (fault,) = written(fronted(front)).faults
    assert (fault.line, fault.name) == (line, "a")
    assert said in str(fault)
    assert str(fault).startswith(f"{written.root}/book/a.md:{line}: ")
    assert "\n" not in str(fault)


def test_a_kernelspec_is_a_table_with_a_name(written):
    for value, said in [("python3", "got 'python3'"), ("{display_name: x}", "got None")]:
        text = GOOD.replace("{name: python3}", value)
        (fault,) = written(text).faults
        assert fault.line == 3
        assert said in fault.message


def test_a_bomb_of_aliases_is_refused_before_it_grows(written):
    (fault,) = written(fronted(BOMB)).faults
    assert "10,000" in fault.message


def test_a_front_matter_that_is_not_closed_is_a_fault(written):
    (fault,) = written(f"{FRONT}# A\n\n{CELL}").faults
    assert str(fault).endswith(
        "a.md:1: the front matter that begins here has no line --- at its end"
    )


@pytest.mark.parametrize(
    ("cell", "line", "said"),
    [
        (":tags: 5", 8, "tags must be a list of texts, got 5"),
        (":tags: [hide-input", 8, "the options of the cell cannot be read"),
        (":name: a\n:tags: [x", 9, "the options of the cell cannot be read"),
        ("---\nname: a\ntags: {}\nname: b\n---", 11, "name is given twice"),
        (":name: [a]", 8, "name must be a text, got ['a']"),
        (":name: 5", 8, "name must be a text, got 5"),
        (":tags: [a, a]", 8, "tags is not a notebook's: ['a', 'a'] has non-unique elements"),
        (":jupyter: 5", 8, "jupyter is not a notebook's: 5 is not of type 'object'"),
        (":mystnb: 5", 8, "mystnb must be a table, got 5"),
        (":mystnb: {figure: 5}", 8, "mystnb.figure must be a table, got 5"),
        (":5: a", 8, "a key must be a text, in quotes, got 5"),
        (":load: missing.py", 8, "missing.py"),
        (":load: 5", 8, "load must be a text, got 5"),
        (":only-a-word", 8, "must be `:key: value`, got 'only-a-word'"),
        (":name: ''", 8, "name is not a notebook's: '' does not match"),
        (":tags:", 8, "tags is not a notebook's: None is not of type 'array'"),
        (":tags: ['a,b']\n:mystnb: {}", 8, "tags.0 is not a notebook's: 'a,b' does not match"),
        (f":a: &a [1]\n:b: {'[*a,' * 20}", 9, "the options of the cell cannot be read"),
    ],
)
def test_cell_options_that_cannot_be_read_are_a_fault(written, cell, line, said):
    text = f"{FRONT}---\n# A\n\n```{{code-cell}} python\n{cell}\nprint(1)\n```\n"
    (fault,) = written(text).faults
    assert said in fault.message
    assert fault.line == (line if "load: m" not in cell else fault.line)


@pytest.mark.parametrize(
    "options",
    [
        *("a: 2024-13-45", "a: [2024-2-30T10:00:00]", "tags: [2024-01-31]"),
        *(
            "a: =",
            "a: [x, =]",
            "a: [=, x]",
            "a: {b: =}",
            "{a: {=: =}}",
            "a: &x =",
            "a:\n  =",
            "a:\n- =",
        ),
    ],
)
def test_what_mystnb_reads_as_no_text_is_its_to_refuse(written, options):
    text = f"{FRONT}---\n# A\n\n```{{code-cell}} python\n---\n{options}\n---\n1\n```\n"
    with pytest.raises((ValueError, ValidationError, yaml.YAMLError)) as refused:
        read_myst_markdown_notebook(text)
    (fault,) = written(text).faults
    assert fault.message == " ".join(str(refused.value).split())


def test_options_that_are_given_twice_have_the_lines_of_each(written):
    cell = "```{code-cell} python\n:tags: [a]\n:name:\n:  - b\n```\n"
    first, later = f"{FRONT}---\n{cell}", f"{FRONT}---\n# A\n\n{CELL}\n{cell}"
    assert [fault.line for fault in written(first).faults] == [7]
    assert [fault.line for fault in written(later).faults] == [13]
    twice = cell.replace(":  - b", ":tags: [b]")
    for text, line in ((first, 6), (later, 12)):
        (fault,) = written(text.replace(cell, twice)).faults
        assert fault.line == line + 2
        assert f"tags is given twice, the first time in line {line}" in fault.message


@pytest.mark.parametrize("deepest", [CELL, "```\n```\n"])
def test_directives_that_are_nested_without_end_are_a_fault(written, deepest):
    inner = deepest
    for size in range(4, 30):
        inner = f"{'`' * size}{{note}}\n{inner}{'`' * size}\n"
    (fault,) = written(f"{FRONT}---\n{inner}").faults
    assert str(fault).endswith("a.md:25: what stands here is nested more than 20 deep")
    assert written(f"{FRONT}---\n{'> ' * 9000}\n{'- ' * 9000}\n\n{CELL}").chapters


@pytest.mark.parametrize("end", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
def test_what_ends_a_line_for_mystnb_alone_is_a_fault(written, end):
    assert len(f"a{end}b".splitlines()) == 2  # the oracle: Python, which MyST-NB asks
    (fault,) = written(GOOD.replace("# A", f"# A{end}B")).faults
    assert f":5: MyST-NB would end a line at {end!a}: write" in str(fault)


@pytest.mark.parametrize("mark", ['+++ {"tags": 5}', "+++ {", "+++ 5"])
def test_the_metadata_of_prose_is_read_too(written, mark):
    (fault,) = written(f"{FRONT}---\n# A\n\n{mark}\n\nprose\n").faults
    assert fault.line == 7


def test_a_date_is_a_text_and_can_be_stored(written):
    # Oracle: the JSON module, which knows no dates.
    found = written(fronted("date: 2024-05-01\nrun: {at: 2024-13-45}"))
    (chapter,) = found.chapters
    assert json.loads(json.dumps(chapter.notebook))["metadata"]["date"] == "2024-05-01"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(
            b"file_format: mystnb", b"jupytext: {text_representation: {format_name: myst}}"
        ),
    ],
)
def test_a_byte_order_mark_and_other_line_ends_are_read(written, change):
    plain = written(GOOD).chapters[0]
    (chapter,) = written(change(GOOD.encode())).chapters
    assert chapter.code == plain.code
    assert [cell.line for cell in chapter.cells] == [7]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (GOOD.replace("# A", "# Ä").encode("latin-1"), 5, "the byte 0xc4 at offset 58"),
        (GOOD.encode("utf-16"), 1, "the byte 0xff at offset 0: it looks like UTF-16"),
        (GOOD.encode("utf-16-le"), 1, "the byte 0x00 at offset 1: it looks like UTF-16"),
        (GOOD.encode("utf-32-be"), 1, "the byte 0x00 at offset 0"),
    ],
)
def test_another_encoding_is_named(written, data, line, said):
    (fault,) = written(data).faults
    assert fault.line == line
    assert f"must be UTF-8, got {said}" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Prose\n\nwith ```code-cell``` in it\n",
        "---\ntitle: Part 1: the start\n---\n# Prose\n",
        "---\ntags: 5\n---\n# Prose\n",
        "---\n\n# After a rule\n",
        "# Prose\n".encode("utf-16"),
        "# Größe\n".encode("latin-1"),
        f"---\n{BOMB}---\n# Prose\n",
        f"# How to\n\n````markdown\n{GOOD}````\n",
        f"# How to\n\n````{{code-block}} markdown\n{GOOD}````\n",
        f"---\ntitle: jupytext\n---\n# How to\n\n~~~\n{CELL}~~~\n",
    ],
)
def test_what_holds_no_code_and_is_no_notebook_is_no_chapter(written, text):
    found = written(text)
    assert (found.chapters, found.faults, found.unchecked) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"# A\n\n{CELL}", 3),
        (f"---\ntitle: A\n---\n# A\n\n{CELL}", 6),
        (f"---\nfile_format: MystNB\n---\n\n{CELL}", 5),
        (f"\n{GOOD}", 8),
        (f"---\n- a\n---\n\n{CELL}", 5),
        (f"# A\n\n~~~{{code-cell}} python\n1\n~~~\n\n{CELL}", 3),
    ],
)
def test_code_without_a_notebooks_front_matter_is_named(written, text, line):
    found = written(text)
    assert (found.chapters, found.faults) == ([], [])
    assert [(page.line, page.name) for page in found.unchecked] == [(line, "a")]
    assert "no front matter with file_format: mystnb" in str(found.unchecked[0])


NESTED = f"""{FRONT}---
# A

{CELL}
````{{tab-set}}
```{{tab-item}} one
:sync: a
~~~{{code-cell}} python
print(2)
~~~
```
````

- in a list

  {CELL.replace(chr(10), chr(10) + "  ")}
> ```{{code-cell}}
> print(4)
> ```

```{{code-block}} markdown
~~~{{code-cell}}
~~~
```

:::{{note}}
{CELL}:::

{CELL}"""


def test_nested_code_cells_are_named_by_line(written):
    # Oracle: the lines of the text on which a fence of a code cell stands, counted here.
    fences = [n for n, x in enumerate(NESTED.splitlines(), 1) if re.match(r"\W*\{code-cell", x)]
    top, tab, listed, quoted, _, note, last = fences
    (written.root / "_config.yml").write_text("title: A\n")  # Jupyter Book turns ::: on
    found = written(NESTED)
    assert [cell.line for cell in found.chapters[0].cells] == [top, last]
    assert [one.line for one in found.unchecked] == [tab, listed, quoted, note]
    assert all("is not executed" in str(one) for one in found.unchecked)
    (written.root / "_config.yml").unlink()  # without it, ::: is prose, and the cell below it runs
    assert [cell.line for cell in written(NESTED).chapters[0].cells] == [top, note, last]


def test_a_fence_of_colons_is_executed_by_nobody(written):
    (written.root / "_config.yml").write_text("title: A\n")
    found = written(f"{GOOD}\n:::{{code-cell}} python\nprint(2)\n:::\n")
    assert [one.line for one in found.unchecked] == [11]


@pytest.mark.parametrize(
    ("front", "timeout", "allow_errors"),
    [
        ("mystnb: {execution_timeout: 7, execution_allow_errors: true}", 7, True),
        ("mystnb: {execution_mode: force, code_prompt_show: x}", None, False),
        ("mystnb:", None, False),
        ("", None, False),
    ],
)
def test_a_page_says_how_it_is_executed(written, front, timeout, allow_errors):
    (chapter,) = written(fronted(front)).chapters
    assert (chapter.page.timeout, chapter.page.allow_errors) == (timeout, allow_errors)
    assert chapter.page.execute


@pytest.mark.parametrize("value", ["off", '"off"', "false"])
def test_a_page_that_is_switched_off_is_named_and_is_no_orphan(written, value):
    found = written(fronted(f"mystnb:\n  execution_mode: {value}"))
    assert (found.chapters, found.names) == ([], {"a"})
    assert [chapter.name for chapter in found.off] == ["a"]
    assert "a.md:5: not checked: its front matter says mystnb.execution_mode: off" in str(
        found.unchecked[0]
    )


def test_a_page_that_the_book_excludes_is_named(written):
    config = "execute: {exclude_patterns: ['part/*', '*cluster*'], allow_errors: true}\n"
    (written.root / "book" / "_config.yml").write_text(config)
    written(GOOD, "needs-cluster.md")
    written(GOOD, "part/one.md")
    found = written(GOOD, "two.md")
    assert [chapter.name for chapter in found.chapters] == ["two"]
    assert found.chapters[0].page.allow_errors
    assert [page.name for page in found.unchecked] == ["needs-cluster", "part/one"]
    assert "exclude_patterns have '*cluster*'" in str(found.unchecked[0])


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (
            "mystnb: {execution_mode: inline}",
            "execution_mode is ignored: it is executed as a whole",
        ),
        (
            "mystnb: {execution_timeout: -1}",
            "execution_timeout is ignored: a cell has a time limit",
        ),
        (
            "mystnb: {execution_in_temp: true}",
            "execution_in_temp is ignored: a chapter runs in its",
        ),
    ],
)
def test_what_a_page_says_in_vain_is_said_to_be_ignored(written, front, said):
    (line,) = written(fronted(front)).ignored
    assert f"a.md:4: mystnb.{said}" in line


def test_one_fault_keeps_no_other_chapter_from_being_found(written):
    written(GOOD, "z.md")
    written(fronted("tags: 5"), "b.md")
    found = written(GOOD, "a.md")
    assert [chapter.name for chapter in found.chapters] == ["a", "z"]
    assert [fault.name for fault in found.faults] == ["b"]
    assert found.names == {"a", "b", "z"}


def test_hidden_built_and_installed_folders_are_not_looked_into(written):
    store = "_build/executed"
    for folder in (".hidden", "_build/html/_sources", "part/node_modules/x", "env/lib", "conda"):
        written(GOOD, f"{folder}/other.md")
    (written.root / "book/env/pyvenv.cfg").touch()
    (written.root / "book/conda/conda-meta").mkdir()
    written(GOOD, ".a.md")
    (written.root / "pyproject.toml").write_text(f'[tool.nbtolerance]\nstore = "book/{store}/x"\n')
    found = written(GOOD, "_drafts/one.md")
    assert [chapter.name for chapter in found.chapters] == ["_drafts/one"]
    settings = load_settings(written.root)
    assert find_chapters(settings, [written.root / "book/_drafts/one.md"]).names == {"_drafts/one"}
    for file in written.root.glob("book/**/other.md"):
        for asked in (file, file.parent):
            assert find_chapters(settings, [asked]).names == set()


def test_the_store_in_the_book_is_not_looked_into(written):
    (written.root / "pyproject.toml").write_text('[tool.nbtolerance]\nstore = "book/runs"\n')
    written(GOOD, "runs/one.md")
    assert written(GOOD).names == {"a"}


def test_links_are_followed_and_name_the_chapter_and_loops_end(written):
    common = written.root / "common"
    common.mkdir()
    (common / "inner.md").write_text(GOOD)
    book = written.root / "book"
    os.symlink("../common/inner.md", book / "linked.md")
    os.symlink("../common", book / "folder")
    os.symlink("../book", common / "back")
    os.symlink("missing.md", book / "dangling.md")
    found = written(GOOD)
    assert [chapter.name for chapter in found.chapters] == ["a", "folder/inner", "linked"]
    assert [str(fault) for fault in found.faults] == [
        f"{book}/dangling.md:1: cannot be read: No such file or directory"
    ]
    os.symlink(written.root, written.root.parent / "checkout")
    try:
        other = written.root.parent / "checkout" / "book"
        reached = find_chapters(load_settings(other.parent), [other / "linked.md", other / "a.md"])
        assert [chapter.path for chapter in reached.chapters] == [book / "a.md", book / "linked.md"]
    finally:
        (written.root.parent / "checkout").unlink()


def test_what_is_no_file_is_left_alone(written):
    os.mkfifo(written.root / "book" / "pipe.md")  # reading it would wait for ever
    written(GOOD, "folder.md/inner.md")
    assert written(GOOD).names == {"a", "folder.md/inner"}


def test_a_book_that_is_not_there_names_the_setting(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.nbtolerance]\nbook = "chapters"\n')
    said = "pyproject.toml: tool.nbtolerance.book must be a folder, got 'chapters'"
    with pytest.raises(SettingsError, match=re.escape(said)):
        find_chapters(load_settings(tmp_path))


def test_a_fault_can_be_sent_to_another_process():
    fault = ChapterFault("a.md", "a", 3, "is wrong")
    assert str(pickle.loads(pickle.dumps(fault))) == "a.md:3: is wrong"


def test_the_tags_of_a_page_may_be_a_text(written):
    (chapter,) = written(fronted("tags: needs-gpu, other")).chapters
    assert chapter.tags == ["needs-gpu", "other"]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
KEYS = st.text(max_size=5) | st.integers() | st.booleans() | st.none()
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)
FIELDS = (
    *("tags", "kernelspec", "language_info", "jupytext", "mystnb", "tolerance", "widgets"),
    *("title", "authors", "source_map"),
)
INNER = (
    *("name", "display_name", "text_representation", "format_name", "figure", "load", "tags"),
    *("execution_mode", "execution_timeout", "execution_allow_errors", "mystnb", "jupyter"),
    *("default", "rtol", "atol", "scale", "why"),
)
TABLES = st.dictionaries(st.sampled_from(INNER), VALUES, max_size=3)


@given(fields=st.dictionaries(st.sampled_from(FIELDS), VALUES | TABLES, max_size=3))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(fields={"mystnb": {"execution_timeout": 10**400}})
def test_any_front_matter_is_a_chapter_or_a_fault(tmp_path, fields):
    # The oracle: nothing but the one kind of error, and what is read can be kept as JSON.
    dumped = yaml.safe_dump(fields, allow_unicode=True) if fields else ""
    judge(f"{FRONT}{dumped}---\n# A\n\n{CELL}", tmp_path)


@given(options=st.dictionaries(st.sampled_from(INNER), VALUES | TABLES, min_size=1, max_size=3))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_cell_options_are_a_chapter_or_a_fault(tmp_path, options):
    dumped = yaml.safe_dump(options, allow_unicode=True)
    judge(f"{FRONT}---\n# A\n\n````{{code-cell}}\n---\n{dumped}---\nprint(1)\n````\n", tmp_path)


@given(front=st.text())
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_in_the_front_matter_is_a_chapter_or_a_fault(tmp_path, front):
    judge(f"{FRONT}{front}\n---\n# A\n\n{CELL}", tmp_path)


def judge(text, root):
    settings = load_settings(root)
    path = settings.book_path / "a.md"
    try:
        chapter = chapter_from(text, path, settings)
    except ChapterFault as error:
        fault = error
    else:
        fault = None
    if fault:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert "\n" not in str(fault)
    else:
        json.dumps(chapter.notebook, sort_keys=True, ensure_ascii=False).encode("utf8")
        assert all(isinstance(tag, str) for tag in chapter.tags)
        assert isinstance(chapter.notebook.metadata["kernelspec"]["name"], str)
        assert {type(cell.name) for cell in chapter.cells} <= {str}


# Whatever stands next to whatever: a fence may swallow what follows, a list too.
PIECES = (
    *(
        "prose",
        "    indented",
        "",
        "\n\n",
        "a\n===",
        "---",
        "> quoted",
        "- item",
        "  ",
        "% comment",
    ),
    *("| a |\n|---|\n| b |", "<div>", "<!--", "-->", "$$", "(label)=", "{.class}", ": definition"),
    *("```{code-cell}", "```{code-cell} python", "~~~{code-cell}", "  ```{code-cell}", "```"),
    *("````{note}", "````", "~~~", ":::{note}", ":::", "```python", "```{code-cells}"),
    *(":tags: [hide-input]", ":tags: []", " :name: a", ":mystnb: {figure: {name: b}}", ":x: 2024"),
    *("---\ntags: [x]\n---", "---\n  name: c", "----", "print(1)", "  1", "\t1", "x = '\\0'"),
    *("```{raw-cell}", "+++", '+++ {"tags": ["a"]}', "\\begin{align}", "\\end{align}"),
)
BLOCKS = ["colon_fence", "dollarmath", "amsmath", "deflist", "fieldlist", "attrs_block", "tasklist"]


@example(pieces=["```{code-cell}", "  ", "print(1)", "```"], extensions=set())  # a blank line
@given(pieces=st.lists(st.sampled_from(PIECES)), extensions=st.sets(st.sampled_from(BLOCKS)))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=500)
def test_the_notebook_of_a_page_is_mystnbs(tmp_path, pieces, extensions):
    text = f"{FRONT}---\n" + "\n".join(pieces)
    config = BookConfig(extensions=tuple(extensions))
    settings = replace(load_settings(tmp_path), config=config)
    oracle = MdParserConfig(enable_extensions=extensions)
    try:
        got = chapter_from(text, settings.book_path / "a.md", settings).notebook
    except ChapterFault:  # of options such as MyST-NB takes, and of those that it does not
        return
    assert without_ids(got) == without_ids(
        read_myst_markdown_notebook(text, oracle, add_source_map=True)
    )


def without_ids(notebook):
    """What a page gives for its cells: all but their ids, which are random."""
    cells = [{key: value for key, value in cell.items() if key != "id"} for cell in notebook.cells]
    return cells, notebook.metadata["source_map"]


@given(data=st.binary() | st.text().map(str.encode))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(data=b"---\nfile_format: mystnb\n")
@example(data=b"---\n---\n" + CELL.encode())
def test_any_file_is_found_or_a_fault(tmp_path, data):
    file = tmp_path / "book" / "a.md"
    file.parent.mkdir(exist_ok=True)
    for start in (b"", b"---\nfile_format: mystnb\n---\n", CELL.encode()):
        file.write_bytes(start + data)
        found = find_chapters(load_settings(tmp_path))
        assert len(found.chapters) + len(found.faults) <= 1


def test_a_chapter_is_read_from_its_file(written):
    written(GOOD)
    chapter = read_chapter(written.root / "book" / "a.md", load_settings(written.root))
    assert (chapter.name, chapter.cells[0].source) == ("a", "print(1)")


def test_a_pages_time_limit_and_its_errors_are_honoured_and_withdrawn(book):
    path = book.chapter("one", "1 / 0", "print('after')", front=PAGE)
    slow = book.chapter("slow", "import time; time.sleep(20)", front=LIMIT)
    settings = load_settings(book.root)
    results = ensure_executed(find_chapters(settings).chapters, settings, report=lambda line: None)
    error, after = results["one"].code_cells
    assert error.outputs[0].ename == "ZeroDivisionError"
    assert after.outputs[0].text == "after\n"
    assert "took longer than the 1 s a cell may take" in str(results["slow"])
    slow.unlink()
    path.write_text(path.read_text().replace(PAGE, ""))
    (chapter,) = find_chapters(settings).chapters
    assert status(chapter, settings).changed == ["marks"]


PAGE = "mystnb: {execution_allow_errors: true}\n"
LIMIT = "mystnb: {execution_timeout: 1}\n"
