"""`--nbtolerance-ipynb`: a change of the result fails by its cause, drift of layout passes."""

import base64
import io
import json
import warnings

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image, ImageDraw


def result(text, **forms):
    data = {"text/plain": text, **{name.replace("_", "/"): value for name, value in forms.items()}}
    return new_output("execute_result", data, execution_count=1)


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def raised(ename, evalue):
    return new_output("error", ename=ename, evalue=evalue, traceback=[])


def picture(size=(400, 300), shape="line"):
    """A PNG such as a plot is: a frame with something in it, in a margin."""
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((50, 40, 350, 260), outline="black", width=2)
    if shape == "line":
        draw.line((50, 260, 350, 40), fill="blue", width=3)
    else:
        draw.rectangle((50, 40, 200, 260), fill="black")
    file = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def shown(png, text="<Figure size 400x300 with 1 Axes>"):
    return new_output("display_data", {"image/png": png, "text/plain": text})


class Notebook:
    """Writes one notebook, and checks it as a person would."""

    def __init__(self, pytester):
        self.pytester = pytester
        pytester.makepyprojecttoml("[tool.nbtolerance]\ntimeout = 60\n")

    def write(self, *cells, name="old", **metadata):
        """Write cells, each a source and its stored outputs."""
        code = [
            new_code_cell(source, outputs=outputs, execution_count=number)
            for number, (source, *outputs) in enumerate(cells, start=1)
        ]
        spec = {"name": "python3", "display_name": "Python 3"}
        notebook = new_notebook(cells=code, metadata={"kernelspec": spec, **metadata})
        path = self.pytester.path / f"{name}.ipynb"
        with warnings.catch_warnings(action="ignore"):
            nbformat.write(notebook, path)
        return path

    def check(self, *options):
        return self.pytester.runpytest("--nbval", "--nbtolerance-ipynb", "old.ipynb", *options)

    def outcomes(self, *cells, **metadata):
        """Write and check a notebook; returns what became of each cell."""
        self.write(*cells, **metadata)
        self.check()
        rows = json.loads((self.pytester.path / "_build" / "check.json").read_text())
        return [row["outcome"] for row in rows]


@pytest.fixture
def notebook(pytester):
    return Notebook(pytester)


SHOW = """
from IPython.display import display
def show(**forms):
    display({name.replace("_", "/"): value for name, value in forms.items()}, raw=True)
"""


VIEWED = "application/vnd.jupyter.widget-view+json"
VIEW = (
    "from IPython.display import display\n"
    f"display({{{{{VIEWED!r}: {{{{'model_id': '{{}}'}}}}}}}}, raw=True)"
)


