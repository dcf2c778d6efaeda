"""Settings: what they may say, and the one kind of error for all that they may not."""

import json
import os
import re

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from nbtolerance.machine import CPU, Device
from nbtolerance.settings import RULES, STORE, Settings, SettingsError, load_settings


@pytest.fixture
def book(tmp_path, monkeypatch):
    """The root of a book, and functions that write its settings and read them."""
    monkeypatch.delenv(STORE, raising=False)
    (tmp_path / "book").mkdir()
    return tmp_path


def load(root, table):
    (root / "pyproject.toml").write_text(f"[tool.nbtolerance]\n{table}\n")
    return load_settings(root)


def test_an_empty_table_means_the_defaults(book):
    assert load(book, "") == Settings(book)
    assert Settings(book).timeout == 600


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("time_out = 5", "time_out is unknown; known are book, references, store, device"),
        (
            'timeout = "5"',
            "timeout must be a whole number of seconds, from 1 to 31,536,000",
        ),
        ("timeout = 0", "timeout must be a whole number of seconds, from 1 to 31,536,000, got 0"),
        ("timeout = -1", "from 1 to 31,536,000, got -1"),
        ("timeout = true", "from 1 to 31,536,000, got True"),
        ("timeout = 1.5", "from 1 to 31,536,000, got 1.5"),
        ("timeout = 31536001", "from 1 to 31,536,000, got 31536001"),
        ("workers = -3", "workers must be a whole number, from 0 to 1,000, got -3"),
        ("workers = false", "from 0 to 1,000, got False"),
        ("workers = 1001", "from 0 to 1,000, got 1001"),
        ("book = 5", "book must be a folder's name, got 5"),
        ('book = ""', "book must be a folder's name, got ''"),
        ('book = "a\\u0000b"', "book must be a folder's name, got 'a\\x00b'"),
        ('book = "/elsewhere"', "book must be a folder below"),
        ('book = "../elsewhere"', "got '../elsewhere'"),
        ('references = "../elsewhere"', "references must be a folder below"),
        ('references = "."', "references must be a folder that does not hold the book, got '.'"),
        ('references = "book"', "references must be a folder that does not hold the book"),
        ('store = "."', "store must be a folder that does not hold the book, got '.'"),
        ('store = "book"', "store must be a folder that does not hold the book, got 'book'"),
        ('store = "tests"', "store must be a folder apart from the references, got 'tests'"),
        ('store = "tests/reference"', "apart from the references"),
        ('store = "tests/reference/cpu"', "apart from the references, got 'tests/reference/cpu'"),
        ('store = "/"', "store must be a folder that does not hold the book, got '/'"),
        ('store = "link"', "store must not be a symbolic link, got 'link'"),
        ("device = 5", '"module:function" or "file.py:function", got 5'),
        ('device = "module"', '"module:function" or "file.py:function", got \'module\''),
        ('device = "a.b:c:d"', 'device must be "module:function"'),
    ],
)
def test_a_value_that_breaks_its_rule_is_named(book, table, said):
    os.symlink("book", book / "link")
    with pytest.raises(SettingsError) as raised:
        load(book, table)
    assert str(raised.value).startswith(f"{book}/pyproject.toml: tool.nbtolerance.")
    assert said in str(raised.value)


def test_a_store_may_lie_in_the_book_or_elsewhere_but_not_hold_the_home_folder(book, monkeypatch):
    assert load(book, 'store = "book/runs"').store_path == book / "book" / "runs"
    assert load(book, 'store = "/elsewhere/runs"').store_path.as_posix() == "/elsewhere/runs"
    monkeypatch.setenv("HOME", str(book.parent / "homes" / "me"))
    for store in ("../homes", "../homes/me"):
        with pytest.raises(SettingsError, match="does not hold the home folder"):
            load(book, f'store = "{store}"')


