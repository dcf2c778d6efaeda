"""That a mutation run can be trusted: oracles are small sources whose mutants are plain to see."""

import argparse
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from cosmic_ray import work_item

from tests.mutants import __main__ as program
from tests.mutants import noting
from tests.mutants.baseline import Baseline, parse_lines, parse_tests
from tests.mutants.mutants import (
    Mutant,
    is_kept,
    is_no_operator,
    lines_of_refusals,
    lines_together,
    make_mutants,
)
from tests.mutants.serving import serving
from tests.mutants.table import Excuse, complaints, excused, read_table

HERE = Path(__file__).parent
CONFIGURATION = program.settings_of("learning")
SURVIVED = work_item.TestOutcome.SURVIVED
KEEP = CONFIGURATION.sub("filters", "representative")["keep"]


def mutant(
    becomes="a - b",
    *,
    line="a + b",
    module="m",
    function="f",
    refuses=False,
    chapters=("one",),
    tests=("t.py::test",),
):
    spec = work_item.MutationSpec(Path("m.py"), "core/NumberReplacer", 0, (1, 0), (1, 1))
    return Mutant(module, function, 1, line, becomes, spec, frozenset(), refuses, chapters, tests)


# Which mutants there are.


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A working folder with a library of one module, and the settings that find it."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "m.py").write_text(
        "def f(a, *, b):\n    c = [\n        *a,\n        b * 2,\n    ]\n    return c\n"
    )
    monkeypatch.chdir(tmp_path)
    return CONFIGURATION | {"module-path": "lib", "excluded-modules": []}


def test_mutants_are_made_with_the_chapters_that_execute_them(library):
    used = Baseline("used", 1.0, frozenset({("m.py", 3)}))  # a line of the statement, not its own
    unused = Baseline("unused", 2.0, frozenset({("m.py", 1), ("m.py", 6)}))
    made = [
        mutant.tried_by([used, unused]) for mutant in make_mutants(type(CONFIGURATION)(library))
    ]
    assert [(m.line, m.becomes, m.function) for m in made] == [
        ("b * 2,", "b / 2,", "f"),
        ("b * 2,", "b * 3,", "f"),
        ("b * 2,", "b * 1,", "f"),
    ]
    assert {m.chapters for m in made} == {("used",)}
    much = Baseline("much", 1.5, used.lines | {("m.py", 1)})  # twice the lines in less than twice
    (mutant, *_) = made
    assert mutant.tried_by([used, much]).chapters == ("much", "used")
    assert mutant.tried_by([], [unused, used]).tests == ("used",)


def test_the_source_is_as_it_was(library):
    before = Path("lib/m.py").read_bytes()
    make_mutants(type(CONFIGURATION)(library))
    assert Path("lib/m.py").read_bytes() == before


@pytest.mark.parametrize(
    ("operator", "kept"),
    [
        ("core/NumberReplacer", True),
        ("core/ReplaceBinaryOperator_Mul_Div", True),
        ("core/ReplaceBinaryOperator_Mul_Add", False),
        ("core/ReplaceBinaryOperator_BitOr_Add", False),
        ("core/ReplaceComparisonOperator_Lt_LtE", True),
        ("core/ReplaceComparisonOperator_Lt_Eq", False),
        ("core/ReplaceTrueWithFalse", True),
        ("core/ExceptionReplacer", False),
        ("core/RemoveDecorator", False),
    ],
)
def test_the_operators_are_a_representative_part(operator, kept):
    assert is_kept(operator, KEEP) == kept


@pytest.mark.parametrize(
    ("source", "column", "none"),
    [("f(a, *b)", 5, True), ("a = b * c", 6, False), ("(*a, b)", 1, True), ("(a) * b", 4, False)],
)
def test_a_star_without_a_left_side_is_no_operator(source, column, none):
    place = (1, column), (1, column + 1)
    spec = work_item.MutationSpec(Path("m.py"), "core/ReplaceBinaryOperator_Mul_Div", 0, *place)
    assert is_no_operator(source, spec) == none


def test_lines_belong_to_the_innermost_statement_or_its_header():
    source = "@d\ndef f(\n    a,\n):\n    if (\n        a\n    ):\n        b = [\n"
    source += "            1\n        ]\n"
    together = lines_together(source)
    assert together[3] == {1, 2, 3, 4}
    assert together[6] == {5, 6, 7}
    assert together[9] == {8, 9, 10}


def test_a_refusal_is_a_condition_that_only_raises():
    source = "if (\n    a\n    < 0\n):\n    m = 1\n    raise E(m)\nif a:\n    a = 1\n"
    source += "if b:\n    raise E\nelse:\n    b = 1\n"
    assert lines_of_refusals(source) == {2, 3}


# What the judges execute.


