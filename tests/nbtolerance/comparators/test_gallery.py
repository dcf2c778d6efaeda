"""Figures of each kind, damaged on purpose. Oracle: the damages, each of which changes the picture.

That it does was seen by drawing; no picture is drawn here.
"""

import pytest

from nbtolerance.comparators.drawn import figure_data
from nbtolerance.comparators.figures import FIGURE
from nbtolerance.tolerance import Tolerance

from .gallery import PLOTS, changes, drawn, redrawn, removals


def same(before, after):
    return FIGURE.compare(before, after, Tolerance()).passed


@pytest.mark.filterwarnings("ignore:FixedFormatter should only", "ignore:Some labels were manually")
@pytest.mark.parametrize("name", PLOTS)
def test_each_damage_is_noticed_and_no_run_is_an_alarm(name):
    figure = drawn(PLOTS[name])
    whole = figure_data(figure)
    missed = []
    for damage, apply, undo in changes(figure):
        apply()
        missed += [damage] if same(whole, figure_data(figure)) else []
        undo()
    missed += [d for d, other in redrawn(PLOTS[name]) if same(whole, figure_data(other))]
    before = figure_data(figure)
    assert same(whole, before), "what was undone is an alarm"
    for damage, remove in removals(figure):
        remove()
        after = figure_data(figure)
        missed += [damage] if same(before, after) else []
        before = after
    assert not missed
    assert same(whole, figure_data(drawn(PLOTS[name]))), "what was drawn again is an alarm"