def test_the_variable_overrides_the_store_and_is_checked_as_it_is(book, monkeypatch):
    monkeypatch.setenv(STORE, "runs")
    assert load(book, "").store_path == book / "runs"
    monkeypatch.setenv(STORE, str(book))
    said = f"the environment variable {STORE} must be a folder that does not hold the book, got "
    with pytest.raises(SettingsError, match=f"^{re.escape(said)}"):
        load(book, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.nbtolerance\n", "pyproject.toml:1: is not TOML: Expected ']'"),
        ("\n[tool.nbtolerance]\nbook = \n", "pyproject.toml:3: is not TOML: Invalid value"),
        ("[tool.nbtolerance]\nbook = 'a'\nbook = 'b'\n", "pyproject.toml:3: is not TOML"),
        ("tool = 5\n[x]\n", None),
        ("[tool]\nnbtolerance = 5\n", "tool.nbtolerance must be a table, got 5"),
        (f"a = {'[' * 5000}", "pyproject.toml cannot be read: maximum recursion depth"),
        (b"[tool.nbtolerance]\nbook = '\xff'\n", "pyproject.toml cannot be read: 'utf-8' codec"),
        ("\ufeff[tool.nbtolerance]\n", "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(book, text, said):
    data = text if isinstance(text, bytes) else text.encode()
    (book / "pyproject.toml").write_bytes(data)
    if said is None:  # another program's, and no table of ours
        assert load_settings(book) == Settings(book)
        return
    with pytest.raises(SettingsError) as raised:
        load_settings(book)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "but ModuleNotFoundError: No module named 'a_device'"),
        ("x = 1 +", "but SyntaxError"),
        ("import missing_package", "but ModuleNotFoundError: No module named 'missing_package'"),
        ("", "but AttributeError: module 'a_device' has no attribute 'describe'"),
        ("describe = 5", "but TypeError: 'int' object is not callable"),
        ("def describe(): raise RuntimeError('no\\ndriver')", "but RuntimeError: no driver"),
        ("def describe(): raise SystemExit('bye')", "but SystemExit: bye"),
        ("def describe(): return None", "it must return {'kind': …, 'name': …}, got None"),
        ("def describe(): return {}", "it must return {'kind': …, 'name': …}, got {}"),
        ("def describe(): return {'kind': 'cpu'}", "got {'kind': 'cpu'}"),
        ("def describe(): return {'kind': 'cpu', 'name': 'x', 'memory': 1}", "'memory': 1}"),
        ("def describe(): return {'kind': '../../etc', 'name': 'x'}", "got '../../etc'"),
        ("def describe(): return {'kind': 'CPU', 'name': 'x'}", "got 'CPU'"),
        ("def describe(): return {'kind': 5, 'name': 'x'}", "got 5"),
        ("def describe(): return {'kind': 'cpu', 'name': None}", "name must be a text, got None"),
    ],
)
def test_a_device_function_that_does_not_do_is_named(book, monkeypatch, body, said):
    monkeypatch.syspath_prepend(book)
    monkeypatch.delitem(__import__("sys").modules, "a_device", raising=False)
    if body is not None:
        (book / "a_device.py").write_text(body)
    settings = load(book, 'device = "a_device:describe"')
    with pytest.raises(SettingsError) as raised:
        settings.describe_device()
    place = f"{book}/pyproject.toml: tool.nbtolerance.device = 'a_device:describe'"
    assert str(raised.value).startswith(place)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_device_function_of_a_file_is_asked_without_its_package(book):
    folder = book / "my-tools"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "cards.py").write_text("""
n = 0
def describe():
    global n
    n += 1
    return {"kind": f"gpu{n}", "name": ""}
""")
    settings = load(book, 'device = "my-tools/cards.py:describe"')
    kinds = [settings.describe_device().kind for _ in range(2)]
    assert kinds == ["gpu1", "gpu2"]  # run once: what it keeps in its own variables stays
    missing = load(book, 'device = "my-tools/cards.py:other"')
    with pytest.raises(SettingsError, match="has no attribute 'other'"):
        missing.describe_device()
    with pytest.raises(SettingsError, match=r"FileNotFoundError.*gone\.py"):
        load(book, 'device = "gone.py:describe"').describe_device()


def test_a_device_function_is_asked(book, monkeypatch):
    monkeypatch.syspath_prepend(book)
    monkeypatch.delitem(__import__("sys").modules, "a_device", raising=False)
    (book / "a_device.py").write_text("def describe(): return {'kind': 'cuda-12', 'name': 'H100'}")
    assert load(book, 'device = "a_device:describe"').describe_device() == Device("cuda-12", "H100")
    assert load(book, "").describe_device() == CPU