DRIFT = {
    "a number within the tolerance": ("1 / 3", result("0.33333333333333337")),
    "a NumPy scalar": ("import numpy as np; np.float64(1.5)", result("1.5")),
    "a NumPy string": ("import numpy as np; np.str_('a')", result("'a'")),
    "a NumPy array": ("import numpy as np; np.ones(2)", result("array([ 1.,  1.])")),
    "an address": ("print(object())", printed("<object object at 0x7f11>\n")),
    "a path": (
        "print('/a/lib/python3/site-packages/numpy/core.py')",
        printed("C:\\envs\\x/site-packages/numpy/core.py\n"),
    ),
    "a warning": (
        "import warnings; warnings.warn('mind the gap')\n1",
        printed("/old/lib.py:3: FutureWarning: something else\n  old()\n", "stderr"),
        result("1"),
    ),
    "a warning that is new": ("import warnings; warnings.warn('mind')\n1", result("1")),
    "a progress bar": (
        "import sys; print('100%|####| 9/9 [00:01<00:00, 9.1it/s]', file=sys.stderr)\n2",
        printed("100%|█████| 9/9 [00:07<00:00, 1.3it/s]\n", "stderr"),
        result("2"),
    ),
    "a timing": (
        "%timeit -n 1 -r 1 pass",
        printed("The slowest run took 9 times longer\n10 loops, best of 3: 28 ms per loop\n"),
    ),
    "a time": (
        "%%time\nprint('done')",
        printed("done\nCPU times: user 3 s, sys: 1 s, total: 4 s\nWall time: 4.03 s\n"),
    ),
    "a second form": (
        "class A:\n    __repr__ = lambda self: 'A()'\n    _repr_html_ = lambda self: '<b>A'\nA()",
        result("A()"),
    ),
    "a formula's setting": (
        SHOW + r"show(text_latex='$\\displaystyle O(x)\\ 2$', text_plain='O(x)')",
        new_output(
            "display_data",
            {
                "text/latex": "$$\\mathcal{O}(x)\\quad 2$$",
                "text/plain": "O",
                "image/png": picture(),
            },
        ),
    ),
    "an axes' name": (
        SHOW + f"show(image_png={picture()!r}, text_plain='<Figure size 400x300>')\n"
        "class Axes:\n    def __repr__(self): return '<Axes: title=1>'\nAxes()",
        shown(picture()),
        result("<matplotlib.axes._subplots.AxesSubplot at 0x7f>"),
    ),
    "a semicolon before a comment": ("'x';  # not shown", result("'x'")),
    "a picture's size": (
        SHOW + f"show(image_png={picture()!r}, text_plain='<Figure size 400x300>')",
        shown(picture((600, 450))),
    ),
    "an expected error": ("1 / 0", raised("ZeroDivisionError", "division by zero")),
    "the words of an error": (
        "import json; json.loads('{')",
        raised("JSONDecodeError", "Expect x"),
    ),
    "the defaults of an estimator": (
        "class A:\n    __repr__ = lambda self: 'A(c=1.0)'\nA()",
        result("A(b=[0, None],\n  c=1.0)"),
    ),
    "the repr of an array on a device": (
        "print('tensor([1., 2.])')",
        printed("tensor([1., 2.], device='cuda:0')\n"),
    ),
    "a device": ("print('on cpu')", printed("on cuda:0\n")),
    "a version": ("'with 2.1.0'", result("'with 1.18.1rc2'")),
    "what is asked of the environment": (
        "import sys\nprint('running', sys.version)",
        printed("running 2.7 (default, Dec 1900)\n[GCC 4]\n"),
    ),
    "a widget": (VIEW.format("ab"), new_output("display_data", {VIEWED: {"model_id": "cd"}})),
    "what an earlier widget says": (
        VIEW.format("ab"),
        result("A Jupyter Widget", text_html="<p>Failed to display Jupyter Widget of type"),
    ),
}
OUTCOMES = {
    "a picture's size": "picture, not compared closely",
    "the repr of an array on a device": "environment",
    "a device": "environment",
    "a version": "environment",
    "what is asked of the environment": "environment",
    "a widget": "not compared",
    "what an earlier widget says": "not compared",
}


LOOKED_AT = "picture, not compared closely"


def test_drift_of_layout_passes(notebook):
    outcomes = notebook.outcomes(*DRIFT.values())
    passed = dict.fromkeys(DRIFT, "passed") | OUTCOMES
    assert dict(zip(DRIFT, outcomes, strict=True)) == passed


def test_a_picture_laid_out_otherwise_is_no_failure_and_does_not_count_as_passed(notebook):
    plot = "import numpy as np; import matplotlib.pyplot as plt\nx = np.linspace(0, 9)\n"
    same, scaled = "plt.plot(x, np.sin(x));", "plt.plot(x, 100 * np.sin(x));"
    runs = [(plot + same, shown(curve())), (same, shown(curve(dpi=72))), (scaled, shown(curve()))]
    assert notebook.outcomes(*runs) == ["passed", LOOKED_AT, LOOKED_AT]


def curve(**how):
    """What Matplotlib draws of sin(x), without its data."""
    x = np.linspace(0, 9)
    figure = Figure()
    figure.subplots().plot(x, np.sin(x))
    file = io.BytesIO()
    figure.savefig(file, bbox_inches="tight", **how)
    return base64.b64encode(file.getvalue()).decode()


