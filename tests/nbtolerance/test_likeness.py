"""Whether two plots look the same. Oracle: what was drawn here, by Matplotlib."""

import io

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from nbtolerance.stored.likeness import LikenessComparator, look, read_plot
from nbtolerance.tolerance import Tolerance

X = np.linspace(0, 9)
ONE, OTHER = np.sin(X), np.where(X > 5, np.cos(X), np.sin(X))
WAVES = np.add.outer(ONE, ONE)
EARLIER = {"Software": "Matplotlib version3.6.3, https://matplotlib.org/"}
BEFORE_2 = {"Software": None}
INLINE = {"figure.figsize": (6, 4), "figure.dpi": 72}


def drawn(y=ONE, made_by=None, image=None, **settings):
    with rc_context(settings):
        figure = Figure()
    axes = figure.subplots()
    axes.plot(X, y) if image is None else axes.imshow(image, aspect="auto", cmap="gray")
    file = io.BytesIO()
    figure.savefig(file, bbox_inches="tight", metadata=made_by)
    return file.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        (drawn(), drawn(), "alike"),
        (drawn(made_by=EARLIER), drawn(), "alike"),
        (drawn(made_by=BEFORE_2), drawn(), "alike"),
        (drawn(ONE + 0.001), drawn(ONE), "alike"),
        (drawn(OTHER), drawn(), "changed"),
        (drawn(OTHER, EARLIER), drawn(), "changed"),
        (drawn(OTHER, BEFORE_2), drawn(), "undecided"),
        (drawn(100 * ONE), drawn(), "undecided"),
        (drawn(100 * ONE, EARLIER), drawn(), "undecided"),
        (drawn(**INLINE), drawn(), "undecided"),
        (drawn(OTHER, **INLINE), drawn(), "undecided"),
        (drawn(image=WAVES, **INLINE), drawn(image=WAVES), "undecided"),
        (drawn(image=-WAVES, **INLINE), drawn(image=WAVES), "changed"),
    ],
)
def test_what_is_drawn_decides_where_it_was_drawn_alike(old, new, seen):
    assert look(read_plot(old), read_plot(new))[0] == seen


def test_a_blank_or_broken_picture_fails():
    file = io.BytesIO()
    Figure().savefig(file)
    comparator = LikenessComparator()
    for broken, path in ((file.getvalue(), "blank"), (drawn()[:60], "picture")):
        found = comparator.compare(drawn(), broken, Tolerance())
        assert [d.path for d in found.differences] == [path]