def configured(root, text, name="_config.yml", folder="book"):
    (root / folder / name).write_text(text)
    return load(root, "").config


@pytest.mark.parametrize("folder", [".", "book"])
def test_jupyter_books_settings_are_read(book, folder):
    config = configured(
        book,
        "execute:\n  execute_notebooks: off\n  exclude_patterns: ['a/*']\n  allow_errors: true\n"
        "sphinx: {config: {nb_execution_timeout: 77}}\n",
        folder=folder,
    )
    assert config.exclude_patterns == ("a/*",)
    assert config.allow_errors
    assert config.timeout == 77
    assert "colon_fence" in config.extensions  # which Jupyter Book turns on


def test_sphinxs_settings_are_read_as_far_as_they_are_written_out(book):
    config = configured(
        book,
        "import os\nnb_execution_timeout = int(os.environ['T'])\nnb_execution_allow_errors = True\n"
        "nb_execution_excludepatterns = ('a', 'b')\nmyst_enable_extensions = ['deflist']\n",
        "conf.py",
        ".",
    )
    assert (config.timeout, config.allow_errors) == (None, True)
    assert (config.exclude_patterns, config.extensions) == (("a", "b"), ("deflist",))
    (line,) = config.ignored
    assert "conf.py: nb_execution_timeout is ignored, but by the build: it is not written" in line


def test_the_nearer_limit_of_time_holds(book):
    (book / "_config.yml").write_text("execute: {timeout: 77}\n")
    assert load(book, "timeout = 5").timeout == 5
    assert load(book, "").timeout == 77
    (book / "_config.yml").write_text("execute: {timeout: -1, run_in_temp: true}\n")
    settings = load(book, "")
    assert settings.timeout == 600
    assert [line.partition("yml: ")[2] for line in settings.config.ignored] == [
        "execute.timeout is ignored: a cell always has a time limit",
        "execute.run_in_temp is ignored: a chapter runs in its own folder",
    ]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("execute: {timeout: long}", "_config.yml", "execute.timeout must be a whole number"),
        ("execute: {timeout: true}", "_config.yml", "execute.timeout must be a whole number"),
        (f"execute: {{timeout: {10**400}}}", "_config.yml", "from 1 to 31,536,000"),
        (
            "execute: {exclude_patterns: a}",
            "_config.yml",
            "exclude_patterns must be a list",
        ),
        ("execute: {exclude_patterns: [.]}", "_config.yml", "execute.exclude_patterns must be"),
        ("execute: {allow_errors: 1}", "_config.yml", "allow_errors must be true or false, got 1"),
        ("a:\n\tb: 1", "_config.yml", "_config.yml:2: found character '\\t'"),
        ("a: 2024-13-45", "_config.yml", "_config.yml cannot be read: month must be"),
        ("a: !!bool x", "_config.yml", "_config.yml cannot be read"),
        (f"a: {'[' * 9000}", "_config.yml", "_config.yml cannot be read: maximum recursion"),
        ("nb_execution_timeout = 'long'", "conf.py", "nb_execution_timeout must be a whole"),
        ("myst_enable_extensions = 'a'", "conf.py", "myst_enable_extensions must be a list"),
        ("x = 1\ny = (", "conf.py", "conf.py:2: '(' was never closed"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named(book, text, name, said):
    with pytest.raises(SettingsError, match=re.escape(said)):
        configured(book, text, name)


VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
)


@given(table=st.dictionaries(st.sampled_from([*RULES, "other"]), VALUES, max_size=3))
@example(table={"book": "x" * 5000})
@example(table={"store": "../" * 50})
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_table_is_settings_or_an_error(tmp_path, table):
    # The oracle: nothing but the one kind of error, which is one line and names the file.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    judge(tmp_path, "[tool.nbtolerance]\n" + "\n".join(lines))


@given(text=st.text())
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_settings_or_an_error(tmp_path, text):
    judge(tmp_path, "[tool.nbtolerance]\n" + text)


def judge(root, text):
    (root / "pyproject.toml").write_text(text, "utf8")
    error = None
    try:
        assert load_settings(root).root == root
    except SettingsError as raised:
        error = raised
    assert error is None or re.fullmatch(r".*pyproject\.toml.*", str(error))