def test_the_tracer_notes_each_line_that_is_executed(tmp_path):
    (tmp_path / "m.py").write_text("def f(a):\n    if a:\n        return 1\n    return 2\n")
    code = "import sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]; import sitecustomize\n"
    code += "sitecustomize.note_lines(sys.argv[2] + '/', sys.argv[3]); import m; m.f(0); m.f(0)"
    log = tmp_path / "log"
    arguments = [str(HERE / "trace"), str(tmp_path), str(log)]
    subprocess.run([sys.executable, "-S", "-c", code, *arguments], check=True)
    seen = parse_lines(log.read_text(), f"{tmp_path}/")
    assert {line for _, line in seen if line} == {1, 2, 4}
    assert {file for file, _ in seen} == {"m.py"}


def test_a_test_is_noted_with_its_time_its_lines_and_those_of_importing_its_module(pytester):
    library = pytester.mkdir("library")
    (library / "m.py").write_text("A = 1\ndef f(a):\n    if a:\n        return 1\n    return 2\n")
    (library / "n.py").write_text("B = 1\n")
    pytester.makepyfile("""
        import pytest, sys; sys.path.append("library"); import m, n
        @pytest.mark.parametrize("a", [0, 1])
        def test_f(a): m.f(a)
        def test_nothing(): pass
    """)
    log = pytester.path / "log"
    plugins = [noting.Noting(library, log)]
    pytester.inline_run("-p", "no:hypothesispytest", "-p", "no:anyio", plugins=plugins)
    f, nothing = parse_tests(log.read_text())
    assert f.judge.endswith("::test_f")
    assert f.lines == {("m.py", line) for line in (1, 2, 3, 4, 5)}
    assert 0 < f.seconds < 60
    assert not nothing.lines


# The table.

EXCUSE = Excuse("m", "a + b", frozenset({"a - b", "b + a"}), "a reason")


def test_an_excuse_covers_its_changes_of_its_line():
    assert excused(mutant("a - b"), [EXCUSE]) is EXCUSE
    assert excused(mutant("a * b"), [EXCUSE]) is None
    assert excused(mutant("a - b", line="a +  b"), [EXCUSE]) is None
    assert excused(mutant("a - b", module="n"), [EXCUSE]) is None


def test_an_excuse_without_a_mutant_is_complained_of():
    (complaint,) = complaints([EXCUSE], [mutant("a - b")])
    assert "b + a" in complaint
    assert list(complaints([EXCUSE], [mutant("a - b"), mutant("b + a")])) == []


@pytest.mark.parametrize("library", program.LIBRARIES)
def test_the_committed_table_is_of_mutants_that_there_are(library, monkeypatch):
    monkeypatch.chdir(HERE.parents[1])
    table = read_table(program.table_of(library))
    lines: dict[str, str] = {}  # all mutants would take a minute
    for excuse in table:
        lines[f"{excuse.module}.py"] = f"{lines.get(f'{excuse.module}.py', '')}\n{excuse.line}"
    assert list(complaints(table, make_mutants(program.settings_of(library), lines))) == []
    assert all(excuse.reason for excuse in table)


# Judging, selecting and reporting.


SECONDS = {"one": 2.0, "two": 3.0, "three": 50.0, "t.py::test": 0.1, "t.py::test_2": 0.1}


@pytest.fixture
def asked(monkeypatch):
    """What was asked with a mutant, each with its limit; nothing notices it but `noticed_by`.

    It is in the place of the process that tests, and of commands.
    """

    class Asked(list):
        noticed_by = "nothing"

        def passes(self, tests, limit):
            self.append((" ".join(tests), limit))
            return self.noticed_by not in " ".join(tests)

    def try_it(specs, command, limit):
        passed = asked.passes([command], limit)
        outcome = SURVIVED if passed else work_item.TestOutcome.KILLED
        return work_item.WorkResult(work_item.WorkerOutcome.NORMAL, "", outcome)

    asked = Asked()
    monkeypatch.setattr(program, "mutate_and_test", try_it)
    monkeypatch.setattr(program, "use_mutation", lambda *_: nullcontext())
    return asked


@pytest.mark.parametrize(
    ("noticed_by", "table", "verdict"),
    [
        ("two", [], "killed"),
        ("nothing", [], "survived"),
        ("t.py::test", [], "unit test"),
        ("nothing", [EXCUSE], "equivalent"),
        ("two", [EXCUSE], "killed, though in the table"),
    ],
)
def test_a_mutant_is_judged_by_the_chapters_and_the_table(asked, noticed_by, table, verdict):
    asked.noticed_by = noticed_by
    tried = mutant(chapters=("one", "two"))
    assert program.judge(tried, SECONDS, CONFIGURATION, table, asked) == verdict
    command, limit = asked[0]
    assert command.index("one") < command.index("&&") < command.index("two")
    assert "three" not in command
    assert "t.py" not in command
    assert limit == CONFIGURATION.timeout + 25.0


@pytest.mark.parametrize(("noticed_by", "verdict"), [("t.py", "refusal"), ("nothing", "survived")])
def test_a_refusal_is_judged_by_the_tests_alone(asked, noticed_by, verdict):
    asked.noticed_by = noticed_by
    assert program.judge(mutant(refuses=True), SECONDS, CONFIGURATION, [], asked) == verdict
    ((command, _),) = asked
    assert "--nbval" not in command


