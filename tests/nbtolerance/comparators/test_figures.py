"""Figures. Oracle: the numbers that were handed to Matplotlib."""

import json
import subprocess
import sys
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from IPython.core.pylabtools import select_figure_formats
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import NoNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nbtolerance.comparators.drawn import (
    MEDIA_TYPE,
    MOST,
    figure_data,
    install_formatter,
    numbers,
)
from nbtolerance.comparators.figures import FIGURE
from nbtolerance.tolerance import Tolerance

from .strategies import QUICK, TOLERANCE, map_floats, moved, nested, scalars, special

X = np.linspace(0.5, 2.0, 7)
GRID = np.add.outer(X, X**2)


def drawn(draw, **axes):
    ax = Figure().subplots()
    draw(ax)
    ax.set(**axes)
    return figure_data(ax.figure)


DRAWINGS = {
    "line": lambda ax, k: ax.plot(X, k * X, label="loss"),
    "scatter": lambda ax, k: ax.scatter(X, k * X, s=10.0 * X, c=X),
    "sizes": lambda ax, k: ax.scatter(X, X, s=k * 10.0 * X),
    "colours": lambda ax, k: ax.scatter(X, X, c=k * X),
    "bars": lambda ax, k: ax.bar(["a", "b"], [1.0, k]),
    "histogram": lambda ax, k: ax.hist(k * X, bins=3),
    "steps": lambda ax, k: ax.hist(k * X, bins=3, histtype="step"),
    "segments": lambda ax, k: ax.vlines(X, 0, k * X),
    "band": lambda ax, k: ax.fill_between(X, X, k * X + 3),
    "mesh": lambda ax, k: ax.pcolormesh(X, X, k * GRID),
    "contour": lambda ax, k: ax.contour(X, X, GRID**k),
    "filled": lambda ax, k: ax.contourf(X, X, GRID**k),
    "image": lambda ax, k: ax.imshow(k * GRID),
    "extent": lambda ax, k: ax.imshow(GRID, extent=(0, k, 0, 1)),
    "arrows": lambda ax, k: ax.quiver(X, X, k * X, X),
    "errors": lambda ax, k: ax.errorbar(X, X, yerr=k * X),
    "pie": lambda ax, k: ax.pie([1.0, k]),
    "text": lambda ax, k: ax.text(k, 0.5, "here"),
    "note": lambda ax, k: ax.annotate("here", (0.5, 0.5), (0.2, k)),
    "what a note points at": lambda ax, k: ax.annotate("here", (k, 0.5), (0.2, 0.5)),
    "inset": lambda ax, k: ax.inset_axes((0.1, 0.1, 0.3, 0.3)).plot(X, k * X),
    "over all": lambda ax, k: ax.figure.add_artist(Line2D([0, 1], [0, k])),
    "level": lambda ax, k: ax.axhline(k),
    "span": lambda ax, k: ax.axvspan(0.2, k),
    "log": lambda ax, k: ax.semilogy(X, np.exp(k * X)),
    "masked": lambda ax, k: ax.plot(X, np.where(X > 1, np.nan, k * X)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_is_drawn_is_compared(name):
    draw = DRAWINGS[name]
    expected = drawn(lambda ax: draw(ax, 1.5))
    assert json.loads(json.dumps(expected, allow_nan=False)) == expected
    assert FIGURE.compare(expected, drawn(lambda ax: draw(ax, 1.5)), TOLERANCE).passed
    found = FIGURE.compare(expected, drawn(lambda ax: draw(ax, 1.5 + 1e-4)), TOLERANCE)
    assert not found.passed


@pytest.mark.parametrize(
    ("axes", "path"),
    [
        ({"title": "other"}, "$.axes[0].title"),
        ({"xlabel": "other"}, "$.axes[0].axis.x.label"),
        ({"ylim": (0, 9)}, "$.axes[0].axis.y.limits[1]"),
        ({"xscale": "log"}, "$.axes[0].axis.x.scale"),
    ],
)
def test_words_limits_and_scales_are_compared(axes, path):
    def draw(ax):
        ax.plot(X, X)
        ax.set(title="title", xlabel="x", ylim=(0, 8))

    found = FIGURE.compare(drawn(draw), drawn(draw, **axes), TOLERANCE)
    assert path in {d.path.partition(": ")[0] for d in found.differences}


def test_the_data_is_what_was_drawn():
    data = drawn(lambda ax: (ax.plot(X, X**2, label="loss"), ax.legend()), title="t")
    (axes,) = data["axes"]
    assert axes["lines"] == [
        {
            "kind": "Line2D",
            "label": "loss",
            "x": X.tolist(),
            "y": (X**2).tolist(),
            "colours": ["#1f77b4ff"] * 3,
        }
    ]
    assert (axes["legend"], axes["title"]) == (["loss"], "t")
    bars = drawn(lambda ax: ax.bar(["a", "b"], [1, 2]))["axes"][0]
    assert [bar["height"] for bar in bars["patches"]] == [1.0, 2.0]
    assert bars["axis"]["x"]["ticks"] == ["a", "b"]


@pytest.mark.parametrize(
    "hidden", [lambda ax: ax, lambda ax: ax.lines[0], lambda ax: ax.texts[0], Axes.get_legend]
)
def test_what_is_hidden_is_not_what_is_shown(hidden):
    def draw(ax):
        ax.plot(X, X, label="loss")
        ax.text(0, 0, "here")
        ax.legend()

    def without(ax):
        draw(ax)
        hidden(ax).set_visible(False)

    assert not FIGURE.compare(drawn(draw), drawn(without), TOLERANCE).passed


def test_space_is_compared_too():
    def surface(k):
        ax = Figure().add_subplot(projection="3d")
        ax.plot(X, X, k * X)
        ax.scatter(X, X, k * X)
        return figure_data(ax.figure)

    assert FIGURE.compare(surface(1.5), surface(1.5), TOLERANCE).passed
    paths = {d.path for d in FIGURE.compare(surface(1.5), surface(1.6), TOLERANCE).differences}
    assert {"$.axes[0].lines[0].z[0]", "$.axes[0].collections[0].points[2][0]"} <= paths


def test_what_is_drawn_in_space_is_the_same_before_and_after_drawing():
    ax = Figure().add_subplot(projection="3d")
    ax.plot_surface(*np.meshgrid(X, X), GRID)
    ax.contourf(*np.meshgrid(X, X), GRID)
    ax.scatter(X, X, X, c=["C0"] * 6 + ["C1"])
    before = figure_data(ax.figure)
    FigureCanvasAgg(ax.figure).draw()
    assert FIGURE.compare(before, figure_data(ax.figure), TOLERANCE).passed


def test_a_second_axis_for_the_same_data_has_words_and_limits():
    def draw(ax):
        minutes = (lambda hours: 60 * hours, lambda minutes: minutes / 60)
        ax.secondary_xaxis("top", functions=minutes).set_xlabel("in minutes")

    (inset,) = drawn(draw, xlim=(1, 2))["axes"][0]["inset"]
    assert inset["axis"]["x"] == {
        "label": "in minutes",
        "limits": [60.0, 120.0],
        "scale": "function",
    }


@pytest.mark.parametrize(("other", "same"), [("#1f77b4", True), ("#2277b0", True), ("C1", False)])
def test_colours_are_the_same_but_for_a_step_of_a_map(other, same):
    def series(colour):
        return drawn(lambda ax: ax.plot(X, X, "o", color=colour))

    for pair in ((series("C0"), series(other)), (series(other), series("C0"))):
        assert FIGURE.compare(*pair, TOLERANCE).passed == same


def test_earlier_references_pass_without_what_they_lack():
    def without(node):
        """As figures were condensed before."""
        if isinstance(node, list):
            return [without(item) for item in node]
        if not isinstance(node, dict):
            return node
        had_limits = node.keys() & {"extent", "scale"}  # images and axes
        new = {"colours", "legend colours", "stretches"} | (set() if had_limits else {"limits"})
        return {key: without(entry) for key, entry in node.items() if key not in new}

    def draw(ax):
        ax.plot(X, X, label="loss")
        ax.scatter(X, X, c=X)
        ax.imshow(np.add.outer(np.arange(50.0), np.arange(50.0)))
        ax.legend()

    today = drawn(draw)
    earlier = without(today)
    assert earlier != today
    assert FIGURE.compare(earlier, today, TOLERANCE).passed
    assert not FIGURE.compare(today, earlier, TOLERANCE).passed


def test_numbers_in_titles_are_numbers():
    titles = [drawn(lambda ax: None, title=f"loss {x!r}") for x in (0.5, 0.5000001, 0.6)]
    assert FIGURE.compare(titles[0], titles[1], TOLERANCE).passed
    assert not FIGURE.compare(titles[0], titles[2], TOLERANCE).passed


@QUICK
@given(st.floats(-0.9, 0.9), st.integers(0, 6))
def test_drawn_numbers_are_held_to_the_tolerance(share, at):
    data = drawn(lambda ax: ax.plot(X, X))
    assert FIGURE.compare(data, map_floats(data, lambda x: moved(x, share)), TOLERANCE).passed
    broken = json.loads(json.dumps(data))
    broken["axes"][0]["lines"][0]["y"][at] = moved(X[at], 1.01)
    (difference,) = FIGURE.compare(data, broken, TOLERANCE).differences
    assert difference.path == f"$.axes[0].lines[0].y[{at}]"


def test_a_large_array_is_summarised_and_still_compared():
    large = np.random.default_rng(0).normal(size=10 * MOST)
    summary = numbers(large)
    assert summary["count"] == large.size
    assert summary["max"] == large.max()
    assert summary["rms"] == pytest.approx(np.sqrt(np.mean(large**2)))
    assert len(summary["sample"]) == 200
    assert FIGURE.compare(summary, numbers(large * (1 + 1e-7)), TOLERANCE).passed
    moved_by_one, swapped, turned = large.copy(), large.copy(), large.copy()
    moved_by_one[7] += 0.01
    swapped[[7, 8]] = large[[8, 7]]
    turned[7] *= -1
    for damaged in (
        large * 1.001,
        large[::-1],
        large[1:],
        np.where(large > 3, np.nan, large),
        moved_by_one,
        swapped,
        turned,
    ):
        assert not FIGURE.compare(summary, numbers(damaged), TOLERANCE).passed
    assert numbers(np.full(MOST + 1, np.nan))["rms"] == "NaN"


@pytest.mark.parametrize("size", [MOST + 1, 10 * MOST])
def test_a_summary_is_what_it_says(size):
    """The oracle adds up number by number."""
    array = np.random.default_rng(1).normal(size=size)
    array[3] = np.nan
    summary, length = numbers(array), -(-size // 200)
    assert summary["sample"] == [v if v == v else "NaN" for v in array[::length].tolist()]
    stretches = []
    for start in range(0, size, length):
        part = enumerate(array[start : start + length].tolist())
        weighed = [(1 + i / length + 2 * (v < 0)) * abs(v) for i, v in part if v == v]
        stretches.append(sum(weighed) / length)
    assert summary["stretches"] == pytest.approx(stretches, rel=1e-12)


def test_as_many_numbers_as_are_kept_are_kept():
    assert numbers(np.zeros(MOST)) == [0.0] * MOST


def test_colours_are_those_of_the_map_at_even_distances():
    values = [[0, 1], [1, 4]]
    (image,) = drawn(lambda ax: ax.imshow(values))["axes"][0]["images"]
    assert image["colours"] == [to_hex(colormaps["viridis"](k / 8), True) for k in range(9)]
    (image,) = drawn(lambda ax: ax.imshow(values, norm=NoNorm()))["axes"][0]["images"]
    assert image["colours"] == [to_hex(colormaps["viridis"](k), True) for k in (0, 1, 4)]


def test_of_many_colours_some_are_kept_at_even_distances():
    shades = [(0.0, 0.0, k / 400) for k in range(401)]
    (points,) = drawn(lambda ax: ax.scatter(range(401), range(401), c=shades))["axes"][0][
        "collections"
    ]
    assert points["colours"][:134] == [to_hex(shade, True) for shade in shades[::3]]


def test_the_formatter_survives_a_change_of_formats():
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    install_formatter(shell)
    ax = Figure().subplots()
    ax.plot(X, X)
    with mpl.rc_context({"backend": "agg"}):
        select_figure_formats(shell, ["svg"])
    bundle, _ = shell.display_formatter.format(ax.figure)
    assert bundle[MEDIA_TYPE] == figure_data(ax.figure)
    assert "image/svg+xml" in bundle
    assert MEDIA_TYPE not in shell.display_formatter.format(3)[0]


def test_the_kernel_imports_nothing_heavy():
    script = (
        "import sys, nbtolerance.comparators.drawn\n"
        "heavy = {'numpy', 'matplotlib', 'PIL', 'pytest', 'nbformat', 'IPython', 'nbval'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@QUICK
@given(st.data())
def test_a_figure_of_any_shape_is_compared(choice):
    """Any part of a figure's data becomes any JSON, on either side."""
    whole = drawn(lambda ax: (ax.plot(X, X), ax.scatter(X, X), ax.bar([1, 2], [1, 2])))
    broken = json.loads(json.dumps(whole))
    nodes = [broken]
    for node in nodes:
        inside = list(node.values()) if isinstance(node, dict) else node
        nodes += [item for item in inside if isinstance(item, (list, dict)) and item]
    node = choice.draw(st.sampled_from(nodes))
    key = choice.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
    node[key] = choice.draw(nested(scalars | special))
    same = json.dumps(whole, sort_keys=True) == json.dumps(broken, sort_keys=True)
    for pair in ((whole, broken), (broken, whole)):
        assert FIGURE.compare(*pair, Tolerance(rtol=0.0, scale=0.0)).passed == same
    assert FIGURE.compare(broken, broken, TOLERANCE).passed


@QUICK
@given(nested(scalars | special), nested(scalars | special))
def test_what_is_no_figure_is_compared_all_the_same(expected, got):
    for pair in ((expected, got), ({"axis": expected}, {"axis": got})):
        assert isinstance(FIGURE.compare(*pair, TOLERANCE).passed, bool)
        assert FIGURE.compare(pair[0], pair[0], TOLERANCE).passed