CHANGED = {
    "a number": (("1 / 3", result("0.3334")), "value"),
    "an integer": (("print('n =', 3)", printed("n = 4\n")), "value"),
    "a number in an array": (
        ("import numpy as np; np.ones(2)", result("array([1., 1.1])")),
        "value",
    ),
    "a truth": (("True", result("False")), "value"),
    "the number of numbers": (("print(1, 2)", printed("1 2 3\n")), "value"),
    "a shape": (("[[1, 2]]", result("[1, 2]")), "layout"),
    "a type": (("3.0", result("3")), "layout"),
    "words": (("print('converged')", printed("diverged\n")), "words"),
    "an output that is gone": (("1;", printed("hello\n")), "words"),
    "an output that is new": (("print('hello')",), "words"),
    "a log": (
        ("import sys; print('loss: bad', file=sys.stderr)", printed("loss: good\n", "stderr")),
        "words",
    ),
    "words beside a timing": (("%%time\nprint('a')", printed("b\nWall time: 4 s\n")), "words"),
    "a time that no magic printed": (
        ("print('Wall time: 3 s')", printed("Wall time: 4 s\n")),
        "value",
    ),
    "a picture": (
        (SHOW + f"show(image_png={picture()!r})", shown(picture(shape="bar"))),
        "picture",
    ),
    "a picture that is gone": ((SHOW + "show(text_plain='<Figure>')", shown(picture())), "picture"),
    "the text of a drawn value": (
        (SHOW + f"show(image_png={picture()!r}, text_plain='x + y')", shown(picture(), "x + z")),
        "words",
    ),
    "the numbers beside an artist": (
        (
            SHOW + f"show(image_png={picture()!r})\n"
            "class Bars:\n    def __repr__(self): return '<BarContainer object of 2 artists>'\n"
            "([1.0, 2.0], Bars())",
            shown(picture()),
            result("([1.0, 2.5], <a list of 2 Patch objects>)"),
        ),
        "value",
    ),
    "a formula": (
        (SHOW + "show(text_latex='$x^2$')", new_output("display_data", {"text/latex": "$$x^3$$"})),
        "value",
    ),
    "an error": (("1 / 0",), "error"),
    "an error that is gone": (("1", raised("ValueError", "no")), "words"),
    "another error": (("int('x')", raised("ZeroDivisionError", "no")), "error"),
    "a package": (("import no_such_package",), "missing device or package"),
    "a file": (("open('no-such-file')",), "missing device or package"),
    "what the notebook itself says of an error": (
        ("raise ValueError('no')", raised("ValueError", "yes")),
        "words",
    ),
    "a number in the words of an error": (
        ("'{1}'.format(0)", raised("IndexError", "Replacement index 2 out of range")),
        "value",
    ),
    "a parameter of an estimator": (
        ("class A:\n    __repr__ = lambda self: 'A(c=1.0)'\nA()", result("A(b=0, c=2.0)")),
        "value",
    ),
    "a number beside a device": (
        ("print('loss 0.5 on cpu')", printed("loss 0.4 on cuda:0\n")),
        "missing device or package",
    ),
    "what asks for a GPU": (
        ("num_gpus = 0\nnum_gpus", result("2")),
        "missing device or package",
    ),
    "what asserts that there is a GPU": (
        ("cuda = False\nassert cuda",),
        "missing device or package",
    ),
    "a program": (("!nvidia-smi-of-1900", printed("GPU 0\n")), "missing device or package"),
    "a number beside a version": (
        ("print('2.1.0', 0.5)", printed("1.18.1 0.4\n")),
        "value",
    ),
    "a computed number beside what is asked of the environment": (
        ("import sys\nx = 1\nprint(sys.version_info[0], x)", printed("3 2\n")),
        "value",
    ),
    "a type of output that nothing compares": (
        (
            "from IPython.display import display\ndisplay({'x/y': '1'}, raw=True)",
            new_output("display_data", {"x/y": "1"}),
        ),
        "unknown",
    ),
}


def test_a_change_fails_by_its_cause(notebook):
    outcomes = notebook.outcomes(*(cell for cell, _ in CHANGED.values()))
    causes = {name: cause for name, (_, cause) in CHANGED.items()}
    assert dict(zip(CHANGED, outcomes, strict=True)) == causes


def test_what_an_earlier_failure_breaks_is_a_cascade(notebook):
    outcomes = notebook.outcomes(
        ("import no_such_package as p\nx = 1",),
        ("y = x + 1",),
        ("y", result("2")),
        ("z = 5\nz", result("5")),
        ("z", result("6")),
    )
    missing, cascade = "missing device or package", "cascade from an earlier cell"
    assert outcomes == [missing, cascade, cascade, "passed", "value"]


def test_what_was_done_before_the_error_is_no_cascade(notebook):
    outcomes = notebook.outcomes(("x = 1\n1 / 0\ny = 2",), ("x", result("3")), ("y", result("2")))
    assert outcomes == ["error", "value", "cascade from an earlier cell"]


def test_a_changed_value_reaches_what_is_computed_from_it(notebook):
    outcomes = notebook.outcomes(
        ("x = 2",), ("x", result("1")), ("y = x + 1\ny", result("2")), ("x = 5\nx", result("5"))
    )
    assert outcomes == ["passed", "value", "cascade from an earlier cell", "passed"]


def test_a_picture_of_a_changed_value_does_not_pass_by_its_looks(notebook):
    draw = SHOW + f"def plot(x): show(image_png={picture()!r})"
    outcomes = notebook.outcomes(
        (draw,),
        ("x = 2\nx", result("1")),
        ("plot(x)", shown(picture())),
        ("plot(7)", shown(picture())),
    )
    assert outcomes == ["passed", "value", "cascade from an earlier cell", "passed"]