def test_the_checker_is_judged_by_its_tests_several_at_once(asked, monkeypatch):
    monkeypatch.setattr(program, "AT_ONCE", 1)
    settings, tests = program.settings_of("nbtolerance"), ("t.py::test", "t.py::test_2")
    tried = mutant(chapters=(), tests=tests)
    assert program.judge(tried, SECONDS, settings, [], asked) == "survived"
    assert [test for test, _ in asked] == ["t.py::test", "t.py::test_2"]
    asked.noticed_by = "t.py::test"
    assert program.judge(tried, SECONDS, settings, [], asked) == "killed"
    assert len(asked) == 3  # the others are not asked then


def test_tests_are_asked_with_the_mutant_in_the_source(library):
    made, *_ = make_mutants(type(CONFIGURATION)(library))

    class Server:
        def passes(self, tests, limit):
            return "b / 2" not in Path("lib/m.py").read_text()

    assert not program._pass(replace(made, tests=("t.py::test",)), Server(), 1.0)
    assert "b * 2" in Path("lib/m.py").read_text()


def test_each_answer_is_of_the_sources_as_they_are_and_within_its_limit(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(HERE.parents[1])]))
    module = tmp_path / "of_a_test.py"
    module.write_text("A = 1\n")
    (tmp_path / "test_a.py").write_text("import of_a_test as m\ndef test_a(): assert m.A == 1\n")
    with serving(tmp_path, ["test_a.py"]) as server:
        assert server.passes(["test_a.py"], 60.0)
        module.write_text("A = 22\n")
        assert not server.passes(["test_a.py"], 60.0)
        module.write_text("while True: pass\n")
        assert not server.passes(["test_a.py"], 0.5)
        module.write_text("A = 1\n")
        assert server.passes(["test_a.py"], 60.0)


@pytest.mark.parametrize("library", program.LIBRARIES)
def test_what_asks_is_one_command(library):
    # A second line would be a command of its own, whose failure every mutant would be blamed for.
    assert "\n" not in program.settings_of(library).get("chapter-command", "")


def test_a_line_that_no_judge_executes_is_not_used():
    assert program.judge(mutant(chapters=()), {}, CONFIGURATION, [], None) == "not used"
    checker = program.settings_of("nbtolerance")
    assert program.judge(mutant(tests=()), {}, checker, [], None) == "not used"


def test_a_mutant_that_cannot_be_tried_is_an_error(monkeypatch):
    failed = work_item.WorkResult(work_item.WorkerOutcome.EXCEPTION, "no such file")
    monkeypatch.setattr(program, "mutate_and_test", lambda *_: failed)
    with pytest.raises(RuntimeError, match="no such file"):
        program.judge(mutant(), {"one": 1.0}, CONFIGURATION, [], None)


def options(names=(), sample=None, seed=0, survivors=False, resume=False):
    chosen = {"sample": sample, "seed": seed, "survivors": survivors, "resume": resume}
    return argparse.Namespace(names=list(names), **chosen)


MADE = [mutant(str(i), module=m, function=f) for i in range(5) for m, f in [("m", "f"), ("n", "g")]]


def test_mutants_are_selected_by_module_or_function():
    assert program.select(MADE, options()) == MADE
    assert {m.module for m in program.select(MADE, options(["n"]))} == {"n"}
    assert program.select(MADE, options(["g"])) == program.select(MADE, options(["n"]))
    with pytest.raises(SystemExit, match="no mutant is in h"):
        program.select(MADE, options(["h"]))


def test_a_sample_is_the_same_for_the_same_seed():
    first, again = (program.select(MADE, options(sample=4)) for _ in range(2))
    assert first == again
    assert len(first) == 4
    assert first != program.select(MADE, options(sample=4, seed=1))


def test_survivors_are_those_of_the_last_time(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "RECORD", tmp_path / "_build" / "mutants.json")
    program._record(MADE, ["killed", "survived"])
    program._record(MADE[2:], ["survived", "not used"])
    assert program.select(MADE, options(survivors=True)) == MADE[1:3]
    assert program.select(MADE, options(resume=True)) == MADE[4:]
    program._record(MADE[1:], ["killed"])
    assert program.select(MADE, options(survivors=True)) == MADE[2:3]
    assert len(json.loads(program.RECORD.read_text())) == 4


def test_the_report_counts_by_module_and_lists_what_is_to_be_mended():
    verdicts = [
        "killed",
        "killed",
        "survived",
        "not used",
        "equivalent",
        "refusal",
        *["killed"] * 4,
    ]
    text = "\n".join(program.report(MADE, verdicts, ["an entry"]))
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line}
    assert rows["m"] == ["3", "1", "1", "0", "0", "0", "75.0%"]
    assert rows["n"] == ["3", "0", "0", "0", "1", "1", "100.0%"]
    assert rows["all"] == ["6", "1", "1", "0", "1", "1", "85.7%"]
    assert "no judge executes n.py: 1" in text
    assert "SURVIVED m.py:1 f\n  - a + b\n  + 1" in text
    assert "IN THE TABLE, BUT an entry" in text
