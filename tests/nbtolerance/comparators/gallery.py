"""Plots of each kind that Matplotlib has, by the numbers that they draw, and ways to damage them.

A plot is a function of a figure; its parameters are what it draws, and their defaults the numbers
of the plot as it should be. Two parameters ``a`` and ``b`` are series that can be swapped.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axes._secondary_axes import SecondaryAxis
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import Collection, EllipseCollection, LineCollection, PolyCollection
from matplotlib.colors import LogNorm, NoNorm, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.quiver import QuiverKey
from matplotlib.ticker import FixedFormatter

Draw = Callable[..., None]
PLOTS: dict[str, Draw] = {}

X = np.linspace(0.5, 4.0, 8)
A = np.array([1.0, 2.5, 1.7, 3.1, 2.2, 4.0, 3.3, 2.8])
B = np.array([2.0, 1.2, 2.9, 2.4, 3.8, 1.5, 2.1, 3.6])
SHARES = np.array([0.2, 0.35, 0.1, 0.3])
GRID = np.add.outer(np.sin(X), np.cos(1.3 * X))
DRAWS = np.random.default_rng(4)
SAMPLE = DRAWS.normal(size=60)
OTHER = DRAWS.normal(1.0, 0.5, size=60)
MANY = DRAWS.normal(size=3_000)
LARGE = DRAWS.normal(size=(60, 60))
PLANE = DRAWS.uniform(0.0, 4.0, size=(2, 25))  # points of triangles
HEIGHT = np.sin(PLANE[0]) * PLANE[1]
LEVELS = np.array([-1.0, 0.1, 1.0])
HILL = LARGE / 9 + np.add.outer(*[np.linspace(0, 3, 60)] * 2)
HILL[30, 0] = 1.5  # at a level
POSITIVE = np.exp(3 * GRID)
EDGES = np.append(X, 4.5)
COLOURS = np.stack([GRID, GRID.T, GRID[::-1]], axis=-1) / 5 + 0.5
UNIT = np.eye(6)
PEAK = np.array([2.0, 3.0])
STEADY = np.add.outer(2.0 + X / 4, X / 8), np.add.outer(X / 6, 1.0 + X / 5)  # a flow


def plot(draw: Draw) -> Draw:
    PLOTS[draw.__name__] = draw
    return draw


def plane(figure: Figure, **kinds: Any) -> Axes:
    ax = figure.add_subplot(**kinds)
    ax.set_title("a title")
    ax.set_xlabel("time in s")
    ax.set_ylabel("a length in m")
    return ax


@plot
def line(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.plot(x, a, label="first")
    ax.plot(x, b, "o--", label="second")
    ax.legend()


@plot
def long_line(figure, a=MANY):
    plane(figure).plot(a)


@plot
def scatter(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.scatter(x, a, label="first")
    ax.scatter(x, b, marker="s", label="second")
    ax.legend()


@plot
def scatter_of_sizes_and_values(figure, x=X, y=A, sizes=20 * B, values=A * B):
    ax = plane(figure)
    figure.colorbar(ax.scatter(x, y, s=sizes, c=values), label="a value")


@plot
def scatter_by_colour(figure, x=X, y=A):
    plane(figure).scatter(x, y, c=["tab:red", "tab:blue"] * 4)


@plot
def many_points(figure, x=MANY, y=MANY[::-1] ** 2):
    plane(figure).scatter(x, y, s=4)


@plot
def bar(figure, a=A[:4], b=B[:4]):
    ax = plane(figure)
    ax.bar(np.arange(4) - 0.2, a, 0.4, label="first")
    ax.bar(np.arange(4) + 0.2, b, 0.4, label="second")
    ax.set_xticks(range(4), ["red", "green", "blue", "grey"])
    ax.legend()


@plot
def barh(figure, a=A[:4]):
    bars = plane(figure).barh(["apples", "pears", "plums", "figs"], a, color=["C0", "C1"] * 2)
    bars[0].axes.bar_label(bars)


@plot
def stacked_bars(figure, a=A[:4], b=B[:4]):
    ax = plane(figure)
    ax.bar(["w", "x", "y", "z"], a, yerr=0.2, hatch="/")
    ax.bar(["w", "x", "y", "z"], b, bottom=a)


@plot
def hist(figure, a=SAMPLE, b=OTHER):
    plane(figure).hist([a, b], bins=np.linspace(-3, 3, 13), label=["first", "second"])
    figure.axes[0].legend()


@plot
def hist_of_steps(figure, a=SAMPLE, b=OTHER):
    ax = plane(figure)
    ax.hist(a, bins=8, histtype="step", density=True)
    ax.hist(b, bins=8, histtype="stepfilled", alpha=0.5, density=True)


@plot
def hist2d(figure, x=SAMPLE, y=OTHER):
    image = plane(figure).hist2d(x, y, bins=6)[3]
    figure.colorbar(image)


@plot
def hexbin(figure, x=SAMPLE, y=OTHER):
    plane(figure).hexbin(x, y, gridsize=8)


@plot
def errorbar(figure, x=X, y=A, error=B / 10):
    plane(figure).errorbar(x, y, yerr=error, xerr=0.1, capsize=3, fmt="o")


@plot
def fill_between(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.fill_between(x, a, b, alpha=0.3)
    ax.fill_between(x, 0, np.minimum(a, b) / 2, where=x > 1, color="C3")


@plot
def step(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.step(x, a, where="mid")
    ax.step(x, b, where="post")


@plot
def stem(figure, x=X, y=A):
    plane(figure).stem(x, y)


@plot
def boxplot(figure, a=A, b=B):
    plane(figure).boxplot([a, b], tick_labels=["first", "second"], patch_artist=True)


@plot
def violinplot(figure, a=A, b=B):
    plane(figure).violinplot([a, b], showmedians=True)


@plot
def pie(figure, shares=SHARES):
    plane(figure).pie(shares, labels=["n", "e", "s", "w"], autopct="%.1f", explode=[0, 0.1, 0, 0])


@plot
def polar(figure, angle=X, a=A, b=B):
    ax = plane(figure, projection="polar")
    ax.plot(angle, a)
    ax.bar(angle, b, width=0.3, alpha=0.4)


@plot
def contour(figure, z=GRID):
    lines = plane(figure).contour(X, X, z, levels=[-1.0, -0.5, 0.0, 0.5, 1.0])
    lines.axes.clabel(lines, [0.0])


@plot
def contour_of_one_colour(figure, z=GRID, levels=LEVELS):
    plane(figure).contour(X, X, z, levels=levels, colors=["k", "tab:red", "tab:blue"])


@plot
def contourf(figure, z=GRID):
    filled = plane(figure).contourf(X, X, z, levels=6, cmap="plasma")
    figure.colorbar(filled, label="height")


@plot
def contourf_of_a_fine_grid(figure, z=HILL):
    plane(figure).contourf(z, levels=[0.0, 1.5, 3.0, 4.5, 6.0])


@plot
def pcolormesh(figure, z=GRID):
    figure.colorbar(plane(figure).pcolormesh(X, X, z, shading="nearest"))


@plot
def pcolormesh_of_logarithms(figure, z=POSITIVE):
    plane(figure).pcolormesh(X, X, z, norm=LogNorm(vmin=0.01, vmax=100.0))


@plot
def pcolor(figure, x=EDGES, z=GRID):
    plane(figure).pcolor(x, EDGES, z, edgecolors="w")


@plot
def imshow(figure, z=GRID):
    plane(figure).imshow(z, origin="lower", extent=(0, 2, 0, 2))


@plot
def large_image(figure, z=LARGE):
    plane(figure).imshow(z, cmap="gray")


@plot
def image_of_colours(figure, rgb=COLOURS):
    plane(figure).imshow(rgb)


@plot
def matshow(figure, z=GRID[:3, :3]):
    ax = plane(figure)
    ax.matshow(z)
    for (i, j), value in np.ndenumerate(z):
        ax.text(j, i, f"{value:.3f}", ha="center")


@plot
def spy(figure, z=UNIT):
    plane(figure).spy(z, markersize=5)


@plot
def quiver(figure, x=X, u=A, v=B):
    arrows = plane(figure).quiver(x, X, u, v)
    arrows.axes.quiverkey(arrows, 0.9, 0.9, 2, "2 m/s")


@plot
def barbs(figure, x=X, u=10 * A, v=10 * B):
    plane(figure).barbs(x, X, u, v)


@plot
def streamplot(figure, u=STEADY[0], v=STEADY[1]):
    plane(figure).streamplot(X, X, u, v, density=0.3)


@plot
def tripcolor(figure, x=PLANE[0], y=PLANE[1], z=HEIGHT):
    plane(figure).tripcolor(x, y, z)


@plot
def tricontour(figure, x=PLANE[0], y=PLANE[1], z=HEIGHT):
    ax = plane(figure)
    ax.tricontourf(x, y, z, levels=5)
    ax.tricontour(x, y, z, levels=5, colors="k")
    ax.triplot(x, y, lw=0.5)


@plot
def eventplot(figure, a=A, b=B):
    plane(figure).eventplot([a, b], colors=["C0", "C1"])


@plot
def stackplot(figure, a=A, b=B):
    plane(figure).stackplot(X, a, b, labels=["first", "second"])
    figure.axes[0].legend(loc="upper left")


@plot
def broken_barh(figure, start=X[:4], width=SHARES):
    ax = plane(figure)
    ax.broken_barh(list(zip(start, width, strict=True)), (1, 0.5))
    ax.broken_barh([(1.0, 2.0)], (2, 0.5), facecolors="C1")


@plot
def lines_and_spans(figure, a=A[:4], b=B[:4]):
    ax = plane(figure)
    ax.axhline(a[2], color="C1")
    ax.axvline(b[2], ls="--", color="C2")
    ax.axhspan(a[0], a[1], alpha=0.2)
    ax.axvspan(b[0], b[1], alpha=0.2, color="C3")
    ax.axline((0.0, a[3]), slope=0.5)
    ax.hlines([0.5, a[2] / 2], 0, 4)
    ax.vlines(b, 0, 1)
    ax.set(xlim=(0, 4), ylim=(0, 4))


@plot
def logarithms(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.loglog(10**x, 10**a)
    ax.loglog(10**x, 10**b, base=10)


@plot
def twin_axes(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.plot(x, a, "C0")
    twin = ax.twinx()
    twin.plot(x, 10 * b, "C1")
    twin.set_ylabel("another length")


@plot
def subplots(figure, x=X, a=A, b=B):
    left, right = figure.subplots(1, 2, sharex=True)
    left.plot(x, a)
    right.plot(x, b)
    left.set_title("to the left", loc="left")
    figure.suptitle("two plots")
    figure.supxlabel("time in s")
    figure.text(0.5, 0.02, "a note below")


@plot
def subfigures(figure, x=X, a=A, b=B):
    for part, y in zip(figure.subfigures(1, 2), (a, b), strict=True):
        part.suptitle("half of it")
        part.subplots().plot(x, y, label="a series")
        part.legend()


@plot
def inset_axes(figure, x=X, a=A, b=B):
    ax = plane(figure)
    ax.plot(x, a)
    inset = ax.inset_axes((0.6, 0.6, 0.35, 0.35))
    inset.plot(x, b)
    inset.set_title("nearer")
    ax.indicate_inset_zoom(inset)


@plot
def secondary_axis(figure, x=X, y=A):
    ax = plane(figure)
    ax.plot(x, y)
    ax.secondary_xaxis("top", functions=(lambda v: v * 60, lambda v: v / 60)).set_xlabel("min")


@plot
def table(figure, a=A[:3], b=B[:3]):
    cells = [[f"{v:.3f}" for v in row] for row in (a, b)]
    plane(figure).table(cells, rowLabels=["first", "second"], colLabels=["p", "q", "r"], loc=0)


@plot
def annotated(figure, x=X, y=A, at=PEAK):
    ax = plane(figure)
    ax.plot(x, y)
    ax.annotate("the peak", at, (3.0, 3.5), arrowprops={"arrowstyle": "->"})
    ax.text(at[0], 1.0, "a word", bbox={"boxstyle": "round"})


@plot
def line_in_space(figure, x=X, y=A, z=B):
    ax = plane(figure, projection="3d")
    ax.plot(x, y, z)
    ax.text(1.0, 2.0, 3.0, "here")


@plot
def surface(figure, z=GRID):
    plane(figure, projection="3d").plot_surface(*np.meshgrid(X, X), z, cmap="viridis")


@plot
def shaded_surface(figure, z=GRID):
    plane(figure, projection="3d").plot_surface(*np.meshgrid(X, X), z)


@plot
def wireframe(figure, z=GRID):
    plane(figure, projection="3d").plot_wireframe(*np.meshgrid(X, X), z)


@plot
def triangles_in_space(figure, x=PLANE[0], y=PLANE[1], z=HEIGHT):
    plane(figure, projection="3d").plot_trisurf(x, y, z)


@plot
def scatter_in_space(figure, x=X, a=A, b=B):
    ax = plane(figure, projection="3d")
    ax.scatter(x, a, b)
    ax.scatter(x, b, a, c=x, s=30 * x)


@plot
def bars_in_space(figure, height=A[:4]):
    plane(figure, projection="3d").bar3d(range(4), range(4), 0, 0.5, 0.5, height)


@plot
def arrows_in_space(figure, x=X, u=A, v=B):
    plane(figure, projection="3d").quiver(x, x, x, u, v, 1.0)


@plot
def contour_in_space(figure, z=GRID):
    plane(figure, projection="3d").contour(*np.meshgrid(X, X), z, levels=[-0.5, 0.0, 0.5, 1.0])


@plot
def filled_contours_in_space(figure, z=GRID):
    ax = plane(figure, projection="3d")
    ax.contourf(*np.meshgrid(X, X), z, levels=[-1.0, 0.0, 1.0])


@plot
def flat_bars_in_space(figure, a=A[:4], b=B[:4]):
    ax = plane(figure, projection="3d")
    for depth, heights in enumerate((a, b)):
        ax.bar(range(4), heights, zs=depth, zdir="y", color=f"C{depth}")


@plot
def stairs(figure, a=A, b=B):
    ax = plane(figure)
    ax.stairs(a, np.arange(9.0))
    ax.stairs(b, np.arange(9.0), fill=True, alpha=0.4)


@plot
def ecdf(figure, a=SAMPLE, b=OTHER):
    ax = plane(figure)
    ax.ecdf(a)
    ax.ecdf(b, complementary=True)


@plot
def fill(figure, x=X, y=A):
    plane(figure).fill(x, y, "C2")


@plot
def patches(figure, at=A[:4]):
    ax = plane(figure)
    ax.add_patch(Circle((at[2], 1.0), 0.4, color="C1"))
    ax.add_patch(Rectangle((1.0, 1.0), at[0], 1.0, angle=30.0))
    ax.add_patch(Polygon([(0.5, 3.0), (1.5, 3.0), (1.0, at[1])], color="C2"))
    ax.add_patch(FancyArrowPatch((0.0, 0.0), (at[2], 3.0), mutation_scale=20))
    ax.add_patch(PathPatch(Path([(0, 0), (1, at[2]), (2, 0)], [1, 3, 3]), fc="none"))
    ax.arrow(3.0, 3.0, 0.5, at[2] / 4, width=0.05)
    ax.set(xlim=(0, 4), ylim=(0, 4))


@plot
def collections(figure, x=X, a=A, b=B):
    ax = plane(figure)
    segments = [np.column_stack([x, a]), np.column_stack([x, b])]
    ax.add_collection(LineCollection(segments, colors=["C0", "C1"]))
    ax.add_collection(PolyCollection([segments[0][:3], segments[1][3:6]], facecolors=["r", "b"]))
    ax.add_collection(
        EllipseCollection(
            a / 10, b / 10, 0, units="xy", offsets=segments[1], offset_transform=ax.transData
        )
    )
    ax.set(xlim=(0, 4), ylim=(0, 4))


@plot
def line_by_values(figure, x=X, y=A, values=B):
    ax = plane(figure)
    points = np.column_stack([x, y])
    segments = LineCollection(
        np.stack([points[:-1], points[1:]], axis=1), array=values[:-1], cmap="magma"
    )
    ax.add_collection(segments)
    ax.autoscale_view()


@plot
def legend_of_colours(figure, a=A):
    ax = plane(figure)
    ax.bar(range(8), a, color=["C0", "C1"] * 4)
    ax.legend([Line2D([], [], color="C0"), Line2D([], [], color="C1")], ["even", "odd"])


# A damage to a figure that is drawn: a name, and two functions, of which one undoes the other.
Painted = tuple[np.ndarray, Callable[[Any], Any]]
Change = tuple[str, Callable[[], Any], Callable[[], Any]]

# Arrays of which a point that moves by a hundredth changes nothing that is drawn: what is counted
# stays in its bin, and what is not zero stays so.
UNSEEN = {
    "hist": {"a", "b"},
    "hist_of_steps": {"a", "b"},
    "hist2d": {"x", "y"},
    "hexbin": {"x", "y"},
    "spy": {"z"},
}


def arrays(draw: Draw) -> dict[str, np.ndarray]:
    return {n: p.default for n, p in inspect.signature(draw).parameters.items() if n != "figure"}


def drawn(draw: Draw, **other: np.ndarray) -> Figure:
    figure = Figure()
    draw(figure, **other)
    return figure


def redrawn(draw: Draw) -> Iterator[tuple[str, Figure]]:
    """Draw other numbers: one of each array moved, and the two series swapped."""
    given = arrays(draw)
    for name, array in given.items():
        if name not in UNSEEN.get(draw.__name__, ()):
            other = array.copy()
            other.flat[array.size // 2] += 0.01 * np.ptp(array)
            yield f"a point of {name} moved", drawn(draw, **{name: other})
    if {"a", "b"} <= given.keys():
        yield "series swapped", drawn(draw, a=given["b"], b=given["a"])


def removals(figure: Figure) -> Iterator[tuple[str, Callable[[], None]]]:
    """Take away the last of the artists of each kind: an annotation, a series, a legend."""
    for name, artists in _kinds(figure):
        yield f"one of the {name} gone", artists[-1].remove


def changes(figure: Figure) -> Iterator[Change]:
    """Damage a figure in each place where that applies."""
    for number, ax in enumerate(_all_axes(figure)):
        for name, damage, undo in (*_labels(ax), *_limits(ax), *_ticks(ax), *_colours(ax)):
            yield f"{name}, axes {number}", damage, undo
        if ax.name == "3d":
            yield "seen from elsewhere", lambda a=ax: a.view_init(40), lambda a=ax: a.view_init(30)
    for part in (figure, *figure.subfigs):
        for text in (*part.texts, *(t for legend in part.legends for t in legend.get_texts())):
            yield _words(text)


def _all_axes(figure: Figure) -> list[Axes]:
    return [one for ax in figure.axes for one in (ax, *ax.child_axes)]


def _of_colorbar(ax: Axes) -> bool:
    return ax.get_label() == "<colorbar>"


def _kinds(figure: Figure) -> list[tuple[str, list[Any]]]:
    kinds = ("artists", "texts", "lines", "patches", "collections", "images", "tables")
    found = [
        (kind, list(getattr(ax, kind)))
        for ax in _all_axes(figure)
        if not _of_colorbar(ax)
        for kind in kinds
    ]
    found += [("legends", [ax.get_legend()] if ax.get_legend() else []) for ax in figure.axes]
    for part in (figure, *figure.subfigs):
        found += [("texts", part.texts), ("legends", part.legends)]
    return [(name, artists) for name, artists in found if artists]


def _set(name: str, setter: Callable[[Any], Any], old: Any, new: Any) -> Change:
    return name, lambda: setter(new), lambda: setter(old)


def _words(text: Any) -> Change:
    old = text.get_text()
    return _set(f"label {old!r} changed", text.set_text, old, "another")


def _labels(ax: Axes) -> Iterator[Change]:
    for name in ("x", "y", "z"):
        if hasattr(ax, f"set_{name}label"):
            old = getattr(ax, f"get_{name}label")()
            yield _set(f"label of {name} changed", getattr(ax, f"set_{name}label"), old, "another")
    legend = ax.get_legend()
    cells = [cell.get_text() for one in ax.tables for cell in one.get_celld().values()]
    titles = () if isinstance(ax, SecondaryAxis) else (ax.title, ax._left_title, ax._right_title)
    for text in (*titles, *(legend.get_texts() if legend else ()), *ax.texts, *cells):
        yield _words(text)
    for key in (one for one in ax.artists if isinstance(one, QuiverKey)):
        yield _words(key.text)


def _limits(ax: Axes) -> Iterator[Change]:
    for name in ("y",) if _of_colorbar(ax) else ("x", "y", "z"):
        if hasattr(ax, f"set_{name}lim") and not isinstance(ax, SecondaryAxis):
            low, high = getattr(ax, f"get_{name}lim")()
            setter = getattr(ax, f"set_{name}lim")
            yield _set(f"limit of {name} changed", setter, (low, high), (low, _nearer(low, high)))
    for mapped in _mapped(ax):
        low, high = mapped.get_clim()
        both = (low, high), (low, _nearer(low, high))
        if not isinstance(mapped.norm, NoNorm):
            yield _set("limit of colours changed", lambda clim, m=mapped: m.set_clim(*clim), *both)
        if len(np.unique(mapped.to_rgba(np.array(mapped.get_clim())), axis=0)) > 1:
            yield _set("colours reversed", mapped.set_cmap, mapped.cmap, mapped.cmap.reversed())


def _nearer(low: float, high: float) -> float:
    return high - 0.01 * (high - low)


def _mapped(ax: Axes) -> list[Any]:
    """The artists of axes that show values as colours."""
    artists = () if _of_colorbar(ax) else (*ax.collections, *ax.images)
    with_values = (one for one in artists if one.get_array() is not None)
    return [one for one in with_values if one.get_array().ndim < 3 and None not in one.get_clim()]


def _ticks(ax: Axes) -> Iterator[Change]:
    for axis in (ax.xaxis, ax.yaxis):
        old = axis.get_major_formatter()
        if isinstance(old, (FixedFormatter, StrCategoryFormatter)):
            words = [text.get_text() for text in axis.get_ticklabels()]
            if any(words):
                other = FixedFormatter(["another", *words[1:]])
                yield _set("word at a tick changed", axis.set_major_formatter, old, other)


def _colours(ax: Axes) -> Iterator[Change]:
    """Swap the colours of the first two artists of a kind that differ, or those inside of one."""
    legend = [] if ax.get_legend() is None else ax.get_legend().legend_handles
    plain = [c for c in ax.collections if c.get_array() is None]
    kinds = {"lines": ax.lines, "patches": ax.patches, "collections": plain, "legend": legend}
    for name, artists in kinds.items():
        painted: list[Painted] = []
        for artist in artists:
            colours, setter = _paint(artist)
            if len(np.unique(colours, axis=0)) > 1:
                rolled = np.roll(colours, 1, axis=0)
                yield _set(f"colours in one of the {name} swapped", setter, colours, rolled)
            elif len(colours):
                painted.append((colours, setter))
        others = (one for one in painted if not np.array_equal(one[0][0], painted[0][0][0]))
        if other := next(others, None):
            yield _swap(f"colours of two {name} swapped", painted[0], other)


def _swap(name: str, first: Painted, second: Painted) -> Change:
    (a, paint_first), (b, paint_second) = first, second
    return (
        name,
        lambda: (paint_first(b[:1]), paint_second(a[:1])),
        lambda: (paint_first(a), paint_second(b)),
    )


def _paint(artist: Any) -> Painted:
    """The colours of a line, of faces, or of edges that have none, and what sets them."""
    if isinstance(artist, Line2D):
        return to_rgba_array(artist.get_color()), artist.set_color
    # As they were given: in space those that are drawn depend on the depth.
    kind = Collection if isinstance(artist, Collection) else type(artist)
    faces = to_rgba_array(kind.get_facecolor(artist))
    if len(faces) and faces[:, 3].any():
        return faces, artist.set_facecolor
    return to_rgba_array(kind.get_edgecolor(artist)), artist.set_edgecolor