def test_a_name_missing_after_a_failed_star_import_is_a_cascade(notebook):
    outcomes = notebook.outcomes(("from no_such_package import *",), ("f(1)", result("1")))
    assert outcomes == ["missing device or package", "cascade from an earlier cell"]


def test_cells_that_were_never_run_are_counted_apart(notebook):
    path = notebook.write(("print(1)", printed("1\n")), ("x = 1",), ("answer + 1",))
    stored = nbformat.read(path, as_version=4)
    for cell in stored.cells[1:]:
        cell.execution_count = None
    nbformat.write(stored, path)
    ran = notebook.check()
    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(
        [
            "*cell 2 was never run when it was stored, and raises NameError: name 'answer' is *",
            "*stored notebooks*",
            "     1  passed",
            "     1  never run",
            "     1  never run, and raises",
        ]
    )


def test_markers_keep_their_meaning(notebook):
    notebook.write(
        ("# NBVAL_IGNORE_OUTPUT\n1", result("2")),
        ("# NBVAL_SKIP\n1 / 0",),
        ("# NBVAL_IGNORE_OUTPUT\n1 / 0",),
        ("# NBVAL_RAISES_EXCEPTION\n1 / 0", raised("ZeroDivisionError", "division by zero")),
    )
    ran = notebook.check()
    ran.assert_outcomes(passed=2, skipped=1, failed=1)
    ran.stdout.fnmatch_lines(["marked so that it is not run (1 cell)"])
    ran.stdout.fnmatch_lines(["     1  passed", "     1  ignored", "     1  error"])


def test_lax_compares_only_what_is_marked(notebook):
    notebook.write(("1", result("2")), ("# NBVAL_CHECK_OUTPUT\n1", result("2")))
    ran = notebook.pytester.runpytest("--nbval-lax", "--nbtolerance-ipynb", "old.ipynb")
    ran.assert_outcomes(passed=1, failed=1)


def test_the_tolerance_is_in_the_metadata(notebook):
    table = {"default": {"rtol": 0.01, "why": "for the test"}}
    assert notebook.outcomes(("1 / 3", result("0.334")), tolerance=table) == ["passed"]
    assert notebook.outcomes(("1 / 3", result("0.334"))) == ["value"]


def test_a_named_cells_tolerance_holds_for_what_it_prints(notebook):
    table = {"mc.estimate": {"rtol": 0.05, "why": "a Monte Carlo estimate"}}
    path = notebook.write(("print('pi:', 3.1)", printed("pi: 3.14\n")), tolerance=table)
    notebook.check().assert_outcomes(failed=1)
    stored = nbformat.read(path, as_version=4)
    stored.cells[0].metadata["name"] = "mc.estimate"
    nbformat.write(stored, path)
    notebook.check().assert_outcomes(passed=1)
    stored.cells[0].source = "print('pi:', 4.0)"
    nbformat.write(stored, path)
    ran = notebook.check()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        ["*rtol 0.05*by old.ipynb: tolerance.mc.estimate", "*to allow more: tolerance.mc.estimate*"]
    )


def test_a_wrong_tolerance_is_named(notebook):
    notebook.write(("1", result("1")), tolerance={"default": {"rtol": "1e-6"}})
    ran = notebook.check()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*old.ipynb:1: tolerance.default.rtol must be a number*"])


@pytest.mark.parametrize("text", ["", "{no json", "[1]", '{"nbformat": 4, "cells": 5}'])
def test_what_is_no_notebook_is_one_sentence_and_stops_no_other(notebook, text):
    notebook.write(("1", result("1")))
    (notebook.pytester.path / "bad.ipynb").write_text(text)
    ran = notebook.check("bad.ipynb")
    ran.assert_outcomes(passed=1, failed=1)
    ran.stdout.fnmatch_lines(["*bad.ipynb:1: is no notebook that nbformat can read: *"])
    ran.stdout.no_fnmatch_line("*Traceback*")


def test_an_output_that_is_none_is_named(notebook):
    broken = new_output("display_data", {"image/png": "no base64!"})
    notebook.write(("1", broken), ("2", result("2")))
    ran = notebook.check()
    ran.assert_outcomes(passed=1, failed=1)
    ran.stdout.fnmatch_lines(
        ["*image/picture: a picture or video must be base64, got 'no base64!'*"]
    )


