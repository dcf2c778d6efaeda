"""Every check passes the solution that its chapter publishes, and knows three mistakes by name.

The mistakes are written as a student would write them, and not as the catalogue does.
"""

# ruff: noqa: N803, the letters are those of the chapters

import ast
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch
from myst_nb.core.read import read_myst_markdown_notebook
from scipy.stats import linregress
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from learning.exercises import EXERCISES, Case, Exercise, Mistake, check, judge

BOOK = Path(__file__).parents[2] / "book"
CALL = re.compile(r'^check\("([\w.]+)", (\w+)\)$', re.M)


def published():
    """Find, for each exercise, the chapter's imports and the cell that calls its check."""
    for page in sorted(BOOK.glob("*/*.md")):
        text = page.read_text("utf-8")
        if "check(" not in text or not text.startswith("---\nfile_format: mystnb"):
            continue
        cells = [c.source for c in read_myst_markdown_notebook(text).cells if c.cell_type == "code"]
        for cell in cells:
            for name, function in CALL.findall(cell):
                yield name, (function, cells[: cells.index(cell) + 1])


SOLUTIONS = dict(published())


def solution(name):
    """Run the chapter's imports and the functions of the cell, and nothing else of it."""
    function, cells = SOLUTIONS[name]
    kept = [
        n for c in cells for n in ast.parse(c).body if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    kept += [node for node in ast.parse(cells[-1]).body if isinstance(node, ast.FunctionDef)]
    space = {}
    exec(compile(ast.Module(kept, []), name, "exec"), space)
    return space[function]


def test_every_exercise_is_in_a_chapter_once():
    assert sorted(name for name, _ in published()) == sorted(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_published_solution_is_right(name):
    verdict = check(name, solution(name))
    assert verdict.right, verdict
    assert verdict.words.startswith("Right: tried on ")


def by_autograd(loss, *numbers, which):
    tensors = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]
    return torch.stack(torch.autograd.grad(loss(*tensors), [tensors[i] for i in which]))


# What other libraries answer.
OTHERS = {
    "lines.best_slope": lambda x, y: (
        LinearRegression(fit_intercept=False).fit(x[:, None], y).coef_[0]
    ),
    "mse.noise_variance": lambda x, y: linregress(x, y).stderr ** 2 * ((x - x.mean()) ** 2).sum(),
    "classification.area": lambda scores, y: roc_auc_score(y, scores),
    "gen.leave_one_out": lambda A, y: (
        (cross_val_predict(LinearRegression(fit_intercept=False), A, y, cv=LeaveOneOut()) - y) ** 2
    ).mean(),
    "backprop.by_input": lambda x, W, c, by_h: by_autograd(
        lambda x, W, c, by_h: ((x @ W + c).tanh() * by_h).sum(), x, W, c, by_h, which=[0]
    )[0],
    "cost.gradient": lambda a, b, x, y: by_autograd(
        lambda a, b, x, y: ((a * x + b - y) ** 2).mean(), a, b, x, y, which=[0, 1]
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_another_library_answers_is_right(name):
    assert check(name, OTHERS[name])


def test_the_text_of_each_exercise_says_how_to_call_its_check():
    pages = "\n".join(page.read_text("utf-8") for page in BOOK.glob("*/*.md"))
    texts = [text.partition("\n:::\n")[0] for text in pages.split(":::{exercise}")[1:]]
    for name, (function, _) in SOLUTIONS.items():
        (asked,) = [text for text in texts if f'check("{name}", {function})`' in text]
        assert f"`{function}(" in asked


def k_means_in_a_loop(points, centres, norm):
    own = np.array([norm(points - centre) for centre in centres]).argmin(axis=0)
    return np.array([points[own == k].mean(axis=0) for k in range(len(centres))])


def pairs_of(scores, y):
    return [
        (s, t)
        for s, yes in zip(scores, y, strict=True)
        if yes
        for t, no in zip(scores, y, strict=True)
        if not no
    ]


def best_of_lines(x, y, judged):
    lines = []
    for i, j in combinations(range(len(x)), 2):
        if x[i] != x[j]:
            a = (y[j] - y[i]) / (x[j] - x[i])
            lines.append((a, y[i] - a * x[i]))
    return min(lines, key=lambda line: judged(line[0] * x + line[1] - y))


def sum_of_squares(x, y):
    a, b = np.polyfit(x, y, 1)
    return ((a * x + b - y) ** 2).sum()


def training_residuals(A, y):
    return A @ np.linalg.solve(A.T @ A, A.T @ y) - y


def leverages(A):
    return np.diag(A @ np.linalg.solve(A.T @ A, A.T))


def in_place(a, b, x, y):
    x *= a
    x += b - y
    return np.array([(2 * x * (x - b + y) / a).mean(), 2 * x.mean()])


# For each exercise three plausible wrong functions, and a part of what is said of each.
WRONG = {
    "lines.best_slope": [
        (lambda x, y: np.mean(y / x), "averages the slopes"),
        (lambda x, y: y.sum() / x.sum(), "passes through the mean"),
        (lambda x, y: -(x @ y) / (x @ x), "right up to the sign"),
    ],
    "net.tent": [
        (
            lambda x, left, peak, right: np.clip(
                np.minimum(x - left, right - x) / (peak - left), 0, None
            ),
            "it is right on a tent with the sides one and one, but on a tent that is steep on the",
        ),
        (
            lambda x, left, peak, right: (
                np.maximum(0, x - left) / (peak - left)
                - np.maximum(0, x - peak) * (1 / (peak - left) + 1 / (right - peak))
            ),
            "falls on beyond the right end",
        ),
        (
            lambda x, left, peak, right: np.clip((x - left) / (peak - left), 0, 1),
            "stays at one",
        ),
    ],
    "capacity.stairs_error": [
        (lambda y, k: np.mean([np.var(p) for p in np.split(y, k)]), "the square of what"),
        (lambda y, k: np.sqrt(np.mean((y - y.mean()) ** 2)), "one constant for all pieces"),
        (lambda y, k: sum(p.std() for p in np.split(y, k)) / k, "average before the root"),
    ],
    "mse.noise_variance": [
        (lambda x, y: sum_of_squares(x, y) / len(x), "as if no parameter"),
        (lambda x, y: sum_of_squares(x, y) / (len(x) - 1), "as if one parameter"),
        (lambda x, y: np.sqrt(sum_of_squares(x, y) / (len(x) - 2)), "the root of what"),
    ],
    "losses.least_median_line": [
        (lambda x, y: best_of_lines(x, y, lambda r: (r**2).sum()), "mean of the squares"),
        (lambda x, y: best_of_lines(x, y, lambda r: np.abs(r).max()), "largest square"),
        (
            lambda x, y: best_of_lines(x, y, lambda r: np.median(np.abs(r)))[::-1],
            "in the opposite order",
        ),
    ],
    "classification.area": [
        (lambda scores, y: np.mean([s > t for s, t in pairs_of(scores, y)]), "counts no tie"),
        (lambda scores, y: np.mean([s >= t for s, t in pairs_of(scores, y)]), "a tie in full"),
        (
            lambda scores, y: sum((s > t) + (s == t) / 2 for s, t in pairs_of(scores, y)),
            "does not divide",
        ),
    ],
    "gen.leave_one_out": [
        (lambda A, y: (training_residuals(A, y) ** 2).mean(), "no leverage is in it"),
        (
            lambda A, y: (training_residuals(A, y) ** 2 / (1 - leverages(A))).mean(),
            "and not the residuals",
        ),
        (
            lambda A, y: ((training_residuals(A, y) / (1 - leverages(A))) ** 2).sum(),
            "a sum is in place of a mean",
        ),
    ],
    "gd.best_rate": [
        (lambda H, g: g @ H @ g / (g @ g), "one over the right rate"),
        (lambda H, g: 2 * (g @ g) / (g @ H @ g), "twice what it should be"),
        (lambda H, g: 1 / np.linalg.norm(H, 2), "safe for the steepest axis"),
    ],
    "sgd.weighted_gradient": [
        (lambda g, p, rows: sum(g[i] for i in rows) / len(rows), "the plain mean"),
        (lambda g, p, rows: np.mean(g[rows] / p[rows, None], axis=0), "estimates the sum"),
        (
            lambda g, p, rows: (g[rows] / p[rows, None]).sum(0) / (1 / p[rows]).sum(),
            "so it is biased",
        ),
    ],
    "backprop.by_input": [
        (lambda x, W, c, by_h: by_h.dot(W.T), "the derivative of tanh is not in it"),
        (lambda x, W, c, by_h: by_h / np.cosh(x @ W + c) ** 2 @ W, "the matrix of the way there"),
        (lambda x, W, c, by_h: (by_h - by_h * (x @ W + c) ** 2) @ W.T, "where tanh(s) belongs"),
        (
            lambda x, W, c, by_h: (by_h / np.cosh(x @ W + c) ** 2 @ W.T).sum(axis=0),
            "on five days it returns an array of shape (4,), and should return an array of shape",
        ),
    ],
    "cost.gradient": [
        (in_place, "it changes its argument x"),
        (
            lambda a, b, x, y: np.array([(a * x + b - y) @ x, (a * x + b - y).sum()]) / len(x),
            "half of what",
        ),
        (
            lambda a, b, x, y: [
                2 * np.mean(x * (a * x + b - y)),
                np.mean(a * x + b - y),
            ],
            "without the factor of the first",
        ),
    ],
    "machines.from_pieces": [
        (lambda g, sizes: g.sum(axis=0) / len(g), "each piece say as much"),
        (lambda g, sizes: (g.T * sizes).T.sum(axis=0), "the sum over all points"),
        (lambda g, sizes: np.average(g, axis=1), "should return an array of shape (2,)"),
    ],
    "learners.move_centres": [
        (
            lambda p, c: k_means_in_a_loop(p, c, lambda away: (away**2).sum(axis=1)),
            "but on a centre without points it returns nan",
        ),
        (
            lambda p, c: np.where(
                np.isnan(n := k_means_in_a_loop(p, c, lambda away: np.abs(away).sum(axis=1))), c, n
            ),
            "by absolute differences",
        ),
        (
            lambda p, c: ((p[:, None] - c) ** 2).sum(axis=2).argmin(axis=1),
            "it returns an array of shape (60,)",
        ),
    ],
}


@pytest.mark.parametrize("name", EXERCISES)
def test_three_wrong_answers_are_told_apart(name):
    verdicts = [check(name, wrong) for wrong, _ in WRONG[name]]
    for verdict, (_, said) in zip(verdicts, WRONG[name], strict=True):
        assert not verdict
        assert said in verdict.words
    assert len({verdict.words for verdict in verdicts}) == len(verdicts) >= 3


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_of_the_catalogue_is_known_again(name):
    said = [judge(EXERCISES[name], mistake.answer).words for mistake in EXERCISES[name].mistakes]
    assert said == [f"Not yet: {mistake.words}." for mistake in EXERCISES[name].mistakes]


# The judge itself, on an exercise that everybody can solve.

MEAN = Exercise(
    cases=(
        Case("five numbers", lambda rng: {"x": rng.normal(size=5)}),
        Case("a single number", lambda rng: {"x": rng.normal(size=1)}),
    ),
    oracle=np.mean,
    mistakes=(Mistake("it is the median", np.median),),
)


def changes_its_argument(x):
    x -= x[0]
    return x.mean()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: print(end=""), "on five numbers it returns nothing."),
        (lambda x: x.nothing, "on five numbers it raises AttributeError: 'numpy.ndarray' object"),
        (lambda x, y: 1, "it raises TypeError: "),
        (changes_its_argument, "it changes its argument x, and should leave it as it was."),
        (lambda x: "three", "it returns a str that is no array of real numbers."),
        (lambda x: [x.mean()], "returns an array of shape (1,), and should return one number."),
        (lambda x: sorted(x)[len(x) // 2], "Not yet: it is the median."),
        (np.sum, "n times too large, as a sum is in place of a mean."),
        (lambda x: np.mean(x) / len(x), "n times too small, as a mean is in place of a sum."),
        (lambda x: -np.mean(x), "it is right up to the sign."),
        (lambda x: x.sum() / (len(x) - (len(x) == 1)), "but on a single number it returns"),
        (lambda x: x.mean() + 1, "Not yet: on five numbers it is off by up to 1."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(function, said):
    verdict = judge(MEAN, function)
    assert not verdict
    assert said in repr(verdict)
    assert verdict.words.startswith("Not yet: ")


def test_rounding_is_no_mistake():
    assert judge(MEAN, lambda x: float(np.float64(1 / 3) * 3 * x.sum() / len(x)))


def test_an_unknown_name_is_answered_by_those_that_are_near():
    with pytest.raises(ValueError, match=r"such as \['lines\.best_slope'\], got"):
        check("lines.best_slop", np.mean)
    with pytest.raises(ValueError, match=r"such as \['backprop\.by_input', 'capacity"):
        check("quite another", np.mean)


def test_a_result_in_place_of_a_function_is_refused():
    with pytest.raises(TypeError, match="function must be a function, got 3"):
        check("lines.best_slope", 3.0)