def test_sanitize_files_are_applied(notebook):
    notebook.write(("print('at 10:30')", printed("at 11:45\n")))
    notebook.pytester.makefile(".cfg", sanitize="regex: \\d+:\\d+\nreplace: TIME\n")
    notebook.check("--nbval-sanitize-with=sanitize.cfg").assert_outcomes(passed=1)


def test_a_failure_says_what_differs_and_shows_the_cell(notebook):
    notebook.write(("x = 2.5\nx", result("2.0")))
    ran = notebook.check()
    ran.stdout.fnmatch_lines(
        [
            "*old.ipynb: cell 0 differs from what is stored [[]value[]]",
            "*expected 2.0, got 2.5, difference 0.5*",
            "*allowed: rtol 1e-06, atol 0*by the built-in default",
            "*to allow more: a name in the cell's metadata*",
            "    x = 2.5",
        ]
    )


def test_the_summary_counts_outcomes_and_what_was_left_out(notebook):
    warning = "import warnings; warnings.warn('x')"
    notebook.write(("1", result("1")), (warning,), ("1", result("2")), ("print('a')",))
    ran = notebook.check()
    ran.assert_outcomes(passed=2, failed=2)
    ran.stdout.fnmatch_lines(
        [
            "     2  passed",
            "     1  value",
            "     1  words",
            "     1  had warnings, which are not compared",
        ]
    )


def test_nothing_is_kept_in_the_store(notebook):
    notebook.outcomes(("1", result("1")))
    assert not (notebook.pytester.path / "_build" / "executed").exists()


def test_a_dead_kernel_is_named(notebook):
    dead = "import os; os._exit(1)"
    outcomes = notebook.outcomes(("1", result("1")), (dead,), ("2", result("2")))
    assert outcomes == ["passed", "error", "not run"]


def test_a_cell_that_was_not_run_passes_in_no_selection(notebook):
    notebook.write(("x = 1",), ("import os; os._exit(1)",), ("3", result("3")))
    alone = notebook.check("--deselect", "old.ipynb::Cell 1")
    alone.assert_outcomes(passed=1, skipped=1, deselected=1)
    assert alone.ret == pytest.ExitCode.TESTS_FAILED
    alone.stdout.fnmatch_lines(["tests were skipped on account of old.ipynb::Cell 1, which *"])
    notebook.check().assert_outcomes(passed=1, failed=1, skipped=1)


def test_a_kernel_that_is_not_installed_is_missing(notebook):
    spec = {"name": "no-such-kernel", "display_name": "none"}
    notebook.write(("1", result("1")), kernelspec=spec)
    ran = notebook.check()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*needs the kernel 'no-such-kernel'*--nbval-current-env"])
    notebook.check("--nbval-current-env").assert_outcomes(passed=1)


def collected(result):
    return [line for line in result.outlines if "::" in line]


def test_without_the_option_notebooks_are_left_to_nbval(notebook):
    notebook.write(("1 / 3", result("0.33333333333333337")), ("2", result("2")))
    run = notebook.pytester.runpytest
    ours = run("--nbval", "--collect-only", "-q", "old.ipynb")
    plain = run("--nbval", "--collect-only", "-q", "old.ipynb", "-p", "no:nbtolerance")
    assert collected(ours) == collected(plain) == ["old.ipynb::Cell 0", "old.ipynb::Cell 1"]
    run("--nbval", "old.ipynb").assert_outcomes(passed=1, failed=1)
    run("--nbval", "-p", "no:nbtolerance", "old.ipynb").assert_outcomes(passed=1, failed=1)


def test_with_the_option_exactly_one_collects_each_notebook(notebook):
    notebook.write(("1", result("1")), ("2", result("2")))
    found = notebook.check("--collect-only", "-q")
    assert collected(found) == ["old.ipynb::Cell 0", "old.ipynb::Cell 1"]
    notebook.pytester.makepyfile("def test_it(): pass")
    notebook.pytester.runpytest("--nbval", "--nbtolerance-ipynb").assert_outcomes(passed=3)


def test_the_option_alone_is_an_error(notebook):
    ran = notebook.pytester.runpytest("--nbtolerance-ipynb")
    ran.stderr.fnmatch_lines(["*--nbtolerance-ipynb takes part in --nbval: give both"])


def test_two_numbers_that_no_float_can_hold_are_not_equal(notebook):
    path = notebook.write(("1", result("1", **{"application/json": 1})))
    text = path.read_text()
    path.write_text(text.replace('"application/json": 1', '"application/json": 1e400'))
    assert path.read_text() != text
    ran = notebook.check()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*old.ipynb:1: *a number must be one that a float can hold*'1e400'*"])
